"""Fields and extensions as buf compares them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.protobuf.buf.defaults import Value, as_float, default_of, is_zero
from archlint.comparison.protobuf.buf.elements import REPEATED, Element, is_same_type
from archlint.comparison.protobuf.buf.enums import numbers_of
from archlint.comparison.protobuf.buf.features import (
    CORD,
    CPP,
    DELIMITED,
    IMPLICIT,
    JAVA,
    JAVA_VERIFY,
    LEGACY_REQUIRED,
    STRING,
    VERIFY,
)
from archlint.comparison.protobuf.buf.image import Images
from archlint.comparison.protobuf.buf.places import name_before, written
from archlint.comparison.protobuf.buf.verdicts import BufVerdict, changed
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.protobuf.fields import type_word

_GROUP, _MESSAGE, _REQUIRED, _FLOAT = 10, 11, 2, 2
_WIDE = frozenset({"int64", "uint64", "fixed64", "sfixed64", "sint64"})
"""Types whose numbers JavaScript cannot hold."""
_JSTYPE = ("JS_NORMAL", "JS_STRING", "JS_NUMBER")
_NAME, _DEFAULT, _JSON_NAME = (1,), (7,), (10,)
_TYPE, _TYPE_NAME = (5,), (6,)
_CTYPE, _JS, _FEATURES = (8, 1), (8, 6), (8, 21)
_UTF8 = (4, "utf8_validation")
_IN_CPP = ((CPP, "[pb.cpp]"), (2, "string_type"))
_IN_JAVA = ((JAVA, "[pb.java]"), (2, "utf8_validation"))
"""Features, by their numbers and the names that they have between braces."""
_PIECE = 4
"""``STRING_PIECE``, which no feature knows."""
_STRING_TYPES = {CORD: "CORD", STRING: "STRING", _PIECE: "STRING_PIECE"}
_JAVA_CHECKS = 27
"""The number of ``java_string_check_utf8`` among the options of a file."""
_SAME_WIRE = (
    frozenset({"int32", "int64", "uint32", "uint64", "bool"}),
    frozenset({"sint32", "sint64"}),
    frozenset({"fixed32", "sfixed32"}),
    frozenset({"fixed64", "sfixed64"}),
)
_SAME_JSON = (
    frozenset({"int32", "uint32"}),
    frozenset({"int64", "uint64"}),
    frozenset({"fixed32", "sfixed32"}),
    frozenset({"fixed64", "sfixed64"}),
)
"""Types that take each other's place, at https://buf.build/docs/breaking/rules/."""


@dataclass(frozen=True, slots=True)
class FieldPair:
    """A field of both revisions, found by its number."""

    old: Element
    new: Element
    messages: tuple[Element, Element] | None
    """The messages around; ``None`` around extensions."""
    about: str


def _cardinality(field: Element) -> str:
    """How often a field occurs, and whether one sees that it is not there."""
    item, features = field.item, field.features
    if item.label == REPEATED:
        return "map" if field.is_map else "repeated"
    if item.label == _REQUIRED or features.presence == LEGACY_REQUIRED:
        return "required"
    has_presence = item.type in (_GROUP, _MESSAGE) or item.HasField("oneof_index") or bool(item.extendee)
    return "optional" if has_presence or features.presence != IMPLICIT else "singular"


def _kind(field: Element) -> str:
    """The type, of messages also how they are written."""
    kind = type_word(field.item.type)
    is_of_map = field.is_map or field.shown_at
    return "group" if kind == "message" and field.features.encoding == DELIMITED and not is_of_map else kind


def compare_fields(pair: FieldPair, images: Images) -> Iterator[BufVerdict]:
    """What buf says of a field that both revisions have."""
    yield from _cardinalities(pair)
    yield from _types(pair, images)
    yield from _names(pair)
    yield from _oneofs(pair)
    yield from _defaults(pair, images)
    yield from _options(pair)


