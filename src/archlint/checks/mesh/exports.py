"""Services and settings of the mesh that those who use them do not see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.finding import Place
from archlint.finding.words import listed, quoted
from archlint.model.istio.arrivals import Arrival
from archlint.model.istio.unexported import HiddenRoute, HiddenService, HiddenSettings
from archlint.model.istio.visibility import exports_of
from archlint.model.world import World

_MOST = 3
"""No more callers than this are named."""


@join(HiddenService)
def service_not_exported(item: HiddenService, world: World, options: Options) -> Iterator[Observation]:
    """A call of a Service that is not exported to the namespace of the caller."""
    first, exported = item.arrivals[0], exports_of(item.base)
    related = _calls(item.arrivals)
    if item.shut is not None:
        related.append((item.shut.value_place(), "refuses what is not seen"))
    yield observe(
        exported.place(),
        "past" if item.shut is None else "refused",
        related=[*related, head(item.base)],
        identity=(first.caller.namespace or "",),
        call=_said(item.arrivals),
        address=first.call.reference.address.authority,
        name=item.name,
        exported=exported.text or "",
        namespace=first.caller.namespace or "",
    )


@join(HiddenSettings)
def mesh_settings_not_exported(item: HiddenSettings, world: World, options: Options) -> Iterator[Observation]:
    """A VirtualService or DestinationRule that callers of its Service do not see."""
    first = item.arrivals[0]
    spaces = dict.fromkeys(end.caller.namespace or "" for end in item.arrivals)
    yield observe(
        exports_of(item.base).place(),
        related=[*_calls(item.arrivals), head(item.base)],
        kind=item.kind,
        name=item.name,
        service=first.service.name,
        call=_said(item.arrivals),
        spaces=f"namespace{'s' if len(spaces) > 1 else ''} {listed(quoted(spaces), _MOST)}",
        lost=listed(quoted(item.lost), _MOST),
    )


@join(HiddenRoute)
def gateway_route_not_exported(item: HiddenRoute, world: World, options: Options) -> Iterator[Observation]:
    """A VirtualService that the pods of its gateway do not see."""
    pods = item.pods
    yield observe(
        exports_of(item.base).place(),
        related=[
            (pods.base.get("metadata", "namespace").place(), "where the pods of the gateway are"),
            head(item.base),
        ],
        name=item.name,
        gateway=item.gateway.name,
        pods=f"{pods.kind} '{pods.name}'",
        namespace=pods.namespace or "",
    )


def _calls(arrivals: Sequence[Arrival]) -> list[tuple[Place, str]]:
    return [(end.call.reference.node.value_place(), "the call") for end in arrivals[:_MOST]]


def _said(arrivals: Sequence[Arrival]) -> str:
    """Who calls, with the verb."""
    callers = [f"{end.caller.kind} '{end.caller.name}'" for end in arrivals]
    return f"{listed(callers, _MOST)} {'calls' if len(callers) == 1 else 'call'}"
