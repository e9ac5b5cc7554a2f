"""What the expressions of a template mean: values of the chart, constants, and what is made of these.

``.Values.metrics.enabled`` is the value at ``metrics.enabled`` wherever the template got its context from:
through ``with``, variables, or the ``dict`` that a named template was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from archlint.documents.charts.template_syntax import (
    Assignment,
    Branch,
    Call,
    Expression,
    Field,
    Literal,
    Method,
    Output,
    Part,
    Piece,
    Text,
)
from archlint.documents.charts.unset import UNSET
from archlint.finding.records import dataclass

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the template."""

    value: Any


@dataclass(frozen=True, slots=True)
class ValueAt:
    """A value of the chart."""

    path: Path
    prefix: Path = ()
    """The values of the chart that the template is of."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a template of a chart is given, whose values are below ``prefix``."""

    prefix: Path = ()


@dataclass(frozen=True, slots=True)
class Pairs:
    """A map that a template makes."""

    items: tuple[tuple[str, Meaning], ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What a function makes; ``""`` is what nobody knows."""

    name: str
    arguments: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True)
class Included:
    """What a named template writes."""

    name: str
    context: Meaning


Meaning = Constant | ValueAt | Context | Pairs | Applied | Included
UNKNOWN = Applied("")
SERVES = "the cluster serves"
"""The function that tells whether a cluster has an API."""
_SAME = frozenset(
    (
        *("tpl", "toString", "trim", "lower", "quote", "squote", "toYaml", "fromYaml", "toJson"),
        *("int", "int64", "float64", "first", "len", "compact", "uniq", "keys", "values", "deepCopy"),
    )
)
"""Functions whose result is empty where the first thing that they are given is."""
ITEM = "[]"
"""The part of a path that stands for an item of a list."""
EACH = "each"
"""The function that tells whether there is anything to go through; it is given that, an item as templates ask
for one, and whether they ask for keys too."""
_RELEASE = {"IsInstall": True, "IsUpgrade": False, "Service": "Helm"}


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that has to hold, or not to."""

    meaning: Meaning
    wanted: bool


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """A text that is written, or an expression whose value is, under some conditions."""

    guards: tuple[Guard, ...]
    text: str = ""
    meaning: Meaning | None = None


@dataclass(slots=True)
class Scope:
    """The variables of a place in a template, ``.`` and ``$`` among them."""

    variables: dict[str, Meaning] = field(default_factory=dict)

    @classmethod
    def of(cls, context: Meaning) -> Scope:
        """That of a template with what it is given."""
        return cls({".": context, "$": context})

    def but_for(self, changes: Mapping[str, Meaning]) -> Scope:
        """The same with other variables."""
        return Scope({**self.variables, **changes})

    def meaning(self, said: Expression) -> Meaning:
        """What an expression means here."""
        if isinstance(said, Literal):
            return Constant(said.value)
        if isinstance(said, Field):
            return part_of(self.variables.get(said.variable, UNKNOWN), said.names)
        if isinstance(said, Part):
            return part_of(self.meaning(said.of), said.names)
        if isinstance(said, Method):
            is_known = self.meaning(said.of) == Applied(SERVES)
            return Applied(SERVES, tuple(map(self.meaning, said.arguments))) if is_known else UNKNOWN
        return self._called(said)

    def _called(self, said: Call) -> Meaning:
        given = tuple(map(self.meaning, said.arguments))
        first = given[0] if given else UNKNOWN
        if said.name in ("include", "template") and isinstance(first, Constant):
            return Included(str(first.value), given[1] if len(given) > 1 else UNKNOWN)
        if said.name == "dict":
            pairs = zip(given[::2], given[1::2], strict=False)
            return Pairs(tuple((str(key.value), item) for key, item in pairs if isinstance(key, Constant)))
        names = [str(item.value) for item in given if isinstance(item, Constant)]
        if said.name in ("index", "get") and len(names) == len(given) - 1:
            return part_of(first, names)
        if said.name == "dig" and len(given) > 2:
            return part_of(given[-1], names[: len(given) - 2])
        if said.name in _SAME and given:
            return first
        return Applied(said.name, given)


def part_of(meaning: Meaning, names: Sequence[str]) -> Meaning:
    """Fields of what something means."""
    for name in names:
        meaning = _field_of(meaning, name)
    return meaning


def _field_of(meaning: Meaning, name: str) -> Meaning:
    if isinstance(meaning, Context):
        if name == "Values":
            return ValueAt(meaning.prefix, meaning.prefix)
        return Applied(name) if name in ("Capabilities", "Release") else UNKNOWN
    if isinstance(meaning, ValueAt):
        if name == "global" and meaning.path == meaning.prefix:
            return ValueAt(("global",))
        return ValueAt((*meaning.path, name), meaning.prefix)
    if isinstance(meaning, Pairs):
        return dict(meaning.items).get(name, Constant(None))
    if meaning == Applied("Capabilities"):
        return Applied(name) if name == "APIVersions" else UNKNOWN
    if meaning == Applied("Release"):
        return Constant(_RELEASE[name]) if name in _RELEASE else UNKNOWN
    return Applied(SERVES) if meaning == Applied("APIVersions") and name == "Has" else UNKNOWN


def written_parts(
    pieces: Sequence[Piece], scope: Scope, guards: tuple[Guard, ...] = ()
) -> Iterator[WrittenPart]:
    """All that a template may write, in order, with the conditions of each part."""
    for piece in pieces:
        if isinstance(piece, Text):
            yield WrittenPart(guards, text=piece.text)
        elif isinstance(piece, Output):
            yield WrittenPart(guards, meaning=scope.meaning(piece.expression))
        elif isinstance(piece, Assignment):
            given = scope.meaning(piece.expression)
            if not piece.is_new and guards:
                before = scope.variables.get(piece.variable, UNKNOWN)
                given = _one_of(before, given, guards)
            scope.variables[piece.variable] = given
        else:
            yield from _of_branch(piece, scope, guards)


def _of_branch(piece: Branch, scope: Scope, guards: tuple[Guard, ...]) -> Iterator[WrittenPart]:
    condition = scope.meaning(piece.condition)
    changes: dict[str, Meaning] = {}
    if piece.word == "with":
        changes["."] = condition
    elif piece.word == "range":
        changes["."] = part_of(_listed(condition), (ITEM,))
        changes.update(dict.fromkeys(piece.variables, UNKNOWN))
        changes.update(dict.fromkeys(piece.variables[-1:], changes["."]))
    if piece.word != "range" and piece.variables:
        changes[piece.variables[0]] = condition
    inside = scope.but_for(changes)
    if piece.word == "range":
        condition = _each(condition, piece, inside)
    yield from written_parts(piece.body, inside, (*guards, Guard(condition, wanted=True)))
    outside = scope.but_for({})
    yield from written_parts(piece.rest, outside, (*guards, Guard(condition, wanted=False)))
    for name in scope.variables:
        if name != "." and name not in changes:
            here, there = inside.variables[name], outside.variables[name]
            scope.variables[name] = here if here != scope.variables[name] else there


def _listed(meaning: Meaning) -> Meaning:
    """What is gone through, without what stands in for it."""
    if isinstance(meaning, Applied) and meaning.name == "default" and meaning.arguments:
        return _listed(meaning.arguments[-1])
    return meaning if isinstance(meaning, ValueAt) else UNKNOWN


def _each(condition: Meaning, piece: Branch, inside: Scope) -> Meaning:
    """That there is an item, with the fields that a template asks of it."""
    item = inside.variables["."]
    if not isinstance(item, ValueAt):
        return condition
    parts = list(written_parts(piece.body, inside.but_for({})))
    asked = [
        path[len(item.path) :]
        for part in parts
        for meaning in (part.meaning, *(guard.meaning for guard in part.guards))
        for path in _paths_in(meaning)
        if path[: len(item.path)] == item.path
    ]
    is_map = len(piece.variables) > 1
    return Applied(EACH, (ValueAt(item.path[:-1], item.prefix), Constant(_item(asked)), Constant(is_map)))


def _item(asked: Iterable[Path]) -> Any:
    """Something that has all that is asked of it, and nobody knows what."""
    fields: dict[str, list[Path]] = {}
    for path in asked:
        if path and path[0] != ITEM:
            fields.setdefault(path[0], []).append(path[1:])
    return {name: _item(below) for name, below in fields.items()} or UNSET


def _paths_in(meaning: Meaning | None) -> Iterator[Path]:
    """The values that something is made of."""
    waiting = [] if meaning is None else [meaning]
    while waiting:
        here = waiting.pop()
        if isinstance(here, ValueAt):
            yield here.path
        elif isinstance(here, Applied):
            waiting.extend(here.arguments)
        elif isinstance(here, Included):
            waiting.append(here.context)
        elif isinstance(here, Pairs):
            waiting.extend(item for _, item in here.items)


def _one_of(before: Meaning, given: Meaning, guards: tuple[Guard, ...]) -> Meaning:
    """A variable that gets another value where some conditions hold: what it had, else that."""
    conditions = tuple(
        guard.meaning if guard.wanted else Applied("not", (guard.meaning,)) for guard in guards
    )
    return Applied("or", (before, Applied("and", (*conditions, given))))
