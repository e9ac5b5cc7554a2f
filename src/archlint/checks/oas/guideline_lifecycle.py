"""Guidelines for how requests can be repeated and how APIs age: idempotency, versions, deprecation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.oas.wording import joined, label, operation_of, words_of
from archlint.documents import Node
from archlint.finding import OperationName
from archlint.finding.regex import regex
from archlint.model.openapi import Contract, Operation, PathItem, operations_of
from archlint.model.openapi.members import members_of
from archlint.model.openapi.templates import is_parameter, segments
from archlint.model.world import World

_SEMANTIC = regex(
    r"(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?\Z"
)
_SUNSET_KEYS = ("x-sunset", "sunset")


def _header_names(operation: Operation) -> set[str]:
    """The headers that a request may have, in lower case."""
    return {each.name.lower() for each in operation.parameters if each.location == "header"}


@check(Contract)
def idempotency_key_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """Creating POSTs that cannot be repeated safely."""
    accepted = {name.lower() for name in options["headers"]}
    fields = frozenset(options["fields"])
    collections = _collections(contract.path_items)
    for operation in operations_of(contract.path_items):
        if operation.method != "POST" or not _creates(operation, collections):
            continue
        names = {each.name for each in operation.parameters} | _body_members(operation)
        if accepted.isdisjoint(_header_names(operation)) and fields.isdisjoint(names):
            yield observe(
                operation.node.get("parameters").place(),
                object=operation.object,
                operations=[operation.name],
                operation=label(operation),
                headers=joined(options["headers"], 2),
            )


def _collections(items: Iterable[PathItem]) -> frozenset[tuple[str, ...]]:
    """The paths that have a parameter right behind them, so that they name a collection."""
    parts = (segments(item.template) for item in items)
    return frozenset(tuple(each[:-1]) for each in parts if each and is_parameter(each[-1]))


def _creates(operation: Operation, collections: frozenset[tuple[str, ...]]) -> bool:
    return "201" in operation.responses or tuple(segments(operation.item.template)) in collections


def _body_members(operation: Operation) -> set[str]:
    body = operation.request_body
    schemas = body.content.values() if body is not None else ()
    return {name for schema in schemas for name in members_of(operation.contract, schema)}


@check(Contract)
def lost_update_possible(contract: Contract, options: Options) -> Iterator[Observation]:
    """Resources that two clients can change at once without noticing."""
    for item in contract.path_items:
        operations = {operation.method: operation for operation in operations_of([item])}
        get = operations.get("GET")
        for method in ("PUT", "PATCH"):
            change = operations.get(method)
            if change is None or get is None:
                continue
            tells = any(
                name.lower() == "etag"
                for response in get.responses.values()
                for name, _ in response.headers()
            )
            if not ({"if-match", "if-unmodified-since"} & _header_names(change) and tells):
                yield observe(
                    change.node.place(),
                    object=change.object,
                    operations=[change.name],
                    operation=label(change),
                    path=item.template,
                )


@check(Operation)
def accepted_without_status(operation: Operation, options: Options) -> Iterator[Observation]:
    """A 202 that does not say where to learn how it ends."""
    response = operation.responses.get("202")
    reads_itself = operation.method != "POST" and operation.item.get("get").exists
    if response is None or reads_itself:
        return
    names = {name.lower() for name, _ in response.headers()}
    if not names & {name.lower() for name in options["headers"]} and not response.body.content:
        yield observe(
            response.node.place(),
            operations=[operation.name],
            operation=label(operation),
            headers=joined(options["headers"], 3),
        )


@check(Operation)
def deprecation_unannounced(operation: Operation, options: Options) -> Iterator[Observation]:
    """Deprecated operations that do not tell callers when they will be gone."""
    if operation.node.get("deprecated").value is not True:
        return
    headers = {name.lower() for response in operation.responses.values() for name, _ in response.headers()}
    lacking = [name for name in options["headers"] if name.lower() not in headers]
    if not any(operation.node.get(key).is_set for key in _SUNSET_KEYS):
        lacking.insert(0, "x-sunset")
    if lacking:
        yield observe(
            operation.node.get("deprecated").place(),
            operations=[operation.name],
            operation=label(operation),
            lacking=joined(lacking, 3),
        )


@join(Operation)
def sunset_passed(operation: Operation, world: World, options: Options) -> Iterator[Observation]:
    """Operations that are still offered after the day on which they were to end."""
    stated = next((operation.node.get(key) for key in _SUNSET_KEYS if operation.node.get(key).is_set), None)
    if stated is None:
        return
    try:
        day = date.fromisoformat(str(stated.value)[:10])
    except ValueError:
        yield observe(stated.value_place(), "unreadable", operations=[operation.name], date=stated.value)
        return
    today = date.fromisoformat(options["today"]) if options.get("today") else date.today()
    if day < today:
        yield observe(
            stated.value_place(),
            operations=[operation.name],
            operation=label(operation),
            date=day.isoformat(),
        )


@check(Contract)
def version_not_semantic(contract: Contract, options: Options) -> Iterator[Observation]:
    """A version of the contract that does not say how it compares with others."""
    version = contract.root.get("info", "version")
    if version.is_set and not _SEMANTIC.match(str(version.value)):
        yield observe(version.value_place(), version=version.value)


def _spellings(world: World) -> dict[tuple[str, str], dict[str, list[tuple[Contract, Node]]]]:
    """By location and words: the names that parameters have, and where they are defined."""
    found: dict[tuple[str, str], dict[str, list[tuple[Contract, Node]]]] = {}
    for contract in world.all(Contract):
        seen: set[tuple[str, str, object]] = set()
        for operation in operations_of(contract.path_items):
            for each in operation.parameters:
                name = each.name.lower() if each.location == "header" else each.name
                words = "".join(words_of(name))
                which = (each.location, name, each.node.route)
                if words and which not in seen:
                    seen.add(which)
                    places = found.setdefault((each.location, words), {}).setdefault(name, [])
                    places.append((contract, each.node))
    return {words: names for words, names in found.items() if len(names) > 1}


@join(Contract)
def parameter_name_varies(contract: Contract, world: World, options: Options) -> Iterator[Observation]:
    """Parameters that are spelled otherwise than most of the repository spells them."""
    for (location, _), names in world.fact(_spellings).items():
        counts = Counter({name: len(places) for name, places in names.items()})
        usual = max(sorted(counts), key=lambda name: counts[name])
        for name, places in names.items():
            own = [node for home, node in places if home is contract]
            if name == usual or not own:
                continue
            operations: dict[OperationName, None] = {}
            for node in own:
                operations.update(dict.fromkeys(operation_of(node)))
            yield observe(
                own[0].get("name").value_place(),
                identity=("parameters", location, name),
                related=[(names[usual][0][1].get("name").value_place(), "spelled otherwise here")],
                operations=operations,
                name=name,
                usual=usual,
                location=location,
                count=counts[usual],
            )
