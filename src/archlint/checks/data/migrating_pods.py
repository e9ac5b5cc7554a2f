"""Migrations that pods run as they start."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.migrations.starts import MigratingPod
from archlint.model.world import World


@join(MigratingPod)
def migration_run_by_every_pod(item: MigratingPod, world: World, options: Options) -> Iterator[Observation]:
    """Several pods that run migrations with a tool that takes no lock."""
    yield observe(
        item.node.place(),
        related=[(item.stated.place(), f"up to {item.replicas} pods")],
        identity=("migration",),
        kind=item.workload.kind,
        name=item.workload.name,
        replicas=item.replicas,
        command=item.command[:80],
        tool=item.tool,
    )
