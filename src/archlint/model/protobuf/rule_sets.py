"""The rules of a field as they are applied: to the field itself, and to elements, keys and values in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from archlint.documents.proto.options import OptionValues
from archlint.documents.proto.public_modules import VALIDATION, Slot, option_types
from archlint.finding.records import dataclass
from archlint.model.protobuf.fields import Field, Label
from archlint.model.protobuf.validation import Numbers

KINDS = (
    *("float", "double", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64"),
    *("sfixed32", "sfixed64", "bool", "string", "bytes", "enum", "repeated", "map", "any", "duration"),
    *("field_mask", "timestamp"),
)
"""The kinds of rules, of which a field has one at most."""
WRAPPERS = {
    "google.protobuf.BoolValue": "bool",
    "google.protobuf.BytesValue": "bytes",
    "google.protobuf.DoubleValue": "double",
    "google.protobuf.FloatValue": "float",
    "google.protobuf.Int32Value": "int32",
    "google.protobuf.Int64Value": "int64",
    "google.protobuf.StringValue": "string",
    "google.protobuf.UInt32Value": "uint32",
    "google.protobuf.UInt64Value": "uint64",
}
_WELL_KNOWN = {
    "google.protobuf.Any": "any",
    "google.protobuf.Duration": "duration",
    "google.protobuf.FieldMask": "field_mask",
    "google.protobuf.Timestamp": "timestamp",
}
_MESSAGES = frozenset(("message", "group"))
_IF_ZERO, _ALWAYS = 1, 3
"""Values of ``Ignore``."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules of one value: a field that occurs once, all of a list or map, or an element, key or value."""

    said: OptionValues
    numbers: Numbers
    """The way from the option to these rules."""
    names: tuple[str, ...]
    type: str
    """The scalar type of the value, or ``message``, ``group``, ``enum``."""
    type_name: str
    part: str
    """Empty for the field; else ``element``, ``key`` or ``value``."""

    @property
    def kind(self) -> str | None:
        """The kind of rules that are set."""
        return next((kind for kind in KINDS if kind in self.said), None)

    @property
    def rules(self) -> Mapping[str | int, Any]:
        """What is set of the rules for its type."""
        return self.said[self.kind] if self.kind else {}

    @property
    def fits(self) -> str:
        """The kind of rules that fits a single value of its type; empty if none does."""
        if self.is_message:
            return WRAPPERS.get(self.type_name) or _WELL_KNOWN.get(self.type_name, "")
        return self.type

    @property
    def is_message(self) -> bool:
        """Whether its value is a message."""
        return self.type in _MESSAGES

    @property
    def is_ignored(self) -> bool:
        """Whether validators never ask these rules."""
        return self.said.get("ignore") == _ALWAYS

    @property
    def is_zero_ignored(self) -> bool:
        """Whether they do not ask them about a value that is zero."""
        return self.said.get("ignore") == _IF_ZERO

    def to(self, name: str, index: int | None = None) -> Numbers:
        """The way to one of these rules, such as ``required``."""
        return self._way("FieldRules", self.numbers, name, index)

    def to_rule(self, name: str, index: int | None = None) -> Numbers:
        """The way to one of the rules for its type, such as ``max_len``."""
        kind = self.kind or ""
        return self._way(_slots("FieldRules")[kind].type, self.to(kind), name, index)

    @staticmethod
    def _way(message: str, way: Numbers, name: str, index: int | None) -> Numbers:
        slot = _slots(message)[name]
        return (*way, slot.number) if index is None else (*way, slot.number, index)

    def shown(self, name: str) -> str:
        """The name of a rule as one writes it behind the option."""
        return ".".join((*self.names, name))

    def shown_rule(self, name: str) -> str:
        """The name of a rule for its type."""
        return ".".join((*self.names, self.kind or "", name))


def rule_sets(field: Field, said: OptionValues) -> Iterator[RuleSet]:
    """The rules of a field, then those of what is in it."""
    own = RuleSet(said, (), (), field.type, field.type_name, "")
    yield own
    repeated = said.get("repeated", {})
    if field.label is Label.REPEATED and "items" in repeated:
        numbers = (*own.to("repeated"), _slots("RepeatedRules")["items"].number)
        yield RuleSet(
            repeated["items"], numbers, ("repeated", "items"), field.type, field.type_name, "element"
        )
    if field.label is Label.MAP:
        for name, part in (("keys", "key"), ("values", "value")):
            below = said.get("map", {}).get(name)
            if below is not None:
                numbers = (*own.to("map"), _slots("MapRules")[name].number)
                is_key = part == "key"
                yield RuleSet(
                    below,
                    numbers,
                    ("map", name),
                    field.key_type if is_key else field.type,
                    "" if is_key else field.type_name,
                    part,
                )


@cache
def _slots(message: str) -> Mapping[str, Slot]:
    return {each.name: each for each in option_types(VALIDATION)[message].values()}
