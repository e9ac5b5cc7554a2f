"""What a change does to a graph, in signs and words that all its reports share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archlint.comparison.graphs import GraphChange, GraphDiff, edge_key
from archlint.model.graph import Edge, Evidence, GraphNode
from archlint.reports.characters import visible

SIGNS = {GraphChange.ADDED: "+", GraphChange.REMOVED: "-", GraphChange.CHANGED: "~"}
LINES = {GraphChange.ADDED: "#1a7f37", GraphChange.REMOVED: "#cf222e", GraphChange.CHANGED: "#9a6700"}
"""The colours of lines on white paper; each is told by a sign or a word as well."""
NOTHING = "The change adds, removes and changes no service and no connection."
_LONGEST = 200


def signed(text: str, change: GraphChange | None) -> str:
    """What is written on something, after the sign of what happens to it."""
    return text if change is None else f"{SIGNS[change]} {text}"


def sums(diff: GraphDiff) -> str:
    """How many nodes and connections are added, removed and changed."""
    if diff.is_empty:
        return NOTHING
    parts = []
    for word, changes in (("node", diff.nodes), ("connection", diff.edges)):
        counts = Counter(changes.values())
        for change in GraphChange:
            if counts[change]:
                plural = "" if counts[change] == 1 else "s"
                parts.append(f"{counts[change]} {word}{plural} {change.value}")
    return f"{', '.join(parts)}."


def node_was(node: GraphNode, diff: GraphDiff) -> list[str]:
    """What is not as it was about a changed node: ``owner nobody -> shop``."""
    former = diff.former_nodes.get(node.id)
    if former is None:
        return []
    pairs = (
        ("owner", former.owner or "nobody", node.owner or "nobody"),
        ("contracts", ", ".join(former.contracts) or "none", ", ".join(node.contracts) or "none"),
        ("public as", ", ".join(former.hosts) or "nothing", ", ".join(node.hosts) or "nothing"),
    )
    return [
        f"{what} {visible(was, _LONGEST)} -> {visible(now, _LONGEST)}"
        for what, was, now in pairs
        if was != now
    ]


def edge_was(edge: Edge, diff: GraphDiff) -> list[str]:
    """What is not as it was about a changed edge: ``confidence low -> high``, ``A=b:1 -> A=b:2``."""
    former = diff.former_edges.get(edge_key(edge))
    if former is None:
        return []
    pairs = (
        (former.kind.value, edge.kind.value),
        (former.protocol, edge.protocol),
        (f"confidence {former.confidence.value}", edge.confidence.value),
        *_texts(former, edge),
    )
    return [
        f"{visible(was, _LONGEST)} -> {visible(now, _LONGEST)}" for was, now in pairs if not was.endswith(now)
    ]


def telling(edge: Edge, diff: GraphDiff) -> Evidence | None:
    """The place to look at first: of a changed edge what was not there before, else the best."""
    if not edge.evidence:
        return None
    former = diff.former_edges.get(edge_key(edge))
    known = {item.text for item in former.evidence} if former else set()
    return next((item for item in edge.evidence if known and item.text not in known), edge.proof)


def _texts(former: Edge, edge: Edge) -> Iterator[tuple[str, str]]:
    was, now = ({item.text for item in each.evidence} for each in (former, edge))
    gone, new = sorted(was - now), sorted(now - was)
    if gone or new:
        yield ", ".join(gone[:3]) or "nothing", ", ".join(new[:3]) or "nothing"
