"""Asks a child process what is wrong with the expressions of validation rules (see ``validation_worker``)."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from archlint.adapters.cel import ask_worker
from archlint.documents.proto import ProtoFile
from archlint.documents.proto.graph import ordered
from archlint.documents.proto.public_modules import VALIDATION, option_types
from archlint.model.protobuf.expressions import Expression, ExpressionVerdict
from archlint.model.protobuf.rule_laws import exact

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto

_BUNDLED = "bundled:"
_KNOWN = (".google.protobuf.", ".buf.validate.")


def judge_expressions(
    expressions: Sequence[Expression], sources: Iterable[ProtoFile]
) -> list[ExpressionVerdict]:
    """What the compiler says of expressions; of those about which it is not known nothing, and of the last
    ones that it did not come to them if it ended before."""
    files, needs = _definitions({source.path: source for source in sources})
    request = {
        "files": {path: base64.b64encode(data).decode() for path, data in files.items()},
        "needs": needs,
        "asked": [
            {
                "file": each.owner.source.path,
                "text": each.text,
                "types": each.types,
                "is_pattern": each.is_pattern,
                "values": [_value(example) for example in each.examples],
            }
            for each in expressions
        ],
    }
    lines, _ = ask_worker(request, "validation_worker.py")
    judged = [
        ExpressionVerdict(
            each.owner.source,
            each,
            line.get("error", ""),
            line.get("type", ""),
            tuple(line.get("refused", ())),
        )
        for each, line in zip(expressions, lines, strict=False)
        if line
    ]
    left = expressions[len(lines) :]
    return judged + [ExpressionVerdict(each.owner.source, each, is_answered=False) for each in left]


def _value(example: Any) -> Any:
    """An example as JSON has it: bytes in Base64, durations and times as seconds and nanoseconds."""
    if isinstance(example, bytes):
        return base64.b64encode(example).decode()
    return exact(example) if isinstance(example, Mapping) else example


def _definitions(sources: Mapping[str, ProtoFile]) -> tuple[dict[str, bytes], dict[str, list[str]]]:
    """The descriptors of files, each after those that it needs, under the paths of the files."""
    well_known = {_BUNDLED + name: data for name, data in _well_known().items()}
    files = {**well_known, _BUNDLED + VALIDATION: _validation()}
    needs = {_BUNDLED + VALIDATION: [*well_known]}
    defined = {name for source in sources.values() for name in _defined(source.descriptor)}
    for path in _ordered(sources):
        source = sources[path]
        targets = [item.target or _BUNDLED + item.name for item in source.imports]
        known = [target for target in targets if target in files]
        needs[path] = [*known, *well_known]
        names = [target.removeprefix(_BUNDLED) for target in known]
        files[path] = _understood(source, names, defined)
    return files, needs


def _ordered(sources: Mapping[str, ProtoFile]) -> list[str]:
    edges = {
        path: [item.target for item in source.imports if item.target is not None and item.target in sources]
        for path, source in sources.items()
    }
    return ordered(edges)[0]


def _defined(file: FileDescriptorProto) -> Iterator[str]:
    """The full names of all types of a file, with a dot before them."""
    prefix = f".{file.package}" if file.package else ""
    yield from (f"{prefix}.{enum.name}" for enum in file.enum_type)
    waiting = [(prefix, message) for message in file.message_type]
    while waiting:
        around, message = waiting.pop()
        name = f"{around}.{message.name}"
        yield name
        yield from (f"{name}.{enum.name}" for enum in message.enum_type)
        waiting += ((name, nested) for nested in message.nested_type)


def _understood(source: ProtoFile, names: Sequence[str], defined: Collection[str]) -> bytes:
    """The descriptor of a file without places, with imports under the names that they have here; what is
    of a type that nobody here defines is of any type."""
    from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

    copy = FileDescriptorProto()
    copy.CopyFrom(source.descriptor)
    copy.ClearField("source_code_info")
    for field in ("dependency", "public_dependency", "weak_dependency", "option_dependency"):
        if field in copy.DESCRIPTOR.fields_by_name:
            copy.ClearField(field)
    copy.ClearField("service")
    copy.dependency.extend(dict.fromkeys([*names, *_well_known()]))
    messages = list(copy.message_type)
    extensions = list(copy.extension)
    while messages:
        message = messages.pop()
        messages += message.nested_type
        extensions += message.extension
        extensions += message.field
    for item in extensions:
        if item.type_name and item.type_name not in defined and not item.type_name.startswith(_KNOWN):
            item.type = FieldDescriptorProto.TYPE_MESSAGE
            item.type_name = ".google.protobuf.Any"
            item.ClearField("default_value")
    return copy.SerializeToString()


@cache
def _well_known() -> Mapping[str, bytes]:
    """The descriptors of the types that everybody knows, by the name of the file."""
    from google.protobuf import (
        any_pb2,
        descriptor_pb2,
        duration_pb2,
        empty_pb2,
        field_mask_pb2,
        struct_pb2,
        timestamp_pb2,
        wrappers_pb2,
    )

    modules = (any_pb2, descriptor_pb2, duration_pb2, empty_pb2, field_mask_pb2, struct_pb2, timestamp_pb2)
    return {module.DESCRIPTOR.name: module.DESCRIPTOR.serialized_pb for module in (*modules, wrappers_pb2)}


def _validation() -> bytes:
    """The messages of rules, which predefined ones extend and see as ``rules``."""
    from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

    types = option_types(VALIDATION)
    kinds = dict(FieldDescriptorProto.Type.items())
    file = FileDescriptorProto(name=VALIDATION, package="buf.validate", dependency=[*_well_known()])
    for name, slots in types.items():
        if "." in name:
            continue
        message = file.message_type.add(name=name)
        for slot in slots.values():
            field = message.field.add(name=slot.name, number=slot.number)
            if slot.is_list:
                field.label = FieldDescriptorProto.LABEL_REPEATED
            else:
                field.label = FieldDescriptorProto.LABEL_OPTIONAL
            if slot.type in types:
                field.type = FieldDescriptorProto.TYPE_MESSAGE
                field.type_name = f".{slot.type}" if "." in slot.type else f".buf.validate.{slot.type}"
            else:  # enums are known by their numbers
                field.type = kinds.get(f"TYPE_{slot.type.upper()}", FieldDescriptorProto.TYPE_INT32)
        message.extension_range.add(start=1000, end=1 << 29)
    return file.SerializeToString()
