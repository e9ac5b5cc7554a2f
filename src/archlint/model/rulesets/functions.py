"""The core functions of Spectral: what a rule asks of the values that its path chooses.

A function gets a value (``UNDEFINED`` where a field is missing), its options and where it stands, and gives
results. Values of other types than a function is for are passed over, as in Spectral. Messages hold
placeholders, ``#{{print("property")}}``, which ``printed`` fills.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from archlint.finding.regex import regex
from archlint.model.rulesets.collation import stands_after
from archlint.model.rulesets.options import check_options
from archlint.model.rulesets.patterns import Pattern, read_pattern, written_pattern
from archlint.model.rulesets.schemas import judged
from archlint.model.rulesets.values import UNDEFINED, is_true, strictly_equal, text_of, type_of
from archlint.model.rulesets.writing import print_value

__all__ = ["FUNCTIONS", "Function", "FunctionContext", "Result", "check_options"]

_Route = tuple[str | int, ...]


class Result(NamedTuple):
    """Something that a function objects to; without a route it stands at the value itself."""

    message: str
    route: _Route | None = None


@dataclass(frozen=True, slots=True)
class FunctionContext:
    """Where a value stands, and what a function may ask of its document."""

    route: _Route = ()
    formats: Collection[str] = frozenset()
    """The formats of the document, such as ``oas3_0``."""
    references: Callable[[], Collection[str]] = frozenset
    """Pointers of this document that references lead to, decoded: ``#/components/schemas/a/b``."""


Function = Callable[[Any, Any, FunctionContext], list[Result]]


