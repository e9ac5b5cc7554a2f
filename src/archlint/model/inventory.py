"""What a repository holds, file by file: what reports about the reading itself are made from."""

from __future__ import annotations

from collections.abc import Mapping

from archlint.files import Kind
from archlint.finding import Notice, Unread
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """One document of a YAML or JSON file."""

    index: int
    kind: str
    """Such as ``apps/v1 Deployment`` or ``openapi 3.0.3``; empty if it does not say."""
    name: str
    rules: tuple[str, ...]
    """Codes of the rules that look at something in it."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file."""

    path: str
    kind: Kind
    is_read: bool
    rules: tuple[str, ...]
    documents: tuple[DocumentEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """All files below the named paths."""

    files: tuple[FileEntry, ...]
    unread: tuple[Unread, ...]
    sources: Mapping[str, str]
    """The language of each file of source that is looked through for addresses and messages."""
    notices: tuple[Notice, ...] = ()

    @property
    def read(self) -> int:
        """How many files were read."""
        return sum(entry.is_read for entry in self.files)
