"""Mutual TLS that is not demanded, or not done."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.finding.words import listed
from archlint.model.istio.answered_tls import strict_peer, unanswered
from archlint.model.istio.mesh_config import root_namespaces
from archlint.model.istio.mutual_tls import TlsSetting
from archlint.model.istio.peer_modes import Level
from archlint.model.istio.plain_calls import PlainCall
from archlint.model.kubernetes.api_server import is_about_webhooks
from archlint.model.world import World

NEEDS = ("istio.io",)

_MOST = 3
"""No more ports than this are named."""


@join(TlsSetting)
def mtls_not_strict(setting: TlsSetting, world: World, options: Options) -> Iterator[Observation]:
    """Peer authentications that accept plain text, and destination rules that send it where it is refused."""
    if setting.is_for_callers:
        yield from _plain_callers(setting, world)
    elif setting.mode.text in ("PERMISSIVE", "DISABLE") and not _is_for_others(setting):
        message = "permissive" if setting.mode.text == "PERMISSIVE" else "disabled"
        yield observe(
            setting.mode.value_place(),
            message,
            aliases=(),
            name=setting.base.name,
            target=_target(setting, world),
        )


def _is_for_others(setting: TlsSetting) -> bool:
    """Whether one port is open for callers that are never in the mesh: the API server, which calls webhooks,
    or a monitoring system, which reads metrics."""
    selector = setting.base.get("spec", "selector")
    is_for_metrics = any(word in setting.base.name for word in ("metrics", "exporter", "monitoring"))
    return setting.port is not None and (is_for_metrics or is_about_webhooks(setting.base, selector))


def _plain_callers(setting: TlsSetting, world: World) -> Iterator[Observation]:
    said = setting.mode.text
    if said not in ("DISABLE", "SIMPLE"):
        return
    peer = strict_peer(setting, world)
    if peer is not None:
        host = setting.base.get("spec", "host").text or ""
        yield observe(
            setting.mode.value_place(),
            "callers" if said == "DISABLE" else "simple",
            related=[(peer.mode.value_place(), "mutual TLS is demanded here")],
            aliases=_aliases(host, peer.base.namespace in world.fact(root_namespaces))
            if said == "DISABLE"
            else (),
            name=setting.base.name,
            host=host,
            peer=peer.base.name,
        )


def _aliases(host: str, is_root: bool) -> list[str]:
    """Kiali looks at destination rules for the whole mesh and for whole namespaces alone."""
    if host == "*.local":
        return ["kiali:KIA0208"] if is_root else []
    return ["kiali:KIA0207"] if host.startswith("*.") and not is_root else []


def _target(setting: TlsSetting, world: World) -> str:
    """What the mode is for, in words."""
    if setting.base.get("spec", "selector", "matchLabels").value:
        pods = "the pods that it selects"
    elif setting.base.namespace in world.fact(root_namespaces):
        pods = "all pods of the mesh"
    elif setting.base.namespace:
        pods = f"the pods of namespace '{setting.base.namespace}'"
    else:
        pods = "the pods of its namespace"
    return f"port {setting.port} of {pods}" if setting.port else pods


@join(TlsSetting)
def mutual_tls_unanswered(setting: TlsSetting, world: World, options: Options) -> Iterator[Observation]:
    """Destination rules by which callers speak mutual TLS to pods that have no proxy, or take plain text
    alone."""
    if not setting.is_for_callers or setting.mode.text != "ISTIO_MUTUAL":
        return
    found = unanswered(setting, world)
    if found is not None:
        peer = found.demand.peer if found.demand is not None else None
        yield observe(
            setting.mode.value_place(),
            "outside" if peer is None else "disabled",
            related=[(found.other_side.place(), "answers plain text alone"), head(setting.base)],
            name=setting.base.name,
            host=setting.base.get("spec", "host").text or "",
            workload=f"{found.workload.kind} '{found.workload.name}'",
            peer="" if peer is None else peer.base.name,
        )


@join(PlainCall)
def plain_call_refused(item: PlainCall, world: World, options: Options) -> Iterator[Observation]:
    """A call from a pod outside of the mesh to one that takes mutual TLS alone."""
    arrival, peer = item.arrival, item.demand.peer
    reference, callee = arrival.call.reference, arrival.callees[0]
    if peer is None:
        return
    mode = peer.mode if peer.mode.exists else peer.base.get("spec")
    yield observe(
        reference.node.value_place(),
        "default" if item.demand.level is Level.PODS else "whole",
        related=[(mode.place(), "mutual TLS is demanded here"), (item.reason.place(), "no sidecar for this")],
        object=reference.object,
        identity=(arrival.caller.name, arrival.service.name, str(arrival.wanted)),
        caller=f"{arrival.caller.kind} '{arrival.caller.name}'",
        address=reference.address.authority,
        callee=f"{callee.kind} '{callee.name}'",
        wanted=str(arrival.wanted),
        port=listed([str(number) for number in sorted(arrival.numbers)], _MOST),
        peer=peer.base.name,
    )
