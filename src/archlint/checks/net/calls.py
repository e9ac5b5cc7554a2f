"""Calls that network policies cut."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.net.wording import enumeration
from archlint.model.network import NetworkPolicy, TrafficDirection
from archlint.model.network.cut_calls import CutCall, cut_calls
from archlint.model.network.peers import peer_for
from archlint.model.world import World

_MOST_CALLS = 5
"""No more calls than this are shown."""


@join(NetworkPolicy)
def call_cut_off(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A call of one workload to another that no policy of one of both lets through."""
    for cut in world.fact(cut_calls).get(policy, ()):
        yield _observed(cut)


def _observed(cut: CutCall) -> Observation:
    callers, callee = [call.reference.workload for call in cut.calls], cut.callees[0]
    first, *rest = cut.culprits
    related = [(item.node.place(), "egress of the caller does not lead there either") for item in rest]
    related += [(call.reference.node.value_place(), "the call") for call in cut.calls[:_MOST_CALLS]]
    related.append((cut.service.base.get("spec", "ports").place(), "leads there"))
    is_ingress = first.direction is TrafficDirection.INGRESS
    other = callers[0] if is_ingress else callee
    message = ("both" if rest else "default") if is_ingress else "egress"
    place = first.node.place()
    return observe(
        place,
        message if len(callers) == 1 else f"{message}-of-several",
        related=related,
        identity=(*place.source.names(place.route), cut.service.name, str(cut.wanted)),
        caller=f"{callers[0].kind} '{callers[0].name}'",
        callers=enumeration([f"'{caller.name}'" for caller in callers]),
        callee=f"{callee.kind} '{callee.name}'",
        address=cut.calls[0].reference.address.authority,
        wanted=str(cut.wanted),
        peer=peer_for(other.base, other.pod_labels, first.policy.namespace),
    )
