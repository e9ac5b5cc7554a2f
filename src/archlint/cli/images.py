"""Images of proto files as a side of a comparison."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from posixpath import basename

from archlint.cli.exits import UsageProblem
from archlint.cli.sides import GivenSide, side_at_revision
from archlint.engine.request import Side
from archlint.files import FileProblem

_BINARY = (".binpb", ".bin", ".pb", ".desc", ".protoset")
_UNREAD = (".binpb.zst", ".json.zst", ".txtpb", ".txtpb.zst")
"""What buf writes as well."""
_LIMIT = 512 * 1024 * 1024
"""Bytes above which an image is not read. One of all Google APIs with its places has 120 MB."""
_GZIP = b"\x1f\x8b"


def image_side(given: str, revision: str | None) -> GivenSide | None:
    """The side that an image on disk or at REV:PATH is; ``None`` if no image is named. Raises
    ``UsageProblem`` if the image is broken or too large, ``GitProblem`` if there is no such revision."""
    name = given.lower().removesuffix(".gz")
    if name.endswith(_UNREAD):
        raise UsageProblem(f"'{given}' is not read. Write the image with 'buf build -o old.binpb'.")
    if not name.endswith((*_BINARY, ".json")):
        return None
    is_json = name.endswith(".json")
    data, commit = (_content(given), None) if Path(given).is_file() else _at_revision(given)
    if data is None or (is_json and not _may_be_image(data)):
        return None
    from archlint.documents.proto.image import ImageTree, files_of_image
    from archlint.documents.proto.json_image import NoImage

    try:
        tree = ImageTree(files_of_image(data, is_json=is_json), revision)
    except NoImage:
        raise UsageProblem(
            f"'{given}' is no image of proto files. Write one with 'buf build -o old.binpb', or with"
            " 'protoc --include_imports --include_source_info --descriptor_set_out=old.binpb FILES'."
        ) from None
    return GivenSide(Side(tree, tuple(tree.paths())), ".", is_file=False, commit=commit)


def _content(given: str) -> bytes:
    try:
        with Path(given).open("rb") as file:
            return _unpacked(file.read(_LIMIT + 1), given)
    except OSError as error:
        raise UsageProblem(f"'{given}' cannot be read: {error}") from None


def _at_revision(given: str) -> tuple[bytes | None, str | None]:
    """What a path at a revision holds, with the commit; nothing if none is named or it is no file."""
    name, _, path = given.partition(":")
    if not path:
        return None, None
    side = side_at_revision(name, path, None)
    if not side.is_file:
        return None, None
    try:
        return _unpacked(side.side.tree.read(side.side.paths[0]), given), side.commit
    except FileProblem as problem:
        raise UsageProblem(f"'{given}' cannot be read: {problem.message}") from None


def _unpacked(data: bytes, given: str) -> bytes:
    if data.startswith(_GZIP):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, _LIMIT + 1)
        except zlib.error as error:
            raise UsageProblem(f"'{given}' cannot be read: {error}") from None
    if len(data) > _LIMIT:
        raise UsageProblem(f"'{given}' is larger than {_LIMIT // 1024 // 1024} MiB and was not read")
    return data


def _may_be_image(data: bytes) -> bool:
    """Whether a file in JSON begins as images do, and no contract does."""
    return b'"file"' in data[:200] and b'"name"' in data[:400]


def pairs_by_name(names: Iterable[str], paths: Iterable[str]) -> Mapping[str, str]:
    """Which name in an image each path has: its end, as files are imported from a root. Of several paths the
    one that lies highest."""
    by_last: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        by_last[basename(path)].append(path)
    found: dict[str, str] = {}
    for name in names:
        ends = [path for path in by_last[basename(name)] if f"/{path}".endswith(f"/{name}")]
        if ends:
            found[min(ends, key=lambda path: (path.count("/"), path))] = name
    return found
