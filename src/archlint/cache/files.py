"""What is kept of the files of a root between runs: what each holds, its documents, the findings of rules
that look at it alone, and those of the rules that hold files against each other.

An entry is good for a path, a content, a version of archlint, the rules and options that ran, and the
contents of all files that were read through references.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING

from archlint.cache.contents import Contents, ReadableTree, Seen
from archlint.cache.copies import begin_apart
from archlint.cache.database import Database, sealed, sealed_bytes, unsealed, unsealed_bytes
from archlint.finding.digest import blake2b
from archlint.finding.records import dataclass

if TYPE_CHECKING:
    from sqlite3 import Connection

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS seen (path TEXT PRIMARY KEY, stamp TEXT, digest TEXT, word INTEGER)"
    " WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, digest TEXT, signature TEXT, reading TEXT,"
    " findings TEXT, data TEXT, marks TEXT)",
    "CREATE TABLE IF NOT EXISTS joined (key TEXT PRIMARY KEY, value BLOB)",
    "CREATE TABLE IF NOT EXISTS blob (key TEXT PRIMARY KEY, value BLOB)",
    "CREATE TABLE IF NOT EXISTS parsed (key TEXT PRIMARY KEY, value BLOB)",
)
_SPARE = 1000
"""Entries that may stay although no recent run asked for them."""
_KEPT_JOINS = 8
"""Runs with other rules, options or paths whose joins are kept."""
_KEPT_TEXTS = 64
"""Texts of compared contracts, besides those of the last run, whose documents are kept."""
_FORMAT = 11


@dataclass(frozen=True, slots=True)
class CachedFile:
    """One entry. ``reading`` (kind, problems, count of documents) and ``findings`` are JSON."""

    path: str
    digest: str
    signature: str
    reading: str
    data: str
    marks: str
    findings: str


class FileCache:
    """The entries of one root. Use as a context manager: leaving it writes what was added."""

    def __init__(self, folder: Path, root: str, may_copy: Callable[[], bool] = lambda: False) -> None:
        """``may_copy`` tells whether a copy of this process may write what is much."""
        name = blake2b(f"{_FORMAT}\0{root}".encode("utf-8", "surrogateescape"), digest_size=10).hexdigest()
        self._database = Database(folder / f"files-{name}.sqlite", _SCHEMA)
        self._added: dict[str, CachedFile] = {}
        self._may_copy = may_copy
        self._joined: dict[str, bytes] = {}
        self._much: dict[str, Callable[[], bytes]] = {}
        self._contents: list[Contents] = []
        self.blobs = Blobs(lambda key: self._blob("blob", key))
        self.parsed = Blobs(lambda key: self._blob("parsed", key))

    def __enter__(self) -> FileCache:
        return self

    def __exit__(self, *_: object) -> None:
        changed = any(contents.changed for contents in self._contents)
        is_due = any((changed, self._added, self._joined, self._much, self.blobs.added, self.parsed.added))
        if is_due and not self._much:
            self._database.write(self._write)
        self._database.close()
        if is_due and self._much and not (self._may_copy() and begin_apart(self._keep)):
            self._keep()

    def _keep(self) -> None:
        """Write much, over a connection of its own: a copy of the process must not use the other one."""
        database = self._database.again()
        database.write(self._write)
        database.close()

    def contents(self, tree: ReadableTree) -> Contents:
        """What the files of a tree hold, with what the last run saw."""
        rows = self._database.select("SELECT path, stamp, digest, word FROM seen")
        made = Contents(tree, {path: Seen(stamp, digest, bool(word)) for path, stamp, digest, word in rows})
        self._contents.append(made)
        return made

    def rows(self) -> dict[str, tuple[str, str, str, str]]:
        """By path: digest, signature, reading and findings of every entry."""
        found = self._database.select("SELECT path, digest, signature, reading, findings FROM file")
        entries: dict[str, tuple[str, str, str, str]] = {}
        for path, digest, signature, *texts in found:
            reading, findings = map(unsealed, texts)
            if reading is not None and findings is not None:
                entries[path] = (digest, signature, reading, findings)
        return entries

    def data(self, path: str, digest: str) -> str | None:
        """The stored data of a file's documents; ``None`` if it is gone or another content's by now."""
        return self._column("data", path, digest)

    def marks(self, path: str, digest: str) -> str | None:
        """The stored marks of a file's documents; ``None`` if they are gone or another content's by now."""
        return self._column("marks", path, digest)

    def add(self, row: CachedFile) -> None:
        """Add or replace an entry; a file whose name is no UTF-8 has none."""
        if _can_be_stored(row.path):
            self._added[row.path] = row

    def joined(self, key: str) -> bytes | None:
        """What was added under a key."""
        found = self._database.select("SELECT value FROM joined WHERE key = ?", key)
        return unsealed_bytes(found[0][0]) if found else None

    def add_joined(self, key: str, value: bytes) -> None:
        """Add or replace what the joins gave."""
        self._joined[key] = value

    def add_much(self, key: str, make: Callable[[], bytes]) -> None:
        """The same, of what takes long to make: that is asked for when it is written."""
        self._much[key] = make

    def _column(self, name: str, path: str, digest: str) -> str | None:
        found = self._database.select(f"SELECT {name} FROM file WHERE path = ? AND digest = ?", path, digest)
        return unsealed(found[0][0]) if found else None

    def _blob(self, table: str, key: str) -> bytes | None:
        found = self._database.select(f"SELECT value FROM {table} WHERE key = ?", key)
        return found[0][0] if found and isinstance(found[0][0], bytes) else None

    def _write(self, connection: Connection) -> None:
        connection.executemany(
            "REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", map(_columns, self._added.values())
        )
        made = ((key, make()) for key, make in self._much.items())
        joined = [(key, sealed_bytes(value)) for key, value in (*self._joined.items(), *made)]
        connection.executemany("REPLACE INTO joined VALUES (?, ?)", joined)
        _keep_newest(connection, "joined", _KEPT_JOINS)
        connection.executemany("REPLACE INTO parsed VALUES (?, ?)", self.parsed.added.items())
        _keep_newest(connection, "parsed", _KEPT_TEXTS, self.parsed.asked)
        connection.executemany("REPLACE INTO blob VALUES (?, ?)", self.blobs.added.items())
        self._write_seen(connection)
        _forget(connection, "blob", "key", self.blobs.asked)

    def _write_seen(self, connection: Connection) -> None:
        asked: set[str] = set()
        for contents in self._contents:
            asked.update(contents.asked)
            gone = [(path,) for path in contents.gone()]
            connection.executemany("DELETE FROM seen WHERE path = ?", gone)
            connection.executemany("DELETE FROM file WHERE path = ?", gone)
            rows = ((path, contents.asked[path]) for path in contents.changed if _can_be_stored(path))
            connection.executemany(
                "REPLACE INTO seen VALUES (?, ?, ?, ?)",
                ((path, seen.stamp, seen.digest, int(seen.names_archlint)) for path, seen in rows),
            )
        if asked:
            _forget(connection, "seen", "path", asked)
            _forget(connection, "file", "path", asked)


def _columns(row: CachedFile) -> tuple[str, ...]:
    return (
        row.path,
        row.digest,
        row.signature,
        *map(sealed, (row.reading, row.findings, row.data, row.marks)),
    )


def _keep_newest(connection: Connection, table: str, most: int, asked: Collection[str] = ()) -> None:
    """Delete all but the newest entries, and those that were asked for, however old they are."""
    oldest = f"SELECT key FROM {table} ORDER BY rowid DESC LIMIT -1 OFFSET ?"
    idle = [key for (key,) in connection.execute(oldest, (most,)) if key not in asked]
    connection.executemany(f"DELETE FROM {table} WHERE key = ?", ((key,) for key in idle))


def _forget(connection: Connection, table: str, key: str, asked: set[str]) -> None:
    """Delete what this run did not ask for, such as files that are left out by now, once it is much."""
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    if count > len(asked) + len(asked) // 4 + _SPARE:
        idle = {key for (key,) in connection.execute(f"SELECT {key} FROM {table}")} - asked
        connection.executemany(f"DELETE FROM {table} WHERE {key} = ?", ((key,) for key in idle))


def _can_be_stored(path: str) -> bool:
    """Whether a path is UTF-8, as SQLite wants it."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


class Blobs(MutableMapping[str, bytes]):
    """Bytes under keys that tell their content, such as a compiled proto under a digest of its sources."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read
        self.added: dict[str, bytes] = {}
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> bytes:
        self.asked.add(key)
        value = self.added.get(key)
        if value is None:
            value = self._read(key)
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: str, value: bytes) -> None:
        self.asked.add(key)
        self.added[key] = value

    def __delitem__(self, key: str) -> None:
        del self.added[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.added)

    def __len__(self) -> int:
        return len(self.added)
