"""Services and settings of the mesh that those who use them do not see."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.callers import MOST, calls, who_calls
from archlint.checks.mesh.heads import head
from archlint.finding.words import listed, quoted
from archlint.model.istio.unexported import HiddenRoute, HiddenService, HiddenSettings
from archlint.model.istio.visibility import exports_of
from archlint.model.world import World


@join(HiddenService)
def service_not_exported(item: HiddenService, world: World, options: Options) -> Iterator[Observation]:
    """A call of a Service that is not exported to the namespace of the caller."""
    first, exported = item.arrivals[0], exports_of(item.base)
    related = calls(item.arrivals)
    if item.shut is not None:
        related.append((item.shut.value_place(), "refuses what is not seen"))
    yield observe(
        exported.place(),
        "past" if item.shut is None else "refused",
        related=[*related, head(item.base)],
        identity=(first.caller.namespace or "",),
        call=who_calls(item.arrivals),
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
        related=[*calls(item.arrivals), head(item.base)],
        kind=item.kind,
        name=item.name,
        service=first.service.name,
        call=who_calls(item.arrivals),
        spaces=f"namespace{'s' if len(spaces) > 1 else ''} {listed(quoted(spaces), MOST)}",
        lost=listed(quoted(item.lost), MOST),
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
