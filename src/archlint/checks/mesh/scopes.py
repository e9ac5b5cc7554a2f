"""Calls to what the proxy of the caller does not know."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.callers import calls, who_calls
from archlint.checks.mesh.heads import head
from archlint.finding import Severity
from archlint.model.istio.hosts import CLUSTER_SUFFIX
from archlint.model.istio.unseen_calls import BlockedCall, UnseenCall
from archlint.model.world import World


@join(UnseenCall)
def callee_not_imported(item: UnseenCall, world: World, options: Options) -> Iterator[Observation]:
    """A call to a Service that the Sidecar of the caller does not import."""
    first = item.arrivals[0]
    service = first.service.base
    related = calls(item.arrivals)
    related.append((service.get("metadata", "name").value_place(), "what is called"))
    if item.shut is not None:
        related.append((item.shut.value_place(), "refuses what is not imported"))
    yield observe(
        item.imports.place(),
        "past" if item.shut is None else "refused",
        related=[*related, head(item.base)],
        severity=None if item.shut is not None else Severity.WARNING,
        identity=(service.namespace or "", service.name),
        call=who_calls(item.arrivals),
        address=first.call.reference.address.authority,
        sidecar=item.name,
        host=f"{service.namespace}/{service.name}.{service.namespace}{CLUSTER_SUFFIX}",
    )


@join(BlockedCall)
def external_call_blocked(item: BlockedCall, world: World, options: Options) -> Iterator[Observation]:
    """A call to a host that no ServiceEntry has, where the mesh lets out to no others."""
    related = [(item.shut.value_place(), "refuses what the mesh does not know")]
    if item.entry is not None:
        related.append((item.entry.base.get("spec", "ports").place(), "has the host, and not the port"))
    yield observe(
        item.place,
        "default" if item.entry is None else "port",
        related=related,
        object=item.reference.object,
        identity=(item.name, item.reference.address.authority),
        caller=f"{item.kind} '{item.name}'",
        host=item.reference.address.host,
        port=item.reference.port or "",
        entry="" if item.entry is None else item.entry.name,
    )
