"""Compiled files from an earlier run.

What a file compiles to depends on its text and on those of all files that it imports, so its key is made from
its text and the keys of its imports. Files that import something which cannot be found have no key: what
stands in for it depends on other files. Files of which options were not read are not kept.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, MutableMapping, Sequence

from archlint.documents.proto.groups import LinkedFile
from archlint.finding.digest import blake2b
from archlint.finding.records import dataclass

_FORMAT = 3
_FAST = 1  # zlib's quickest level makes descriptors a third as large at 80 MB/s
_MOST_AS_THEY_ARE = 100_000_000
"""Bytes that are kept as they are in one run, which is sooner done than making them smaller."""
_HEAD = b"["
"""What begins an entry that is kept as it is."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A compiled file: its serialized descriptor and the names of its unused imports."""

    descriptor: bytes
    unused: tuple[str, ...] = ()


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

        for path in order:
            self._keys[path] = self._key(files[path], VERSION)

    def _key(self, file: LinkedFile, version: str) -> str | None:
        digest = blake2b(
            f"{_FORMAT}\0{version}\0{file.text}".encode("utf-8", "surrogatepass"), digest_size=20
        )
        for link in file.links:
            below = self._bundled if link.is_bundled else self._keys.get(link.target or "")
            if below is None:
                return None
            digest.update(f"\0{link.statement.name}\0{below}".encode())
        return digest.hexdigest()

    def find(self, path: str) -> KeptFile | None:
        """The compiled file, if it is kept."""
        key = self._keys.get(path)
        entry = self._store.get(key) if key is not None and self._store is not None else None
        if entry is None:
            return None
        try:
            text = entry if entry.startswith(_HEAD) else zlib.decompress(entry)
            head, _, descriptor = text.partition(b"\n")
            check, *unused = json.loads(head)
        except (zlib.error, ValueError, TypeError, RecursionError):
            return None
        if check != zlib.crc32(descriptor) or not all(isinstance(name, str) for name in unused):
            return None
        return KeptFile(descriptor, tuple(unused))

    def keep(self, path: str, compiled: KeptFile) -> None:
        """Keep a compiled file."""
        key = self._keys.get(path)
        if key is not None and self._store is not None:
            head = json.dumps([zlib.crc32(compiled.descriptor), *compiled.unused]).encode()
            entry = head + b"\n" + compiled.descriptor
            self._left -= len(entry)
            self._store[key] = entry if self._left >= 0 else zlib.compress(entry, _FAST)
