"""Routes from outside beside the contracts of what they lead to: made from these, and then spoilt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from posixpath import basename, splitext

import yaml

from tests.defects.defects import Defect, Line, line_of, seeds
from tests.defects.manifests import SAFE
from tests.metamorphic.repositories import Files

PATH = "edge/route.yaml"
_KEY = re.compile(r"(?m)^ +\"?(?P<path>/[\w/{}.-]*)\"?:")
_MOST = 8
"""Contracts that are joined with a route."""


@dataclass(frozen=True)
class Offered:
    """A service with the contract that it offers."""

    name: str
    namespace: str | None
    contract: str
    text: str
    host: str

    @property
    def paths(self) -> list[str]:
        """The paths without parameters."""
        found = [match["path"] for match in _KEY.finditer(self.text) if "{" not in match["path"]]
        return [path for path in dict.fromkeys(found) if path.count("/") > 1]

    @property
    def keys(self) -> frozenset[Line]:
        """The lines with a path."""
        return frozenset(
            (self.contract, line_of(self.text, m.start("path"))) for m in _KEY.finditer(self.text)
        )


def offered(files: Files) -> list[Offered]:
    """The Services of a repository that a contract bears the name of."""
    contracts = {
        splitext(basename(path))[0]: path
        for path, text in sorted(files.items())
        if re.search(r'(?m)^\W*openapi"?: ', text) and _KEY.search(text)
    }
    found: dict[str, Offered] = {}
    for path, text in sorted(files.items()):
        if not path.endswith((".yaml", ".yml")) or "/templates/" in path or "kind: Service" not in text:
            continue
        try:
            documents = list(yaml.load_all(text, SAFE))
        except yaml.YAMLError:
            continue
        for item in documents:
            if not isinstance(item, dict) or item.get("kind") != "Service":
                continue
            name, contract = item["metadata"]["name"], contracts.get(item["metadata"]["name"])
            if contract is not None:
                host = re.search(r"url\W+https://([\w.-]+)", files[contract])
                found[name] = Offered(
                    name,
                    item["metadata"].get("namespace"),
                    contract,
                    files[contract],
                    host[1] if host else "api.example.com",
                )
    return list(found.values())[:_MOST]


def _metadata(item: Offered) -> str:
    return f"{{name: edge-{item.name}" + (f", namespace: {item.namespace}}}" if item.namespace else "}")


def ingress(item: Offered, path: str) -> str:
    """An Ingress with one path."""
    return f"""apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {_metadata(item)}
spec:
  ingressClassName: nginx
  rules:
    - host: {item.host}
      http:
        paths:
          - path: {path}
            pathType: Prefix
            backend: {{service: {{name: {item.name}, port: {{number: 8080}}}}}}
"""


def http_route(item: Offered, path: str) -> str:
    """A route of the Gateway API, with one path."""
    return f"""apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {_metadata(item)}
spec:
  hostnames: [{item.host}]
  parentRefs: [{{name: edge, namespace: edge}}]
  rules:
    - matches:
        - path: {{type: PathPrefix, value: {path}}}
      backendRefs: [{{name: {item.name}, port: 8080}}]
"""


def virtual_service(item: Offered, path: str) -> str:
    """A route of Istio that takes a prefix away."""
    return f"""apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {_metadata(item)}
spec:
  hosts: [{item.host}]
  gateways: [edge/edge]
  http:
    - match: [{{uri: {{prefix: /outside}}}}]
      rewrite:
        uri: {path}
      route: [{{destination: {{host: {item.name}, port: {{number: 8080}}}}}}]
"""


def ingress_route(item: Offered, path: str) -> str:
    """A route of Traefik whose middleware takes a prefix away."""
    namespace = item.namespace or "default"
    return f"""apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {_metadata(item)}
spec:
  entryPoints: [websecure]
  routes:
    - kind: Rule
      match: Host(`{item.host}`) && PathPrefix(`/outside{path}`) # {path}
      middlewares: [{{name: outside, namespace: {namespace}}}]
      services: [{{name: {item.name}, port: 8080}}]
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {{name: outside, namespace: {namespace}}}
spec:
  stripPrefix: {{prefixes: [/outside]}}
"""


def openshift_route(item: Offered, path: str) -> str:
    """A Route of OpenShift."""
    return f"""apiVersion: route.openshift.io/v1
kind: Route
metadata: {_metadata(item)}
spec:
  host: {item.host}
  path: {path}
  tls: {{termination: edge}}
  to: {{kind: Service, name: {item.name}}}