def _places(pair: FieldPair, *parts: tuple[int, ...]) -> tuple[Place, Place]:
    return pair.new.place(*parts), pair.old.place(*parts)


_WIRE_GROUP = {"singular": "optional", "map": "repeated"}
_JSON_GROUP = {"singular": "optional"}


def _cardinalities(pair: FieldPair) -> Iterator[BufVerdict]:
    was, now = _cardinality(pair.old), _cardinality(pair.new)
    if was == now or (pair.old.shown_at and pair.new.shown_at):
        return  # of two maps nobody wrote how often keys and values occur
    yield changed("FIELD_SAME_CARDINALITY", pair.about, _places(pair), (was, now))
    if _JSON_GROUP.get(was, was) != _JSON_GROUP.get(now, now):
        yield changed("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", pair.about, _places(pair), (was, now))
    if _WIRE_GROUP.get(was, was) != _WIRE_GROUP.get(now, now):
        yield changed("FIELD_WIRE_COMPATIBLE_CARDINALITY", pair.about, _places(pair), (was, now))


def _types(pair: FieldPair, images: Images) -> Iterator[BufVerdict]:
    was, now = _kind(pair.old), _kind(pair.new)
    names = pair.old.item.type_name[1:], pair.new.item.type_name[1:]
    places = _places(pair, _TYPE_NAME, _TYPE)
    if is_same_type(pair.old, pair.new, names) and (was == now or (all(names) and _is_guess(pair))):
        return
    shown = (names[0] or was, names[1] or now) if was == now else (was, now)
    yield changed("FIELD_SAME_TYPE", pair.about, places, shown)
    if was == now == "enum" and _has_all(*names, images):
        return
    if not any({was, now} <= group for group in _SAME_JSON):
        yield changed("FIELD_WIRE_JSON_COMPATIBLE_TYPE", pair.about, places, shown)
    if not any({was, now} <= group for group in _SAME_WIRE) and (was, now) != ("string", "bytes"):
        yield changed("FIELD_WIRE_COMPATIBLE_TYPE", pair.about, places, shown)


def _is_guess(pair: FieldPair) -> bool:
    """Whether the type of one of the fields stands in a file that is not here."""
    return any(each.item.type_name[1:] in each.source.stand_ins for each in (pair.old, pair.new))


def _has_all(old: str, new: str, images: Images) -> bool:
    """Whether one enum has all values of another of the same last name."""
    if old.rpartition(".")[2] != new.rpartition(".")[2]:
        return False
    before, after = images.old.enum(old), images.new.enum(new)
    if before is None or after is None:
        return True  # nobody can tell
    values = [
        {(number, name) for number, named in numbers_of(enum).items() for _, name in named}
        for enum in (before, after)
    ]
    return values[0] <= values[1]


def _names(pair: FieldPair) -> Iterator[BufVerdict]:
    is_extension = pair.messages is None
    old, new = (each.full_name if is_extension else each.name for each in (pair.old, pair.new))
    if old != new:
        yield changed("FIELD_SAME_NAME", pair.about, _places(pair, _NAME), (old, new))
    names = pair.old.item.json_name, pair.new.item.json_name
    if names[0] != names[1] and not is_extension:
        yield changed("FIELD_SAME_JSON_NAME", pair.about, _places(pair, _JSON_NAME), names)


def _oneofs(pair: FieldPair) -> Iterator[BufVerdict]:
    if pair.messages is None:
        return
    was, now = (
        message.item.oneof_decl[field.item.oneof_index].name
        if field.item.HasField("oneof_index") and not field.item.proto3_optional
        else ""
        for message, field in zip(pair.messages, (pair.old, pair.new), strict=True)
    )
    if was != now:
        shown = [f"in oneof '{name}'" if name else "in no oneof" for name in (was, now)]
        yield changed("FIELD_SAME_ONEOF", pair.about, _places(pair), shown)


