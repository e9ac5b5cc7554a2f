"""Whether examples and defaults fit the schemas that they stand by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.instances import Trial, in_words, misfits, place_of_problem, refers
from archlint.checks.oas.wording import operation_of
from archlint.documents import Node
from archlint.finding.regex import regex
from archlint.model.openapi import Contract, Dialect, Role, types_of

_BOTH = frozenset(("readOnly", "writeOnly"))
_DESCRIBING = ("enum", "type", "format", "properties", "items")
_SCHEMA_HOMES = {
    True: frozenset(("definitions", "parameters", "responses")),
    False: frozenset(("schemas", "content", "headers", "parameters")),
}
"""Names on the way to a schema whose examples Spectral looks at; true for 2.0."""
_JSON = regex(r"(?:[^/]+/)?(?:[^/]*[+.-])?json\b", re.IGNORECASE)


@check(Contract)
def example_invalid(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each example that its schema rejects."""
    names = ("example", "x-example") if contract.is_v2 else ("example",)
    schema_trials = [*_of_schemas(contract, names), *_listed(contract)]
    media_trials = list(_of_responses(contract) if contract.is_v2 else _of_media(contract))
    yield from _misfits(contract, schema_trials, "valid-schema-example")
    yield from _misfits(contract, media_trials, "valid-media-example")


@check(Contract)
def default_invalid(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each default that its schema rejects."""
    yield from _misfits(contract, list(_of_schemas(contract, ("default",))), "valid-schema-example")


def _misfits(contract: Contract, trials: list[Trial], alias: str) -> Iterator[Observation]:
    aliases = (f"spectral:oas{2 if contract.is_v2 else 3}-{alias}",)
    judged = [trial for trial in trials if not refers(trial.value.value)]
    dialect = contract.dialect or Dialect.V3_1
    world = contract.references.world
    for trial, problem, others in misfits(world, dialect, judged) if judged else ():
        known = alias == "valid-media-example" or _is_known(trial, contract)
        yield observe(
            place_of_problem(problem),
            operations=operation_of(trial.value),
            aliases=aliases if known else (),
            problem=in_words(trial, problem),
            others="" if not others else f" (and {others} more)",
        )


def _is_known(trial: Trial, contract: Contract) -> bool:
    """Whether Spectral looks at the examples of such a schema."""
    if "$ref" in trial.schema.value or isinstance(trial.value.route[-1], int):
        return False
    return not _SCHEMA_HOMES[contract.is_v2].isdisjoint(trial.schema.route)


def _of_schemas(contract: Contract, names: tuple[str, ...]) -> Iterator[Trial]:
    """Values in the schema itself. It may be used in both directions, so members of either may be missing."""
    for element in contract.elements.all:
        value = element.node.value
        if element.role is Role.NAMES or not any(name in value for name in names):
            continue
        if not _is_schema(element.node, element.role, contract):
            continue
        for name in names:
            if name in value:
                yield Trial(element.node, element.node.get(name), _BOTH)


def _is_schema(node: Node, role: Role, contract: Contract) -> bool:
    if "$ref" in node.value and (contract.dialect or Dialect.V3_0) < Dialect.V3_1:
        return False
    if not any(name in node.value for name in ("$ref", *_DESCRIBING)):
        return False
    if role is Role.SCHEMA or types_of(node.value):
        return True
    homes = _SCHEMA_HOMES[contract.is_v2]
    return role is Role.OTHER and "variables" not in node.route[-2:] and not homes.isdisjoint(node.route)


def _listed(contract: Contract) -> Iterator[Trial]:
    """The ``examples`` of JSON Schema, a list, which schemas have since 3.1."""
    if (contract.dialect or Dialect.V3_0) < Dialect.V3_1:
        return
    for element in contract.elements.all:
        if element.role is Role.SCHEMA and isinstance(element.node.value.get("examples"), list):
            for value in element.node.get("examples").elements():
                yield Trial(element.node, value, _BOTH)


def _of_media(contract: Contract) -> Iterator[Trial]:
    """``example`` and ``examples`` of media types, parameters and headers of 3.x."""
    for element in contract.elements.all:
        node = element.node
        if element.role not in (Role.MEDIA, Role.PARAMETER, Role.HEADER) or "$ref" in node.value:
            continue
        schema = node.get("schema")
        if not isinstance(schema.value, dict):
            continue
        for value in _values(contract, node):
            if not _is_text_of_other_kind(contract, element.role, node, schema, value):
                yield Trial(schema, value, _optional(node))


def _values(contract: Contract, node: Node) -> Iterator[Node]:
    if node.get("example").exists:
        yield node.get("example")
    for _, entry in node.get("examples").items():
        example = contract.references.follow(entry).node
        if example.get("externalValue").exists:
            continue
        for name in ("value", "dataValue"):
            if example.get(name).exists:
                yield example.get(name)


def _is_text_of_other_kind(contract: Contract, role: Role, node: Node, schema: Node, value: Node) -> bool:
    """Whether an example is the text of a media type that is not JSON, such as XML or a form."""
    if role is not Role.MEDIA or value.text is None or _JSON.match(str(node.route[-1])):
        return False
    types = types_of(contract.references.follow(schema).node.value)
    return "/" in str(node.route[-1]) and "string" not in types


def _optional(node: Node) -> frozenset[str]:
    """The marks of members that do not occur in the direction that a media type is for."""
    for part in reversed(node.route):
        if part in ("requestBody", "requestBodies"):
            return frozenset(("readOnly",))
        if part in ("responses", "headers"):
            return frozenset(("writeOnly",))
    return frozenset(("readOnly",)) if "parameters" in node.route else _BOTH


def _of_responses(contract: Contract) -> Iterator[Trial]:
    """``examples`` of responses of 2.0, by media type."""
    for response in contract.elements.of(Role.RESPONSE):
        schema = response.get("schema")
        for name, value in response.get("examples").items() if schema.is_map else ():
            types = types_of(contract.references.follow(schema).node.value)
            if value.text is None or _JSON.match(name) or "string" in types:
                yield Trial(schema, value, frozenset(("writeOnly",)))
