"""Objects that commands in scripts and documentation make: ``kubectl create configmap settings``."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.files import Kind
from archlint.finding.regex import regex
from archlint.model.world import World

_KINDS = {
    "ns": "Namespace",
    "namespace": "Namespace",
    "project": "Namespace",
    "cm": "ConfigMap",
    "configmap": "ConfigMap",
    "sa": "ServiceAccount",
    "serviceaccount": "ServiceAccount",
}
_NAME = r"""['"]?([a-z0-9][-a-z0-9.]*)"""
_CREATE = regex(
    rf"create +(?:secret +(?:generic|tls|docker-registry) +{_NAME}"
    rf"|(ns|namespace|project|cm|configmap|sa|serviceaccount) +{_NAME})"
)
_HELM = regex(
    rf"(?:-n|--namespace)[ =]+{_NAME}[^\n]{{0,300}}--create-namespace"
    rf"|--create-namespace[^\n]{{0,300}}(?:-n|--namespace)[ =]+{_NAME}"
)


_RELEASE = regex(rf"helm +(?:upgrade|install)(?: +(?:--install|-i))? +{_NAME} +[^\s-]")


def helm_releases(world: World) -> frozenset[str]:
    """Names of the releases that commands install; ask with ``world.fact(helm_releases)``."""
    return frozenset(found[1] for text in _texts(world) for found in _RELEASE.finditer(text))


def made_by_commands(world: World) -> frozenset[tuple[str, str]]:
    """Kind and name of all of them; ask with ``world.fact(made_by_commands)``."""
    return frozenset(_made(world))


def _made(world: World) -> Iterator[tuple[str, str]]:
    for text in _texts(world):
        for found in _CREATE.finditer(text):
            yield ("Secret", found[1]) if found[1] else (_KINDS[found[2]], found[3])
        for found in _HELM.finditer(text):
            yield "Namespace", found[1] or found[2]


def _texts(world: World) -> Iterator[str]:
    """Documentation and scripts, in the order of their paths."""
    for path in sorted(
        path for path, kind in world.kinds.items() if kind is Kind.MARKDOWN or _is_script(path)
    ):
        yield world.text(path) or ""


def _is_script(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith((".sh", ".bash", ".mk", ".txt", ".ps1")) or name in (
        "Makefile",
        "Tiltfile",
        "justfile",
    )
