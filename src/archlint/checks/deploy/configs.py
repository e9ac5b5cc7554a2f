"""Settings that pods read when they start, and that change without new pods."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, join, observe
from archlint.comparison.manifests import UnseenConfigChange
from archlint.finding.words import listed, quoted
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.idle import has_no_pods
from archlint.model.kubernetes.read_at_start import (
    is_hashed,
    is_named_by_hash,
    is_replaced,
    read_at_start,
    settings_of,
)
from archlint.model.kubernetes.restarts import restart_command
from archlint.model.kubernetes.sets import find_objects
from archlint.model.world import World

_MOST_NAMED = 3


@change(UnseenConfigChange)
def config_change_without_rollout(changed: UnseenConfigChange, options: Options) -> Iterator[Observation]:
    """A ConfigMap or Secret whose new values running pods do not see."""
    node, former = next(iter(changed.keys.values()))
    readers = list(dict.fromkeys((item.workload.kind, item.workload.name) for item in changed.readers))
    named = listed([f"{kind} '{name}'" for kind, name in readers], _MOST_NAMED)
    yield observe(
        node.place(),
        related=[
            (former.place(), "at the base"),
            *(
                (item.reading.name.place(), "read here at the start")
                for item in changed.readers[:_MOST_NAMED]
            ),
        ],
        identity=(),
        kind=changed.base.kind,
        name=changed.base.name,
        keys=listed(quoted(changed.keys), _MOST_NAMED),
        workloads=named,
        command=restart_command(changed.readers[0].workload),
    )


@join(Workload)
def config_never_rolled_out(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A workload that reads settings of the repository when it starts, with nothing that restarts it."""
    readings = [] if has_no_pods(workload, world) else read_at_start(workload)
    seen: set[tuple[str, str]] = set()
    for reading in readings if readings and not is_hashed(workload) else ():
        name = reading.name.text
        if not name or (reading.kind, name) in seen:
            continue
        seen.add((reading.kind, name))
        found = find_objects(world, workload.base, reading.kind, name, workload.namespace)
        config = next((item for item in found if settings_of(item)), None)
        if config is not None and not is_replaced(workload, config, world) and not is_named_by_hash(config):
            yield observe(
                reading.name.value_place(),
                related=[(config.get("metadata", "name").value_place(), "defined here")],
                workload=f"{workload.kind} '{workload.name}'",
                kind=reading.kind,
                name=name,
            )
