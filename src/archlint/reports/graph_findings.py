"""Which findings are about which boxes and lines of a drawn graph.

A finding is about a line where it names a place that shows the line, and about a box where it is about an
object of the service or stands in one of its contracts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archlint.finding import Finding, ObjectRef
from archlint.reports.graph_picture import GraphPicture


class Attached(NamedTuple):
    """Findings at what they are about."""

    findings: list[Finding]
    """Those that are about anything, in their order."""
    of_nodes: dict[int, list[int]]
    """By the number of a box, the numbers of its findings."""
    of_edges: dict[int, list[int]]
    elsewhere: int
    """How many are about nothing that is drawn."""


def attached(picture: GraphPicture, findings: Sequence[Finding]) -> Attached:
    """Findings by the numbers of the boxes and lines of a picture."""
    objects, contracts = _objects(picture), _contracts(picture)
    places: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at, drawn in enumerate(picture.edges):
        for path, line in {(item.place.source.path, item.place.span().line) for item in drawn.edge.evidence}:
            places[path, line].append(at)
    found = Attached([], defaultdict(list), defaultdict(list), 0)
    for finding in sorted(findings, key=Finding.sort_key):
        edges = sorted({edge for place in _places(finding) for edge in places.get(place, ())})
        nodes = {*contracts.get(finding.location.path, ())}
        if finding.object is not None:
            nodes.update(objects.get(finding.object, ()))
        for at in edges:
            found.of_edges[at].append(len(found.findings))
        for at in sorted(nodes):
            found.of_nodes[at].append(len(found.findings))
        if edges or nodes:
            found.findings.append(finding)
    return found._replace(elsewhere=len(findings) - len(found.findings))


def _objects(picture: GraphPicture) -> dict[ObjectRef, list[int]]:
    """The boxes that an object belongs to."""
    found: dict[ObjectRef, list[int]] = defaultdict(list)
    for at, node in enumerate(picture.nodes):
        if node.service is not None:
            owned = [workload.base.object for workload in node.service.workloads]
            owned += [front.object for front in node.service.fronts]
            for each in dict.fromkeys(owned):
                found[each].append(at)
    return found


def _contracts(picture: GraphPicture) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, node in enumerate(picture.nodes):
        for path in node.contracts:
            found[path].append(at)
    return found


def _places(finding: Finding) -> Iterator[tuple[str, int]]:
    for at in (finding.location, *finding.related):
        if at.revision is None:
            yield at.path, at.span.line
