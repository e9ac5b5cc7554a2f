"""Proxies and gateways of files beside the contracts of what they lead to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.defects.defects import Defect, Line, seeds
from tests.defects.marked import marked
from tests.defects.operators.routes import Offered, offered
from tests.metamorphic.repositories import Files

_POD = """\
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
          image: {image}
          volumeMounts: [{{name: settings, mountPath: {folder}}}]
      volumes: [{{name: settings, configMap: {{name: edge}}}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: edge, namespace: shop}}
data:
  {file}: |
{text}
"""
_POST = re.compile(r'(?m)^ +"?(?P<path>/[\w/-]+)"?:(?: \{)?\n(?:(?! +"?/).*\n)*? +"?post"?:')


def mounted(image: str, folder: str, file: str, text: str) -> str:
    """A workload with a file in a folder."""
    lines = "\n".join(f"    {line}" if line else "" for line in text.rstrip("\n").split("\n"))
    return _POD.format(image=image, folder=folder, file=file, text=lines)


def _nginx(name: str, path: str, extra: str = "") -> str:
    text = (
        f"server {{\n  listen 80;\n  location {path} {{ #HERE\n    proxy_pass http://{name}:8080;\n"
        f"{extra}  }}\n}}\n"
    )
    return mounted("nginx:1.27", "/etc/nginx/conf.d", "default.conf", text)


def _nginx_replacing(name: str, path: str) -> str:
    text = (
        "server {\n  listen 80;\n  location /outside/ { #HERE\n"
        f"    proxy_pass http://{name}.shop.svc.cluster.local:8080{path}/;\n  }}\n}}\n"
    )
    return mounted("nginx:1.27", "/etc/nginx/conf.d", "default.conf", text)


def _envoy(name: str, path: str, policy: str = "") -> str:
    text = f"""\
static_resources:
  listeners:
    - filter_chains:
        - filters:
            - typed_config:
                route_config:
                  virtual_hosts:
                    - domains: ["*"]
                      routes:
                        - match: {{prefix: {path}}} #HERE
                          route:
                            cluster: shop
{policy}  clusters:
    - name: shop
      load_assignment:
        endpoints:
          - lb_endpoints:
              - endpoint:
                  address:
                    socket_address: {{address: {name}, port_value: 8080}}
"""
    return mounted("envoyproxy/envoy:v1.31.0", "/etc/envoy", "envoy.yaml", text)


def _kong(name: str, path: str) -> str:
    text = f"""\
_format_version: "3.0"
services:
  - name: shop
    host: {name}
    port: 8080
    routes:
      - name: shop
        strip_path: false
        paths: ["{path}"] #HERE
"""
    return mounted("kong:3.7", "/kong", "kong.yml", text)


def _spring(name: str, path: str) -> str:
    text = f"""\
spring:
  cloud:
    gateway:
      routes:
        - id: shop
          uri: http://{name}:8080
          predicates:
            - Path=/outside{path}/** #HERE
          filters:
            - StripPrefix=1
"""
    return mounted("registry.example.com/shop/edge:1.0.0", "/app/config", "application.yml", text)


MAKERS: tuple[Callable[[str, str], str], ...] = (_nginx, _nginx_replacing, _envoy, _kong, _spring)


def _joined(files: Files, what: str, text: str, keys: frozenset[Line]) -> Defect:
    found = marked(files, what, {"deploy/kubernetes/edge.yaml": text})
    return Defect(found.what, found.files, found.places, keys)


def _misspelt(path: str) -> Iterator[str]:
    start, last = path.rsplit("/", 1)
    yield f"{start}/{last[0]}{last}"
    yield f"{start}/old-{last}"
    if re.search(r"/v\d+/", path):
        yield re.sub(r"/v(\d+)/", lambda m: f"/v{int(m[1]) + 1}/", path)


@seeds("proxied-path-undefined")
def proxied_path_misspelt(files: Files) -> Iterator[Defect]:
    """A proxy that leads to a path which the contract writes otherwise."""
    for item in offered(files):
        for path in item.paths:
            for wrong in _misspelt(path):
                for maker in MAKERS:
                    what = f"{maker.__name__} {item.name} {path} -> {wrong}"
                    yield _joined(files, what, maker(item.name, wrong), item.keys)


def _posts(item: Offered) -> Iterator[str]:
    for match in _POST.finditer(item.text):
        if "search" not in match["path"]:
            yield match["path"]


@seeds("retry-not-idempotent")
def repeated_by_a_proxy(files: Files) -> Iterator[Defect]:
    """A proxy that repeats whatever is asked."""
    for item in offered(files):
        keys = frozenset((item.contract, number) for number in range(1, item.text.count("\n") + 2))
        for path in _posts(item):
            said = "    proxy_next_upstream error timeout http_502 non_idempotent; #HERE\n"
            text = _nginx(item.name, path, said).replace(f"{path} {{ #HERE", f"{path} {{")
            yield _joined(files, f"nginx {item.name} {path}", text, keys)
            for on in ("5xx", "connect-failure,gateway-error"):
                said = f'                            retry_policy: {{retry_on: "{on}"}} #HERE\n'
                text = _envoy(item.name, path, said).replace("}} #HERE", "}}", 1)
                text = text.replace(f"prefix: {path}}} #HERE", f"prefix: {path}}}")
                yield _joined(files, f"envoy {item.name} {path} {on}", text, keys)


_PROFILE = """\
apiVersion: linkerd.io/v1alpha2
kind: ServiceProfile
metadata: {{name: {name}.shop.svc.cluster.local, namespace: shop}}
spec:
  routes:
    - name: {path}
      condition: {{method: POST, pathRegex: "{path}"}}
      isRetryable: true #HERE
"""


@seeds("retry-not-idempotent")
def retried_by_linkerd(files: Files) -> Iterator[Defect]:
    """A profile, or an annotation of a Service, by which Linkerd retries."""
    for item in offered(files):
        keys = frozenset((item.contract, number) for number in range(1, item.text.count("\n") + 2))
        for path in _posts(item):
            yield _joined(
                files, f"profile {item.name} {path}", _PROFILE.format(name=item.name, path=path), keys
            )
        for value in ("5xx", "gateway-error", '"503"') if any(_posts(item)) else ():
            text = f"""\
apiVersion: v1
kind: Service
metadata:
  name: {item.name}
  namespace: retried
  annotations:
    retry.linkerd.io/http: {value} #HERE
spec:
  ports: [{{port: 8080}}]
"""
            yield _joined(files, f"annotation {item.name} {value}", text, keys)
