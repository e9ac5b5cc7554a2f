"""What databases take, and what data lies on: theirs, and that of sessions."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Place
from archlint.model.kubernetes.single_claims import SingleClaim
from archlint.model.services.backups import UnsavedDatabase
from archlint.model.services.bound_sessions import BoundSessions
from archlint.model.services.database_storage import ScratchDatabase
from archlint.model.services.pools import ExceededServer
from archlint.model.world import World

_MOST_RELATED = 8


@join(ExceededServer)
def database_connections_exceeded(
    exceeded: ExceededServer, world: World, options: Options
) -> Iterator[Observation]:
    """A database server that takes fewer connections than its clients may open."""
    server, pools = exceeded.server, exceeded.pools
    related: list[tuple[Place, str]] = []
    for pool in pools:
        related.append((pool.place, f"each of '{pool.name}' opens {pool.size}"))
        if pool.replicas_place is not None and pool.replicas > 1:
            related.append((pool.replicas_place, f"{pool.replicas} of '{pool.name}'"))
    shown = [f"{pool.replicas} x {pool.size} ('{pool.name}')" for pool in pools[:4]]
    if len(pools) > 4:
        shown.append(f"{sum(pool.total for pool in pools[4:])} of {len(pools) - 4} others")
    total = sum(pool.total for pool in pools)
    yield observe(
        exceeded.place,
        "default" if server.place is not None else "unset",
        related=[item for item in related if item[0] != exceeded.place][:_MOST_RELATED],
        identity=(server.name,),
        server=server.name,
        sum=" + ".join(shown) + (f" = {total}" if len(pools) > 1 or pools[0].replicas > 1 else ""),
        limit=server.limit,
    )


@join(ScratchDatabase)
def database_on_scratch_volume(
    item: ScratchDatabase, world: World, options: Options
) -> Iterator[Observation]:
    """A database whose data goes with its pod."""
    volume, scratch = item.volume, item.volume.get("emptyDir")
    if not volume.exists:
        place, what = item.container.get("image").value_place(), "none"
    else:
        place = (scratch if scratch.exists else volume.get("ephemeral")).place()
        what = "memory" if scratch.get("medium").text == "Memory" else "default"
    yield observe(
        place,
        what,
        kind=item.kind,
        name=item.name,
        directory=item.directory,
        volume=volume.get("name").text,
    )


@join(SingleClaim)
def volume_claim_of_one_pod(item: SingleClaim, world: World, options: Options) -> Iterator[Observation]:
    """A Deployment of several pods with a volume that one node at a time may have."""
    if item.replicas > 1:
        yield observe(
            item.replicas_node.value_place(),
            "pod" if item.mode == "ReadWriteOncePod" else "default",
            related=[
                (item.node.value_place(), "the volume"),
                (item.claim.get("spec", "accessModes").place(), item.mode),
            ],
            identity=(item.claim.name,),
            kind=item.kind,
            name=item.name,
            replicas=item.replicas,
            claim=item.claim.name,
            mode=item.mode,
        )


@join(SingleClaim)
def rollout_waits_for_volume(item: SingleClaim, world: World, options: Options) -> Iterator[Observation]:
    """A Deployment that starts the next pod while the one before has the volume."""
    strategy = item.base.get("spec", "strategy")
    surge = strategy.get("rollingUpdate", "maxSurge")
    is_rolling = item.kind == "Deployment" and strategy.get("type").text in (None, "RollingUpdate")
    if item.replicas == 1 and is_rolling and surge.integer != 0 and surge.text not in ("0", "0%"):
        yield observe(
            (strategy.get("type") if strategy.get("type").is_set else strategy).place(),
            related=[
                (item.node.value_place(), "the volume"),
                (item.claim.get("spec", "accessModes").place(), item.mode),
            ],
            identity=(item.claim.name,),
            name=item.name,
            claim=item.claim.name,
            mode=item.mode,
        )


@join(UnsavedDatabase)
def database_without_backup(item: UnsavedDatabase, world: World, options: Options) -> Iterator[Observation]:
    """A database of which nothing here makes copies."""
    is_operated = item.kind == "Cluster"
    yield observe(
        item.base.get("metadata", "name").value_place(),
        "archive" if item.is_archived else "operated" if is_operated else "default",
        kind=item.kind,
        name=item.name,
    )


@join(BoundSessions)
def sessions_bound_to_pods(item: BoundSessions, world: World, options: Options) -> Iterator[Observation]:
    """A Service that sends each client to the same pod, so that sessions are in the memory of one."""
    yield observe(
        item.affinity.value_place(),
        related=[(item.count.value_place(), "several pods")],
        service=item.service.name,
        kind=item.workload.kind,
        name=item.workload.name,
    )
