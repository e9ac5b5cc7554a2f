"""Changes of options and features: what they say of the same thing in both revisions, defaults filled in.

Features are inherited from what stands around, and begin with what the syntax or edition says:
https://protobuf.dev/editions/features/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from archlint.comparison.protobuf.fields import uncovered
from archlint.comparison.protobuf.setting_changes import (
    EnumKindChanged,
    ExtensionRangeRemoved,
    FieldOptionChanged,
    FileOptionChanged,
    IdempotencyChanged,
    JsonFormatChanged,
    MessageOptionChanged,
    OneofRemoved,
    SettingChanged,
    SyntaxChanged,
)
from archlint.documents.proto import ProtoFile
from archlint.finding import ObjectRef, Place, Route
from archlint.finding.records import dataclass

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import (
        DescriptorProto,
        EnumDescriptorProto,
        FieldDescriptorProto,
        MethodDescriptorProto,
    )

FILE_OPTIONS = (
    *("cc_enable_arenas", "cc_generic_services", "csharp_namespace", "go_package", "java_generic_services"),
    *("java_multiple_files", "java_outer_classname", "java_package", "objc_class_prefix", "optimize_for"),
    *("php_class_prefix", "php_metadata_namespace", "php_namespace", "py_generic_services", "ruby_package"),
    "swift_prefix",
)
_OPTIMIZE = {1: "SPEED", 2: "CODE_SIZE", 3: "LITE_RUNTIME"}
_JSTYPE = ("JS_NORMAL", "JS_STRING", "JS_NUMBER")
_CTYPE = ("STRING", "CORD", "STRING_PIECE")
_IDEMPOTENCY = ("IDEMPOTENCY_UNKNOWN", "NO_SIDE_EFFECTS", "IDEMPOTENT")
_STRING = 9
_WIDE = frozenset({3, 4, 6, 16, 18})
"""Types of 64 bits, whose numbers JavaScript cannot hold."""
_ENUM_TYPE, _UTF8, _JSON = "enum_type", "utf8_validation", "json_format"
_NUMBERS = {_ENUM_TYPE: 2, _UTF8: 4, _JSON: 6}
_FEATURES = {
    "proto2": {_ENUM_TYPE: 2, _UTF8: 3, _JSON: 2},
    "proto3": {_ENUM_TYPE: 1, _UTF8: 2, _JSON: 1},
}
"""Values of ``FeatureSet`` in google/protobuf/descriptor.proto; editions begin as proto3 does in these."""
_VALUES = {
    _ENUM_TYPE: {1: "open", 2: "closed"},
    _UTF8: {2: "VERIFY", 3: "NONE"},
    _JSON: {1: "ALLOW", 2: "LEGACY_BEST_EFFORT"},
}
_Features = Mapping[str, int]


@dataclass(frozen=True)
class _Side:
    """An element of one revision with the features that are in force for it."""

    source: ProtoFile
    route: Route
    features: _Features

    def at(self, options: Any, *route: str) -> _Side:
        """What stands below it, with the options that are set there."""
        own = options.features
        features = {name: getattr(own, name) or value for name, value in self.features.items()}
        return _Side(self.source, (*self.route, *route), features)

    def about(self, kind: str) -> ObjectRef:
        """The element by its full name."""
        names = (self.source.descriptor.package, *map(str, self.route[1::2]))
        return ObjectRef(kind, ".".join(filter(None, names)))

    def place(self, *numbers: int) -> Place:
        """Where an option is set, else the element."""
        span = self.source.option_span(self.route, numbers) if numbers else None
        return Place(self.source, self.route, at=span)


def compare_settings(base: ProtoFile, revision: ProtoFile) -> Iterator[SettingChanged]:
    """What is set otherwise in a file, and in the elements that it has on both sides."""
    if base.says_the_same(revision):
        return
    old, new = _top(base), _top(revision)
    yield from _file_options(old, new)
    yield from _syntax(old, new)
    left = {item.name: item for item in revision.descriptor.message_type}
    for message in base.descriptor.message_type:
        if message.name in left:
            yield from _messages(old, new, message, left[message.name])
    yield from _enums(old, new, base.descriptor, revision.descriptor)
    services = {item.name: item for item in revision.descriptor.service}
    for service in base.descriptor.service:
        if service.name not in services:
            continue
        other = services[service.name]
        before, after = (
            side.at(item.options, "service", item.name) for side, item in ((old, service), (new, other))
        )
        methods = {item.name: item for item in other.method}
        for method in service.method:
            if method.name in methods:
                yield from _method(before, after, method, methods[method.name])


def _top(source: ProtoFile) -> _Side:
    syntax = source.descriptor.syntax or "proto2"
    side = _Side(source, (), _FEATURES["proto2" if syntax == "proto2" else "proto3"])
    return side.at(source.descriptor.options)


def _file_options(old: _Side, new: _Side) -> Iterator[SettingChanged]:
    if old.source.descriptor.package != new.source.descriptor.package:
        return  # all generated code changes with that
    before, after = old.source.descriptor.options, new.source.descriptor.options
    for name in FILE_OPTIONS:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            number = after.DESCRIPTOR.fields_by_name[name].number
            yield FileOptionChanged(
                None,
                _option_place(new.source, number),
                _option_place(old.source, number),
                name,
                _shown(name, was),
                _shown(name, now),
                (f"FILE_SAME_{name.upper()}",),
            )


def _option_place(source: ProtoFile, number: int) -> Place:
    return Place(source, (), at=source.option_span((), (8, number)) or source.first_line)


def _shown(name: str, value: object) -> str:
    if name == "optimize_for":
        return _OPTIMIZE.get(value, str(value)) if isinstance(value, int) else str(value)
    return str(value).lower() if isinstance(value, bool) else str(value) or "nothing"


def _syntax(old: _Side, new: _Side) -> Iterator[SettingChanged]:
    was, now = _syntax_of(old.source), _syntax_of(new.source)
    if was != now:
        before, after = (_syntax_place(side.source) for side in (old, new))
        yield SyntaxChanged(None, after, before, "syntax", was, now, ("FILE_SAME_SYNTAX",))


_FIRST_EDITION = 1000
"""The number of edition 2023, after which there is one for each year (``Edition`` in descriptor.proto)."""


def _syntax_of(source: ProtoFile) -> str:
    """``proto2``, ``proto3`` or an edition; not to be told is ``proto2``."""
    descriptor = source.descriptor
    if descriptor.edition:
        return f"edition {descriptor.edition - _FIRST_EDITION + 2023}"
    return descriptor.syntax or "proto2"


def _syntax_place(source: ProtoFile) -> Place:
    return Place(source, (), at=source.first_line)


def _messages(
    old: _Side, new: _Side, base: DescriptorProto, revision: DescriptorProto
) -> Iterator[SettingChanged]:
    before, after = (
        side.at(item.options, "message", item.name) for side, item in ((old, base), (new, revision))
    )
    about = after.about("message")
    yield from _message_options(before, after, base, revision, about)
    fields = {item.number: item for item in revision.field}
    for field in base.field:
        if field.number in fields and field.name == fields[field.number].name:
            yield from _fields(before, after, field, fields[field.number], about)
    left = {item.name for item in revision.oneof_decl}
    real = {
        item.oneof_index for item in base.field if item.HasField("oneof_index") and not item.proto3_optional
    }
    for at, oneof in enumerate(base.oneof_decl):
        if at in real and oneof.name not in left:
            place = Place(before.source, (*before.route, "oneof", oneof.name))
            yield OneofRemoved(
                about, Place(after.source, after.route), place, oneof.name, "", "", ("ONEOF_NO_DELETE",)
            )
    yield from _ranges(before, after, base, revision, about)
    inner = {item.name: item for item in revision.nested_type}
    for nested in base.nested_type:
        if nested.name in inner and not nested.options.map_entry:
            yield from _messages(before, after, nested, inner[nested.name])
    yield from _enums(before, after, base, revision)


def _ranges(
    old: _Side, new: _Side, base: DescriptorProto, revision: DescriptorProto, about: ObjectRef
) -> Iterator[SettingChanged]:
    """Numbers that were open to extensions and are not any more."""
    cover = sorted((item.start, item.end - 1) for item in revision.extension_range)
    lost = [part for item in base.extension_range for part in uncovered(item.start, item.end - 1, cover)]
    if lost:
        shown = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in lost)
        rules = ("EXTENSION_MESSAGE_NO_DELETE",)
        yield ExtensionRangeRemoved(about, new.place(), old.place(), revision.name, shown, "", rules)


def _message_options(
    old: _Side, new: _Side, base: DescriptorProto, revision: DescriptorProto, about: ObjectRef
) -> Iterator[SettingChanged]:
    yield from _json_format(old, new, about, (7, 12), "MESSAGE_SAME_JSON_FORMAT")
    was, now = base.options.no_standard_descriptor_accessor, revision.options.no_standard_descriptor_accessor
    name = "no_standard_descriptor_accessor"
    if now and not was:
        aliases = ("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",)
        yield MessageOptionChanged(about, new.place(7, 2), old.place(), name, "false", "true", aliases)
    before, after = base.options.message_set_wire_format, revision.options.message_set_wire_format
    if before != after:
        yield MessageOptionChanged(
            about,
            new.place(7, 1),
            old.place(7, 1),
            "message_set_wire_format",
            str(before).lower(),
            str(after).lower(),
            ("MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT",),
        )


def _json_format(
    old: _Side, new: _Side, about: ObjectRef, numbers: tuple[int, int], alias: str
) -> Iterator[SettingChanged]:
    """Only from what is promised to what is tried."""
    was, now = old.features[_JSON], new.features[_JSON]
    if (was, now) == (1, 2):
        values = _VALUES[_JSON]
        place = new.place(*numbers, _NUMBERS[_JSON])
        yield JsonFormatChanged(about, place, old.place(), _JSON, values[was], values[now], (alias,))


def _fields(
    old: _Side, new: _Side, base: FieldDescriptorProto, revision: FieldDescriptorProto, about: ObjectRef
) -> Iterator[SettingChanged]:
    before, after = (
        side.at(item.options, "field", item.name) for side, item in ((old, base), (new, revision))
    )
    if {base.type, revision.type} <= _WIDE and base.options.jstype != revision.options.jstype:
        yield FieldOptionChanged(
            about,
            after.place(8, 6),
            before.place(8, 6),
            "jstype",
            _JSTYPE[base.options.jstype],
            _JSTYPE[revision.options.jstype],
            ("FIELD_SAME_JSTYPE",),
        )
    if base.options.ctype != revision.options.ctype:
        yield FieldOptionChanged(
            about,
            after.place(8, 1),
            before.place(8, 1),
            "ctype",
            _CTYPE[base.options.ctype],
            _CTYPE[revision.options.ctype],
            ("FIELD_SAME_CPP_STRING_TYPE",),
        )
    if base.type == revision.type == _STRING:
        yield from _utf8(before, after, about)


def _utf8(old: _Side, new: _Side, about: ObjectRef) -> Iterator[SettingChanged]:
    was, now = old.features[_UTF8], new.features[_UTF8]
    java = [
        side.features[_UTF8] == 2 or side.source.descriptor.options.java_string_check_utf8
        for side in (old, new)
    ]
    aliases = ["FIELD_SAME_UTF8_VALIDATION"] if was != now else []
    aliases += ["FIELD_SAME_JAVA_UTF8_VALIDATION"] if java[0] != java[1] else []
    if aliases:
        shown = [_VALUES[_UTF8].get(value, "") for value in (was, now)]
        if was == now:
            shown = ["VERIFY" if checks else "NONE" for checks in java]
        name = _UTF8 if was != now else "java_string_check_utf8"
        place = new.place(8, 21, _NUMBERS[_UTF8])
        yield FieldOptionChanged(about, place, old.place(), name, shown[0], shown[1], tuple(aliases))


def _enums(old: _Side, new: _Side, base: Any, revision: Any) -> Iterator[SettingChanged]:
    """Those of a file or a message."""
    left: dict[str, EnumDescriptorProto] = {item.name: item for item in revision.enum_type}
    for enum in base.enum_type:
        if enum.name not in left:
            continue
        before, after = (
            side.at(item.options, "enum", item.name) for side, item in ((old, enum), (new, left[enum.name]))
        )
        about = after.about("enum")
        was, now = before.features[_ENUM_TYPE], after.features[_ENUM_TYPE]
        if was != now:
            values = _VALUES[_ENUM_TYPE]
            place = after.place(3, 7, _NUMBERS[_ENUM_TYPE])
            yield EnumKindChanged(
                about, place, before.place(), enum.name, values[was], values[now], ("ENUM_SAME_TYPE",)
            )
        yield from _json_format(before, after, about, (3, 7), "ENUM_SAME_JSON_FORMAT")


def _method(
    old: _Side, new: _Side, base: MethodDescriptorProto, revision: MethodDescriptorProto
) -> Iterator[SettingChanged]:
    was, now = base.options.idempotency_level, revision.options.idempotency_level
    if was == now:
        return
    before, after = old.at(base.options, "rpc", base.name), new.at(revision.options, "rpc", base.name)
    yield IdempotencyChanged(
        new.about("service"),
        after.place(4, 34),
        before.place(4, 34),
        base.name,
        _IDEMPOTENCY[was],
        _IDEMPOTENCY[now],
        ("RPC_SAME_IDEMPOTENCY_LEVEL",),
    )
