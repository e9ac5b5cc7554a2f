"""Requests and limits of containers: do their values make sense?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.amounts import Amount, parse_quantity
from archlint.model.kubernetes.images import is_placeholder

_MEBIBYTE = 1024 * 1024
_BARE = frozenset("0123456789.num")
"""The last characters of amounts without a suffix, or with one that makes them smaller."""
_DOES = {"requests": "requests", "limits": "is limited to"}


@check(Container)
def memory_out_of_range(container: Container, options: Options) -> Iterator[Observation]:
    """A request or limit of memory outside of the bounds."""
    yield from _out_of_range(container, "memory", options)


@check(Container)
def cpu_out_of_range(container: Container, options: Options) -> Iterator[Observation]:
    """A request or limit of CPU outside of the bounds."""
    yield from _out_of_range(container, "cpu", options)


def _out_of_range(container: Container, resource: str, options: Options) -> Iterator[Observation]:
    if not container.is_lasting:
        return
    least, most = parse_quantity(options["min"]), parse_quantity(options["max"])
    for section, amount in _amounts(container):
        quantity = parse_quantity(amount.value)
        if amount.route[-1] != resource or not quantity or quantity < 0:
            continue
        if resource == "memory" and _bytes_slip(amount.value):
            continue  # a finding of few-bytes
        is_little = least is not None and quantity < least
        if is_little or (most is not None and quantity > most):
            yield observe(
                amount.place(),
                "too-little" if is_little else "too-much",
                container=container.name,
                does=_DOES[section],
                amount=amount.value,
                bound=options["min" if is_little else "max"],
            )


def _amounts(container: Container) -> Iterator[tuple[str, Node]]:
    """Every request and limit that is set, with the section it stands in."""
    for section in _DOES:
        for _, amount in container.get("resources", section).items():
            if amount.is_set:
                yield section, amount


@check(Amount)
def quantity_invalid(amount: Amount, options: Options) -> Iterator[Observation]:
    """An amount that is no quantity, or less than nothing."""
    quantity = parse_quantity(amount.node.value)
    if (quantity is None or quantity < 0) and not is_placeholder(str(amount.node.value)):
        yield observe(
            amount.node.place(),
            "default" if quantity is None else "negative",
            where=amount.where,
            amount=amount.node.value,
            resource=amount.resource,
        )


@check(Amount)
def few_bytes(amount: Amount, options: Options) -> Iterator[Observation]:
    """An amount of memory or storage in thousandths of a byte, or in bytes, where millions were meant."""
    slip = _bytes_slip(amount.node.value) if amount.counts_bytes else None
    if slip is not None:
        yield observe(
            amount.node.place(),
            "thousandths" if slip.in_thousandths else "default",
            where=amount.where,
            amount=amount.node.value,
            resource=amount.resource,
            bytes=slip.bytes,
            better=slip.better,
        )


@dataclass(frozen=True, slots=True)
class _Slip:
    """What a few bytes mean, and what was meant."""

    bytes: str
    better: str
    in_thousandths: bool


def _bytes_slip(value: object) -> _Slip | None:
    """What an amount without a suffix, or with one for parts, means, if it is less than a mebibyte.

    Kubernetes itself writes large amounts that way (0.8Gi becomes 858993459200m), so those are no slips.
    """
    quantity, text = parse_quantity(value), str(value)
    if quantity is None or not 0 < quantity < _MEBIBYTE or text[-1] not in _BARE:
        return None
    number = text.rstrip("num")
    words = f"{float(quantity):.6g}"
    better = "512Mi" if "e" in number.lower() else f"{number}Mi"
    return _Slip(f"{words} byte{'' if quantity == 1 else 's'}", better, text != number)


@check(Container)
def request_exceeds_limit(container: Container, options: Options) -> Iterator[Observation]:
    """A container that asks for more than it may use."""
    resources = container.get("resources")
    for name, request in resources.get("requests").items():
        limit = resources.get("limits", name)
        wanted, most = parse_quantity(request.value), parse_quantity(limit.value)
        if wanted is not None and most is not None and wanted > most:
            yield observe(
                request.place(),
                related=[(limit.place(), "the limit")],
                container=container.name,
                resource=name,
                request=request.value,
                limit=limit.value,
            )
