"""Which findings are asked for, where rules are named as other tools call them (``buf:IMPORT_USED``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import NamedTuple

from archlint.finding import Finding
from archlint.finding.foreign_names import are_about, foreign
from archlint.finding.records import dataclass, replace


class Told(NamedTuple):
    """What a suppression is asked about: a rule, and the names of what it has found elsewhere where these
    matter."""

    code: str
    aliases: tuple[str, ...] = ()
    ignored_as: tuple[str, ...] = ()

    def meant_by(self, selectors: Mapping[str, frozenset[str]]) -> list[str]:
        """Those of some selectors that speak of it, each given with the codes of the rules that it names."""
        named = [name for name, codes in selectors.items() if self.code in codes]
        theirs = foreign(named)
        if not theirs:
            return named
        known = (*self.aliases, *self.ignored_as)
        meant = theirs.intersection(known) if are_about(theirs, self.aliases, self.ignored_as) else ()
        return [name for name in named if name in meant or name not in theirs]


@dataclass(frozen=True, slots=True)
class Asked:
    """What such names select and leave out; without any, all that the rules in force find."""

    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Codes of rules that are in force because of such names alone, and these names."""
    ignored: frozenset[str] = frozenset()
    """Names that are left out."""
    cut: frozenset[str] = frozenset()
    """Codes of rules in force of which only a part is asked for."""

    def told(self, finding: Finding) -> Finding | None:
        """The finding as it is asked for; ``None`` if it is not."""
        wanted = self.only.get(finding.code)
        names = (*finding.aliases, *finding.ignored_as)
        if wanted is not None and wanted.isdisjoint(names):
            return None
        if self.ignored.isdisjoint(names):
            return finding
        if are_about(self.ignored, finding.aliases, finding.ignored_as):
            return None
        return replace(finding, aliases=tuple(name for name in finding.aliases if name not in self.ignored))

    def signature(self) -> list[object]:
        """What the findings of a run depend on."""
        return [sorted((code, *sorted(names)) for code, names in self.only.items()), sorted(self.ignored)]


EVERYTHING = Asked()
"""Where no name of another tool is used."""
