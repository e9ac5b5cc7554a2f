"""Checks the options that a configuration sets for a rule against the schemas in the rule's page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archlint.config.patterns import linear_validator
from archlint.config.validation import Problem, is_simple, problems, unknown_hint
from archlint.documents import Node
from archlint.finding import Rule

_LONGEST = 300  # characters of a message; one of a foreign schema may quote a whole document


def option_problems(rule: Rule, item: Node) -> Iterator[Problem]:
    """What is wrong with the options of one rule, each at its place."""
    for key, value in item.items():
        if key == "severity":
            continue
        schema: Any = rule.options.get(key)
        if key not in rule.options:
            hint = unknown_hint(key, ["severity", *rule.options])
            yield value.place(), f"rule '{rule.name}' has no option '{key}'{hint}"
        elif is_simple(schema):
            yield from problems(value, schema, key)
        else:
            yield from _schema_problems(value, schema, key)


def _schema_problems(node: Node, schema: Any, name: str) -> Iterator[Problem]:
    """For schemas that say more than archlint's own reading of JSON Schema knows; nothing is fetched."""
    try:
        judge = linear_validator(schema)
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        reason = str(error).partition("\n")[0]
        yield (
            node.place(),
            f"option '{name}' cannot be set: the schema in the rule's page is wrong: {_cut(reason)}",
        )
        return
    try:
        for found in judge.iter_errors(node.value):
            yield node.get(*found.instance_path).value_place(), f"'{name}': {_cut(found.message)}"
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        yield node.value_place(), f"'{name}' is no value of JSON: {_cut(str(error))}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