def _defaults(pair: FieldPair, images: Images) -> Iterator[BufVerdict]:
    if REPEATED in (pair.old.item.label, pair.new.item.label):
        return
    was, now = default_of(pair.old, images.old), default_of(pair.new, images.new)
    if was is None or now is None or _are_same(was, now, pair) or (is_zero(was) and is_zero(now)):
        return
    about = f"The default of {_lower(pair.about)}"
    source = pair.new.source
    named = name_before(source, (*pair.new.path, *_DEFAULT), "default")
    place = pair.new.place() if named is None else Place(source, (), at=named)
    yield changed("FIELD_SAME_DEFAULT", about, (place, pair.old.place(_DEFAULT)), (was, now))


def _are_same(was: Value, now: Value, pair: FieldPair) -> bool:
    """Whether two defaults are the same, as far as the shorter type of two floating ones can tell."""
    if (
        isinstance(was, float)
        and isinstance(now, float)
        and _FLOAT in (pair.old.item.type, pair.new.item.type)
    ):
        return as_float(was) == as_float(now)
    return was == now


def _lower(about: str) -> str:
    return about[0].lower() + about[1:]


def _options(pair: FieldPair) -> Iterator[BufVerdict]:
    types = {type_word(each.item.type) for each in (pair.old, pair.new)}
    was, now = (each.item.options.jstype for each in (pair.old, pair.new))
    if types <= _WIDE and was != now:
        yield changed("FIELD_SAME_JSTYPE", pair.about, _places(pair, _JS), (_JSTYPE[was], _JSTYPE[now]))
    if types <= {"string", "bytes"} and not (pair.old.shown_at and pair.new.shown_at):
        yield from _cpp(pair)  # maps have a type of their own in C++
    if types == {"string"}:
        yield from _utf8(pair)


def _cpp(pair: FieldPair) -> Iterator[BufVerdict]:
    was, now = _string_type(pair.old), _string_type(pair.new)
    if was != now and (was, now) != (_PIECE, STRING):
        new, old = (each.feature(_FEATURES, *_IN_CPP) or each.place(_CTYPE) for each in (pair.new, pair.old))
        shown = _STRING_TYPES.get(was, "VIEW"), _STRING_TYPES.get(now, "VIEW")
        yield changed("FIELD_SAME_CPP_STRING_TYPE", pair.about, (new, old), shown)


def _string_type(field: Element) -> int:
    options = field.item.options
    if options.HasField("ctype"):
        return (STRING, CORD, _PIECE)[options.ctype]
    return field.features.cpp_string


def _utf8(pair: FieldPair) -> Iterator[BufVerdict]:
    was, now = pair.old.features.utf8, pair.new.features.utf8
    if was != now:
        shown = ["VERIFY" if each == VERIFY else "NONE" for each in (was, now)]
        new, old = (each.feature(_FEATURES, _UTF8) or each.place() for each in (pair.new, pair.old))
        yield changed("FIELD_SAME_UTF8_VALIDATION", pair.about, (new, old), shown)
    checks = _checks_in_java(pair.old), _checks_in_java(pair.new)
    if checks[0] != checks[1]:
        shown = ["VERIFY" if each else "NONE" for each in checks]
        places = _java_place(pair.new), _java_place(pair.old)
        yield changed("FIELD_SAME_JAVA_UTF8_VALIDATION", pair.about, places, shown)


def _checks_in_java(field: Element) -> bool:
    file = field.source.descriptor
    if file.options.java_string_check_utf8 or field.features.java_utf8 == JAVA_VERIFY:
        return True
    return field.features.utf8 == VERIFY


def _java_place(field: Element) -> Place:
    """Where the language's own feature is set, else the option of the file, else the field."""
    own = field.feature(_FEATURES, *_IN_JAVA)
    return own or written(field.source, (8, _JAVA_CHECKS)) or field.place()
