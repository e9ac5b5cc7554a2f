"""What the rules find that need more than one YAML or JSON file, kept until something changes that they read.

They can see the list of files, the documents of the YAML and JSON files, and what they read from the tree
besides, which is noted while they run. So the findings of an earlier run are good if all of it is as it was:
an edited README calls for no new run unless a rule in force reads it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from typing import Any

from archlint.cache.contents import Contents, digest_of
from archlint.cache.encoded import decoded, encoded
from archlint.cache.files import FileCache
from archlint.files import FileTree
from archlint.finding import Finding, Notice, SchemaUse, Unread
from archlint.finding.data import from_data, to_data
from archlint.finding.records import dataclass, values
from archlint.model.world import World

_MANY = 10_000
"""Findings that are much to keep: some hundred bytes each."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What these rules found, and which files they could not read; whether all of them got to their end."""

    findings: tuple[Finding, ...]
    unread: tuple[Unread, ...] = ()
    is_whole: bool = True
    parts: tuple[str, ...] = ()
    """Files that were judged as kustomizations build them; what is found in them as they stand is dropped."""
    rendered: tuple[str, ...] = ()
    """Templates of charts that were rendered."""
    schemas: SchemaUse | None = None
    """What was held against schemas."""
    checked: tuple[tuple[str, int], ...] = ()
    """Documents of resources that no rule knows, all of which were held against schemas."""
    notices: tuple[Notice, ...] = ()
    """What is to be told of what these rules could not look at."""


class NotedTree:
    """A tree that notes what is read from it."""

    def __init__(self, tree: FileTree, contents: Contents | None = None) -> None:
        """``contents`` is what keeps digests of the tree's files, which are asked for what was noted."""
        self._tree = tree
        self._read = tree.read if contents is None else contents.read
        self.noted: set[str] = set()

    @property
    def revision(self) -> str | None:
        """See ``FileTree``."""
        return self._tree.revision

    @property
    def absent(self) -> Set[str]:
        """See ``FileTree``."""
        return self._tree.absent

    def paths(self) -> Sequence[str]:
        """See ``FileTree``."""
        return self._tree.paths()

    def read(self, path: str) -> bytes:
        """See ``FileTree``."""
        self.noted.add(path)
        return self._read(path)


class KeptJoins:
    """The joins of one world, as the cache knows them."""

    def __init__(
        self,
        world: World,
        tree: NotedTree,
        structured: Collection[str],
        cache: FileCache,
        contents: Contents,
        *,
        lasting: bool,
    ) -> None:
        """``structured`` are the YAML and JSON files, whose documents the world has; what these joins give
        is kept if they are ``lasting``."""
        self._world = world
        self._tree = tree
        self._structured = frozenset(structured)
        self._cache = cache
        self._contents = contents
        self._lasting = lasting

    def get(self, terms: str, left_out: Sequence[str], run: Callable[[], Joined]) -> Joined:
        """What an earlier run found, else what ``run`` gives; ``terms`` stand for all that is no file.

        ``left_out`` are the kinds of file that ``run`` has no look at; one that looked at all has found what
        it would.
        """
        for less in dict.fromkeys(((), tuple(left_out))):
            key = self._key(f"{terms} {less}")
            kept = self._cache.joined(key)
            found = None if kept is None else self._revived(kept)
            if found is not None:
                return found
        found = run()
        if found.is_whole and self._lasting:
            read = self._read()
            if len(found.findings) < _MANY:
                text = json.dumps(self._packed(found, read), default=str)
                self._cache.add_joined(key, text.encode())
            else:
                self._cache.add_much(key, lambda: encoded(self._packed(found, read)))
        return found

    def _key(self, terms: str) -> str:
        world = self._world
        listed = [
            (path, kind.value, self._contents.digest(path) if path in self._structured else "")
            for path, kind in sorted(world.kinds.items())
        ]
        named = sorted(world.named - self._structured)
        said = json.dumps([terms, listed, named, sorted(world.excluded)])
        return digest_of(said.encode())

    def _read(self) -> dict[str, str]:
        """What was read so far besides the documents, each with its digest."""
        read = (self._tree.noted | self._world.referenced) - self._structured
        return {path: self._contents.digest(path) for path in sorted(read)}

    @staticmethod
    def _packed(found: Joined, read: Mapping[str, str]) -> dict[str, Any]:
        return {
            "read": read,
            "findings": to_data(found.findings),
            "unread": [values(item) for item in found.unread],
            "parts": list(found.parts),
            "checked": list(found.checked),
            "schemas": None if found.schemas is None else values(found.schemas),
            "rendered": list(found.rendered),
            "notices": [values(item) for item in found.notices],
        }

    def _revived(self, text: bytes) -> Joined | None:
        try:
            kept = decoded(text)
            if any(self._contents.digest(path) != digest for path, digest in kept["read"].items()):
                return None
            unread = tuple(Unread(**item) for item in kept["unread"])
            findings = from_data(kept["findings"])
            parts, rendered = tuple(kept["parts"]), tuple(kept["rendered"])
            schemas = None if kept["schemas"] is None else SchemaUse(**kept["schemas"])
            checked = tuple((path, index) for path, index in kept["checked"])
            notices = tuple(Notice(**item) for item in kept["notices"])
            return Joined(
                findings,
                unread,
                parts=parts,
                rendered=rendered,
                schemas=schemas,
                checked=checked,
                notices=notices,
            )
        except (ValueError, LookupError, TypeError, AttributeError):
            return None
