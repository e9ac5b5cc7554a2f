"""Which findings are about which boxes and lines of a drawn graph.

A finding is about a line where it names a place that shows the line, and about a box where it is about an
object of the service, or stands in one of its contracts or in the folder of its source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from archlint.finding import Finding, ObjectRef
from archlint.reports.graph.picture import GraphPicture


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
    objects, composed = _objects(picture), _composed(picture)
    contracts, folders = _contracts(picture), _folders(picture)
    places: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at, drawn in enumerate(picture.edges):
        for path, line in {(item.place.source.path, item.place.span().line) for item in drawn.edge.evidence}:
            places[path, line].append(at)
    found = Attached([], defaultdict(list), defaultdict(list), 0)
    for finding in sorted(findings, key=Finding.sort_key):
        edges = sorted({edge for place in _places(finding) for edge in places.get(place, ())})
        nodes = set(contracts.get(finding.location.path, ()))
        if finding.object is not None:
            nodes.update(objects.get(finding.object, ()))
            nodes.update(composed.get((finding.location.path, finding.object), ()))
        nodes = nodes or _around(finding.location.path, folders)
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
        owned: dict[ObjectRef, None] = {}
        if node.service is not None:
            owned |= dict.fromkeys(workload.base.object for workload in node.service.workloads)
            owned |= dict.fromkeys(front.object for front in node.service.fronts)
        for each in owned:
            found[each].append(at)
    return found


def _contracts(picture: GraphPicture) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, node in enumerate(picture.nodes):
        for path in node.contracts:
            found[path].append(at)
    return found


def _composed(picture: GraphPicture) -> dict[tuple[str, ObjectRef], list[int]]:
    """The boxes that a service of a compose file belongs to, by the file and the service: names are no more
    than that of one project."""
    found: dict[tuple[str, ObjectRef], list[int]] = defaultdict(list)
    for at, node in enumerate(picture.nodes):
        for item in node.party.composed if node.party is not None else ():
            for path in {file.document.path for file in item.project.files}:
                found[path, item.object].append(at)
    return found


def _folders(picture: GraphPicture) -> dict[str, list[int]]:
    """The boxes whose source a folder holds; the root is nobody's alone."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, node in enumerate(picture.nodes):
        for folder in node.party.folders if node.party is not None else ():
            if folder.path not in ("", "."):
                found[folder.path].append(at)
    return found


def _around(path: str, folders: Mapping[str, list[int]]) -> set[int]:
    """The boxes of the innermost folder around a path that is somebody's."""
    while path:
        path = path.rpartition("/")[0]
        if path in folders:
            return set(folders[path])
    return set()


def _places(finding: Finding) -> Iterator[tuple[str, int]]:
    for at in (finding.location, *finding.related):
        if at.revision is None:
            yield at.path, at.span.line
