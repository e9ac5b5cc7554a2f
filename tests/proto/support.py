"""Lays proto files out on disk and compiles or compares them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archlint.comparison import Change, ComparisonTerms
from archlint.comparison.protobuf import compare
from archlint.documents.proto import LoadedProtos, load_protos
from archlint.files import Kind, WorkingTree
from archlint.model.world import World

Files = Mapping[str, str | bytes]


def lay_out(folder: Path, files: Files) -> Path:
    """Write files below a folder."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def load(folder: Path, files: Files, only: list[str] | None = None) -> LoadedProtos:
    """Compile the proto files among ``files``, or ``only`` some of them."""
    lay_out(folder, files)
    paths = only or [path for path in files if path.endswith(".proto")]
    return load_protos(WorkingTree(folder, sorted(paths)), paths)


def world(folder: Path, files: Files, revision: str | None = None) -> World:
    """A world of proto files."""
    folder.mkdir(parents=True, exist_ok=True)
    lay_out(folder, files)
    tree = WorkingTree(folder, sorted(files), revision=revision)
    return World(tree, dict.fromkeys(sorted(files), Kind.PROTO), {})


def changes(
    folder: Path, base: Files, revision: Files, renames: Mapping[str, str] | None = None
) -> list[Change]:
    """All changes from one set of files to another."""
    old, new = world(folder / "base", base, "base"), world(folder / "revision", revision)
    return list(compare(old, new, ComparisonTerms(renames or {})))


def proto(body: str, package: str = "shop.v1", syntax: str = "proto3") -> str:
    """A proto file with the usual head on two lines."""
    return f'syntax = "{syntax}";\npackage {package};\n{body}\n'
