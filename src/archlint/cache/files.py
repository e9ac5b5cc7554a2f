"""What is kept of each file between runs: its documents and the findings of rules that look at it alone.

One SQLite file for each root, in the user's cache folder. An entry is good for a path, a content, a version
of archlint, the rules and options that ran, and the contents of all files that were read through references.
Whatever is wrong with the database is a miss: the cache is never needed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from archlint.finding.records import dataclass

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, digest TEXT, signature TEXT, reading TEXT,"
    " data TEXT, marks TEXT, findings TEXT) WITHOUT ROWID"
)
_BLOBS = "CREATE TABLE IF NOT EXISTS blob (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"
_SPARE_BLOBS = 1000
"""Blobs that may stay although no recent run asked for them."""
_FORMAT = 3
_DAMAGE = (sqlite3.Error, ValueError, OverflowError)
"""What SQLite raises for a file that is none, or is damaged; its own messages may fail to decode."""
_SEAL = 16
"""Hexadecimal digits of a digest in front of each stored text: a damaged text must not pass for another."""
_WAIT = 0.5  # seconds to wait for another run that is writing


@dataclass(frozen=True, slots=True)
class Row:
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

    def __init__(self, folder: Path, root: str) -> None:
        name = blake2b(f"{_FORMAT}\0{root}".encode("utf-8", "surrogateescape"), digest_size=10).hexdigest()
        self._file = folder / f"files-{name}.sqlite"
        self._added: list[Row] = []
        self.blobs = Blobs(self._blob)
        self._connection = self._open()

    def __enter__(self) -> FileCache:
        return self

    def __exit__(self, *_: object) -> None:
        self._write()
        if self._connection is not None:
            self._connection.close()

    def rows(self) -> dict[str, tuple[str, str, str, str]]:
        """By path: digest, signature, reading and findings of every entry."""
        found = self._select("SELECT path, digest, signature, reading, findings FROM file")
        entries: dict[str, tuple[str, str, str, str]] = {}
        for path, digest, signature, *texts in found:
            reading, findings = map(_unsealed, texts)
            if reading is not None and findings is not None:
                entries[path] = (digest, signature, reading, findings)
        return entries

    def data(self, path: str, digest: str) -> str | None:
        """The stored data of a file's documents; ``None`` if it is gone or another content's by now."""
        return self._column("data", path, digest)

    def marks(self, path: str, digest: str) -> str | None:
        """The stored marks of a file's documents; ``None`` if they are gone or another content's by now."""
        return self._column("marks", path, digest)

    def add(self, row: Row) -> None:
        """Add or replace an entry; a file whose name is no UTF-8 has none."""
        with suppress(UnicodeEncodeError):
            row.path.encode()
            self._added.append(row)

    def _open(self) -> sqlite3.Connection | None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            return self._connect()
        except (OSError, sqlite3.OperationalError):
            return None
        except _DAMAGE:
            with suppress(OSError, *_DAMAGE):
                self._file.unlink()
                return self._connect()
            return None

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=_WAIT, isolation_level=None)
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute(_SCHEMA)
        connection.execute(_BLOBS)
        return connection

    def _select(self, query: str, *arguments: str) -> list[tuple[str, ...]]:
        if self._connection is None:
            return []
        try:
            return self._connection.execute(query, arguments).fetchall()
        except _DAMAGE:
            self._discard()
            return []

    def _column(self, name: str, path: str, digest: str) -> str | None:
        found = self._select(f"SELECT {name} FROM file WHERE path = ? AND digest = ?", path, digest)
        return _unsealed(found[0][0]) if found else None

    def _blob(self, key: str) -> bytes | None:
        found: list[tuple[object, ...]] = list(self._select("SELECT value FROM blob WHERE key = ?", key))
        return found[0][0] if found and isinstance(found[0][0], bytes) else None

    def _write_blobs(self, connection: sqlite3.Connection) -> None:
        connection.executemany("REPLACE INTO blob VALUES (?, ?)", self.blobs.added.items())
        (count,) = connection.execute("SELECT count(*) FROM blob").fetchone()
        if count > 2 * len(self.blobs.asked) + _SPARE_BLOBS:
            keys = {key for (key,) in connection.execute("SELECT key FROM blob")} - self.blobs.asked
            connection.executemany("DELETE FROM blob WHERE key = ?", [(key,) for key in keys])

    def _discard(self) -> None:
        """Give up a database that cannot be read, so that the next run begins anew."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        with suppress(OSError):
            self._file.unlink()

    def _write(self) -> None:
        if not (self._added or self.blobs.added) or self._connection is None:
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                "REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", _tuples(self._added)
            )
            self._write_blobs(self._connection)
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError:
            return  # another run holds the lock, or the disk is full
        except _DAMAGE:
            self._discard()


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


def _tuples(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    return [
        (row.path, row.digest, row.signature, *map(_sealed, (row.reading, row.data, row.marks, row.findings)))
        for row in rows
    ]


def _sealed(text: str) -> str:
    return _seal(text) + text


def _unsealed(value: object) -> str | None:
    """The text under a seal; ``None`` if the seal is another's."""
    if not isinstance(value, str) or _seal(value[_SEAL:]) != value[:_SEAL]:
        return None
    return value[_SEAL:]


def _seal(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SEAL // 2).hexdigest()
