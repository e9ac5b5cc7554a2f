"""Services and methods of gRPC that routes and policies name otherwise than their proto files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, line_of, seeds
from tests.defects.marked import marked
from tests.defects.operators.routes import PATH
from tests.metamorphic.repositories import Files

_PACKAGE = re.compile(r"(?m)^package ([\w.]+);")
_SERVICE = re.compile(r"(?m)^service (?P<name>\w+) \{\n(?P<body>(?:  .*\n)*)")
_ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {{name: edge, namespace: shop}}
spec:
  parentRefs: [{{name: edge}}]
  rules:
    - matches:
        - method:
            service: {service} #HERE
            method: {method}
      backendRefs: [{{name: edge, port: 9090}}]
"""
_MESH = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: edge, namespace: shop}}
spec:
  hosts: [edge]
  http:
    - match:
        - uri:
            {how}: /{service}/{method} #HERE
      route: [{{destination: {{host: cart}}}}]
"""
_POLICY = """\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {{name: edge, namespace: shop}}
spec:
  rules:
    - to:
        - operation:
            paths:
              - /{service}/{method} #HERE
"""
_CONFIG = """\
{{
  "methodConfig": [
    {{
      "name": [{{"service": "{service}", "method": "{method}"}}], #HERE
      "timeout": "2s"
    }}
  ]
}}
"""


def _misnamed(package: str, name: str, method: str) -> Iterator[tuple[str, str]]:
    yield re.sub(r"v\d+", "v2", f"{package}.{name}"), method
    yield f"{package.partition('.')[2]}.{name}", method
    yield f"{package}.{name[:-1]}", method
    yield f"{package}.{name}", f"{method}s"


@seeds("grpc-method-undefined")
def named_otherwise(files: Files) -> Iterator[Defect]:
    """Another version of the package, a package in short, and names with other letters."""
    for path, text in sorted(files.items()):
        package = _PACKAGE.search(text) if path.endswith(".proto") else None
        service = _SERVICE.search(text) if package else None
        method = re.search(r"rpc (\w+)", service["body"]) if service else None
        if package is None or service is None or method is None:
            continue
        side: frozenset[Line] = frozenset({(path, line_of(text, service.start()))})
        for full, called in _misnamed(package[1], service["name"], method[1]):
            for what, made in (
                ("GRPCRoute", _ROUTE.format(service=full, method=called)),
                ("exact", _MESH.format(service=full, method=called, how="exact")),
                ("policy", _POLICY.format(service=full, method=called)),
                ("service config", _CONFIG.format(service=full, method=called)),
            ):
                place = "deploy/grpc/service_config.json" if made.startswith("{") else PATH
                found = marked(files, f"{what} {full}/{called}", {place: made})
                yield Defect(found.what, found.files, found.places, side)
