"""One SQLite file in the user's cache folder, in which nothing is ever needed.

Whatever is wrong with it is a miss: it is given up, and the next run begins anew. It is opened when somebody
asks for something.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import adler32, crc32

from archlint.cache.store import make_room

if TYPE_CHECKING:
    from sqlite3 import Connection

_SEAL = 16
"""Hexadecimal digits of checksums in front of each stored text: a damaged text must not pass for another.
Nobody else writes there, and for texts of 50 MB a digest takes twice as long as both of them."""
_WAIT = 0.5  # seconds to wait for another run that is writing
_PAGE_BYTES = 4096
_MOST_BYTES = 512 * 1024 * 1024
"""A file that would become larger is dropped."""
_SLACK_BYTES = 4 * 1024 * 1024
"""A file of which more than half, and more than this, is unused is written anew."""
_DAY = 24 * 3600


class Database:
    """The tables of one root."""

    def __init__(self, file: Path, schema: Iterable[str]) -> None:
        self._file = file
        self._schema = tuple(schema)

    def close(self) -> None:
        """Close it if it was opened."""
        connection = self.__dict__.get("_connection")
        if connection is not None:
            connection.close()
            self._connection = None

    def select(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """The rows that a query gives; none from a database that is missing or damaged."""
        if self._connection is None:
            return []
        try:
            return self._connection.execute(query, arguments).fetchall()
        except _damage():
            self.discard()
            return []

    def again(self) -> Database:
        """The same, over a connection of its own: a copy of this process must not use this one's."""
        return Database(self._file, self._schema)

    def write(self, act: Callable[[Connection], None]) -> bool:
        """Do all of something, or nothing if another run is writing or the disk is full; whether it was
        done."""
        import sqlite3

        if self._connection is None:
            return False
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            act(self._connection)
            self._connection.execute("COMMIT")
            self._shrink(self._connection)
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                self.discard()
            return False
        except _damage():
            self.discard()
            return False
        return True

    @staticmethod
    def _shrink(connection: Connection) -> None:
        """Give back what deleted rows took, where it is much."""
        ((free,),) = connection.execute("PRAGMA freelist_count")
        ((pages,),) = connection.execute("PRAGMA page_count")
        if free * _PAGE_BYTES > _SLACK_BYTES and free > pages // 2:
            connection.execute("VACUUM")

    def discard(self) -> None:
        """Give up a database that cannot be read or written, so that the next run begins anew."""
        self.close()
        with suppress(OSError):
            self._file.unlink()

    @cached_property
    def _connection(self) -> Connection | None:
        import sqlite3

        try:
            self._prepare()
            return self._connect()
        except (OSError, sqlite3.OperationalError):
            return None
        except _damage():
            with suppress(OSError, *_damage()):
                self._file.unlink()
                return self._connect()
            return None

    def _prepare(self) -> None:
        """Make room for a file that is new, and once a day; a file that is used looks used."""
        try:
            is_due = self._file.stat().st_mtime < time.time() - _DAY
        except FileNotFoundError:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            is_due = True
        else:
            if is_due:
                os.utime(self._file)
        if is_due:
            make_room(self._file.parent, self._file.name)

    def _connect(self) -> Connection:
        import sqlite3

        connection = sqlite3.connect(self._file, timeout=_WAIT, isolation_level=None)
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute(f"PRAGMA max_page_count={_MOST_BYTES // _PAGE_BYTES}")
        for statement in self._schema:
            connection.execute(statement)
        return connection


def _damage() -> tuple[type[Exception], ...]:
    """What SQLite raises for a file that is none, or is damaged; its own messages may fail to decode."""
    import sqlite3

    return (sqlite3.Error, ValueError, OverflowError)


def sealed_bytes(content: bytes) -> bytes:
    """As ``sealed``, for what is no text yet."""
    return _seal(content).encode() + content


def sealed(text: str) -> str:
    """A text behind checksums of itself."""
    return _seal(text.encode("utf-8", "surrogatepass")) + text


def unsealed(value: object) -> str | None:
    """The text under a seal; ``None`` if the seal is another's."""
    content = unsealed_bytes(value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value)
    return None if content is None else str(content, "utf-8", "surrogatepass")


def unsealed_bytes(value: object) -> bytes | None:
    """What is under a seal; ``None`` if the seal is another's."""
    if not isinstance(value, bytes):
        return None
    content = value[_SEAL:]
    return content if _seal(content).encode() == value[:_SEAL] else None


def _seal(content: bytes | memoryview) -> str:
    return f"{crc32(content):08x}{adler32(content):08x}"
