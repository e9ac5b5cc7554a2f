"""Calls that network policies cut."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.network import NetworkPolicy, TrafficDirection
from archlint.model.network.cut_calls import CutCall, cut_calls
from archlint.model.network.peers import peer_for
from archlint.model.world import World


@join(NetworkPolicy)
def call_cut_off(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A call of one workload to another that no policy of one of both lets through."""
    for cut in world.fact(cut_calls).get(policy, ()):
        yield _observed(cut)


def _observed(cut: CutCall) -> Observation:
    reference = cut.call.reference
    caller, callee = reference.workload, cut.callees[0]
    first, *rest = cut.culprits
    related = [(item.node.place(), "egress of the caller does not lead there either") for item in rest]
    related += [
        (reference.node.value_place(), "the call"),
        (cut.service.base.get("spec", "ports").place(), "leads there"),
    ]
    is_ingress = first.direction is TrafficDirection.INGRESS
    other = caller if is_ingress else callee
    return observe(
        first.node.place(),
        ("both" if rest else "default") if is_ingress else "egress",
        related=related,
        identity=(caller.name, cut.service.name, str(cut.wanted)),
        caller=f"{caller.kind} '{caller.name}'",
        callee=f"{callee.kind} '{callee.name}'",
        address=reference.address.authority,
        wanted=str(cut.wanted),
        peer=peer_for(other.base, other.pod_labels, first.policy.namespace),
    )
