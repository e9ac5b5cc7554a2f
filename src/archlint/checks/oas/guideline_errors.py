"""Guidelines for answers: status codes that exist, bodies where they may be, one form of errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from http import HTTPStatus

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.oas.wording import joined, label, operation_of
from archlint.documents import Document, Node
from archlint.finding import OperationName, Route
from archlint.finding.records import dataclass
from archlint.model.openapi import Contract, Operation, never_has_body, operations_of
from archlint.model.openapi.members import members_of
from archlint.model.world import World

_REGISTERED = frozenset({str(status.value) for status in HTTPStatus} | {"104"})
_RANGES = frozenset(("1XX", "2XX", "3XX", "4XX", "5XX"))


@check(Operation)
def status_code_unknown(operation: Operation, options: Options) -> Iterator[Observation]:
    """Responses under a status that nobody registered."""
    for status, _ in operation.node.get("responses").items():
        is_special = status == "default" or status.startswith("x-") or status.upper() in _RANGES
        if not is_special and status not in _REGISTERED and status not in options["allow"]:
            yield observe(
                operation.node.get("responses", status).place(),
                operations=[operation.name],
                status=status,
                operation=label(operation),
            )


@check(Contract)
def body_not_allowed(contract: Contract, options: Options) -> Iterator[Observation]:
    """Responses with a body under a status that never has one."""
    for node, status, operations in _responses(contract):
        carries = node.get("schema" if contract.is_v2 else "content")
        if never_has_body(status) and carries.value:
            yield observe(carries.place(), operations=operations, status=status)


def _responses(contract: Contract) -> Iterator[tuple[Node, str, list[OperationName]]]:
    """Each response once, with its status and the operations that have it."""
    found: dict[tuple[Document, Route, str], tuple[Node, list[OperationName]]] = {}
    for operation in operations_of((*contract.path_items, *contract.webhooks)):
        for status, response in operation.responses.items():
            which = (response.node.document, response.node.route, status)
            found.setdefault(which, (response.node, []))[1].append(operation.name)
    for (_, _, status), (node, operations) in found.items():
        yield node, status, operations


def _is_error(status: str) -> bool:
    return status[:1] in ("4", "5") or status == "default"


@check(Contract)
def error_not_problem(contract: Contract, options: Options) -> Iterator[Observation]:
    """Errors that carry something else than the agreed media type."""
    accepted = frozenset(options["media-types"])
    for node, status, operations in _responses(contract) if not contract.is_v2 else ():
        types = [name for name, _ in node.get("content").items()]
        if _is_error(status) and types and accepted.isdisjoint(types):
            yield observe(
                node.get("content").place(),
                operations=operations,
                status=status,
                types=joined(types, 3),
                wanted=joined(sorted(accepted), 3),
            )


@check(Contract)
def problem_incomplete(contract: Contract, options: Options) -> Iterator[Observation]:
    """Problem details whose schema lacks members of the standard."""
    seen: set[tuple[Document, Route]] = set()
    for node, status, operations in _responses(contract) if not contract.is_v2 else ():
        schema = node.get("content", "application/problem+json", "schema")
        if not _is_error(status) or not schema.is_map:
            continue
        target = contract.references.follow(schema).node
        lacking = [name for name in options["require"] if name not in members_of(contract, schema)]
        if lacking and target.is_map and (target.document, target.route) not in seen:
            seen.add((target.document, target.route))
            yield observe(target.place(), operations=operations, lacking=joined(lacking, 5))


@dataclass
class _Model:
    """The errors of one contract that have the same members."""

    contract: Contract
    members: frozenset[str]
    node: Node
    operations: dict[OperationName, None] = field(default_factory=dict)
    uses: int = 0


def _models(world: World) -> list[_Model]:
    """The forms that errors have, by contract and names of members."""
    found: dict[tuple[Document, frozenset[str]], _Model] = {}
    for contract in world.all(Contract):
        for operation in operations_of(contract.path_items):
            for status, response in operation.responses.items():
                if not _is_error(status) or (status == "default" and len(operation.responses) == 1):
                    continue
                for media, schema in response.body.content.items():
                    members = frozenset(members_of(contract, schema)) if "json" in media.lower() else None
                    if members:
                        home = contract.references.follow(schema).node
                        model = found.setdefault(
                            (contract.document, members), _Model(contract, members, home)
                        )
                        model.operations.setdefault(operation.name)
                        model.uses += 1
    return list(found.values())


@join(Contract)
def error_models_differ(contract: Contract, world: World, options: Options) -> Iterator[Observation]:
    """Each form of errors that is not the one that most contracts of the repository use."""
    models = world.fact(_models)
    spread: Counter[frozenset[str]] = Counter(model.members for model in models)
    uses: Counter[frozenset[str]] = Counter()
    for model in models:
        uses[model.members] += model.uses
    if len(spread) < 2:
        return
    ordered = sorted(models, key=lambda model: (sorted(model.members), model.contract.title or ""))
    usual = max(ordered, key=lambda model: (spread[model.members], uses[model.members]))
    for model in models:
        extends = model.members <= usual.members or model.members >= usual.members
        if model.contract is contract and not extends:
            yield observe(
                model.node.place(),
                identity=("errors", *sorted(model.members)),
                related=[(usual.node.place(), "the usual form of errors")],
                operations=model.operations,
                members=joined(sorted(model.members), 5),
                usual=joined(sorted(usual.members), 5),
                home=usual.contract.title or usual.contract.document.path,
            )


@check(Contract)
def put_differs_from_get(contract: Contract, options: Options) -> Iterator[Observation]:
    """Resources that are written in another form than they are read."""
    for item in contract.path_items:
        operations = {operation.method: operation for operation in operations_of([item])}
        put, get = operations.get("PUT"), operations.get("GET")
        if put is None or get is None or put.request_body is None or "200" not in get.responses:
            continue
        written = next(iter(put.request_body.content.values()), None)
        read = next(iter(get.responses["200"].body.content.values()), None)
        if written is None or read is None or not (written.get("$ref").text and read.get("$ref").text):
            continue
        meant = [contract.references.follow(node).node for node in (written, read)]
        forms = {(node.document.path, node.route) for node in meant}
        if written.get("$ref").text != read.get("$ref").text and len(forms) > 1:
            yield observe(
                written.get("$ref").value_place(),
                object=put.object,
                operations=[put.name, get.name],
                related=[(read.get("$ref").value_place(), "read in this form")],
                written=written.get("$ref").text,
                read=read.get("$ref").text,
                path=item.template,
            )


@check(Operation)
def patch_media_type_vague(operation: Operation, options: Options) -> Iterator[Observation]:
    """PATCH bodies whose media type does not say how they change the resource."""
    body = operation.request_body
    accepted = frozenset(options["media-types"])
    if (
        operation.method != "PATCH"
        or body is None
        or not body.content
        or not accepted.isdisjoint(body.content)
    ):
        return
    content = body.node.get("content")
    yield observe(
        content.place() if content.exists else body.declared.place(),
        operations=[operation.name],
        operation=label(operation),
        types=joined(list(body.content), 3),
        wanted=joined(sorted(accepted), 3),
    )


@check(Contract)
def object_inline(contract: Contract, options: Options) -> Iterator[Observation]:
    """Objects within objects that have no name of their own."""
    for schema in contract.elements.schemas:
        if len(schema.route) > 2 and schema.route[-2] == "properties" and schema.get("properties").value:
            count = len(schema.value["properties"]) if schema.get("properties").is_map else 0
            yield observe(
                schema.place(),
                operations=operation_of(schema),
                name=schema.route[-1],
                count=count,
                noun="member" if count == 1 else "members",
            )
