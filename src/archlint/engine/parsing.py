"""How a text becomes documents: parsed, or as a comparison before this one parsed it.

A base is compared again and again. Its documents are kept under a digest of its text, so that the second
comparison neither parses it nor imports the parser of YAML.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from functools import cached_property
from typing import Protocol

from archlint.cache.code import code_stamp, library_version
from archlint.cache.database import sealed, unsealed
from archlint.documents import Document, Loaded, Shelf, StoredDocuments, load_text, revive, store
from archlint.files import Kind, is_json
from archlint.finding.digest import blake2b


class Parse(Protocol):
    """A way to read one text."""

    def __call__(self, path: str, text: str, kind: Kind, *, revision: str | None = None) -> Loaded:
        """The documents of a text, as ``load_text`` gives them."""


class Kept:
    """Reads texts, and remembers the documents of those in which there is nothing to complain about."""

    def __init__(self, entries: MutableMapping[str, bytes]) -> None:
        self._entries = entries

    @cached_property
    def _reader(self) -> str:
        return f"{code_stamp('archlint.documents')}\0{library_version('yaml', 'PyYAML')}"

    def __call__(self, path: str, text: str, kind: Kind, *, revision: str | None = None) -> Loaded:
        """The documents of a text, as ``load_text`` gives them; JSON is read again as fast as a copy."""
        if is_json(path):
            return load_text(path, text, kind, revision=revision)
        told = f"{self._reader}\0{kind}\0{text}".encode("utf-8", "surrogatepass")
        key = blake2b(told, digest_size=16).hexdigest()
        documents = self._revived(key, path, text, kind, revision)
        if documents is not None:
            return Loaded(documents)
        loaded = load_text(path, text, kind, revision=revision)
        stored = store(loaded.documents)
        if stored != StoredDocuments() and not loaded.problems and not loaded.duplicates:
            entry = json.dumps([len(loaded.documents), stored.data, stored.marks])
            self._entries[key] = sealed(entry).encode()
        return loaded

    def _revived(
        self, key: str, path: str, text: str, kind: Kind, revision: str | None
    ) -> tuple[Document, ...] | None:
        """What is kept of a text; ``None`` if nothing is, or it is damaged."""
        try:
            count, data, marks = json.loads(unsealed(self._entries[key].decode()) or "")
        except (KeyError, ValueError, TypeError):
            return None
        return revive(path, lambda: text, kind, count, Shelf(lambda: data, lambda: marks), revision=revision)
