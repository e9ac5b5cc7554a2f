"""Ways in from outside that nothing limits."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.mesh_routes import Front, fronts
from tests.metamorphic.repositories import Files

_PATH = "deploy/edge-of-tests/route.yaml"
_INGRESS = """\
spec:
  ingressClassName: {0}
  rules:
    - host: shelf.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {{service: {{name: {1}, port: {{number: {2}}}}}}}
"""
_FORMS = (
    ("networking.k8s.io/v1", "Ingress", _INGRESS.replace("{0}", "nginx")),
    ("networking.k8s.io/v1", "Ingress", _INGRESS.replace("{0}", "traefik")),
    (
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        "spec:\n  parentRefs: [{{name: front}}]\n  rules:\n    - backendRefs: [{{name: {1}, port: {2}}}]\n",
    ),
    (
        "traefik.io/v1alpha1",
        "IngressRoute",
        "spec:\n  routes:\n    - match: Host(`shelf.example.com`)\n      kind: Rule\n"
        "      services: [{{name: {1}, port: {2}}}]\n",
    ),
    (
        "projectcontour.io/v1",
        "HTTPProxy",
        "spec:\n  virtualhost: {{fqdn: shelf.example.com}}\n  routes:\n"
        "    - services: [{{name: {1}, port: {2}}}]\n",
    ),
    (
        "networking.istio.io/v1",
        "VirtualService",
        "spec:\n  hosts: [shelf.example.com]\n  gateways: [front]\n  http:\n"
        "    - route: [{{destination: {{host: {1}, port: {{number: {2}}}}}}}]\n",
    ),
)


def _route(front: Front, version: str, kind: str, spec: str) -> str:
    head = f"apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: shelf #HERE\n"
    port = front.ports[0] if front.ports else 80
    return f"{head}  namespace: {front.namespace}\n{spec.format('', front.name, port)}"


@seeds("exposed-route-unlimited")
def nothing_limits(files: Files) -> Iterator[Defect]:
    """A route from outside of each kind, to each service of the repository."""
    for front in fronts(files):
        for version, kind, spec in _FORMS:
            text = _route(front, version, kind, spec)
            yield marked(files, f"{kind} {front.name} {spec[:32].strip()}", {_PATH: text})
