"""Routes, gateways and service entries of Istio: made for the Services of a repository, and then spoilt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import yaml

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import SAFE
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

FOLDER = "deploy/mesh-of-tests"
PATH = f"{FOLDER}/routes.yaml"


@dataclass(frozen=True)
class Front:
    """A Service of the repository."""

    name: str
    namespace: str
    ports: tuple[int, ...]

    @property
    def host(self) -> str:
        """Its whole host."""
        return f"{self.name}.{self.namespace}.svc.cluster.local"


def fronts(files: Files) -> list[Front]:
    """The Services with a namespace, each once."""
    found: dict[tuple[str, str], Front] = {}
    for path, text in sorted(files.items()):
        if path.endswith(".yaml") and "kind: Service\n" in text and "{{" not in text:
            found.update(((front.name, front.namespace), front) for front in _fronts_in(text))
    return list(found.values())


@cache
def _fronts_in(text: str) -> tuple[Front, ...]:
    """The Services of a file with a namespace; the same file is asked for by each operator."""
    found = []
    for item in yaml.load_all(text, SAFE):
        about = item["metadata"] if isinstance(item, dict) and item.get("kind") == "Service" else {}
        if about.get("namespace"):
            ports = tuple(port["port"] for port in item["spec"].get("ports", ()))
            found.append(Front(about["name"], about["namespace"], ports))
    return tuple(found)


def service(name: str, namespace: str, ports: str, selector: str = "{app: made}") -> str:
    """A Service of the tests' own."""
    head = f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
    return f"{head}spec:\n  selector: {selector}\n  ports: {ports}\n"


def virtual_service(name: str, namespace: str, spec: str) -> str:
    """A VirtualService; ``spec`` is indented by two."""
    head = f"metadata: {{name: {name}, namespace: {namespace}}}\n"
    return f"apiVersion: networking.istio.io/v1\nkind: VirtualService\n{head}spec:\n{spec}"


@seeds("route-host-claimed-twice")
def host_claimed(files: Files) -> Iterator[Defect]:
    """A second virtual service claims the host of one, written in another way."""
    for front in fronts(files):
        short = f"made-{front.name}"
        whole = f"{short}.{front.namespace}.svc.cluster.local"
        for own, second, more in (
            (short, whole, ""),
            (whole, whole, "  gateways: [mesh, edge/edge]\n"),
            (short, short, '  exportTo: ["*"]\n'),
        ):
            route = f"  http: [{{route: [{{destination: {{host: {front.host}}}}}]}}]\n"
            one, other = (f"  hosts:\n    - {host} #HERE #OTHER\n" for host in (own, second))
            text = virtual_service("one", front.namespace, one + route)
            text += "---\n" + virtual_service("second", front.namespace, other + more + route)
            yield marked(files, f"{own} {second} {more.strip()}", {PATH: text})


@seeds("route-port-missing")
def port_left_out(files: Files) -> Iterator[Defect]:
    """A route names no port of a Service that has several."""
    for number, front in enumerate(fronts(files)):
        ports = f"[{{port: {80 + number}, name: http}}, {{port: {9000 + number}, name: http-admin}}]"
        made = service("made", front.namespace, ports).replace("  ports:", "  ports: #OTHER\n   ")
        for host in ("made", f"made.{front.namespace}.svc.cluster.local"):
            for protocol in ("http", "tcp"):
                spec = f"  hosts: [made.example.com]\n  {protocol}:\n    - route:\n"
                spec += f"        - destination: {{host: {host}}} #HERE\n"
                text = made + "---\n" + virtual_service("made", front.namespace, spec)
                yield marked(files, f"{front.name} {host} {protocol}", {PATH: text})


@seeds("route-port-undefined")
def port_wrong(files: Files) -> Iterator[Defect]:
    """A route names a port that the Service does not have."""
    for front in fronts(files):
        for wrong in (1, 65000, 8443):
            ports = "\n    - {port: 80, name: http}\n    - {port: 81, name: http-b}".replace(
                "\n    - {port: 80", " #OTHER\n    - {port: 80"
            )
            spec = "  hosts: [made]\n  http:\n    - route:\n        - destination:\n            host: made\n"
            spec += f"            port: {{number: {wrong}}} #HERE\n"
            text = (
                service("made", front.namespace, ports)
                + "---\n"
                + virtual_service("made", front.namespace, spec)
            )
            yield marked(files, f"{front.name} {wrong}", {PATH: text})


@seeds("service-entry-protocols-differ")
def protocols_differ(files: Files) -> Iterator[Defect]:
    """Two service entries give one host and port two protocols."""
    pairs = (("HTTPS", "HTTP"), ("TLS", "HTTP"), ("HTTP", "TCP"), ("GRPC", "HTTPS"))
    for front in fronts(files):
        for one, other in pairs:
            entries = []
            for name, protocol in (("one", one), ("other", other)):
                head = f"metadata: {{name: {name}, namespace: {front.namespace}}}\n"
                entries.append(
                    f"apiVersion: networking.istio.io/v1\nkind: ServiceEntry\n{head}spec:\n"
                    f"  hosts: [{front.name}.example.net]\n  ports:\n"
                    f"    - number: 8443\n      name: p\n      protocol: {protocol} #HERE #OTHER\n"
                )
            yield marked(files, f"{front.name} {one} {other}", {PATH: "---\n".join(entries)})


GATEWAY = """apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: made, namespace: {namespace}}}
spec:
  selector: {{made: edge}} #OTHER
  servers: [{{port: {{number: 80, name: http, protocol: HTTP}}, hosts: ["*"]}}]
"""


@seeds("claim-route-unchecked")
def tokens_unchecked(files: Files) -> Iterator[Defect]:
    """The request authentication of a gateway selects other proxies, or is gone."""
    for front in fronts(files):
        for selector in ("{made: edges}", "{app: edge}", None):
            for key in ("headers", "withoutHeaders"):
                text = GATEWAY.format(namespace=front.namespace)
                spec = "  hosts: [made.example.com]\n  gateways: [made]\n  http:\n    - match:\n"
                spec += f'        - {key}: {{"@request.auth.claims.group": {{exact: a}}}} #HERE\n'
                spec += f"      route: [{{destination: {{host: {front.host}}}}}]\n"
                text += "---\n" + virtual_service("made", front.namespace, spec)
                if selector:
                    text += (
                        "---\napiVersion: security.istio.io/v1\nkind: RequestAuthentication\n"
                        f"metadata: {{name: made, namespace: {front.namespace}}}\n"
                        f"spec: {{selector: {{matchLabels: {selector}}}}}\n"
                    )
                yield marked(files, f"{front.name} {selector} {key}", {PATH: text})


@seeds("gateway-undefined")
def gateway_misspelt(files: Files) -> Iterator[Defect]:
    """A route names a gateway that is called otherwise, or is in another namespace."""
    for front in fronts(files):
        for wrong in ("mades", "mad", f"{front.namespace}s/made", f"{front.namespace}/mades"):
            spec = f"  hosts: [made.example.com]\n  gateways:\n    - {wrong} #HERE\n"
            spec += f"  http: [{{route: [{{destination: {{host: {front.host}}}}}]}}]\n"
            text = GATEWAY.format(namespace=front.namespace).replace(" #OTHER", "")
            yield marked(
                files,
                f"{front.name} {wrong}",
                {PATH: text + "---\n" + virtual_service("made", front.namespace, spec)},
            )
