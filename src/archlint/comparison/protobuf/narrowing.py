"""Values that a field's older type holds and its newer one does not, though both are sent alike.

Readers of the newer version cast what they get: https://protobuf.dev/programming-guides/proto3/#updating
"""

from __future__ import annotations

from archlint.comparison.protobuf.matching import Matching
from archlint.finding.records import dataclass, replace
from archlint.model.protobuf import Enum, Field, Label

_RANGES = {
    **dict.fromkeys(("int32", "sint32", "sfixed32"), (-(2**31), 2**31 - 1)),
    **dict.fromkeys(("int64", "sint64", "sfixed64"), (-(2**63), 2**63 - 1)),
    **dict.fromkeys(("uint32", "fixed32"), (0, 2**32 - 1)),
    **dict.fromkeys(("uint64", "fixed64"), (0, 2**64 - 1)),
    "bool": (0, 1),
}
_NO_TEXT = "/w=="
"""The byte 0xFF as JSON writes it: neither UTF-8 nor the beginning of a message."""
_UTF8_UNCHECKED = 3
"""``FeatureSet.Utf8Validation.NONE`` in google/protobuf/descriptor.proto."""


@dataclass(frozen=True, slots=True)
class LostValue:
    """A value that data of the older version may hold, and what readers with the newer type make of it."""

    value: int | str
    """A number, or bytes as JSON writes them."""
    read: str
    """The value that is read; empty if it is refused, or left out."""
    is_sign: bool = False
    """Whether values of the other sign alone are concerned."""
    is_key: bool = False
    """Whether it is one of a map's keys."""
    is_left_out: bool = False
    """Whether a list or map is read without it."""

    @property
    def fate(self) -> str:
        """What becomes of it: it is ``read``, ``left_out`` or ``refused``."""
        return "read" if self.read else "left_out" if self.is_left_out else "refused"


def narrowing(base: Field, revision: Field, matching: Matching) -> LostValue | None:
    """What is lost of a field whose two types are read from each other's bytes; ``None`` if nothing is."""
    key = _of_types(base.key_type, revision.key_type) if base.key_type != revision.key_type else None
    if key is not None:
        return replace(key, is_key=True)
    if base.type == revision.type:
        return None
    if base.type == "bytes":
        refuses = revision.type == "message" or (revision.type == "string" and _checks_text(revision))
        return LostValue(_NO_TEXT, "") if refuses else None
    if revision.type == "enum":
        enum = matching.enum(revision.type_name, is_new=True)
        return None if enum is None else _to_enum(base.type, revision, enum)
    if base.type == "enum":
        return _from_enum(matching.enum(base.type_name, is_new=False), revision.type)
    return _of_types(base.type, revision.type)


def _from_enum(enum: Enum | None, revision: str) -> LostValue | None:
    if enum is None or revision not in _RANGES:
        return None
    if not enum.is_closed:
        return _of_types("int32", revision)
    first, last = _RANGES[revision]
    lost = next((value.number for value in enum.values if not first <= value.number <= last), None)
    return None if lost is None else LostValue(lost, _cast(lost, "int32", revision), revision != "bool")


def _checks_text(field: Field) -> bool:
    """Whether readers refuse texts that are no UTF-8."""
    file = field.source.descriptor
    if file.syntax != "editions":
        return bool(file.syntax == "proto3")
    return bool(file.options.features.utf8_validation != _UTF8_UNCHECKED)


def _to_enum(base: str, field: Field, enum: Enum) -> LostValue | None:
    if base not in _RANGES:
        return None
    if not enum.is_closed:
        return _of_types(base, "int32")
    numbers = {value.number for value in enum.values}
    missing = next(at for at in (0, 1, *sorted(number + 1 for number in numbers)) if at not in numbers)
    if missing > _RANGES[base][1]:
        return None
    if field.label in (Label.REPEATED, Label.MAP):
        return LostValue(missing, "", is_left_out=True)
    return LostValue(missing, field.default or enum.values[0].name)


def is_held(written: str, read: str) -> bool | None:
    """Whether each whole number of one type is read as what it is by another; ``None`` of other types."""
    return None if not {written, read} <= _RANGES.keys() else _of_types(written, read) is None


def _of_types(base: str, revision: str) -> LostValue | None:
    """A value of one whole number that another one cannot hold, the nearest to its range."""
    if base not in _RANGES or revision not in _RANGES:
        return None
    (old_first, old_last), (first, last) = _RANGES[base], _RANGES[revision]
    if old_last > last:
        value, is_sign = last + 1, old_first >= 0 and first < 0 and (old_last - old_first) == (last - first)
    elif old_first < first:
        value, is_sign = first - 1, True
    else:
        return None
    return LostValue(value, _cast(value, base, revision), is_sign)


def _cast(value: int, base: str, revision: str) -> str:
    if revision == "bool":
        return "true"
    first, last = _RANGES[revision]
    if base.startswith("sint"):  # whose sign is the lowest bit
        low = ((value << 1) ^ (value >> 63)) & (2 * last + 1)
        return str((low >> 1) ^ -(low & 1))
    return str((value - first) % (last - first + 1) + first)
