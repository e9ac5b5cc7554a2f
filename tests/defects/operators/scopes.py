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


_SETTINGS = {
    "VirtualService": (
        "  hosts: [NAME]\n  http:\n    - timeout: 2s\n      route: [{destination: {host: NAME}}]\n",
        "  hosts: [NAME.made-mesh.svc.cluster.local]\n  http:\n    - retries: {attempts: 2}\n"
        "      route: [{destination: {host: NAME.made-mesh.svc.cluster.local}}]\n",
        "  hosts: [NAME]\n  http:\n    - timeout: 2s\n      route: [{destination: {host: made-other}}]\n",
    ),
    "DestinationRule": (
        "  host: NAME\n  trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}}\n",
        "  host: NAME.made-mesh.svc.cluster.local\n  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}\n",
    ),
}


def _settings(kind: str, name: str, spec: str, exported: str) -> str:
    return (
        f"apiVersion: networking.istio.io/v1\nkind: {kind}\n"
        f"metadata: {{name: {name}, namespace: made-mesh}}\n"
        f"spec:\n  exportTo: {exported} #HERE\n{spec.replace('NAME', name)}---\n"
    )


@seeds("service-not-exported")
def service_kept_back(files: Files) -> Iterator[Defect]:
    """A Service is exported to other namespaces than that of its caller, or to none."""
    for front in named(files):
        name = f"made-{front.name}"
        about = f"kind: Service\nmetadata: {{name: {name}, namespace: made-mesh}}\n"
        for value in (".", "made-mesh", "made-mesh,made-other", "~", ". , made-webs"):
            said = f"annotations: {{networking.istio.io/exportTo: '{value}'}}"
            kept = callee(name).replace(about, f"{about[:-2]},\n  {said}}} #HERE\n")
            for shut in ("", _sidecar(_SHUT)):
                text = _SPACES + shut + kept + caller(name, "made-web")
                yield marked(files, f"{name} {value} {shut}", {PATH: text})


@seeds("mesh-settings-not-exported")
def settings_kept_back(files: Files) -> Iterator[Defect]:
    """A VirtualService or DestinationRule of a Service is not exported to its callers."""
    for front in named(files):
        name = f"made-{front.name}"
        for kind, specs in _SETTINGS.items():
            for spec in specs:
                for exported in ('["."]', "[made-mesh]", "[., made-webs]"):
                    text = _SPACES + callee(name) + caller(name, "made-web")
                    text += _settings(kind, name, spec, exported)
                    yield marked(files, f"{name} {kind} {spec} {exported}", {PATH: text})


@seeds("gateway-route-not-exported")
def route_kept_back(files: Files) -> Iterator[Defect]:
    """A VirtualService at a gateway is not exported to where the pods of the gateway are."""
    for front in named(files):
        name = f"made-{front.name}"
        gateway = pods("made-gateway", "made-edge").replace("kind: Deployment\n", "kind: Deployment #OTHER\n")
        gateway = gateway.replace("namespace: made-edge}\nspec", "namespace: made-edge} #OTHER\nspec")
        for home in ("made-mesh", "made-edge"):
            gate = (
                "apiVersion: networking.istio.io/v1\nkind: Gateway\n"
                f"metadata: {{name: made, namespace: {home}}}\n"
                "spec:\n  selector: {app: made-gateway}\n  servers:\n"
                '    - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["shop.example.com"]}\n---\n'
            )
            spec = (
                f"  hosts: [shop.example.com]\n  gateways: [{home}/made]\n"
                "  http: [{route: [{destination: {host: NAME}}]}]\n"
            )
            for exported in ('["."]', "[made-mesh, istio-system]"):
                text = callee(name) + gateway + gate + _settings("VirtualService", name, spec, exported)
                yield marked(files, f"{name} {home} {exported}", {PATH: text})
