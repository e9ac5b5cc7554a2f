"""Requests and limits of containers: do their values make sense?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.quantity import parse_quantity

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
        if amount.route[-1] != resource or not quantity:
            continue
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


@check(Container)
def quantity_invalid(container: Container, options: Options) -> Iterator[Observation]:
    """A request or limit that is no quantity."""
    for _, amount in _amounts(container):
        if parse_quantity(amount.value) is None and not is_placeholder(str(amount.value)):
            yield observe(
                amount.place(),
                container=container.name,
                amount=amount.value,
                resource=amount.route[-1],
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
