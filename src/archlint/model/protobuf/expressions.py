"""Expressions in CEL and patterns in rules of protovalidate, with the types of what they see.

Source: https://protovalidate.com/reference/cel_extensions/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from archlint.documents.proto import ProtoFile
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.protobuf.fields import Field, Label
from archlint.model.protobuf.rule_sets import RuleSet, rule_sets
from archlint.model.protobuf.validation import Numbers, Validated, ValidatedFile
from archlint.model.world import World

CelType = str | list[Any]
"""A type: its name, or ``["list", T]`` or ``["map", K, V]``."""

_SCALARS = {
    **dict.fromkeys(("double", "float"), "double"),
    **dict.fromkeys(("int32", "int64", "sint32", "sint64", "sfixed32", "sfixed64", "enum"), "int"),
    **dict.fromkeys(("uint32", "uint64", "fixed32", "fixed64"), "uint"),
    **{name: name for name in ("bool", "string", "bytes")},
}
_MESSAGES = {
    "google.protobuf.Timestamp": "timestamp",
    "google.protobuf.Duration": "duration",
    "google.protobuf.Value": "dyn",
}
_RULES = "buf.validate."
_BY_RULES: dict[str, CelType] = {
    "Repeated": ["list", "dyn"],
    "Map": ["map", "dyn", "dyn"],
    "Any": "google.protobuf.Any",
    "FieldMask": "google.protobuf.FieldMask",
    "Timestamp": "timestamp",
    "Duration": "duration",
}
_RESULTS = frozenset(("BOOL", "STRING", "DYN", "pattern", ""))
"""Types of what an expression may give."""
_ID = regex(r"[A-Za-z0-9._-]*+\Z")


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, or a pattern; ``types`` are those of the variables."""

    owner: Validated
    numbers: Numbers
    name: str
    """The rule that it is of, as one writes it."""
    text: str
    types: tuple[tuple[str, CelType], ...] = ()
    is_pattern: bool = False
    id: str = ""
    message: str = ""
    is_repeated: bool = False
    """Whether others beside it have the same id."""
    examples: tuple[Any, ...] = ()
    """What is given as examples of the value that it is about."""

    @property
    def is_id_sound(self) -> bool:
        """Whether the id is made of what ids may be made of."""
        return _ID.match(self.id) is not None

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from others of the world."""
        return (self.owner.source.path, self.owner.route, self.name, self.numbers)


@dataclass(frozen=True, slots=True)
class ExpressionVerdict:
    """What a compiler says of an expression."""

    source: ProtoFile
    asked: Expression
    error: str = ""
    type: str = ""
    """The type of its value; empty if it does not compile, or is not known."""
    refused: tuple[int, ...] = ()
    """The indexes of the examples that it refuses with certainty."""
    is_answered: bool = True
    """Whether the compiler came to it."""
    object: ObjectRef | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells the expression from others of the world."""
        return self.asked.key

    @property
    def is_sound(self) -> bool:
        """Whether validators can ask it."""
        return not self.error and self.type in _RESULTS

    def refused_in(self, numbers: Numbers) -> tuple[int, ...]:
        """The examples that it refuses, if it is one of the expressions of the rules at some numbers."""
        return self.refused if self.asked.numbers[:-2] == numbers else ()

    @classmethod
    def all(cls, world: World) -> Iterable[ExpressionVerdict]:
        """None: the engine asks the compiler, and ``World.supply`` then brings what it says."""
        return ()


def expressions_of(file: ValidatedFile) -> Iterator[Expression]:
    """All expressions and patterns of a file."""
    for message in file.messages:
        types: list[tuple[str, CelType]] = [("this", message.message.full_name), ("now", "timestamp")]
        yield from _expressions(message, (), (), message.said, types)
    for field in file.fields:
        for rules in rule_sets(field.field, field.said):
            types = [("this", _type_of(field.field, rules)), ("now", "timestamp")]
            examples = tuple(rules.rules.get("example", ())) if rules.kind == rules.fits else ()
            for each in _expressions(field, rules.numbers, rules.names, rules.said, types):
                yield replace(each, examples=examples)
            if rules.kind in ("string", "bytes") and "pattern" in rules.rules:
                name, pattern = rules.shown_rule("pattern"), rules.rules["pattern"]
                yield Expression(field, rules.to_rule("pattern"), name, pattern, is_pattern=True)
    for predefined in file.predefined:
        extension = predefined.extension
        types = [
            ("this", _type_by_rules(extension.extendee)),
            ("now", "timestamp"),
            ("rule", _type_of(extension, next(rule_sets(extension, {})))),
            ("rules", extension.extendee),
        ]
        yield from _expressions(predefined, (), (), predefined.said, types)


_CEL = {"FieldRules": (23, 29), "MessageRules": (3, 5), "PredefinedRules": (1, 0)}
"""Numbers of ``cel`` and ``cel_expression``."""


def _expressions(
    owner: Validated,
    way: Numbers,
    names: tuple[str, ...],
    said: Any,
    types: list[tuple[str, CelType]],
) -> Iterator[Expression]:
    full, short = _CEL[owner.root]
    rules = said.get("cel", ())
    uses = Counter(rule.get("id", "") for rule in rules)
    for index, rule in enumerate(rules):
        id_ = rule.get("id", "")
        yield Expression(
            owner,
            (*way, full, index),
            ".".join((*names, "cel")),
            rule.get("expression", ""),
            tuple(types),
            id=id_,
            message=rule.get("message", ""),
            is_repeated=bool(id_) and uses[id_] > 1,
        )
    for index, text in enumerate(said.get("cel_expression", ())):
        name = ".".join((*names, "cel_expression"))
        yield Expression(owner, (*way, short, index), name, text, tuple(types))


def _type_of(field: Field, rules: RuleSet) -> CelType:
    """The type of the value that rules are about."""
    single = _single(rules.type, rules.type_name)
    if rules.part or field.label not in (Label.REPEATED, Label.MAP):
        return single
    return ["list", single] if field.label is Label.REPEATED else ["map", _single(field.key_type, ""), single]


def _single(type_: str, type_name: str) -> CelType:
    return (
        _MESSAGES.get(type_name, type_name) if type_ in ("message", "group") else _SCALARS.get(type_, "dyn")
    )


def _type_by_rules(extendee: str) -> CelType:
    """The type of the values that a message of rules is for."""
    kind = extendee.removeprefix(_RULES).removesuffix("Rules")
    return _BY_RULES.get(kind) or _SCALARS.get(kind.lower(), "dyn")