"""


def http_proxy(item: Offered, path: str) -> str:
    """A route of Contour that takes a prefix away."""
    return f"""apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {_metadata(item)}
spec:
  virtualhost: {{fqdn: {item.host}, tls: {{secretName: edge}}}}
  routes:
    - conditions: [{{prefix: /outside}}] # {path}
      pathRewritePolicy:
        replacePrefix: [{{replacement: {path}}}]
      services: [{{name: {item.name}, port: 8080}}]
"""


MAKERS: tuple[Callable[[Offered, str], str], ...] = (
    ingress,
    http_route,
    virtual_service,
    ingress_route,
    openshift_route,
    http_proxy,
)


def _of_route(text: str, path: str) -> frozenset[Line]:
    lines = enumerate(text.split("\n"), 1)
    return frozenset((PATH, number) for number, line in lines if f" {path}" in line)


def _misspelt(path: str) -> Iterator[str]:
    """Other versions, letters dropped and doubled, and another name."""
    start, last = path.rsplit("/", 1)
    yield f"{start}/{last[:-2]}{last[-1]}"
    yield f"{start}/{last[0]}{last}"
    yield f"{start}/old-{last}"
    if re.search(r"/v\d+/", path):
        yield re.sub(r"/v(\d+)/", lambda m: f"/v{int(m[1]) + 1}/", path)


@seeds("route-path-undefined")
def route_misspelt(files: Files) -> Iterator[Defect]:
    """A route to a path that the contract writes otherwise."""
    for item in offered(files):
        for path in item.paths:
            for wrong in _misspelt(path):
                for maker in MAKERS:
                    text = maker(item, wrong)
                    what = f"{maker.__name__} {item.name} {path} -> {wrong}"
                    yield Defect(what, {**files, PATH: text}, _of_route(text, wrong), item.keys)


@seeds("route-path-undefined")
def contract_renamed(files: Files) -> Iterator[Defect]:
    """A path of the contract that is renamed, with all below it, and the route is forgotten."""
    for item in offered(files):
        for path in item.paths:
            renamed = item.text.replace(path, path[:-1] + "-list")
            if renamed.count(path) == 0:
                for maker in MAKERS:
                    text = maker(item, path)
                    spoilt = {**files, PATH: text, item.contract: renamed}
                    what = f"{maker.__name__} {item.contract} without {path}"
                    yield Defect(what, spoilt, _of_route(text, path), item.keys)


@seeds("operation-unreachable")
def operation_without_route(files: Files) -> Iterator[Defect]:
    """A route of the contract's host that leaves a path out."""
    others = {path: "" if "/istio/" in path else text for path, text in files.items()}
    for item in offered(files):
        for path in item.paths:
            for number, wrong in enumerate(_misspelt(path)):
                maker = MAKERS[number % 2]
                text = maker(item, wrong)
                what = f"{maker.__name__} {item.name} {path}, routed is {wrong}"
                places = _below(item, path)
                yield Defect(what, {**others, PATH: text}, places, _of_route(text, wrong))


def _below(item: Offered, path: str) -> frozenset[Line]:
    """The lines of a path of a contract up to the next one."""
    match = next(m for m in _KEY.finditer(item.text) if m["path"] == path)
    first = line_of(item.text, match.start("path"))
    return frozenset((item.contract, first + offset) for offset in range(60))


_METHOD = re.compile(r"(?m)^(?P<indent> {4})(?P<method>post|put|patch|delete):\n")


@seeds("exposed-operation-without-security")
def security_removed(files: Files) -> Iterator[Defect]:
    """An operation that writes and asks for nothing, or lets callers choose nothing, behind a route."""
    for item in offered(files):
        for match in _METHOD.finditer(item.text):
            at = line_of(item.text, match.start("method"))
            for given in ("security: []", "security: [{}]", "security: [{bearerAuth: []}, {}]"):
                spoilt = item.text[: match.end()] + f"      {given}\n" + item.text[match.end() :]
                for maker in MAKERS[:2]:
                    text = maker(item, _KEY.findall(item.text)[0])
                    what = f"{maker.__name__} {item.contract}:{at} {given}"
                    side = _of_route(text, _KEY.findall(item.text)[0])
                    places = frozenset({(item.contract, at), (item.contract, at + 1)})
                    yield Defect(what, {**files, item.contract: spoilt, PATH: text}, places, side)
