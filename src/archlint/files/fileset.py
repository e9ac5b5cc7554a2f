"""What listing files gave: the files of the world, and which of them a report is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from pathlib import Path

from archlint.files.globs import Exclusion
from archlint.files.tree import WorkingTree
from archlint.finding import Notice, Unread
from archlint.finding.records import dataclass


class WorldReach(Enum):
    """How far the world reaches."""

    ROOT = "root"
    """All below the root: what joins must see to say that something is missing."""
    PATHS = "paths"
    """Only what lies below the named paths, as if they were a repository of their own."""


@dataclass(frozen=True, slots=True)
class PathScope:
    """What the named paths cover, for paths of any revision."""

    folders: tuple[str, ...]
    """Folders relative to the root; the root is the empty string."""
    files: frozenset[str]
    """Files that are named themselves, and those that lie in named folders outside of the root."""
    exclusion: Exclusion

    @property
    def is_whole(self) -> bool:
        """Whether the root itself is named."""
        return "" in self.folders

    def lies_below(self, path: str) -> bool:
        """Whether a path is named, or lies in a folder that is."""
        return (
            path in self.files
            or self.is_whole
            or any(path == folder or path.startswith(folder + "/") for folder in self.folders)
        )

    def covers(self, path: str) -> bool:
        """Whether a file of this path would be read because of the named paths."""
        if path in self.files:
            return True
        return any(
            (not folder or path.startswith(folder + "/")) and not self.exclusion.excludes_file(path, folder)
            for folder in self.folders
        )


@dataclass(frozen=True, slots=True)
class FileSet:
    """The files of the world."""

    root: Path
    paths: tuple[str, ...]
    """Relative to the root, sorted; files outside of the root by the name that a user gave them."""
    named: frozenset[str]
    """Those that a path names itself."""
    scope: PathScope
    notices: tuple[Notice, ...] = ()
    outside: Mapping[str, Path] = field(default_factory=dict)
    """Where the files outside of the root are."""
    charts: frozenset[str] = frozenset()
    """Folders of Helm charts, also those around the named paths."""
    reach: WorldReach = WorldReach.ROOT
    unread: tuple[Unread, ...] = ()
    """What was seen and left out."""
    absent: frozenset[str] = frozenset()
    """Tracked files that a sparse checkout leaves out."""
    tracked: frozenset[str] | None = None
    """What git knows, where only that is read: submodules are named by their folder."""

    def tree(self) -> WorkingTree:
        """The working tree that reads these files."""
        return WorkingTree(
            self.root, self.paths, outside=self.outside, absent=self.absent, allowed=self.tracked
        )

    def covers(self, path: str) -> bool:
        """Whether a file of this path would be read because of the named paths if it existed."""
        return self.scope.covers(path)

    def belongs(self, path: str) -> bool:
        """Whether a file of this path would belong to the world if it existed, as at a base revision."""
        if self.reach is WorldReach.ROOT and not self.scope.exclusion.excludes_file(path, ""):
            return True
        return self.scope.covers(path)
