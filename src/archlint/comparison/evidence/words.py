"""What is wrong with a value, in words that hold nothing of it: its form, and names that the contract has."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any

from archlint.finding.articles import with_article
from archlint.finding.records import dataclass
from archlint.finding.words import number_of, quoted
from archlint.model.openapi.schema_errors import WORDS, SchemaError, short

_TYPES = {**WORDS, "object": "an object"}
_LIMITS = {
    "minLength": ("have at least", "character"),
    "maxLength": ("have at most", "character"),
    "minimum": ("be at least", ""),
    "maximum": ("be at most", ""),
    "exclusiveMinimum": ("be above", ""),
    "exclusiveMaximum": ("be below", ""),
    "minItems": ("have at least", "item"),
    "maxItems": ("have at most", "item"),
    "minProperties": ("have at least", "member"),
    "maxProperties": ("have at most", "member"),
}
_CLOSED = frozenset(("additionalProperties", "unevaluatedProperties"))
_MOST_STATED = 8


@dataclass(frozen=True, slots=True)
class Speech:
    """How values of evidence are told."""

    stated: Container[str]
    """The names that the contract has."""
    shows_values: bool = False

    def value(self, value: Any) -> str:
        """A value: what it is, and how long; itself if values are shown."""
        if self.shows_values and not isinstance(value, (dict, list)):
            return short(value)
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "a boolean"
        if isinstance(value, str):
            return f"a string of {number_of(len(value), 'character')}"
        if isinstance(value, int):
            return "an integer"
        if isinstance(value, float):
            return "a number"
        if isinstance(value, list):
            return f"a list of {number_of(len(value), 'item')}"
        return f"an object with {number_of(len(value), 'member')}"

    def name(self, name: str) -> str:
        """A name, if the contract has it or values are shown; else how long it is."""
        if self.shows_values or name in self.stated:
            return name
        return f"<{number_of(len(name), 'character')}>"

    def way(self, steps: Iterable[str | int]) -> str:
        """The way to a part of a value."""
        text = "".join("[]" if isinstance(step, int) else f".{self.name(step)}" for step in steps)
        return text.removeprefix(".")


def steps_in(value: Any, at: Sequence[str | int]) -> tuple[list[str | int], Any]:
    """The way of the validator through a value, which writes a name like ``200`` as a number, and its end."""
    steps: list[str | int] = []
    for step in at:
        while isinstance(value, dict) and _member(value, step) is None and "" in value:
            value = value[""]  # it leaves out names that are empty
            steps.append("")
        if isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
            steps.append(step)
        elif isinstance(value, dict) and (name := _member(value, step)) is not None:
            value = value[name]
            steps.append(name)
        else:
            break
    return steps, value


def _member(value: dict[str, Any], step: str | int) -> str | None:
    """The name of a member; the validator writes ``007`` as 7."""
    if str(step) in value or isinstance(step, str):
        return str(step) if str(step) in value else None
    wanted = str(step)
    return next((name for name in value if name.isdecimal() and name.lstrip("0") == wanted), None)


def problem_of(error: SchemaError, value: Any, skip: int, speech: Speech, whole: str) -> str:
    """What an error says of a part of a value; ``whole`` is what the value as such is called."""
    steps, part = steps_in(value, error.at[skip:])
    way = speech.way(steps)
    if way == "[]":
        return f"an item {_said(error, part, speech)}"
    said = f"{_said(error, part, speech)}{_among(error)}"
    return f"'{way}' {said}" if way else f"{whole} {said}"


def _among(error: SchemaError) -> str:
    return f" (in the nearest of {error.among} alternatives)" if error.among else ""


def _said(error: SchemaError, part: Any, speech: Speech) -> str:
    keyword, kind = error.keyword, error.kind
    if keyword == "type":
        wanted = " or ".join(_TYPES.get(name, name) for name in sorted(kind.types))
        return f"must be {wanted}, not {speech.value(part)}"
    if keyword == "types":
        return f"must be {error.message}, not {speech.value(part)}"
    if keyword == "required":
        return f"lacks '{kind.property}'"
    if keyword == "choice":
        return f"lacks one of {error.message}"
    if keyword == "enum" and len(kind.options) == 1:
        return f"must be {short(kind.options[0])}, not {speech.value(part)}"
    if keyword == "enum":
        return f"is none of {_listed(kind.options)}, but {speech.value(part)}"
    if keyword == "options":
        return f"is none of {error.message}"
    if keyword == "const":
        return f"must be {short(kind.expected_value)}, not {speech.value(part)}"
    if keyword in _CLOSED or (keyword == "falseSchema" and error.stated in _CLOSED):
        names = list(kind.unexpected) if keyword in _CLOSED else list(part) if isinstance(part, dict) else []
        shown = quoted([speech.name(name) for name in names[:3]])
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return f"has {', '.join(shown)}{more}, which its closed schema does not declare"
    if keyword in _LIMITS:
        words, counted = _LIMITS[keyword]
        limit = number_of(kind.limit, counted) if counted else kind.limit
        return f"must {words} {limit}{_length(part)}"
    return _rarely(error, part, speech)


def _rarely(error: SchemaError, part: Any, speech: Speech) -> str:
    keyword, kind = error.keyword, error.kind
    if keyword == "format":
        return f"must be {with_article(kind.format)}, not {speech.value(part)}"
    if keyword == "pattern":
        return f"must match {short(kind.pattern)}, not be {speech.value(part)}"
    if keyword == "multipleOf":
        return f"must be a multiple of {kind.multiple_of}"
    if keyword == "uniqueItems":
        return "lists something twice"
    if keyword == "oneOf":
        return "fits several alternatives of 'oneOf', which lets in what fits one only"
    if keyword == "anyOf":
        return "fits none of the alternatives"
    if keyword == "falseSchema":
        return "is not allowed"
    return f"breaks '{keyword}'"


def _listed(options: Sequence[Any]) -> str:
    shown = ", ".join(short(option) for option in options[:_MOST_STATED])
    return f"{shown} and {len(options) - _MOST_STATED} more" if len(options) > _MOST_STATED else shown


def _length(part: Any) -> str:
    """How long something is that has a length."""
    if isinstance(part, str):
        return f", and has {number_of(len(part), 'character')}"
    if isinstance(part, list):
        return f", and has {number_of(len(part), 'item')}"
    return f", and has {number_of(len(part), 'member')}" if isinstance(part, dict) else ""
