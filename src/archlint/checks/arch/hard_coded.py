"""Addresses of services that hold in one place only."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.services.hard_coded import HardCodedAddress, HardCoding
from archlint.model.world import World


@join(HardCodedAddress)
def call_to_itself(item: HardCodedAddress, world: World, options: Options) -> Iterator[Observation]:
    """``localhost`` for a Service that is not in the pod."""
    if item.kind is HardCoding.POD:
        yield _told(item, "own-port" if item.is_own_port else "default")


@join(HardCodedAddress)
def call_to_another_environment(
    item: HardCodedAddress, world: World, options: Options
) -> Iterator[Observation]:
    """A Service of another namespace, where the caller's own one has it."""
    if item.kind is HardCoding.ENVIRONMENT:
        yield _told(item, "default")


@join(HardCodedAddress)
def address_as_number(item: HardCodedAddress, world: World, options: Options) -> Iterator[Observation]:
    """An IP address for a Service that has a name."""
    if item.kind is HardCoding.NUMBER:
        yield _told(item, "default")


def _told(item: HardCodedAddress, message: str) -> Observation:
    reference, meant = item.reference, item.meant
    return observe(
        reference.node.value_place(),
        message,
        related=[(meant.node.get("metadata", "name").value_place(), "the Service that is meant")],
        identity=(reference.name,),
        variable=reference.name,
        address=reference.address.authority,
        host=reference.address.host,
        workload=f"{reference.workload.kind} '{reference.workload.name}'",
        service=meant.name,
        namespace=reference.workload.namespace or "",
        right=item.right,
    )
