"""Paths as a user can open them from where they stand."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from archlint.files import FileTree, WorkingTree
from archlint.files.tree import Overlay

if TYPE_CHECKING:
    from archlint.engine.merging import RepositoryRun


def opened_from(cwd: Path, root: Path, as_named: Collection[str] = ()) -> Callable[[str], str]:
    """Makes of a path relative to the root one relative to the working directory, where one of these lies in
    the other; else the shorter of that and the absolute one. What is ``as_named`` stays as it is."""
    real = Path(os.path.realpath(cwd))
    if root == real:
        return lambda path: path
    is_near = root.is_relative_to(real) or real.is_relative_to(root)

    def shown(path: str) -> str:
        if path in as_named:
            return path
        whole = str(root / path)
        relative = os.path.relpath(whole, real)
        return (relative if is_near or len(relative) < len(whole) else whole).replace(os.sep, "/")

    return shown


def named_outside(trees: Mapping[str | None, FileTree]) -> frozenset[str]:
    """The files outside of the root, which have the names that a user gave them."""
    inner = (tree.tree if isinstance(tree, Overlay) else tree for tree in trees.values())
    return frozenset(path for tree in inner if isinstance(tree, WorkingTree) for path in tree.outside)


def opened_from_parts(cwd: Path, parts: list[RepositoryRun]) -> Callable[[str], str]:
    """The same for runs over several repositories: paths of all but the first are told as they were named."""
    first = opened_from(cwd, Path(parts[0].result.root), named_outside(parts[0].trees))
    others = tuple(f"{part.name}/" for part in parts[1:])
    return lambda path: path.removeprefix("./") if path.startswith(others) else first(path)
