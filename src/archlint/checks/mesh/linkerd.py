"""Calls that policies of Linkerd refuse."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.linkerd.refused_calls import CallRefused
from archlint.model.world import World


@join(CallRefused)
def call_denied_by_server(item: CallRefused, world: World, options: Options) -> Iterator[Observation]:
    """A call of one workload to another that no policy of Linkerd lets in."""
    end = item.arrival
    reference, callee = end.call.reference, end.callees[0]
    yield observe(
        item.node.place(),
        item.cause.value,
        related=[
            (reference.node.value_place(), "the call"),
            (end.service.base.get("spec", "ports").place(), "leads there"),
        ],
        identity=(end.caller.kind, end.caller.name, end.service.name, str(end.wanted)),
        caller=f"{end.caller.kind} '{end.caller.name}'",
        address=reference.address.authority,
        wanted=str(end.wanted),
        callee=f"{callee.kind} '{callee.name}'",
        kind=item.kind,
        name=item.name,
        peer=item.peer.identity,
    )
