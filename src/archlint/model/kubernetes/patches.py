"""Kustomize patches: fragments of objects, and so never judged as whole ones."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, normpath
from posixpath import join as join_path

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.model.world import World


def patch_files(world: World) -> frozenset[str]:
    """Paths of the files that a kustomization applies as patches; ask with ``world.fact(patch_files)``."""
    return frozenset(
        path for document in world.documents(Kind.KUSTOMIZATION) for path in patches_of(document)
    )


def patches_of(document: Document) -> Iterator[str]:
    """Paths of the files that one kustomization applies as patches."""
    for name in _named_files(document.root):
        yield normpath(join_path(dirname(document.path), name))


def _named_files(root: Node) -> Iterator[str]:
    for key in ("patches", "patchesJson6902"):
        for entry in root.get(key).elements():
            yield from filter(None, [entry.get("path").text])
    for entry in root.get("patchesStrategicMerge").elements():
        yield from filter(None, [entry.text])
