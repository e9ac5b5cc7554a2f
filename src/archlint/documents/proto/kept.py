"""Compiled files from an earlier run, and those that could not be compiled, with the reasons.

What a file compiles to depends on its text and on those of all files that it imports, so its key is made of
its text and the keys of its imports, and of the versions of what compiles it. What stands in for an import
that cannot be found depends on the text as well, as long as no file defines it: an entry tells for which
types that must be so.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, MutableMapping, Sequence

from archlint import __version__
from archlint.documents.proto.compiler import CompilerError
from archlint.documents.proto.groups import Link, LinkedFile
from archlint.documents.proto.protoc import published_version
from archlint.finding.digest import blake2b
from archlint.finding.records import dataclass

_FORMAT = 7
_FAST = 1  # zlib's quickest level makes descriptors a third as large at 80 MB/s
_MOST_AS_THEY_ARE = 100_000_000
"""Bytes that are kept as they are in one run, which is sooner done than making them smaller."""
_HEAD = b"["
"""What begins an entry that is kept as it is."""
_MISSING = "missing"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What the compiler made of a file."""

    descriptor: bytes = b""
    """Serialized without places; empty if the file cannot be compiled."""
    places: bytes = b""
    """Serialized."""
    unused: tuple[str, ...] = ()
    """Names of imports that it does not need."""
    hidden: tuple[str, ...] = ()
    """Names of options that were not read."""
    stand_ins: tuple[str, ...] = ()
    """Types that a missing import would define, and that no file may define."""
    errors: tuple[CompilerError, ...] = ()
    """Why it cannot be compiled; nothing if it has to know what its missing imports define."""


class Keeper:
    """Compiled files in a store that survives the run; anything wrong with an entry is a miss."""

    def __init__(self, store: MutableMapping[str, bytes] | None, roots: Sequence[str] = ()) -> None:
        """Without a store nothing is kept; ``roots`` are those outside of the files that are linked, whose
        names tell what they hold."""
        self._bundled = "\0".join(("bundled", *roots))
        self._store = store
        self._left = _MOST_AS_THEY_ARE
        self._keys: dict[str, str | None] = {}

    def know(self, files: Mapping[str, LinkedFile], order: Sequence[str]) -> None:
        """Make the keys of files, given in an order in which each follows what it imports."""
        if self._store is None:
            return
        from grpc_tools.grpc_version import VERSION

        makers = f"{__version__}\0{VERSION}\0{published_version()}"
        for path in order:
            self._keys[path] = self._key(files[path], makers)

    def _key(self, file: LinkedFile, makers: str) -> str | None:
        digest = blake2b(f"{_FORMAT}\0{makers}\0{file.text}".encode("utf-8", "surrogatepass"), digest_size=20)
        for link in file.links:
            below = self._below(link)
            if below is None:
                return None
            digest.update(f"\0{link.statement.name}\0{below}".encode())
        return digest.hexdigest()

    def _below(self, link: Link) -> str | None:
        if link.is_bundled:
            return self._bundled
        return _MISSING if link.target is None else self._keys.get(link.target)

    def find(self, path: str) -> KeptFile | None:
        """What became of a file, if it is kept."""
        key = self._keys.get(path)
        entry = self._store.get(key) if key is not None and self._store is not None else None
        if entry is None:
            return None
        try:
            text = entry if entry.startswith(_HEAD) else zlib.decompress(entry)
            begin = text.index(b"\n") + 1
            check, length, *names, errors = json.loads(text[:begin])
            descriptor, places = text[begin : begin + length], text[begin + length :]
            unused, hidden, stand_ins = map(_texts, names)
            found = tuple(_error(*error) for error in errors)
        except (zlib.error, ValueError, TypeError, RecursionError):
            return None
        is_whole = check == _check(descriptor, places)
        return KeptFile(descriptor, places, unused, hidden, stand_ins, found) if is_whole else None

    def keep(self, path: str, made: KeptFile) -> None:
        """Keep what became of a file."""
        key = self._keys.get(path)
        if key is not None and self._store is not None:
            errors = [(error.message, error.line, error.column) for error in made.errors]
            names = (made.unused, made.hidden, made.stand_ins)
            head = [_check(made.descriptor, made.places), len(made.descriptor), *names, errors]
            entry = b"".join((json.dumps(head).encode(), b"\n", made.descriptor, made.places))
            self._left -= len(entry)
            self._store[key] = entry if self._left >= 0 else zlib.compress(entry, _FAST)


def _check(descriptor: bytes, places: bytes) -> int:
    """What tells whether both are as they were, and where one ends."""
    return zlib.crc32(places, zlib.crc32(descriptor, len(descriptor)))


def _texts(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise TypeError("no list of texts")
    return tuple(found)


def _error(message: object, line: object, column: object) -> CompilerError:
    if not isinstance(message, str) or not isinstance(column, int) or not isinstance(line, int | None):
        raise TypeError("no error of the compiler")
    return CompilerError(message, line, column)
