"""Who can connect to whom in the manifests of a side, and what changes from one side to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from archlint.comparison.connections import ConnectionChange, edition_changes
from archlint.config.words import nearest
from archlint.documents import load_text
from archlint.engine.caching import open_cache
from archlint.engine.charts import rendering, without_offers
from archlint.engine.examining import read_side
from archlint.engine.request import Request, Side, covers_everything
from archlint.engine.running import Runner
from archlint.files import Kind
from archlint.files.kinds import is_for_tests
from archlint.finding import Notice
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import objects_of
from archlint.model.network import NetworkPolicy
from archlint.model.network.connectivity import Connectivity, PodGroup, connectivities
from archlint.model.network.connectivity.connectivity import connectivities_with
from archlint.model.network.connectivity.editions import for_tests
from archlint.model.network.connectivity.explanation import Explanation, explained, peers_named
from archlint.model.network.connectivity.exposure import NetworkExposure, network_exposure
from archlint.model.network.connectivity.listing import Listed, listed
from archlint.model.network.connectivity.objects import cluster_objects, unjudged_policies
from archlint.model.network.connectivity.remarks import network_remarks
from archlint.model.network.policies import TrafficDirection
from archlint.model.network.suggestion import Suggestion, suggested
from archlint.model.world import World

_MOST_REMARKS = 30
_MOST_NAMED = 3


@dataclass(frozen=True)
class NetworkList:
    """The connections of a world."""

    connections: tuple[Listed, ...]
    notices: tuple[Notice, ...]
    exposure: NetworkExposure | None = None
    workloads: tuple[str, ...] = ()
    """The names of all workloads that were asked for, those without connections too."""


@dataclass(frozen=True)
class NetworkDiff:
    """What changes from one world to another."""

    changes: tuple[ConnectionChange, ...]
    notices: tuple[Notice, ...]
    revision: tuple[Connectivity, ...] = ()
    """All that is so afterwards."""


def list_network(request: Request, *, with_exposure: bool = False) -> NetworkList:
    """The connections in the revision of a request of which one side lies below the named paths, and if that
    is asked for, to whom those below the paths are open that no file describes."""
    world, told = _read(request, request.revision)

    def is_chosen(group: PodGroup) -> bool:
        return any(map(request.lies_below, group.paths))

    found = world.fact(connectivities)
    chosen = None if request.lies_below is covers_everything else is_chosen
    exposed = network_exposure(found, chosen) if with_exposure else None
    groups = (group for item in found for each in item.pods.classes for group in each.members)
    names = {group.name for group in groups if group.workload and (chosen is None or chosen(group))}
    rows = tuple(listed(found, chosen))
    return NetworkList(rows, (*request.notices, *told), exposed, tuple(sorted(names)))


@dataclass(frozen=True)
class NetworkExplanation:
    """Why a source may connect to a destination, in each edition that has both."""

    explanations: tuple[tuple[str, Explanation], ...]
    notices: tuple[Notice, ...]


def explain_network(request: Request, source: str, destination: str) -> NetworkExplanation | str:
    """Why one peer may connect to another; what is wrong with their names if these mean none, or several."""
    world, told = _read(request, request.revision)
    editions = world.fact(connectivities)
    found: list[tuple[str, Explanation]] = []
    for item in editions:
        sources = peers_named(item, source, TrafficDirection.INGRESS)
        ends = sources, peers_named(item, destination, TrafficDirection.EGRESS)
        for name, peers in zip((source, destination), ends, strict=True):
            if len(peers) > 1:
                return f"'{name}' may be {', '.join(sorted(peer.name for peer in peers))}; name one of them"
        if all(ends):
            if not any(isinstance(peers[0], PodGroup) for peers in ends):
                return f"'{source}' and '{destination}' are both outside of the cluster; name a workload"
            found.append((item.name, explained(item, ends[0][0], ends[1][0])))
    if not found:
        return _unknown(editions, source, destination)
    return NetworkExplanation(tuple(found), (*request.notices, *told))


def _unknown(editions: Sequence[Connectivity], source: str, destination: str) -> str:
    names = sorted({group.name for item in editions for each in item.pods.classes for group in each.members})
    bare = [name.partition("[")[0] for name in names]
    named = zip((source, destination), (TrafficDirection.INGRESS, TrafficDirection.EGRESS), strict=True)
    for name, direction in named:
        if not any(peers_named(item, name, direction) for item in editions):
            near = nearest(name, bare)
            return f"no workload is called '{name}'{near or '; `archlint network list` shows their names'}"
    return f"no cluster has both '{source}' and '{destination}'"


def compare_networks(request: Request, base: Side) -> NetworkDiff:
    """What the revision of a request opens and closes against a base."""
    old, told_of_old = _read(request, base)
    new, told_of_new = _read(request, request.revision)
    changes = edition_changes(old.fact(connectivities), new.fact(connectivities))
    notices = dict.fromkeys((*request.notices, *told_of_old, *told_of_new))
    return NetworkDiff(tuple(changes), tuple(notices), new.fact(connectivities))


@dataclass(frozen=True)
class NetworkSuggestion:
    """Policies for a world."""

    suggestion: Suggestion
    notices: tuple[Notice, ...]


Write = Callable[[Sequence[Mapping[str, Any]]], str]
"""Writes manifests as the text that is printed."""


def suggest_network(request: Request, write: Write) -> NetworkSuggestion:
    """Policies for the workloads of which one file lies below the named paths."""
    world, told = _read(request, request.revision)

    def read(manifests: Sequence[Mapping[str, Any]]) -> list[NetworkPolicy]:
        documents = load_text("suggested.yaml", write(manifests), Kind.KUBERNETES).documents
        return [NetworkPolicy(item) for document in documents for item in objects_of(document)]

    with rendering(world):
        found = suggested(
            world,
            lambda group: any(map(request.lies_below, group.paths)),
            read,
            lambda policies: connectivities_with(world, policies=policies),
        )
    return NetworkSuggestion(found, (*request.notices, *told, *_left_out(found)))


def _left_out(found: Suggestion) -> Iterator[Notice]:
    count = len(found.left_out)
    if count:
        said = "1 workload is left as it is" if count == 1 else f"{count} workloads are left as they are"
        yield Notice("warning", f"{said}; the output tells why")


def _read(request: Request, side: Side) -> tuple[World, Sequence[Notice]]:
    runner = Runner((), request.settings.options)
    with open_cache(request) as cache:
        world = read_side(request, side, runner, cache).world
        without_offers(world)
        world.is_for_tests = lambda name: is_for_tests(name, side.asked)
        with rendering(world):
            world.fact(connectivities)
    return world, tuple(unseen(world))


def unseen(world: World) -> Iterator[Notice]:
    """What may allow or deny connections, and was not looked at."""
    left_out = sorted(world.fact(for_tests).values())
    if left_out:
        named = ", ".join(left_out[:_MOST_NAMED])
        more = f" and {len(left_out) - _MOST_NAMED} more" if len(left_out) > _MOST_NAMED else ""
        yield Notice(
            "warning",
            f"deployed for tests, and taken for no cluster: {named}{more}; name a PATH in it to see it",
        )
    for problem in world.problems:
        where = problem.path if problem.span is None else f"{problem.path}:{problem.span.line}"
        yield Notice("warning", problem.message, where)
    if not world.fact(cluster_objects).workloads:
        yield Notice("warning", "the files describe no pods, so there is nobody whose connections to list")
    remarks = list(network_remarks(world))
    for remark in remarks[:_MOST_REMARKS]:
        place = remark.node.place()
        yield Notice("warning", remark.text, f"{place.source.path}:{place.span().line}")
    if len(remarks) > _MOST_REMARKS:
        yield Notice(
            "warning", f"{len(remarks) - _MOST_REMARKS} more parts of policies are not as they should be"
        )
    counts = Counter(item.kind for item in unjudged_policies(world))
    if counts:
        named = ", ".join(f"{count} x {kind}" for kind, count in sorted(counts.items()))
        yield Notice("warning", f"not judged, as archlint does not know what they allow: {named}")
