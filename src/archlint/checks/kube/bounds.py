"""Requests and limits of containers: do their values make sense?"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.finding import Severity
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.quantity import parse_quantity

_WORDS = {"requests": "requests", "limits": "is limited to"}


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
    for section, does in _WORDS.items():
        amount = container.get("resources", section, resource)
        seen = _Seen(container, amount, does)
        if not amount.is_set or is_placeholder(str(amount.value)):
            continue
        quantity = parse_quantity(amount.value)
        if quantity is None:
            yield seen.observation("unreadable", severity=Severity.ERROR)
        elif quantity != 0:
            yield from _judge(quantity, seen, options)


def _judge(quantity: Fraction, seen: _Seen, options: Options) -> Iterator[Observation]:
    least, most = parse_quantity(options["min"]), parse_quantity(options["max"])
    if least is not None and quantity < least:
        yield seen.observation("too-little", bound=options["min"])
    if most is not None and quantity > most:
        yield seen.observation("too-much", bound=options["max"])


class _Seen:
    """A request or limit as it is written."""

    def __init__(self, container: Container, amount: Node, does: str) -> None:
        self.container = container
        self.amount = amount
        self.does = does

    def observation(self, message: str, *, severity: Severity | None = None, bound: str = "") -> Observation:
        """What is wrong with it, at the value."""
        return observe(
            self.amount.place(),
            message,
            container=self.container.name,
            does=self.does,
            amount=self.amount.value,
            bound=bound,
            severity=severity,
        )


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
