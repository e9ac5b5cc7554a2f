"""Servers of Linkerd and their policies: a caller of a guarded port is left out."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.authorization import callee, caller, named
from tests.defects.operators.mesh_routes import FOLDER
from tests.metamorphic.repositories import Files

PATH = f"{FOLDER}/linkerd.yaml"
_SPACE = (
    "apiVersion: v1\nkind: Namespace\n"
    "metadata: {name: made-mesh, annotations: {linkerd.io/inject: enabled%s}}%s\n---\n"
)
_IDENTITY = "serviceaccount.identity.linkerd.cluster.local"


def _server(name: str, port: str, access: str = "") -> str:
    return (
        "apiVersion: policy.linkerd.io/v1beta3\nkind: Server\n"
        f"metadata: {{name: {name}, namespace: made-mesh}}\n"
        f"spec: #HERE\n{access}  podSelector: {{matchLabels: {{app: {name}}}}} #HERE\n  port: {port}\n---\n"
    )


def _policy(kind: str, target: str, reference: str) -> str:
    return (
        "apiVersion: policy.linkerd.io/v1alpha1\nkind: AuthorizationPolicy\n"
        "metadata: {name: made, namespace: made-mesh}\nspec:\n"
        f"  targetRef: {{kind: {kind}, name: {target}}}\n"
        f"  requiredAuthenticationRefs: #HERE\n    - {reference} #HERE\n---\n"
    )


def _tls(identities: str) -> str:
    return (
        "apiVersion: policy.linkerd.io/v1alpha1\nkind: MeshTLSAuthentication\n"
        "metadata: {name: made, namespace: made-mesh}\nspec:\n"
        f"  identities: {identities}\n---\n"
    )


def _authorization(name: str) -> str:
    return (
        "apiVersion: policy.linkerd.io/v1beta1\nkind: ServerAuthorization\n"
        "metadata: {name: made, namespace: made-mesh}\nspec:\n"
        f"  server: {{name: {name}}}\n  client: #HERE\n"
        f"    meshTLS: {{serviceAccounts: [{{name: {name}}}]}} #HERE\n---\n"
    )


@seeds("call-denied-by-server")
def caller_left_out(files: Files) -> Iterator[Defect]:
    """The policies for a Server name others, or there are none, or the default lets nobody in."""
    made = "{group: policy.linkerd.io, kind: MeshTLSAuthentication, name: made}"
    for front in named(files):
        name = f"made-{front.name}"
        pods = callee(name) + caller(name)
        for port in ("http", "8080"):
            server = _server(name, port)
            for policies in (
                "",
                _policy("Server", name, made) + _tls(f'["{name}.made-mesh.{_IDENTITY}"]'),
                _policy("Namespace", "made-mesh", made) + _tls(f'["*.made-apart.{_IDENTITY}"]'),
                _policy("Server", name, f"{{kind: ServiceAccount, name: {name}}}"),
                _authorization(name),
            ):
                text = _SPACE % ("", "") + server + policies + pods
                yield marked(files, f"{name} {port} {policies}", {PATH: text})
        shut = _SPACE % (", config.linkerd.io/default-inbound-policy: deny", " #HERE")
        yield marked(files, f"{name} by default", {PATH: shut + pods})
