"""Bounds of what a client may send or get: lengths, counts, ranges, formats, further members."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.matching import finder
from archlint.checks.oas.wording import home_of, operation_of, owasp
from archlint.documents import Node
from archlint.model.openapi import Contract, Dialect, Role, types_of

_LISTED = (Dialect.V3_1, Dialect.V3_2)
"""The versions in which a schema may name several types."""


def _of_type(contract: Contract, name: str) -> Iterator[Node]:
    for schema in contract.elements.schemas:
        stated = schema.value.get("type")
        if stated == name or (contract.dialect in _LISTED and name in types_of(schema.value)):
            yield schema


def _lacks(schema: Node, *keywords: str) -> bool:
    return all(keyword not in schema.value for keyword in keywords)


def _known(contract: Contract, name: str) -> tuple[str, ...]:
    """The alias of a rule about types, which the OWASP rules judge up to version 3.1."""
    return owasp(contract, name, Dialect.V2_0, Dialect.V3_0, Dialect.V3_1)


@check(Contract)
def string_without_limit(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each string whose length has no bound."""
    for schema in _of_type(contract, "string"):
        if _lacks(schema, "maxLength", "enum", "const"):
            yield observe(
                schema.place(),
                operations=operation_of(schema),
                aliases=_known(contract, "api4:2023-string-limit"),
                schema=home_of(schema),
            )


@check(Contract)
def string_unrestricted(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each string that may have any content."""
    for schema in _of_type(contract, "string"):
        if _lacks(schema, "format", "pattern", "enum", "const"):
            yield observe(
                schema.place(),
                operations=operation_of(schema),
                aliases=_known(contract, "api4:2023-string-restricted"),
                schema=home_of(schema),
            )


@check(Contract)
def integer_without_limits(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each integer without a lower or an upper bound; an enum is both."""
    is_old = contract.dialect in (Dialect.V2_0, Dialect.V3_0)
    alias = "api4:2023-integer-limit-legacy" if is_old else "api4:2023-integer-limit"
    known = _known(contract, alias)
    for schema in _of_type(contract, "integer"):
        lacking = []  # before 3.1 the exclusive keywords are booleans that need a bound beside them
        if _lacks(schema, "minimum") and (is_old or _lacks(schema, "exclusiveMinimum")):
            lacking.append("minimum")
        if _lacks(schema, "maximum") and (is_old or _lacks(schema, "exclusiveMaximum")):
            lacking.append("maximum")
        if lacking:
            yield observe(
                schema.place(),
                operations=operation_of(schema),
                aliases=known,
                schema=home_of(schema),
                lacking=" and ".join(lacking),
            )


@check(Contract)
def number_without_format(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each number that does not say how large it may be in memory."""
    for name, alias in (("integer", _known(contract, "api4:2023-integer-format")), ("number", ())):
        formats = "int32 or int64" if name == "integer" else "float or double"
        for schema in _of_type(contract, name):
            if _lacks(schema, "format"):
                yield observe(
                    schema.place(),
                    operations=operation_of(schema),
                    aliases=alias,
                    schema=home_of(schema),
                    type=name,
                    formats=formats,
                )


@check(Contract)
def array_without_limit(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each array that may have any number of items."""
    for schema in _of_type(contract, "array"):
        if _lacks(schema, "maxItems"):
            yield observe(
                schema.place(),
                operations=operation_of(schema),
                aliases=_known(contract, "api4:2023-array-limit"),
                schema=home_of(schema),
            )


@check(Contract)
def object_open(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each object that expressly takes members which it does not name."""
    for schema, keyword, alias in _open_objects(contract):
        yield observe(
            schema.get(keyword).place(),
            operations=operation_of(schema),
            aliases=owasp(contract, f"api3:2023-no-{keyword}") if alias else (),
            schema=home_of(schema),
            keyword=keyword,
        )


@check(Contract)
def object_without_limit(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each object that takes any number of members of a kind."""
    for schema, keyword, alias in _open_objects(contract):
        if isinstance(schema.value[keyword], dict) and _lacks(schema, "maxProperties"):
            yield observe(
                schema.place(),
                operations=operation_of(schema),
                aliases=owasp(contract, f"api3:2023-constrained-{keyword}") if alias else (),
                schema=home_of(schema),
                keyword=keyword,
            )


def _open_objects(contract: Contract) -> Iterator[tuple[Node, str, bool]]:
    """Objects, the keyword that opens them, and whether the OWASP rules look at it in this version."""
    for schema in contract.elements.schemas:
        if schema.value.get("type") != "object":
            continue
        for keyword, dialect in (
            ("additionalProperties", Dialect.V3_0),
            ("unevaluatedProperties", Dialect.V3_1),
        ):
            value = schema.value.get(keyword)
            if value is True or isinstance(value, dict):
                yield schema, keyword, contract.dialect is dialect


@check(Contract)
def id_guessable(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each identifying parameter that is an integer."""
    is_id = finder([options["names"]])
    for parameter in contract.elements.meant(Role.PARAMETER):
        name = parameter.get("name").text
        if name is None or not is_id(name):
            continue
        stated = parameter.get("schema")
        schema = contract.references.follow(stated).node
        if schema.get("type").value != "integer" and parameter.get("type").value != "integer":
            continue
        known = parameter.route[:1] in (("paths",), ("components",)) and stated.exists
        yield observe(
            stated.place() if stated.exists else parameter.get("type").place(),
            operations=operation_of(parameter),
            aliases=None if known else (),
            name=name,
        )


@check(Contract)
def url_parameter_risky(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each parameter by which a client can make the server call or name an address."""
    is_risky = finder([options["names"]])
    for parameter in contract.elements.of(Role.PARAMETER):
        name = parameter.get("name")
        if name.text is not None and is_risky(name.text):
            known = parameter.route[:1] == ("paths",) and "callbacks" not in parameter.route
            yield observe(
                name.value_place(),
                operations=operation_of(parameter),
                aliases=None if known else (),
                name=name.text,
            )
