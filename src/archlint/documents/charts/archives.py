"""Packed charts (``charts/*.tgz``): their regular files, in bounds; links and whatever else is no file are
left out."""

from __future__ import annotations

import gzip
import io
import zlib
from posixpath import normpath

MOST_BYTES = 20_000_000
"""Of one archive, unpacked."""
MOST_FILES = 2000


class ArchiveProblem(Exception):
    """An archive that is not read; the text says why."""


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of an archive below the folder that all of them are in."""
    import tarfile

    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            plain = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise ArchiveProblem("it is no gzip archive") from None
    if len(plain) > MOST_BYTES:
        raise ArchiveProblem("it holds more than 20 MB")
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            for count, entry in enumerate(archive):
                if count > MOST_FILES:
                    raise ArchiveProblem(f"it holds more than {MOST_FILES} files")
                name = normpath(entry.name.replace("\\", "/")).partition("/")[2]
                if not entry.isreg() or not name or name.startswith(("/", "../")):
                    continue
                member = archive.extractfile(entry)
                if member is not None:
                    files[name] = member.read()
    except (tarfile.TarError, ValueError, EOFError, OSError):
        raise ArchiveProblem("it is no tar archive") from None
    return files
