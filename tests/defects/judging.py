"""Whether a rule finds a defect where it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archlint.documents import Loaded, load_text
from archlint.documents.charts.rendering import ChartTerms
from archlint.files import Kind
from archlint.finding import Finding, Rule
from tests.defects.defects import Defect, Line
from tests.metamorphic.repositories import Files, findings_in

Seeded = tuple[Rule, Defect]
"""A defect with the rule that is to find it."""


@dataclass(frozen=True)
class Score:
    """How many of some defects a rule found, and what it missed."""

    tried: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        """The part that was found, from 0 to 1."""
        return 1 - len(self.missed) / self.tried if self.tried else 0.0


class Judge:
    """Holds rules against defects of one repository, of which most files are the same each time."""

    def __init__(self, healthy: Files, charts: ChartTerms | None = None) -> None:
        """``charts`` is how charts are rendered, if they are."""
        self.healthy = healthy
        self._charts = charts
        self._parsed: dict[tuple[str, str, Kind, str | None], Loaded] = {}
        self._texts = frozenset(healthy.values())
        self._before: dict[str, Counter[str]] = {}
        self._told: dict[str, set[Line]] = {}

    def score(self, rule: Rule, defects: Sequence[Defect]) -> Score:
        """How many of some defects a rule finds, each by itself."""
        return Score(len(defects), tuple(item.what for item in defects if not self.is_found(rule, item)))

    def scores(self, seeded: Sequence[Seeded]) -> dict[str, Score]:
        """How many of their defects several rules find, by the names of the rules."""
        tried, missed = Counter(rule.name for rule, _ in seeded), dict[str, list[str]]()
        for (rule, defect), is_found in zip(seeded, self.together(seeded), strict=True):
            if not is_found:
                missed.setdefault(rule.name, []).append(defect.what)
        return {name: Score(count, tuple(missed.get(name, ()))) for name, count in tried.items()}

    def false_alarms(self, rules: Sequence[Rule], variants: Iterable[Files]) -> Counter[str]:
        """How many findings each of some rules, by its code, has in harmless variants of the
        repository and not in that itself."""
        self._of_healthy(rules)
        alarms: Counter[str] = Counter()
        for files in variants:
            found: dict[str, Counter[str]] = {rule.code: Counter() for rule in rules}
            for item in self.found(rules, files):
                found[item.code][item.fingerprint] += 1
            alarms.update({code: (each - self._before[code]).total() for code, each in found.items()})
        return alarms

    def is_found(self, rule: Rule, defect: Defect) -> bool:
        """Whether a rule tells a defect at its place."""
        return self.are_found([rule], [(rule, defect)])[0]

    def is_told_already(self, rule: Rule, defect: Defect) -> bool:
        """Whether the rule tells something at the places of a defect in the repository itself."""
        self._of_healthy([rule])
        return not defect.places.isdisjoint(self._told[rule.code])

    def together(self, seeded: Sequence[Seeded]) -> list[bool]:
        """Which defects are found. Those of different rules that touch no file of each other are put into the
        repository at once, which spares most of the reading; what is not found there may hide behind
        another one, and is tried again by itself."""
        told = [False] * len(seeded)
        for batch in self._batches(seeded):
            chosen = [seeded[index] for index in batch]
            rules = [rule for rule, _ in chosen]
            for index, is_found in zip(batch, self.are_found(rules, chosen), strict=True):
                told[index] = is_found or (len(batch) > 1 and self.is_found(*seeded[index]))
        return told

    def are_found(self, rules: Sequence[Rule], seeded: Sequence[Seeded]) -> list[bool]:
        """Which of some defects, all in the repository at once, are told at their places."""
        files, base = dict(self.healthy), None
        for _, defect in seeded:
            base = defect.base
            for path in self._touched(defect):
                if path in defect.files:
                    files[path] = defect.files[path]
                else:
                    del files[path]
        found = self.found(rules, files, base)
        new = Counter(item.fingerprint for item in found) - self._of_healthy(rules)
        told = [item for item in found if item.fingerprint in new]
        return [
            any(item.code == rule.code and tells(item, defect) for item in told) for rule, defect in seeded
        ]

    def _batches(self, seeded: Sequence[Seeded]) -> list[list[int]]:
        """Numbers of defects that fit together; what is compared with a base stays alone."""
        batches: list[tuple[list[int], set[str]]] = []
        for index, (rule, defect) in enumerate(seeded):
            touched = {rule.code, *self._touched(defect)}
            fitting = (item for item in batches if defect.base is None and item[1].isdisjoint(touched))
            numbers, taken = next(fitting, ([], set()))
            if not numbers and defect.base is None:
                batches.append((numbers, taken))
            numbers.append(index)
            taken |= touched
        together = [numbers for numbers, _ in batches]
        return together + [[index] for index, (_, defect) in enumerate(seeded) if defect.base is not None]

    def _touched(self, defect: Defect) -> set[str]:
        """The files that a defect changes, adds or takes away."""
        gone = {path for path in self.healthy if path not in defect.files}
        return gone | {
            path
            for path, text in defect.files.items()
            if self.healthy.get(path) is not text and self.healthy.get(path) != text
        }

    def _of_healthy(self, rules: Sequence[Rule]) -> Counter[str]:
        """The fingerprints of what some rules find in the repository itself."""
        missing = [rule for rule in rules if rule.code not in self._before]
        if missing:
            self._before |= {rule.code: Counter() for rule in missing}
            self._told |= {rule.code: set() for rule in missing}
            for item in self.found(missing, self.healthy):
                self._before[item.code][item.fingerprint] += 1
                self._told[item.code].add((item.location.path, item.location.span.line))
        return sum((self._before[rule.code] for rule in rules), Counter())

    def found(self, rules: Sequence[Rule], files: Files, base: Files | None = None) -> list[Finding]:
        """All that some rules find."""
        return findings_in(files, rules, base=base, evaluated=True, parse=self._parse, charts=self._charts)

    def _parse(self, path: str, text: str, kind: Kind, *, revision: str | None = None) -> Loaded:
        """As ``load_text``; texts of the healthy repository are read once."""
        if text not in self._texts:
            return load_text(path, text, kind, revision=revision)
        asked = (path, text, kind, revision)
        if asked not in self._parsed:
            self._parsed[asked] = load_text(path, text, kind, revision=revision)
        return self._parsed[asked]


def tells(finding: Finding, defect: Defect) -> bool:
    """Whether a finding stands on one side of the join and shows the other one."""
    at = (finding.location.path, finding.location.span.line)
    other = defect.other_sides | (defect.places if at in defect.other_sides else frozenset())
    return at in defect.places and (not defect.other_sides or not other.isdisjoint(_related(finding)))


def _related(finding: Finding) -> Iterable[Line]:
    return ((item.path, item.span.line) for item in finding.related)
