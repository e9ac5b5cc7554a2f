"""Folders with schemas of custom resources, in which a run looks kinds up.

A folder holds CustomResourceDefinitions in YAML files, JSON schemas as ``{group}/{kind}_{version}.json``, as
catalogues have them, or both. Schemas are read when an object of their kind is met; no link is followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from archlint.documents import Document
from archlint.documents.load import load_text
from archlint.files import FileProblem, Kind, TextProblem, WorkingTree, decode
from archlint.finding.digest import blake2b

_MOST_FILES = 50_000
_YAML = (".yaml", ".yml")
_MARK = "CustomResourceDefinition"


class SchemaFolders:
    """Some folders, the first of which that knows a kind counts."""

    def __init__(self, folders: Sequence[tuple[str, Path]]) -> None:
        """``folders`` have the name by which findings call them, and where they are."""
        self._folders = [(name, WorkingTree(path)) for name, path in folders]

    def stamp(self) -> str:
        """What changes when a file does."""
        digest = blake2b(digest_size=16)
        for name, tree in self._folders:
            for path in _files(tree.root):
                facts = tree.stat(path)
                if facts is not None:
                    digest.update(f"{name}\0{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
        return digest.hexdigest()

    def schema(self, api_version: str, kind: str) -> Document | None:
        """The JSON schema of a kind."""
        group, _, version = api_version.rpartition("/")
        if not all(map(_is_name, (group, version, kind))):
            return None
        for name, tree in self._folders:
            for file in dict.fromkeys((f"{kind.lower()}_{version}.json", f"{kind}_{version}.json")):
                found = _documents(name, tree, f"{group}/{file}")
                if found:
                    return found[0]
        return None

    def definitions(self) -> Iterable[Document]:
        """The documents of all YAML files in which a definition is."""
        return self._defined

    @cached_property
    def _defined(self) -> Sequence[Document]:
        return [
            document
            for name, tree in self._folders
            for path in _files(tree.root)
            if path.lower().endswith(_YAML)
            for document in _documents(name, tree, path, mark=_MARK)
        ]


def _is_name(text: str) -> bool:
    """Whether a text can be a part of a path that leads nowhere else."""
    return bool(text) and text not in (".", "..") and not set(text) & set("/\\\0")


def _files(root: Path) -> Iterator[str]:
    """The files below a folder, in order, relative to it."""
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            count += 1
            if count > _MOST_FILES:
                return
            yield os.path.relpath(f"{folder}/{name}", root).replace(os.sep, "/")


def _documents(name: str, tree: WorkingTree, path: str, mark: str = "") -> Sequence[Document]:
    """What a file says; nothing if it cannot be read."""
    try:
        text = decode(tree.read(path))
    except (FileProblem, TextProblem):
        return ()
    return load_text(f"{name}/{path}", text, Kind.KUBERNETES).documents if mark in text else ()
