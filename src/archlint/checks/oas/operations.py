"""Operations by themselves: their id and the errors they document."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.wording import words_of
from archlint.documents.editing import with_first_key
from archlint.model.openapi import Contract, Operation, operations_of
from archlint.model.openapi.templates import is_parameter, is_version, segments


@check(Contract)
def operation_id_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each operation without ``operationId``, with a name that it could have."""
    operations = list(operations_of(contract.path_items))
    taken = {operation.operation_id.text for operation in operations}
    for operation in operations:
        if operation.operation_id.value:
            continue
        name = _invented(operation)
        is_free = name not in taken and not operation.operation_id.exists
        taken.add(name)
        yield observe(
            operation.operation_id.place(),
            object=operation.object,
            operations=[operation.name],
            fix=with_first_key(operation.node, "operationId", name, safe=True) if is_free else None,
            operation=_label(operation),
        )


def _invented(operation: Operation) -> str:
    """A name from method and path: ``GET /v1/carts/{id}`` becomes ``getCartsById``."""
    words = [operation.method.lower()]
    for segment in segments(operation.item.template):
        if is_version(segment):
            continue
        words += ["by"] if is_parameter(segment) else []
        words += words_of(segment)
    return words[0] + "".join(word.capitalize() for word in words[1:])


@check(Contract)
def operation_id_duplicate(contract: Contract, options: Options) -> Iterator[Observation]:
    """Each use of an ``operationId`` after the first; one that is shared by ``$ref`` is one use."""
    first: dict[str, Operation] = {}
    for operation in operations_of((*contract.path_items, *contract.webhooks)):
        name = operation.operation_id.text
        if not name:
            continue
        other = first.setdefault(name, operation)
        if other.operation_id.value_place() != operation.operation_id.value_place():
            yield observe(
                operation.operation_id.value_place(),
                object=operation.object,
                related=[(other.operation_id.value_place(), "first used here")],
                operations=[operation.name, other.name],
                id=name,
                operation=_label(operation),
                other=_label(other),
            )


@check(Operation)
def error_response_missing(operation: Operation, options: Options) -> Iterator[Observation]:
    """An operation whose responses are all successes."""
    statuses = operation.responses
    if statuses and not any(status[:1] in ("4", "5") or status == "default" for status in statuses):
        yield observe(
            operation.node.get("responses").place(),
            operations=[operation.name],
            operation=_label(operation),
            statuses=", ".join(statuses),
        )


def _label(operation: Operation) -> str:
    return f"{operation.method} {operation.item.template}"
