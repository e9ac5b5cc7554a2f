"""Pods that may ask the cloud for the credentials of their node."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.net.wording import enumeration, ports_in_words
from archlint.documents import Node
from archlint.documents.editing import with_item, with_setting
from archlint.finding import Fix
from archlint.model.kubernetes import Workload
from archlint.model.network import NetworkPolicy, TrafficDirection
from archlint.model.network.metadata import METADATA_ADDRESSES, metadata_openings
from archlint.model.network.protection import protection
from archlint.model.network.selection import has_foreign_policy
from archlint.model.world import World


@join(NetworkPolicy)
def cloud_metadata_reachable(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A rule for egress that restricts something, and leaves open the address of the cloud's metadata."""
    for opening in metadata_openings(policy):
        if has_foreign_policy(world, policy.namespace):
            return
        hole = f"{opening.address}/{opening.length}"
        ports = ports_in_words(opening.rule)
        if opening.block is None:
            place = opening.rule.node.get("ports").place()
            yield observe(
                place, "everyone", policy=policy.name, ports=ports, address=opening.address, hole=hole
            )
            continue
        excepted = opening.block.get("except")
        listed = [text for item in excepted.elements() if (text := item.text)]
        block = opening.block.get("cidr").text or ""
        yield observe(
            opening.block.get("cidr").value_place(),
            policy=policy.name,
            block=f"{block} (except {enumeration(listed)})" if listed else block,
            ports=ports,
            address=opening.address,
            hole=hole,
            fix=_with_hole(opening.block, hole),
        )


def _with_hole(block: Node, hole: str) -> Fix | None:
    excepted = block.get("except")
    if excepted.is_list and excepted.value:
        return with_item(excepted, hole, safe=False)
    return None if excepted.exists else with_setting(block, ("except",), f'["{hole}"]', safe=False)


@join(Workload)
def cloud_metadata_unguarded(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Pods whose egress no policy restricts, so that they may ask for the metadata of their node."""
    is_open = TrafficDirection.EGRESS in world.fact(protection).open_directions(workload)
    if is_open and not has_foreign_policy(world, workload.namespace):
        yield observe(
            workload.base.node.place(), kind=workload.kind, name=workload.name, address=METADATA_ADDRESSES[4]
        )
