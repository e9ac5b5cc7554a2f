"""Images: compiled proto files in one file, as ``buf build`` and ``protoc --descriptor_set_out`` write them.

Both are a ``FileDescriptorSet``; buf adds to each file whether it is there only because others import it
(https://buf.build/docs/reference/images/). There is no text in them. What the compiler recorded of places is
kept, and blanks stand for the text that these are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import TYPE_CHECKING, Any

from archlint.documents.proto.json_image import ImageFiles, NoImage, files_in_json
from archlint.documents.proto.source import ProtoFile, ProtoImport
from archlint.documents.proto.wire import fields_in
from archlint.files import FileProblem
from archlint.files.tree import is_inside

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto

_OF_COMPILERS = "google/protobuf/"
"""The folder of what every compiler brings."""


class ImageTree:
    """The files of an image as a revision: they are there, and have no text."""

    def __init__(self, image: ImageFiles, revision: str | None) -> None:
        self.revision = revision
        self.absent: Set[str] = frozenset()
        self._files = {file.name: file for file in image.files}
        self._hidden = image.hidden

    def paths(self) -> Sequence[str]:
        """The names by which the files are imported."""
        return sorted(self._files)

    def read(self, path: str) -> bytes:
        """No file can be read; raises ``FileProblem``."""
        raise FileProblem(path, "The file is part of an image, which holds no texts.")

    def protos(self) -> Iterator[ProtoFile]:
        """The files as compiled sources, by path."""
        for path in self.paths():
            file = self._files[path]
            imports = [self._import(name, at, file) for at, name in enumerate(file.dependency)]
            yield ProtoFile(
                path,
                _text_of(file),
                file,
                revision=self.revision,
                imports=imports,
                hidden_options=self._hidden.get(path, frozenset()),
            )

    def _import(self, name: str, at: int, file: FileDescriptorProto) -> ProtoImport:
        kinds = {"public": file.public_dependency, "weak": file.weak_dependency}
        kind = next((kind for kind, numbers in kinds.items() if at in numbers), "")
        return ProtoImport(name, kind, name if name in self._files else None)


def files_of_image(data: bytes, *, is_json: bool) -> ImageFiles:
    """The files of an image but for those that others only import; raises ``NoImage``."""
    read = files_in_json(data) if is_json else ImageFiles(_from_bytes(data))
    found = {
        file.name: file
        for file in read.files
        if is_inside(file.name) and not file.name.startswith(_OF_COMPILERS)
    }
    if not found:
        raise NoImage
    return ImageFiles(tuple(found.values()), read.hidden)


def _from_bytes(data: bytes) -> tuple[FileDescriptorProto, ...]:
    from google.protobuf.descriptor_pb2 import FileDescriptorSet
    from google.protobuf.message import DecodeError

    try:
        files = FileDescriptorSet.FromString(data).file
    except DecodeError:
        raise NoImage from None
    return tuple(file for file in files if not _is_import(file))


def _is_import(file: FileDescriptorProto) -> bool:
    from google.protobuf.unknown_fields import UnknownFieldSet

    added: Any = UnknownFieldSet(file)  # a sequence, of which the stubs know nothing
    return any(
        isinstance(field.data, bytes) and (1, 1) in fields_in(field.data)
        for field in added
        if field.field_number == _BUF
    )


_BUF = 8042
"""The number of what buf adds to a file; its first field says whether the file is only imported."""
_LINES, _COLUMNS, _BLANKS = 1_000_000, 10_000, 64 * 1024 * 1024
"""What no source has that is read as text: more lines, more columns, more of both together."""


def _text_of(file: FileDescriptorProto) -> str:
    """Blanks on as many lines as were recorded, and as long; places that no text can have are forgotten."""
    lengths: dict[int, int] = {}
    for location in file.source_code_info.location:
        span = list(location.span)
        if len(span) not in (3, 4) or min(span) < 0 or max(span[0], span[-2]) >= _LINES:
            file.ClearField("source_code_info")
            return "\n"
        last = span[2] if len(span) == 4 else span[0]
        for at, column in ((span[0], span[1]), (last, span[-1])):
            lengths[at] = max(lengths.get(at, 0), min(column, _COLUMNS))
    count = max(lengths, default=0) + 1
    if sum(lengths.values()) + count > _BLANKS:
        file.ClearField("source_code_info")
        return "\n"
    return "\n".join(" " * lengths.get(at, 0) for at in range(count)) + "\n"
