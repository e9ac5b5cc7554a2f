"""Ways in from outside, and from the API server, that network policies cut."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.network import NetworkPolicy
from archlint.model.network.balancers import balancer_of
from archlint.model.network.cut_entrances import cut_entrances
from archlint.model.network.cut_entries import CutEntry, cut_from_api_server, cut_from_outside
from archlint.model.world import World


@join(NetworkPolicy)
def entrance_cut_off(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """An Ingress or a route to pods that let none of what serves it in."""
    for cut in world.fact(cut_entrances).get(policy, ()):
        balancer = balancer_of(cut.by, world)
        yield observe(
            cut.culprit.node.place(),
            "default" if balancer is None else "balancer",
            related=[(cut.node.value_place(), "leads there")],
            identity=(cut.by.kind, cut.by.name, cut.service.name, str(cut.wanted)),
            entrance=f"{cut.by.kind} '{cut.by.name}'",
            service=cut.service.name,
            wanted=str(cut.wanted),
            callee=_pods(cut),
            balancer=balancer or "",
        )


@join(NetworkPolicy)
def external_service_cut_off(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A Service for clients outside of the cluster whose pods let no address in."""
    for cut in world.fact(cut_from_outside).get(policy, ()):
        yield observe(
            cut.culprit.node.place(),
            related=[(cut.node.value_place(), "open to the outside")],
            identity=(cut.service.name, str(cut.wanted)),
            service=cut.service.name,
            type=cut.node.text or "",
            wanted=str(cut.wanted),
            callee=_pods(cut),
        )


@join(NetworkPolicy)
def webhook_cut_off(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A webhook or an aggregated API whose pods let no address in, so not the API server either."""
    for cut in world.fact(cut_from_api_server).get(policy, ()):
        yield observe(
            cut.culprit.node.place(),
            related=[(cut.node.value_place(), "calls the Service")],
            identity=(cut.by.kind, cut.by.name, cut.service.name),
            caller=f"{cut.by.kind} '{cut.by.name}'",
            service=cut.service.name,
            wanted=str(cut.wanted),
            callee=_pods(cut),
        )


def _pods(cut: CutEntry) -> str:
    first, *rest = cut.callees
    return f"{first.kind} '{first.name}'" + (f" and {len(rest)} more" if rest else "")
