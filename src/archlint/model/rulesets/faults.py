"""What is wrong with a ruleset, as a subject for the rule about it."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Document
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.rulesets.layers import RulesetFault
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class FaultyRuleset:
    """One thing that Spectral or Redocly would refuse."""

    fault: RulesetFault

    @classmethod
    def all(cls, world: World) -> Iterable[FaultyRuleset]:
        """Those of the rulesets of a run."""
        for each in (world.ruleset, world.redocly):
            yield from map(cls, () if each is None else each.faults)

    @property
    def source(self) -> Document:
        """The file of the ruleset."""
        return self.fault.at.document

    @property
    def object(self) -> None:
        """It is about no object."""

    @property
    def place(self) -> Place:
        """The value that is wrong; the key of a whole map."""
        node = self.source.at(self.fault.at.route)
        is_whole = self.fault.is_key or not node.exists or node.is_map or node.is_list
        return node.place() if is_whole else node.value_place()
