"""Images in JSON, in which custom options stand under the names of what defines them.

These definitions are in the image too, unless somebody left out what is only imported. With them the options
are turned into what they are in any other image: numbers and bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from archlint.finding.records import dataclass

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto
    from google.protobuf.descriptor_pool import DescriptorPool

_OF_COMPILERS = ("any", "descriptor", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers")
"""Files that every compiler brings, and that may be left out."""
_FILE = "google.protobuf.FileDescriptorProto"


class NoImage(Exception):
    """A file that holds no compiled protos."""


@dataclass(frozen=True, slots=True)
class ImageFiles:
    """What an image holds."""

    files: tuple[FileDescriptorProto, ...]
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By file the names of the options that it sets and of which nobody says what they are."""


def files_in_json(data: bytes) -> ImageFiles:
    """The files of an image without those that are only imported; raises ``NoImage``."""
    from google.protobuf.json_format import ParseError

    try:
        written: list[dict[str, Any]] = json.loads(data)["file"]
        plain = [_plain(file) for file in written]
        named = [frozenset(_extensions(file)) for file in written]
        pool = _defining(plain) if any(named) else None
        kept: list[FileDescriptorProto] = []
        hidden: dict[str, frozenset[str]] = {}
        for said, file, names in zip(written, plain, named, strict=True):
            if said.get("bufExtension", {}).get("isImport"):
                continue
            unknown = frozenset(name for name in names if pool is None or not _is_defined(pool, name))
            if unknown:
                hidden[file.name] = unknown
            kept.append(file if pool is None or names == unknown else _with_options(said, pool))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ParseError):
        raise NoImage from None
    return ImageFiles(tuple(kept), hidden)


def _plain(file: dict[str, Any]) -> FileDescriptorProto:
    """A file without custom options."""
    from google.protobuf.descriptor_pb2 import FileDescriptorProto
    from google.protobuf.json_format import ParseDict

    return ParseDict(file, FileDescriptorProto(), ignore_unknown_fields=True)


def _extensions(value: Any) -> Iterator[str]:
    """The names of all that is set in brackets, as extensions are."""
    waiting = [value]
    while waiting:
        at = waiting.pop()
        if isinstance(at, dict):
            yield from (key[1:-1] for key in at if key.startswith("[") and key.endswith("]"))
            waiting += at.values()
        elif isinstance(at, list):
            waiting += at


def _defining(files: Sequence[FileDescriptorProto]) -> DescriptorPool | None:
    """What the files define, as far as all is there that they import; ``None`` if that is not enough."""
    from google.protobuf.descriptor_pool import DescriptorPool

    pool = DescriptorPool()
    there = {file.name for file in files}
    for name in _OF_COMPILERS:
        if f"google/protobuf/{name}.proto" not in there:
            module = import_module(f"google.protobuf.{name}_pb2")
            pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    for file in files:  # each follows what it imports
        try:
            pool.AddSerializedFile(file.SerializeToString())
        except (TypeError, ValueError):
            continue
    try:
        pool.FindMessageTypeByName(_FILE)
    except KeyError:
        return None
    return pool


def _is_defined(pool: DescriptorPool, name: str) -> bool:
    try:
        pool.FindExtensionByName(name)
    except KeyError:
        return False
    return True


def _with_options(file: dict[str, Any], pool: DescriptorPool) -> FileDescriptorProto:
    """A file with those custom options that are defined."""
    from google.protobuf.descriptor_pb2 import FileDescriptorProto
    from google.protobuf.json_format import ParseDict
    from google.protobuf.message_factory import GetMessageClass

    kind = GetMessageClass(pool.FindMessageTypeByName(_FILE))
    read = ParseDict(file, kind(), ignore_unknown_fields=True, descriptor_pool=pool)
    return FileDescriptorProto.FromString(read.SerializeToString())
