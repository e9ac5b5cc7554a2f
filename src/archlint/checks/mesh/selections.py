"""Objects of the mesh that are for the same workloads as another one, or for none."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.mesh.heads import head
from archlint.finding.words import listed, quoted
from archlint.model.istio.ambient import is_ambient
from archlint.model.istio.selection import (
    MeshSelection,
    Overlap,
    Overlaps,
    sidecar_overlaps,
    telemetry_overlaps,
)
from archlint.model.istio.unmatched import matches_nothing_known
from archlint.model.world import World

NEEDS = ("istio.io",)

GATEWAY_LABEL = "gateway.networking.k8s.io/gateway-name"
"""The label of the pods of a gateway of the Gateway API."""
_BY_TARGET = frozenset({"AuthorizationPolicy", "RequestAuthentication", "Telemetry", "WasmPlugin"})
_KNOWN_TO_KIALI = frozenset(
    {"AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication", "Sidecar", "Telemetry"}
)
_UNKNOWN_TO_ISTIOCTL = frozenset({"PeerAuthentication", "RequestAuthentication", "EnvoyFilter", "WasmPlugin"})


@join(MeshSelection)
def sidecar_conflict(item: MeshSelection, world: World, options: Options) -> Iterator[Observation]:
    """Two Sidecars for the same workloads."""
    if item.kind == "Sidecar":
        yield from _conflict(
            item,
            world.fact(sidecar_overlaps),
            ["istio:IST0111", "kiali:KIA0002"],
            ["istio:IST0110", "kiali:KIA0003"],
        )


@join(MeshSelection)
def telemetry_conflict(item: MeshSelection, world: World, options: Options) -> Iterator[Observation]:
    """Two Telemetries for the same workloads."""
    if item.kind == "Telemetry":
        yield from _conflict(item, world.fact(telemetry_overlaps), ["istio:IST0160"], ["istio:IST0159"])


def _conflict(
    item: MeshSelection, overlaps: Overlaps, whole: list[str], single: list[str]
) -> Iterator[Observation]:
    overlap = overlaps.get(id(item.base))
    if overlap is None:
        return
    related = [(overlap.other.base.get("metadata", "name").value_place(), "the other one")]
    if overlap.workload is not None:
        related.append((overlap.workload.base.get("metadata", "name").value_place(), "for both of them"))
    is_whole = overlap.kind is Overlap.WHOLE
    place = item.base.get("metadata", "name").value_place() if is_whole else item.node.place()
    yield observe(
        place,
        overlap.kind.value,
        related=[*related, head(item.base)],
        identity=("selection",),
        aliases=whole if is_whole else single,
        name=item.name,
        other=overlap.other.name,
        where=f" of namespace '{item.namespace}'" if item.namespace else " of the namespace",
        workload=f"{overlap.workload.kind} '{overlap.workload.name}'" if overlap.workload else "",
    )


@join(MeshSelection)
def mesh_selector_matches_nothing(
    item: MeshSelection, world: World, options: Options
) -> Iterator[Observation]:
    """Labels that no workload of the repository has, though others have the same keys."""
    if matches_nothing_known(item, world):
        yield observe(
            item.node.place(),
            related=[head(item.base)],
            aliases=_aliases(item),
            kind=item.kind,
            name=item.name,
            labels=listed(quoted(f"{key}: {value}" for key, value in item.labels.items()), 4),
            where=""
            if item.is_for_mesh(world) or not item.namespace
            else f" in namespace '{item.namespace}'",
        )


def _aliases(item: MeshSelection) -> list[str]:
    """How others call it; istioctl does not look at some kinds."""
    of_kiali = ["kiali:KIA0004"] if item.kind in _KNOWN_TO_KIALI else []
    if item.kind in _UNKNOWN_TO_ISTIOCTL:
        return of_kiali
    return [*of_kiali, "istio:IST0127" if item.kind == "AuthorizationPolicy" else "istio:IST0101"]


@join(MeshSelection)
def sidecar_in_ambient(item: MeshSelection, world: World, options: Options) -> Iterator[Observation]:
    """A Sidecar in a namespace without sidecars."""
    if item.kind == "Sidecar" and item.namespace and is_ambient(item.namespace, world):
        yield observe(
            item.base.get("kind").value_place(),
            related=[head(item.base)],
            name=item.name,
            namespace=item.namespace,
        )


@check(MeshSelection)
def gateway_selected_by_label(item: MeshSelection, options: Options) -> Iterator[Observation]:
    """A policy that selects the pods of a gateway of the Gateway API, which has to be named."""
    if item.kind in _BY_TARGET and GATEWAY_LABEL in item.labels and not item.is_targeted:
        yield observe(
            item.node.get(GATEWAY_LABEL).place(),
            related=[head(item.base)],
            kind=item.kind,
            name=item.name,
            gateway=item.labels[GATEWAY_LABEL],
        )
