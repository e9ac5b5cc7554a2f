"""A tree as it will be: some files have a content that is not written yet."""

from __future__ import annotations

import os
from collections.abc import Mapping, Set
from dataclasses import field

from archlint.files.tree import FileTree, WorkingTree
from archlint.finding.records import dataclass


@dataclass(frozen=True, eq=False)
class Overlay:
    """A tree some of whose files have another content, which is not written yet."""

    tree: FileTree
    contents: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def revision(self) -> str | None:
        """That of the tree below."""
        return self.tree.revision

    @property
    def absent(self) -> Set[str]:
        """Those of the tree below."""
        return self.tree.absent

    def paths(self) -> tuple[str, ...]:
        """Those of the tree below."""
        return tuple(self.tree.paths())

    def read(self, path: str) -> bytes:
        """The content of a file; raises ``FileProblem``."""
        return self.contents[path] if path in self.contents else self.tree.read(path)

    def stat(self, path: str) -> os.stat_result | None:
        """What the file system knows of a file; ``None`` if its content is another."""
        if path in self.contents or not isinstance(self.tree, WorkingTree):
            return None
        return self.tree.stat(path)
