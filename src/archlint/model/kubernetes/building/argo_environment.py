"""What Argo CD tells of an Application to what builds its manifests: ``$ARGOCD_APP_NAME`` and the like.

Sources: Argo CD's documentation, "Build environment", and its ``util/env``: ``$NAME`` and ``${NAME}`` are
replaced, ``$$`` is a dollar sign, and a name that nothing sets stands for nothing. Revisions are known when
it runs alone: they stay as they are written.
"""

from __future__ import annotations

from collections.abc import Mapping

from archlint.documents.kustomize.values import Value
from archlint.finding.regex import regex
from archlint.model.kubernetes.building.appliers import text

_USE = regex(r"\$(?:(\$)|\{([^{}]*+)\}|([A-Za-z0-9_]++))")
_REVISIONS = (
    "ARGOCD_APP_REVISION",
    "ARGOCD_APP_REVISION_SHORT",
    "ARGOCD_APP_REVISION_SHORT_8",
    "KUBE_VERSION",
)
_VERSIONS = ("KUBE_API_VERSIONS",)


def environment(application: Value, source: Value) -> Mapping[str, str | None]:
    """The variables of one source of an Application; ``None`` for what is not known before it runs."""
    return {
        "ARGOCD_APP_NAME": text(application, "metadata", "name"),
        "ARGOCD_APP_NAMESPACE": text(application, "spec", "destination", "namespace"),
        "ARGOCD_APP_PROJECT_NAME": text(application, "spec", "project"),
        "ARGOCD_APP_SOURCE_PATH": text(source, "path"),
        "ARGOCD_APP_SOURCE_REPO_URL": text(source, "repoURL"),
        "ARGOCD_APP_SOURCE_TARGET_REVISION": text(source, "targetRevision"),
        **dict.fromkeys((*_REVISIONS, *_VERSIONS)),
    }


def expanded(said: Value, known: Mapping[str, str | None]) -> Value:
    """A text with its variables replaced."""
    if not isinstance(said.data, str) or "$" not in said.data:
        return said

    def filled(name: str) -> str:
        value = known.get(name, "")
        return f"${{{name}}}" if value is None else value

    replaced = _USE.sub(lambda use: "$" if use[1] else filled(use[2] or use[3] or ""), said.data)
    return Value(replaced, said.origin)