def _alphabetical(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    if not isinstance(target, (dict, list)):
        return []
    items: list[Any] = list(target)
    if len(items) < 2:
        return []
    keyed_by = options.get("keyedBy") if isinstance(options, dict) else None
    if keyed_by is not None:
        if not all(isinstance(item, (dict, list)) for item in items):
            return [Result(f"{_PROPERTY}must be an object")]
        items = [item.get(keyed_by, UNDEFINED) if isinstance(item, dict) else UNDEFINED for item in items]
    if not all(type_of(item) in ("string", "number") for item in items):
        return [Result(f"{_PROPERTY}must be one of the allowed types: number, string")]
    for position, (first, second) in enumerate(pairwise(items)):
        if stands_after(first, second):
            if keyed_by is not None:
                return [Result("properties must follow the alphabetical order")]
            at = position if isinstance(target, list) else first
            message = f"{print_value(first)} must be placed after {print_value(second)}"
            return [Result(message, (*context.route, at))]
    return []


_CASES = {
    "flat": "[a-z][a-z{0}]*",
    "camel": "[a-z][a-z{0}]*(?:[A-Z{0}](?:[a-z{0}]+|$))*",
    "pascal": "[A-Z][a-z{0}]*(?:[A-Z{0}](?:[a-z{0}]+|$))*",
    "kebab": "[a-z][a-z{0}]*(?:-[a-z{0}]+)*",
    "cobol": "[A-Z][A-Z{0}]*(?:-[A-Z{0}]+)*",
    "snake": "[a-z][a-z{0}]*(?:_[a-z{0}]+)*",
    "macro": "[A-Z][A-Z{0}]*(?:_[A-Z{0}]+)*",
}
_SPECIAL = regex(r"[\\^$.*+?()\[\]{}|]")


@lru_cache(1_000)
def _case(name: str, digits: bool, separator: str | None, leading: bool) -> Pattern:
    word = _CASES[name].replace("{0}", "0-9" if digits else "")
    if separator is None:
        return read_pattern(f"^{word}$")
    between = "[" + _SPECIAL.sub(lambda found: f"\\{found[0]}", separator) + "]"
    return read_pattern(f"^{between + '?' if leading else ''}{word}(?:{between}{word})*$")


def _casing(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    if not isinstance(target, str) or not target:
        return []
    separator = options.get("separator")
    leading = separator is not None and separator.get("allowLeading") is True
    if leading and target == separator["char"]:
        return []
    digits = options.get("disallowDigits") is not True
    pattern = _case(options["type"], digits, separator and separator["char"], leading)
    return [] if pattern.is_in(target) else [Result(f"must be {options['type']} case")]


def _defined(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    return [Result(f"{_PROPERTY}must be defined")] if target is UNDEFINED else []


def _undefined(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    return [] if target is UNDEFINED else [Result(f"{_PROPERTY}must be undefined")]


def _truthy(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    return [] if is_true(target) else [Result(f"{_PROPERTY}must be truthy")]


def _falsy(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    return [Result(f"{_PROPERTY}must be falsy")] if is_true(target) else []


def _enumeration(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    if target is UNDEFINED or isinstance(target, (dict, list)):
        return []
    values = options["values"]
    if any(strictly_equal(value, target) for value in values):
        return []
    listed = ", ".join(map(print_value, values))
    return [Result(f"{_VALUE} must be equal to one of the allowed values: {listed}")]


def _length(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    if isinstance(target, str):
        wide = 0 if target.isascii() else sum(character > "\uffff" for character in target)
        length: float = len(target) + wide
    elif isinstance(target, (dict, list)):
        length = len(target)
    elif type_of(target) == "number":
        length = target
    else:
        return []
    found = []
    if "min" in options and length < options["min"]:
        found.append(Result(f"{_PROPERTY}must be longer than {print_value(options['min'])}"))
    if "max" in options and length > options["max"]:
        found.append(Result(f"{_PROPERTY}must be shorter than {print_value(options['max'])}"))
    return found


def _or(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    return _none_of(target, options["properties"]) if isinstance(target, dict) else []


def _xor(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    if not isinstance(target, dict):
        return []
    properties = options["properties"]
    there = [key for key in target if key in properties]
    if len(there) > 1 and len(properties) > 1:
        return [Result(f'Just one of "{_listed(there, "and")}" must be defined')]
    return _none_of(target, properties)


def _none_of(target: Mapping[str, Any], properties: Sequence[str]) -> list[Result]:
    """That none of the properties is there; a long list is not written out."""
    if len(properties) < 2 or any(name in target for name in properties):
        return []
    if len(properties) > 4:
        first = _listed(properties[:3], "or")
        rest = f"{len(properties) - 3} other properties must be defined"
        return [Result(f'At least one of "{first}" or {rest}')]
    return [Result(f'At least one of "{_listed(properties, "or")}" must be defined')]


def _listed(names: Sequence[str], word: str) -> str:
    return f'" {word} "'.join(names)


def _pattern(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    if not isinstance(target, str):
        return []
    found = []
    if "match" in options and not written_pattern(options["match"]).is_in(target):
        found.append(Result(f"{_VALUE} must match the pattern {print_value(options['match'])}"))
    if "notMatch" in options and written_pattern(options["notMatch"]).is_in(target):
        found.append(Result(f"{_VALUE} must not match the pattern {print_value(options['notMatch'])}"))
    return found


def _schema(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    if target is UNDEFINED:
        return [Result(f"{_PROPERTY}must exist", context.route)]
    name = str(context.route[-1]) if context.route else None
    found = judged(target, options["schema"], options.get("dialect"), options.get("allErrors") is True, name)
    return [Result(message, (*context.route, *route)) for route, message in found]


def _typed_enum(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    if not isinstance(target, dict) or not isinstance(values := target.get("enum"), list):
        return []
    stated = target.get("type")
    types = [stated] if isinstance(stated, str) else stated
    if not isinstance(types, list) or not all(isinstance(name, str) for name in types):
        return []
    nullable = (target.get("nullable") is True and "oas3_0" in context.formats) or (
        target.get("x-nullable") is True and "oas2" in context.formats
    )
    types = [*types, "null"] if nullable else types
    written = text_of(types)
    return [
        Result(f'Enum value {print_value(value)} must be "{written}".', (*context.route, "enum", position))
        for position, value in enumerate(values)
        if _data_type(value, "integer" in types) not in types
    ]


def _data_type(value: Any, with_integers: bool) -> str:
    if value is None:
        return "null"
    if isinstance(value, list):
        return "array"
    kind = type_of(value)
    return "integer" if kind == "number" and with_integers and float(value).is_integer() else kind


def _unreferenced(target: Any, options: Any, context: FunctionContext) -> list[Result]:
    if not isinstance(target, dict):
        return []
    location = options["reusableObjectsLocation"]
    used = context.references()
    place = tuple(part.replace("~1", "/").replace("~0", "~") for part in location.split("/")[1:])
    return [
        Result("Potential orphaned reusable object has been detected", (*place, name))
        for name in target
        if f"{location}/{name}" not in used
    ]


_PROPERTY, _VALUE = '#{{print("property")}}', '#{{print("value")}}'
FUNCTIONS: Mapping[str, Function] = {
    "alphabetical": _alphabetical,
    "casing": _casing,
    "defined": _defined,
    "enumeration": _enumeration,
    "falsy": _falsy,
    "length": _length,
    "or": _or,
    "pattern": _pattern,
    "schema": _schema,
    "truthy": _truthy,
    "typedEnum": _typed_enum,
    "undefined": _undefined,
    "unreferencedReusableObject": _unreferenced,
    "xor": _xor,
}
"""The core functions by their names. Options are those that ``check_options`` has no fault with."""
