"""What the resources of application hosts (.NET Aspire) are told of each other."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.model.services.addresses import Address
from archlint.model.sources.aspire import hosted_resources
from archlint.model.system.evidence import Mention
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World


def mentions(world: World) -> Iterator[Mention]:
    """Every resource that another one is told of."""
    resources = world.fact(hosted_resources)
    if not resources:
        return
    known: Parties = world.fact(parties)
    homes = {id(item): party for party in known.all for item in party.hosted}
    named = {(item.host, item.name): homes[id(item)] for item in reversed(resources)}
    for resource in resources:
        for handed in resource.handed:
            callee = named[resource.host, handed.name]
            yield Mention(resource, _address(callee), handed.place, handed.text, callee=callee)


def _address(callee: Party) -> Address:
    is_web = callee.store_protocol is None
    return Address(callee.name.lower(), scheme="http" if is_web else "")
