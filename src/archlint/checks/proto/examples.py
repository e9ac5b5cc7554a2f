"""Examples in rules of protovalidate that the rules beside them refuse."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archlint.checks import Observation, Options, join, observe
from archlint.comparison.protobuf.value_sets import plain, value_set
from archlint.finding import ObjectRef, Route
from archlint.model.protobuf.expressions import ExpressionVerdict
from archlint.model.protobuf.fields import Field
from archlint.model.protobuf.rule_laws import NANOS, TIMES, has_presence, is_countable, shown_value
from archlint.model.protobuf.rule_sets import RuleSet, rule_sets
from archlint.model.protobuf.validation import ValidatedField, ValidatedFile
from archlint.model.protobuf.well_known_texts import HEADERS, SIZES, TEXTS
from archlint.model.world import World

_BOUNDS = frozenset(("gt", "gte", "lt", "lte"))
"""Rules that mean something else together than each alone."""
_LONG_PAST, _FAR_FUTURE = 1_735_689_600 * NANOS, 4_102_444_800 * NANOS
"""When 2025 and 2100 begin: whoever asks does it between them."""

Broken = tuple[str, Any]
"""A rule as one writes it, and what it says."""


@join(ValidatedFile)
def proto_validation_example(file: ValidatedFile, world: World, options: Options) -> Iterator[Observation]:
    """An example that is not valid."""
    compiled = world.fact(_compiled)
    enums = {enum.full_name: {value.number for value in enum.values} for enum in file.schema.enums}
    for each in file.fields:
        verdicts = compiled.get((file.source.path, each.route), ())
        if all(verdict.is_sound for verdict in verdicts):
            yield from _of_field(each, enums, verdicts)


def _compiled(world: World) -> Mapping[tuple[str, Route], Sequence[ExpressionVerdict]]:
    """The verdicts on expressions and patterns of each element."""
    found: dict[tuple[str, Route], list[ExpressionVerdict]] = defaultdict(list)
    for verdict in world.all(ExpressionVerdict):
        found[verdict.source.path, verdict.asked.owner.route].append(verdict)
    return found


def _of_field(
    each: ValidatedField, enums: Mapping[str, set[int]], verdicts: Sequence[ExpressionVerdict]
) -> Iterator[Observation]:
    """The examples of a field; none is asked where validators ask nothing, or fail whatever the value is."""
    field = each.field
    sets = list(rule_sets(field, each.said))
    if sets[0].is_ignored or not all(map(_is_countable, sets)):
        return
    for rules in sets:
        if rules.kind != rules.fits or rules.is_ignored:
            continue
        refused = {index: verdict for verdict in verdicts for index in verdict.refused_in(rules.numbers)}
        if not refused and rules.rules.keys() <= {"example"}:
            continue
        for index, example in enumerate(rules.rules.get("example", ())):
            if not _is_asked(field, rules, example):
                continue
            broken = _broken(field, rules, example, enums.get(rules.type_name))
            if broken is None and index in refused:
                broken = (refused[index].asked.name, refused[index].asked.text)
            if broken is not None:
                yield observe(
                    each.place(rules.to_rule("example", index)),
                    object=ObjectRef("field", f"{field.source.descriptor.package}.{field.name}"),
                    identity=(*map(str, field.route[1::2]), *rules.names, shown_value(example)),
                    name=field.name,
                    value=shown_value(example) or "''",
                    rule=broken[0],
                    said=shown_value(broken[1]),
                )


def _is_countable(rules: RuleSet) -> bool:
    """Whether validators can calculate with all durations or times that values are compared with."""
    compared = [rules.rules[name] for name in ("const", *_BOUNDS) if name in rules.rules]
    compared += [each for name in ("in", "not_in") for each in rules.rules.get(name, ())]
    is_duration = rules.kind == "duration"
    return rules.kind not in TIMES or all(is_countable(each, is_duration=is_duration) for each in compared)


def _is_zero(example: Any) -> bool:
    return not isinstance(example, Mapping) and not example


def _is_asked(field: Field, rules: RuleSet, example: Any) -> bool:
    """Whether validators ask the rules about a value: not about zero where that counts as not set."""
    is_skipped = rules.is_zero_ignored and (rules.part or not has_presence(field))
    return not (is_skipped and not rules.is_message and _is_zero(example))


def _broken(field: Field, rules: RuleSet, example: Any, numbers: set[int] | None) -> Broken | None:
    """The rule that refuses an example; ``numbers`` are those of its enum, if they are known."""
    if rules.said.get("required") and not rules.part and not has_presence(field) and _is_zero(example):
        return rules.shown("required"), True
    for name, said in rules.rules.items():
        if not isinstance(name, str) or name == "example":
            continue
        if name == "defined_only":
            refuses = bool(said) and numbers is not None and example not in numbers
        else:
            refuses = _refuses(rules, name, example)
        if refuses:
            return rules.shown_rule(name), said
    return None


def _refuses(rules: RuleSet, name: str, example: Any) -> bool:
    said = rules.rules[name]
    if rules.kind == "field_mask":
        return _masks(name, said, example)
    if rules.kind in TIMES or isinstance(example, float):
        return _refuses_number(rules, name, example)
    if isinstance(example, str) and name in TEXTS:
        return bool(said) and not TEXTS[name](example)
    if name == "well_known_regex":
        takes = HEADERS.get((said, rules.rules.get("strict") is not False))
        return takes is not None and not takes(example)
    if isinstance(example, bytes) and name in SIZES:
        return bool(said) and len(example) not in SIZES[name]
    if isinstance(example, str) and name.endswith("_bytes"):
        size = len(example.encode())
        return bool({"min_bytes": size < said, "max_bytes": size > said, "len_bytes": size != said}[name])
    bounds: dict[str | int, Any] = {other: each for other, each in rules.rules.items() if other in _BOUNDS}
    return not _takes(rules, bounds if name in _BOUNDS else {name: said}, example)


def _refuses_number(rules: RuleSet, name: str, example: Any) -> bool:
    """Whether a rule refuses a number, duration or time; NaN is equal to nothing, and in no bounds."""
    said, value = rules.rules[name], _counted(example)
    if name in _BOUNDS:
        return not _is_within(rules.rules, value)
    match name:
        case "const":
            return bool(_counted(said) != value)
        case "in":
            return bool(said) and all(_counted(each) != value for each in said)
        case "not_in":
            return any(_counted(each) == value for each in said)
        case "finite":
            return bool(said) and not math.isfinite(value)
        case "gt_now":
            return bool(said) and value < _LONG_PAST
        case "lt_now":
            return bool(said) and value > _FAR_FUTURE
        case "within":
            span = _counted(said)
            return bool(value + span < _LONG_PAST or value - span > _FAR_FUTURE)
    return False


def _counted(value: Any) -> Any:
    """A number that compares: durations and times in nanoseconds."""
    return plain(value) if isinstance(value, Mapping) else value


def _is_within(said: Mapping[str | int, Any], value: Any) -> bool:
    """Whether bounds let a number through; crossed ones mean what is outside of them."""
    low = next((_counted(said[name]) for name in ("gt", "gte") if name in said), None)
    high = next((_counted(said[name]) for name in ("lt", "lte") if name in said), None)
    if math.isnan(value):
        return all(bound is not None and math.isnan(bound) for bound in (low, high))
    is_above = low is None or value > low or ("gte" in said and value == low)
    is_below = high is None or value < high or ("lte" in said and value == high)
    if any(bound is not None and math.isnan(bound) for bound in (low, high)):
        return True
    is_outside = low is not None and high is not None and low > high
    return bool(is_above or is_below if is_outside else is_above and is_below)


def _takes(rules: RuleSet, said: Mapping[str | int, Any], example: Any) -> bool:
    """Whether the values that some rules let through have one; what cannot be asked counts as if they had."""
    import jsonschema_rs

    kind = rules.kind or ""
    schema = value_set(RuleSet({kind: said}, (), (), rules.type, rules.type_name, ""), kind).schema
    try:
        return jsonschema_rs.is_valid(schema, plain(example))
    except ValueError:
        return True


def _masks(name: str, said: Any, example: Mapping[str | int, Any]) -> bool:
    """Whether a rule refuses a mask: that has other paths, one outside of a list, or one in it; what lies
    below a path is in it."""
    paths = example.get("paths", [])
    if name == "const":
        return bool(paths != said.get("paths", []))
    inside = [any(f"{path}.".startswith(f"{each}.") for each in said) for path in paths]
    return (name == "in" and not all(inside)) or (name == "not_in" and any(inside))
