"""Two revisions as ``buf breaking`` compares them: all of its rules, at the lines that it marks.

What buf says is no opinion of archlint, but a promise that a repository has made in ``buf.yaml``. So its
rules are followed to the letter here, also where a change harms nobody, and rules of archlint that see the
same at the same place speak for them.

Source: https://buf.build/docs/breaking/rules/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.comparison.protobuf.buf.enums import compare_enums
from archlint.comparison.protobuf.buf.fields import FieldPair, compare_fields
from archlint.comparison.protobuf.buf.files import compare_file, lost_files, lost_from_packages
from archlint.comparison.protobuf.buf.image import Image, Images
from archlint.comparison.protobuf.buf.messages import compare_messages
from archlint.comparison.protobuf.buf.services import compare_services
from archlint.comparison.protobuf.buf.verdicts import BufVerdict
from archlint.documents.proto import ProtoFile

__all__ = ["BufVerdict", "compare_as_buf"]


def compare_as_buf(old: Mapping[str, ProtoFile], new: Mapping[str, ProtoFile]) -> Iterator[BufVerdict]:
    """What buf says of the files of one module, given by the names by which both revisions pair them."""
    same = {name for name, file in old.items() if name in new and file.says_the_same(new[name])}
    if len(same) == len(old) == len(new):
        return
    images = Images(
        Image(old, [name for name in sorted(old) if name not in same]),
        Image(new, [name for name in sorted(new) if name not in same]),
    )
    yield from lost_files(images)
    yield from lost_from_packages(images)
    for name, file in images.old.compared.items():
        if name in images.new.compared:
            yield from compare_file(file, images.new.compared[name])
    yield from _elements(images)


def _elements(images: Images) -> Iterator[BufVerdict]:
    """Elements are found by full name, in whatever file they are."""
    for name, message in images.old.messages.items():
        if name in images.new.messages:
            yield from compare_messages(message, images.new.messages[name], images)
    for name, enum in images.old.enums.items():
        if name in images.new.enums:
            yield from compare_enums(enum, images.new.enums[name])
    for name, service in images.old.services.items():
        if name in images.new.services:
            yield from compare_services(service, images.new.services[name])
    left = dict(images.new.extended())
    for key, extension in images.old.extended():
        if key in left:
            about = f"Extension '{left[key].name}' of message '{key[0][1:]}'"
            yield from compare_fields(FieldPair(extension, left[key], None, about), images)
