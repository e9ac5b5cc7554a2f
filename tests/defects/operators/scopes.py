"""Sidecars and the policy for outbound calls: a caller in the mesh is kept from what it calls."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.authorization import callee, caller, named, pods
from tests.defects.operators.mesh_routes import FOLDER
from tests.metamorphic.repositories import Files

PATH = f"{FOLDER}/scopes.yaml"
_INJECTED = "labels: {istio-injection: enabled}"
_SPACES = "".join(
    f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, {_INJECTED}}}\n---\n"
    for name in ("made-mesh", "made-web")
)
_SHUT = "  outboundTrafficPolicy: {mode: REGISTRY_ONLY} #OTHER\n"
_ENTRY = (
    "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: made, namespace: made-web}\n"
    "spec:\n  hosts: [%s]\n  ports: #OTHER\n    - {number: %d, name: tls, protocol: TLS}\n---\n"
)


def _sidecar(spec: str, namespace: str = "made-web", selector: str = "") -> str:
    chosen = f"  workloadSelector: {{labels: {selector}}}\n" if selector else ""
    return (
        "apiVersion: networking.istio.io/v1\nkind: Sidecar\n"
        f"metadata: {{name: made, namespace: {namespace}}}\nspec:\n{chosen}{spec}---\n"
    )


@seeds("callee-not-imported")
def callee_left_out(files: Files) -> Iterator[Defect]:
    """The hosts of a Sidecar leave out the namespace or the Service that is called."""
    for front in named(files):
        name = f"made-{front.name}"
        for hosts in ('["./*"]', '["~/*"]', f'["made-mesh/{name}s.made-mesh.svc.cluster.local"]'):
            egress = f"  egress:\n    - hosts: {hosts} #HERE\n"
            sidecars = (
                _sidecar(egress),
                _sidecar(_SHUT + egress, selector="{app: made-caller}"),
                _sidecar(egress.replace("./*", "istio-system/*"), "istio-system"),
            )
            for sidecar in sidecars:
                text = _SPACES + sidecar + callee(name) + caller(name, "made-web")
                yield marked(files, f"{name} {sidecar}", {PATH: text})


@seeds("external-call-blocked")
def nobody_lets_out(files: Files) -> Iterator[Defect]:
    """A host outside is called that no service entry has, or not with that port, or not for the namespace."""
    for front in named(files):
        host = f"{front.name}.partner.example.com"
        env = f"          env:\n            - name: PARTNER_URL\n              value: https://{host} #HERE\n"
        entries = (
            "",
            _ENTRY % (f"api.{host}", 443),
            _ENTRY % (host, 8443),
            (_ENTRY % (host, 443)).replace("spec:\n", "spec:\n  exportTo: [made-mesh]\n"),
        )
        for entry in entries:
            text = _SPACES + _sidecar(_SHUT) + entry + pods("made-caller", "made-web", env)
            yield marked(files, f"{host} {entry}", {PATH: text})
