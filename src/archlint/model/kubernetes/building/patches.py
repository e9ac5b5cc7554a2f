"""Kustomize patches: fragments of objects, and so never judged as whole ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from posixpath import dirname, normpath
from posixpath import join as join_path

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding.regex import regex
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


def unused_patches(world: World, paths: Iterable[str]) -> Iterator[str]:
    """Those of the paths that are called patches and stand beside a kustomization, or below one, where no
    kustomization names them: most often it has them in a comment."""
    folders = set(map(dirname, world.paths(Kind.KUSTOMIZATION)))
    called = [path for path in paths if _CALLED_PATCH.search(path) and _is_beside(path, folders)]
    if not called:
        return
    used = frozenset(
        normpath(join_path(dirname(document.path), name))
        for document in world.documents(Kind.KUSTOMIZATION)
        for name in document.root.texts()
    )
    for path in called:
        if path not in used:
            yield path


_CALLED_PATCH = regex(r"(?:^|[-_./])patch(?:es)?(?:[-_.][^/]*|/[^/]*)$")
"""Matches paths of files that are called a patch, or stand in a folder that is."""


def _is_beside(path: str, folders: Set[str]) -> bool:
    """Whether a folder has a kustomization, or the next one above it that holds one file by file."""
    folder = dirname(path)
    return folder in folders or dirname(folder) in folders


def _named_files(root: Node) -> Iterator[str]:
    for key in ("patches", "patchesJson6902"):
        for entry in root.get(key).elements():
            yield from filter(None, [entry.get("path").text, entry.text])  # older releases took a bare path
    for entry in root.get("patchesStrategicMerge").elements():
        yield from filter(None, [entry.text])
