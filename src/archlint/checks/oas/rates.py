"""Rate limits as contracts state them: documented at all, and within sensible bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.finding.regex import regex
from archlint.model.openapi import Contract, Operation, operations_of
from archlint.model.openapi.rates import RateLimit, is_rate_extension
from archlint.model.openapi.templates import is_plumbing, nearly_all

_HEADER = regex(r"(?:x-)?(?:.+-)?rate-?limit(?:-.*)?", re.IGNORECASE)
_HOUR = 60.0


@check(Contract)
def rate_limit_undocumented(contract: Contract, options: Options) -> Iterator[Observation]:
    """Operations without 429, rate-limit headers or extension; one finding if no operation has any."""
    exempt = frozenset(options["exempt"])
    operations = [
        operation
        for operation in operations_of(contract.path_items)
        if operation.responses and not is_plumbing(operation.item.template, exempt)
    ]
    if any(map(is_rate_extension, contract.root.value)):
        return
    silent = [operation for operation in operations if not _documents_rates(operation)]
    if len(silent) > 1 and nearly_all(len(silent), len(operations)):
        yield observe(
            contract.root.get("paths").place(),
            "contract",
            operations=[operation.name for operation in silent],
            count=len(silent),
            total=len(operations),
        )
        return
    for operation in silent:
        yield observe(
            operation.node.get("responses").place(),
            object=operation.object,
            operations=[operation.name],
            operation=f"{operation.method} {operation.item.template}",
        )


def _documents_rates(operation: Operation) -> bool:
    if "429" in operation.responses or any(
        map(is_rate_extension, (*operation.node.value, *_keys(operation)))
    ):
        return True
    return any(
        _HEADER.fullmatch(name) for response in operation.responses.values() for name, _ in response.headers()
    )


def _keys(operation: Operation) -> tuple[str, ...]:
    return tuple(key for layer in operation.item.layers for key, _ in layer.items())


@check(RateLimit)
def rate_limit_out_of_range(limit: RateLimit, options: Options) -> Iterator[Observation]:
    """A limit that lets nearly nothing or nearly everything through, counted by the minute."""
    low, high = options["min"], options["max"]
    rate = limit.requests / limit.minutes
    if limit.minutes > _HOUR:  # a quota: what comes in a minute says nothing about its lower bound
        is_low = limit.requests < low
    else:
        is_low = rate < low
    if is_low or rate > high:
        yield observe(
            limit.node.value_place(),
            "low" if is_low else "high",
            rate=_number(rate),
            limit=_number(limit.requests),
            window=limit.window,
            min=low,
            max=high,
        )


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.3g}"
