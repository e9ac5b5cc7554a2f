"""Monitoring that network policies cut."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.network import NetworkPolicy
from archlint.model.network.cut_scrapes import cut_scrapes
from archlint.model.network.peers import peer_for
from archlint.model.world import World


@join(NetworkPolicy)
def scrape_cut_off(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """Pods that are to be scraped, and let no Prometheus of the repository in."""
    for cut in world.fact(cut_scrapes).get(policy, ()):
        yield observe(
            cut.culprit.node.place(),
            related=[
                (cut.by.value_place(), "asks for these metrics"),
                (cut.scraper.node.place(), "scrapes them"),
            ],
            identity=(cut.workload.kind, cut.workload.name, str(cut.wanted)),
            scraper=f"{cut.scraper.kind} '{cut.scraper.name}'",
            callee=f"{cut.workload.kind} '{cut.workload.name}'",
            wanted=str(cut.wanted),
            peer=peer_for(cut.scraper, cut.labels, policy.namespace),
        )
