"""Sidecars, telemetry and control planes of Istio: made for the Services of a repository, and then spoilt."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.mesh_routes import FOLDER, fronts
from tests.metamorphic.repositories import Files

PATH = f"{FOLDER}/pods.yaml"
_NAMESPACES = """apiVersion: v1
kind: Namespace
metadata: {name: made-mesh, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Namespace
metadata: {name: made-edge%s}
---
"""


def _workload(kind: str, name: str, labels: str, container: str) -> str:
    head = f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: made-edge}}\n"
    pod = f"    metadata: {{labels: {{made: {name}{labels}}}}}\n    spec:\n      containers:\n{container}"
    return f"{head}spec:\n  selector: {{matchLabels: {{made: {name}}}}}\n  template:\n{pod}"


@seeds("proxy-image-unresolved")
def nobody_injects(files: Files) -> Iterator[Defect]:
    """The proxy of a gateway is left to an injector that is not asked."""
    container = "        - name: istio-proxy\n          image: auto #HERE\n"
    for front in fronts(files):
        for kind in ("Deployment", "DaemonSet"):
            for space, labels in (
                ("", ""),
                (", labels: {istio-injection: disabled}", ""),
                ("", ', sidecar.istio.io/inject: "false"'),
            ):
                text = _NAMESPACES % space + _workload(kind, f"{front.name}-edge", labels, container)
                yield marked(files, f"{front.name} {kind} {space} {labels}", {PATH: text})


@seeds("namespace-not-injected")
def label_left_out(files: Files) -> Iterator[Defect]:
    """A namespace says nothing of the mesh, with and without an injector for all."""
    values = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-sidecar-injector, namespace: istio-system}\n"
    )
    values += 'data:\n  values: \'{"sidecarInjectorWebhook": {"enableNamespacesByDefault": true}}\'\n---\n'
    for number, front in enumerate(fronts(files)):
        for before in ("", values):
            text = f"{before}apiVersion: v1\nkind: Namespace\nmetadata: #HERE\n  name: made-{number}\n"
            yield marked(files, f"{front.name} {bool(before)} bare", {PATH: text})
            text += "  labels: #HERE\n    team: made\n"
            text = text.replace("metadata: #HERE", "metadata:")
            yield marked(files, f"{front.name} {bool(before)} labelled", {PATH: text})


@seeds("telemetry-without-provider")
def nobody_gets_logs(files: Files) -> Iterator[Defect]:
    """Access logs are asked for, and no provider is named anywhere."""
    for front in fronts(files):
        for entry in (
            'filter: {expression: "response.code >= 500"}',
            "match: {mode: SERVER}",
            "providers: []",
        ):
            text = "apiVersion: telemetry.istio.io/v1\nkind: Telemetry\n"
            text += f"metadata: {{name: {front.name}, namespace: {front.namespace}}}\n"
            text += f"spec:\n  accessLogging:\n    - {entry} #HERE\n"
            yield marked(files, f"{front.name} {entry}", {PATH: text})


_CONTROL_PLANE = """apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  selector: {matchLabels: {app: istiod}}
  template:
    metadata: {labels: {app: istiod}}
    spec:
      containers:
        - name: discovery #HERE
          image: istio/pilot:1.24.1
"""


@seeds("keys-fetched-from-anywhere")
def ranges_unblocked(files: Files) -> Iterator[Defect]:
    """The control plane blocks nothing, or the variable is misspelt."""
    for front in fronts(files):
        for env in ("", "          env: [{name: BLOCKED_CIDRS, value: 10.0.0.0/8}] #HERE\n"):
            text = _CONTROL_PLANE + env
            text += "---\napiVersion: security.istio.io/v1\nkind: RequestAuthentication\n"
            text += f"metadata: {{name: {front.name}, namespace: {front.namespace}}}\nspec:\n  jwtRules:\n"
            text += f"    - issuer: a\n      jwksUri: https://{front.name}.example.com/keys #OTHER\n"
            yield marked(files, f"{front.name} {bool(env)}", {PATH: text})


@seeds("sidecar-conflict")
def selected_twice(files: Files) -> Iterator[Defect]:
    """Two Sidecars are for one workload, by different labels."""
    container = "        - name: app\n          image: shop/app:1.0.0\n"
    for front in fronts(files):
        for one, other in (("made: {0}", "tier: a"), ("tier: a", "zone: b"), ("made: {0}", "made: {0}")):
            text = _workload("Deployment", front.name, ", tier: a, zone: b", container)
            for name, labels in (("one", one), ("other", other)):
                text += "---\napiVersion: networking.istio.io/v1\nkind: Sidecar\n"
                text += (
                    f"metadata: {{name: {name}, namespace: made-edge}} #OTHER\nspec:\n  workloadSelector:\n"
                )
                text += f"    labels: {{{labels.format(front.name)}}} #HERE\n"
            yield marked(files, f"{front.name} {one} {other}", {PATH: text})


@seeds("port-name-without-protocol")
def port_misnamed(files: Files) -> Iterator[Defect]:
    """A port is called by what it is for, or not at all."""
    for front in fronts(files):
        for name in ("web", "api-http", "main", None):
            said = f"      name: {name} #HERE\n" if name else ""
            text = "apiVersion: v1\nkind: Service\n"
            text += f"metadata: {{name: made-{front.name}, namespace: {front.namespace}}}\n"
            text += "spec:\n  selector: {app: made}\n  ports:\n"
            text += f"    - port: 80{'' if name else ' #HERE'}\n{said}"
            yield marked(files, f"{front.name} {name}", {PATH: text})
