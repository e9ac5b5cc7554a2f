"""``schema`` of Spectral: values held against JSON Schemas of rulesets, with the words that Spectral has for
it.

jsonschema-rs judges. Spectral's validator (ajv) stops at the first fault unless it is told otherwise, so the
order in which ajv looks at keywords decides which one is told. Of a choice that fails (``anyOf``, ``oneOf``)
the faults of all branches are told, and of faults at one place only those that say more (``_told``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from archlint.finding.regex import regex
from archlint.model.rulesets.matching import PathLimit
from archlint.model.rulesets.pattern_syntax import rewritten
from archlint.model.rulesets.patterns import PatternError, PatternLimit
from archlint.model.rulesets.schema_words import Fault, describe, each_unexpected

__all__ = ["judged"]

_Route = tuple[str | int, ...]
_DIALECTS = {
    "draft4": "Draft4Validator",
    "draft6": "Draft6Validator",
    "draft7": "Draft7Validator",
    "draft2019-09": "Draft201909Validator",
    "draft2020-12": "Draft202012Validator",
}
_DRAFT = regex(
    r"https?+://json-schema\.org/draft(?:-0(?P<old>[467])|/(?P<new>2019-09|2020-12))/(?:hyper-)?+schema#?+\Z"
)
_NOT_THERE = regex(
    r"Resource '(?P<address>[^']*+)' is not present|Pointer '(?P<pointer>[^']*+)' does not exist"
)
_SEGMENT = regex(r"/[\w$-]++(?:/[0-9]++)?+", 256)  # re.ASCII
_ORDER = {
    keyword: position
    for position, keyword in enumerate(
        (
            *("type", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "multipleOf"),
            *("maxLength", "minLength", "pattern", "format", "$ref", "$dynamicRef", "const", "enum"),
            *("not", "anyOf", "oneOf", "allOf", "if", "then", "else", "maxItems", "minItems", "uniqueItems"),
            *("prefixItems", "additionalItems", "items", "contains", "maxProperties", "minProperties"),
            *("required", "dependentRequired", "propertyNames", "additionalProperties", "dependencies"),
            *("dependentSchemas", "properties", "patternProperties"),
        )
    )
}
_OF_TYPE = {
    "string": ("maxLength", "minLength", "pattern", "format"),
    "array": ("maxItems", "minItems", "uniqueItems", "prefixItems", "additionalItems", "items", "contains"),
    "object": (
        *("maxProperties", "minProperties", "required", "dependentRequired", "propertyNames", "properties"),
        *("additionalProperties", "dependencies", "dependentSchemas", "patternProperties"),
    ),
}
"""The keywords of a type, in ajv's order."""
_INTO_MEMBERS = frozenset(
    ("properties", "patternProperties", "additionalProperties", "unevaluatedProperties")
)
_INTO_ITEMS = frozenset(("items", "prefixItems", "additionalItems", "unevaluatedItems"))
_NAMED = frozenset(("properties", "patternProperties", "definitions", "$defs", "dependentSchemas"))
_BACKTRACKS = 200_000
_MOST_COMPILED = 2_000
_MOST_ELEMENTS = 1_000
_LARGEST, _DEEPEST = 100_000, 200
_compiled: dict[tuple[int, str], tuple[Any, Any]] = {}


def judged(
    value: Any, schema: Mapping[str, Any], dialect: str | None, all_errors: bool, name: str | None
) -> list[tuple[_Route, str]]:
    """What the schema objects to: the way below the value, and a message; ``name`` is the key of the value.

    Raises ``PatternLimit`` where a pattern takes too many steps, ``PathLimit`` for values nested too deep and
    for schemas that refer to what is not in them.
    """
    try:
        validator = _validator(schema, dialect)
    except PatternError as error:
        return [((), str(error))]
    except Exception as error:  # the library has no class of its own for references it must not follow
        first = _first_line(error)
        if missing := _NOT_THERE.match(first):
            where = missing["address"] or f"#{missing['pointer']}"
            raise PathLimit(
                f"its schema refers to '{where}', which is not in it, and no schema is fetched"
            ) from error
        if type(error).__module__.startswith("jsonschema_rs") or isinstance(error, ValueError):
            return [((), first)]
        raise
    try:
        faults = (
            [] if validator.is_valid(value) else [Fault.of(error) for error in validator.iter_errors(value)]
        )
    except ValueError as error:  # the engine tells nothing of values that have more than some 250 levels
        raise PathLimit("a value is nested too deep to be held against a schema") from error
    if not faults:
        return []
    if limited := next((fault for fault in faults if fault.is_limit), None):
        raise PatternLimit(limited.message)
    with_items = partial(_with_items, value=value, schema=schema, dialect=dialect)
    faults = [with_items(fault, is_alone=not all_errors) for fault in faults]
    if not all_errors:
        faults = [min(faults, key=lambda fault: _rank(fault, schema))]
    with_branches = list(_with_branches(faults, schema, all_errors))
    told = _told(with_branches)
    choices = {fault.route: fault.keyword for fault in with_branches if fault.is_choice_without_match}
    return [
        (single.route, describe(single, same, schema, value, name=name, choice=choices.get(single.route)))
        for fault, same in told
        for single in each_unexpected(fault, value, all_errors)
    ]


