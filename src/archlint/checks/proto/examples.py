"""Examples in rules of protovalidate that the rules beside them refuse."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from archlint.checks import Observation, Options, check, observe
from archlint.comparison.protobuf.value_sets import plain, value_set
from archlint.finding import ObjectRef
from archlint.model.protobuf.rule_laws import shown_value
from archlint.model.protobuf.rule_sets import RuleSet, rule_sets
from archlint.model.protobuf.validation import ValidatedFile
from archlint.model.protobuf.well_known_texts import SIZES, TEXTS


@check(ValidatedFile)
def proto_validation_example(file: ValidatedFile, options: Options) -> Iterator[Observation]:
    """An example that is not valid."""
    enums = {enum.full_name: {value.number for value in enum.values} for enum in file.schema.enums}
    for each in file.fields:
        field = each.field
        for rules in rule_sets(field, each.said):
            if rules.kind != rules.fits:
                continue
            for index, example in enumerate(rules.rules.get("example", ())):
                broken = _broken(rules, example, enums.get(rules.type_name))
                if broken is not None:
                    yield observe(
                        each.place(rules.to_rule("example", index)),
                        object=ObjectRef("field", f"{field.source.descriptor.package}.{field.name}"),
                        identity=(*map(str, field.route[1::2]), *rules.names, shown_value(example)),
                        name=field.name,
                        value=shown_value(example) or "''",
                        rule=rules.shown_rule(broken),
                        said=shown_value(rules.rules[broken]),
                    )


def _broken(rules: RuleSet, example: Any, numbers: set[int] | None) -> str | None:
    """The rule that refuses an example; ``numbers`` are those of its enum, if they are known."""
    for name, said in rules.rules.items():
        if not isinstance(name, str) or name == "example":
            continue
        if name == "defined_only":
            refuses = bool(said) and numbers is not None and example not in numbers
        else:
            refuses = _refuses(rules, name, example)
        if refuses:
            return name
    return None


def _refuses(rules: RuleSet, name: str, example: Any) -> bool:
    said = rules.rules[name]
    if rules.kind == "field_mask":
        return name in ("in", "not_in") and not _is_masked(example, said, is_in=name == "in")
    if isinstance(example, str) and name in TEXTS:
        return bool(said) and not TEXTS[name](example)
    if isinstance(example, bytes) and name in SIZES:
        return bool(said) and len(example) not in SIZES[name]
    if isinstance(example, str) and name.endswith("_bytes"):
        size = len(example.encode())
        return bool({"min_bytes": size < said, "max_bytes": size > said, "len_bytes": size != said}[name])
    if isinstance(said, float) and math.isnan(said):  # which is told by itself
        return False
    bounds: dict[str | int, Any] = {other: each for other, each in rules.rules.items() if other in _BOUNDS}
    return not _takes(rules, bounds if name in _BOUNDS else {name: said}, example)


_BOUNDS = frozenset(("gt", "gte", "lt", "lte"))
"""Rules that mean something else together than each alone."""


def _takes(rules: RuleSet, said: Mapping[str | int, Any], example: Any) -> bool:
    """Whether the values that some rules let through have one; what cannot be asked counts as if they had."""
    import jsonschema_rs

    kind = rules.kind or ""
    schema = value_set(RuleSet({kind: said}, (), (), rules.type, rules.type_name, ""), kind).schema
    try:
        return jsonschema_rs.is_valid(schema, plain(example))
    except ValueError:
        return True


def _is_masked(example: Mapping[str | int, Any], paths: list[str], *, is_in: bool) -> bool:
    """Whether all paths of a mask are in a list, or none is; what lies below one is in it."""
    inside = [any(f"{path}.".startswith(f"{each}.") for each in paths) for path in example.get("paths", ())]
    return all(inside) if is_in else not any(inside)
