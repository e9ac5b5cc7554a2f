"""Operations by themselves: their id and the errors they document."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.openapi import Contract, Operation, operations_of


@check(Operation)
def operation_id_missing(operation: Operation, options: Options) -> Iterator[Observation]:
    """An operation without ``operationId``."""
    if not operation.operation_id.value:
        yield observe(
            operation.operation_id.place(), operations=[operation.name], operation=_label(operation)
        )


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