def _with_items(fault: Fault, *, value: Any, schema: Any, dialect: str | None, is_alone: bool) -> Fault:
    """A fault of ``contains`` with what is wrong with each element, as branches.

    ajv tells that within choices, and everywhere if it tells all faults.
    """
    within = partial(_with_items, value=value, schema=schema, dialect=dialect, is_alone=False)
    branches = tuple(tuple(map(within, branch)) for branch in fault.branches)
    if fault.keyword != "contains" or is_alone:
        return replace(fault, branches=branches) if branches else fault
    for part in fault.route:
        value = value[part]
    try:
        for keyword in fault.keywords:
            schema = schema[keyword]
        validator = _validator(schema, dialect)
    except (KeyError, IndexError, TypeError, ValueError):  # behind a reference, which is not followed here
        return fault
    branches = tuple(
        tuple(
            replace(
                inner,
                route=(*fault.route, position, *inner.route),
                keywords=(*fault.keywords, *inner.keywords),
            )
            for inner in map(Fault.of, validator.iter_errors(element))
        )
        for position, element in enumerate(value[:_MOST_ELEMENTS])
    )
    return replace(fault, branches=branches)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _validator(schema: Mapping[str, Any], dialect: str | None) -> Any:
    import jsonschema_rs

    key = id(schema), dialect or "auto"
    kept = _compiled.get(key)
    if kept is not None and kept[0] is schema:
        return kept[1]
    written = schema.get("$schema")
    if dialect in (None, "auto"):
        draft = _DRAFT.match(written) if isinstance(written, str) else None
        dialect = f"draft{draft['old'] or draft['new']}" if draft else "draft7"
    kind = getattr(jsonschema_rs, _DIALECTS.get(dialect or "", "Draft7Validator"))
    options = jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS)
    _measure(schema)
    made = kind(_for_engine(schema), validate_formats=True, offline=True, pattern_options=options)
    if len(_compiled) >= _MOST_COMPILED:
        _compiled.clear()
    _compiled[key] = schema, made
    return made


def _measure(schema: Any) -> None:
    """Refuses a schema that is nested too deep, or too large once parts that aliases repeat are counted."""
    level, left = [schema], _LARGEST
    for _ in range(_DEEPEST):
        level = [
            inner
            for part in level
            if isinstance(part, (dict, list))
            for inner in (part.values() if isinstance(part, dict) else part)
        ]
        left -= len(level)
        if not level:
            return
        if left < 0:
            raise PatternError("the schema is too large")
    raise PatternError("the schema is nested too deep")


