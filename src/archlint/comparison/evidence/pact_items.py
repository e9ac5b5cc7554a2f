"""Goes through some interactions of all Pact files, and counts those that are not judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from archlint.documents import Document
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.model.evidence.pact import Interaction, Pact
from archlint.model.world import World

U = TypeVar("U")
JudgeItem = Callable[[Pact, Interaction, list[U]], "str | None"]
"""Adds what is unmet to a list; or says why it does not judge."""
Choose = Callable[[Interaction], bool]
"""Whether an interaction is one of those that are judged."""


@dataclass(frozen=True)
class JudgedItems(Generic[U]):
    """What came of some interactions of one Pact file."""

    unmet: tuple[U, ...]
    unread: Mapping[str, int]
    """How many were not judged, by the reason."""
    unsure: frozenset[Route] = frozenset()
    """Where those stand."""
    judged: int = 0
    """How many were judged."""


def judged_items(
    world: World, choose: Choose, judging: Callable[[World], JudgeItem[U]]
) -> Mapping[Document, JudgedItems[U]]:
    """What came of each Pact file that has such interactions; ``judging`` is called if any has."""
    chosen = {pact: [item for item in pact.interactions if choose(item)] for pact in world.all(Pact)}
    if not any(chosen.values()):
        return {}
    judge = judging(world)
    return {pact.document: _judged(pact, items, judge) for pact, items in chosen.items() if items}


def _judged(pact: Pact, items: list[Interaction], judge: JudgeItem[U]) -> JudgedItems[U]:
    unmet: list[U] = []
    reasons = [(item, why) for item in items if (why := judge(pact, item, unmet)) is not None]
    unsure = frozenset(item.node.route for item, _ in reasons)
    return JudgedItems(tuple(unmet), Counter(why for _, why in reasons), unsure, len(items) - len(reasons))
