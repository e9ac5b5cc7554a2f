"""Guidelines for lists: pages, their size, what surrounds the items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.wording import joined, label
from archlint.model.openapi import Contract, Operation, Role
from archlint.model.openapi.lists import ListOperation, plain, success_schema
from archlint.model.openapi.members import kinds_of


def _plain(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(plain, names))


@check(ListOperation)
def list_unpaged(listing: ListOperation, options: Options) -> Iterator[Observation]:
    """Lists that a client cannot ask for in parts, or that do not say where the next part is."""
    operation = listing.operation
    asks = bool(_plain(options["parameters"]) & listing.parameters.keys())
    headers = {name.lower() for response in operation.responses.values() for name, _ in response.headers()}
    tells = bool(_plain(options["next"]) & listing.members.keys()) or "link" in headers
    if not asks:
        yield observe(
            operation.node.get("parameters").place(), operations=[operation.name], operation=label(operation)
        )
    elif not tells:
        yield observe(
            operation.node.get("responses").place(),
            "next",
            operations=[operation.name],
            operation=label(operation),
            names=joined(options["next"], 3),
        )


@check(ListOperation)
def list_paged_by_offset(listing: ListOperation, options: Options) -> Iterator[Observation]:
    """Lists that are paged by counting, and not by a cursor."""
    if _plain(options["cursors"]) & listing.parameters.keys():
        return
    found = next(
        (each for name, each in listing.parameters.items() if name in _plain(options["offsets"])), None
    )
    if found is not None:
        yield observe(
            found.declared.place(),
            object=listing.object,
            operations=[listing.operation.name],
            name=found.name,
            operation=label(listing.operation),
        )


@check(Contract)
def page_size_unbounded(contract: Contract, options: Options) -> Iterator[Observation]:
    """Parameters for the size of a page without a maximum or a default."""
    names = _plain(options["names"])
    for parameter in contract.elements.of(Role.PARAMETER):
        name = parameter.get("name").text or ""
        if parameter.get("in").text != "query" or plain(name) not in names:
            continue
        stated = parameter.get("schema")
        schema = contract.references.follow(stated).node if stated.exists else parameter
        if not kinds_of(contract, schema) & {"integer", "number"}:
            continue
        lacking = [key for key in ("maximum", "default") if not schema.get(key).exists]
        if "maximum" in lacking and (schema.get("enum").exists or schema.get("exclusiveMaximum").exists):
            lacking.remove("maximum")
        if lacking:
            yield observe(
                stated.place() if stated.exists else parameter.place(),
                identity=("parameters", name),
                name=name,
                lacking=" and no ".join(lacking),
            )


@check(Operation)
def response_is_array(operation: Operation, options: Options) -> Iterator[Observation]:
    """Answers that are a bare array, to which nothing can be added later."""
    schema = success_schema(operation)
    if schema is not None and "array" in kinds_of(operation.contract, schema):
        yield observe(schema.place(), operations=[operation.name], operation=label(operation))


@check(ListOperation)
def total_count_returned(listing: ListOperation, options: Options) -> Iterator[Observation]:
    """Lists that promise to count all that there is."""
    for name in options["names"]:
        member = listing.members.get(plain(name))
        if member is not None:
            yield observe(
                member.place(),
                operations=[listing.operation.name],
                name=member.route[-1],
                operation=label(listing.operation),
            )
            return