def _for_engine(schema: Any) -> Any:
    """The schema with patterns for the engine, ``nullable`` spelled out, and no dialect of its own."""
    if isinstance(schema, list):
        return [_for_engine(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for key, part in schema.items():
        if key in ("enum", "const", "default", "examples", "example"):
            found[key] = part
        elif key == "pattern" and isinstance(part, str):
            found[key] = rewritten(part, "")
        elif key == "patternProperties" and isinstance(part, dict):
            found[key] = {rewritten(name, ""): _for_engine(inner) for name, inner in part.items()}
        elif key in _NAMED and isinstance(part, dict):
            found[key] = {name: _for_engine(inner) for name, inner in part.items()}
        elif key != "$schema":
            found[key] = _for_engine(part)
    if found.get("nullable") is True and isinstance(kind := found.get("type"), (str, list)):
        found["type"] = [*([kind] if isinstance(kind, str) else kind), "null"]
    return found


def _rank(fault: Fault, schema: Any) -> tuple[Any, ...]:
    """Where a fault comes in ajv's order, compared keyword by keyword on the way to it."""
    ranks: list[tuple[float, int]] = []
    route = list(fault.route)
    parts = iter(fault.keywords)
    for part in parts:
        within = schema.get(part) if isinstance(schema, dict) else None
        if isinstance(part, int):
            ranks.append((part, 0))
            schema = schema[part] if isinstance(schema, list) and part < len(schema) else None
            continue
        position = 0
        if part in _INTO_ITEMS and route:
            taken = route.pop(0)
            position = taken if isinstance(taken, int) else 0
        elif part in _INTO_MEMBERS and len(fault.keywords) > len(ranks) + 1 and route:
            route.pop(0)
        ranks.append((_type_order(schema) if part == "type" else _ORDER.get(part, len(_ORDER)), position))
        schema = within
        if part in _NAMED:
            name = next(parts, None)
            names = list(within) if isinstance(within, dict) else []
            ranks.append((names.index(name) if name in names else len(names), 0))
            schema = within.get(name) if isinstance(within, dict) and isinstance(name, str) else None
    return (*ranks, (1 << 30, 0))


def _type_order(schema: Any) -> float:
    """When ajv looks at ``type``: at once, or with the other keywords of the only type."""
    if isinstance(schema, dict) and isinstance(kind := schema.get("type"), str):
        keywords = _OF_TYPE.get(kind, ())
        if any(keyword in schema for keyword in keywords):
            return _ORDER[keywords[0]] - 0.5
    return -1


def _with_branches(faults: Iterable[Fault], schema: Any, all_errors: bool) -> Iterable[Fault]:
    """The faults, with those of the branches of a choice before it: one of each, or all."""
    for fault in faults:
        for branch in fault.branches:
            if branch:
                chosen = branch if all_errors else [min(branch, key=lambda inner: _rank(inner, schema))]
                yield from _with_branches(chosen, schema, all_errors)
        yield fault
        yield from _conditions(fault)


def _conditions(fault: Fault) -> Iterable[Fault]:
    """The conditions around a fault, the nearest first: ajv tells that the value has to match them."""
    taken = 0
    found: list[Fault] = []
    parts = iter(enumerate(fault.keywords))
    for position, part in parts:
        if part in ("then", "else", "propertyNames"):
            keyword = "propertyNames" if part == "propertyNames" else "if"
            details = {"branch": part}
            found.append(Fault(keyword, fault.route[:taken], fault.keywords[:position], details, ""))
        elif part in _INTO_MEMBERS or part in _INTO_ITEMS:
            taken += 1
        if part in _NAMED:
            next(parts, None)
    return reversed(found)


class _Branch:
    """The faults at one place and below it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.below: dict[str, _Branch] = {}


def _told(faults: Sequence[Fault]) -> list[tuple[Fault, list[Fault]]]:
    """The faults that Spectral tells, each with those that it is told with.

    Of a choice without a match the faults in the value's members are told alone, and a value that is none of
    those listed is passed over if something else beside it is wrong.
    """
    root = _Branch()
    for fault in faults:
        pointer = "".join(f"/{_escaped(part)}" for part in fault.route)
        at = root
        segments = [found[0] for found in _SEGMENT.finditer(pointer)] if pointer else [""]
        for segment in segments:
            at = at.below.setdefault(segment, _Branch())
        if segments:
            at.faults.append(fault)
    found: list[tuple[Fault, list[Fault]]] = []
    waiting = [root]
    while waiting:
        branch = waiting.pop()
        for key, below in list(branch.below.items()):
            if below.below and any(fault.keyword == "anyOf" for fault in below.faults):
                below.faults = []
            enumerated = below.faults and all(fault.keyword == "enum" for fault in below.faults)
            if enumerated and len(branch.below) > 1:
                del branch.below[key]
            elif enumerated:
                found.append((below.faults[0], below.faults))
            else:
                found += [(fault, []) for fault in below.faults]
        waiting.extend(reversed(branch.below.values()))
    return found


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
