"""Versions that routes, contracts and charts name, turned against each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.routes import PATH, Offered, http_route, offered, virtual_service
from tests.metamorphic.repositories import Files

_NGINX = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: edge, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: edge}}}}
  template:
    metadata: {{labels: {{app: edge}}}}
    spec:
      containers:
        - name: edge
          image: nginx:1.27
          volumeMounts: [{{name: settings, mountPath: /etc/nginx/conf.d}}]
      volumes: [{{name: settings, configMap: {{name: edge}}}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: edge, namespace: shop}}
data:
  default.conf: |
    server {{
      listen 80;
      location {asked} {{ #HERE
        proxy_pass http://{name}:8080{path};
      }}
    }}
"""


def _istio(item: Offered, asked: str, path: str) -> str:
    text = virtual_service(item, path).replace("prefix: /outside", f"prefix: {asked}")
    return text.replace(f"        uri: {path}", f"        uri: {path} #HERE")


def _gateway(item: Offered, asked: str, path: str) -> str:
    filters = (
        "      filters:\n        - type: URLRewrite\n          urlRewrite:\n            path:\n"
        f"              type: ReplacePrefixMatch\n              replacePrefixMatch: {path} #HERE\n"
    )
    return http_route(item, asked).replace("      backendRefs:", f"{filters}      backendRefs:")


def _nginx(item: Offered, asked: str, path: str) -> str:
    return _NGINX.format(name=item.name, asked=asked, path=path)


MAKERS: tuple[Callable[[Offered, str, str], str], ...] = (_istio, _gateway, _nginx)


@seeds("route-version-differs")
def route_of_another_version(files: Files) -> Iterator[Defect]:
    """A path of the next version that is sent to a contract of this one."""
    for item in offered(files):
        for path in item.paths:
            for number in (2, 3):
                asked = re.sub(r"/v\d+/", f"/v{number}/", path)
                for maker in MAKERS if asked != path else ():
                    text = maker(item, asked, path)
                    found = marked(files, f"{maker.__name__} {item.name} {asked}", {PATH: text})
                    yield Defect(found.what, found.files, found.places, item.keys)


@seeds("route-version-differs")
def server_of_another_version(files: Files) -> Iterator[Defect]:
    """A prefix with a version that a gateway takes away, before a contract whose server has another one."""
    for item in offered(files):
        moved = re.sub(r"(url: https://[\w.]+)", r"\1/v1", item.text.replace("/api/v1/", "/"))
        lines = frozenset((item.contract, number) for number in range(1, 40))
        for path in item.paths if item.contract.endswith(".yaml") and moved != item.text else ():
            short = path.replace("/api/v1/", "/")
            for maker in MAKERS:
                text = maker(item, f"/v2{short}", short)
                made = {PATH: text, item.contract: moved}
                found = marked(files, f"{maker.__name__} {item.name} /v2{short} to a server", made)
                yield Defect(found.what, found.files, found.places, lines)


_INFO = re.compile(r'(?m)^ +"?version"?: "?(?P<major>\d+)(?=\.)')


@seeds("contract-version-differs")
def contract_of_another_version(files: Files) -> Iterator[Defect]:
    """A contract whose version is raised without its paths, or the other way round."""
    for item in offered(files):
        match = _INFO.search(item.text)
        for number in (2, 3, 4) if match else ():
            assert match, "found above"
            line = (item.contract, item.text.count("\n", 0, match.start("major")) + 1)
            raised = item.text[: match.start("major")] + str(number) + item.text[match.end("major") :]
            moved = item.text.replace("/api/v1/", f"/api/v{number}/")
            for what, text in (("version", raised), ("paths", moved)):
                made = {**files, item.contract: text}
                yield Defect(f"{what} {number} of {item.contract}", made, frozenset({line}), item.keys)


@seeds("chart-version-differs")
def chart_left_behind(files: Files) -> Iterator[Defect]:
    """A tag that is raised without the version in ``Chart.yaml``."""
    for name in ("payments", "stock", "prices"):
        for said, tag in (("1.3.0", "1.4.0"), ("1.3.0", "2.0.0"), ("1.9", "1.10"), ("v2.0.1", "v3.0.1")):
            for suffix in ("", "-alpine"):
                made = {
                    f"deploy/helm/{name}/Chart.yaml": (
                        f"apiVersion: v2\nname: {name}\nversion: 0.1.0\nappVersion: '{said}' #HERE\n"
                    ),
                    f"deploy/helm/{name}/values.yaml": (
                        f"image:\n  repository: registry.example.com/shop/{name}\n"
                        f"  tag: '{tag}{suffix}' #OTHER\n"
                    ),
                }
                yield marked(files, f"{name} {said} with {tag}{suffix}", made)
