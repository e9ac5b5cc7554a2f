"""Who sends to which topic, and who receives from it, as links of parties and names."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.graph.graph import Evidence
from archlint.model.messaging.topics import TopicUse
from archlint.model.messaging.uses import topic_uses
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World


@dataclass(frozen=True)
class TopicLink:
    """One party at one end of a topic."""

    party: Party
    topic: str
    sends: bool
    protocol: str
    """Of the broker; ``messages`` where nothing tells it."""
    evidence: Evidence
    is_declared: bool


def topic_links(world: World) -> Iterator[TopicLink]:
    """The links of all uses whose direction is known; a pattern links with the known names that it takes."""
    found: Parties = world.fact(parties)
    uses = world.fact(topic_uses)
    names = {use.topic: use.protocol for use in uses if not use.is_pattern and use.topic}
    for use in uses:
        if use.sends is None:
            continue
        meant = [name for name in names if use.means(name)] if use.is_pattern else [use.topic]
        for party in found.of(use.unit):
            for name in meant:
                for evidence in _evidence(use):
                    yield TopicLink(party, name, use.sends, _protocol(use, names), evidence, use.is_declared)


def _evidence(use: TopicUse) -> Iterator[Evidence]:
    """The place of the use, and that of the name if it is written on another line."""
    yield Evidence(use.place, use.text, use.confidence)
    named = use.named_at
    if named is not None and not use.is_pattern and _line(named) != _line(use.place):
        yield Evidence(named, use.topic, use.confidence)


def _line(place: Place) -> tuple[str, int]:
    return place.source.path, place.span().line


def _protocol(use: TopicUse, names: dict[str, str]) -> str:
    return use.protocol or names.get(use.topic) or "messages"
