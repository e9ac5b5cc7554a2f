"""Services without contracts, and contracts without services."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.services.uncontracted import ContractOfNobody, UndescribedService
from archlint.model.world import World


@join(UndescribedService)
def service_without_contract(
    item: UndescribedService, world: World, options: Options
) -> Iterator[Observation]:
    """A service whose API nothing describes, among others that have contracts."""
    yield observe(
        item.port.value_place(),
        identity=(item.service.name,),
        service=item.service.name,
        protocol=item.port.text,
        described=item.described,
    )


@join(ContractOfNobody)
def contract_without_service(item: ContractOfNobody, world: World, options: Options) -> Iterator[Observation]:
    """A contract that bears the name of no service, among others that do."""
    node = item.contract.root.get("info", "title")
    yield observe(node.value_place(), title=item.contract.title, described=item.described)
