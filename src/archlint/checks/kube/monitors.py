"""What Prometheus is told to scrape: is there such a port?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes.building.builds import patch_text
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.monitors import Monitor, scraped
from archlint.model.world import World

NEEDS = ("monitoring.coreos.com",)


@join(Monitor)
def monitor_port_undefined(monitor: Monitor, world: World, options: Options) -> Iterator[Observation]:
    """A port that nothing of what a monitor selects has."""
    asked = list(monitor.ports())
    found = scraped(monitor, world) if asked else ()
    if not found:
        return
    known = frozenset().union(*(item.ports for item in found))
    for node in asked:
        name = node.text or ""
        if name in known or is_placeholder(name) or name in world.fact(patch_text):
            continue
        yield observe(
            node.place(),
            related=[(item.base.node.place(), "selected by it") for item in found[:3]],
            kind=monitor.kind,
            name=monitor.name,
            port=name,
            selected="Service" if monitor.is_for_services else "pod",
            ports=", ".join(sorted(known)[:8]) or "none with a name",
        )
