"""Goes through the interactions of one kind in all Pact files, and counts those that are not judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from archlint.documents import Document
from archlint.finding.records import dataclass
from archlint.model.evidence.pact import Interaction, InteractionKind, Pact
from archlint.model.world import World

U = TypeVar("U")
JudgeItem = Callable[[Pact, Interaction, list[U]], "str | None"]
"""Adds what is unmet to a list; or says why it does not judge."""


@dataclass(frozen=True)
class JudgedItems(Generic[U]):
    """What came of the interactions of one kind in one Pact file."""

    unmet: tuple[U, ...]
    unread: Mapping[str, int]
    """How many were not judged, by the reason."""


def judged_items(
    world: World, kind: InteractionKind, judging: Callable[[World], JudgeItem[U]]
) -> Mapping[Document, JudgedItems[U]]:
    """What came of each Pact file that has interactions of a kind; ``judging`` is called if any has."""
    pacts = [pact for pact in world.all(Pact) if any(item.kind is kind for item in pact.interactions)]
    if not pacts:
        return {}
    judge = judging(world)
    return {pact.document: _judged(pact, kind, judge) for pact in pacts}


def _judged(pact: Pact, kind: InteractionKind, judge: JudgeItem[U]) -> JudgedItems[U]:
    unmet: list[U] = []
    reasons = [judge(pact, item, unmet) for item in pact.interactions if item.kind is kind]
    return JudgedItems(tuple(unmet), Counter(why for why in reasons if why is not None))
