"""What a ruleset says of archlint's own rules, which stand for rules of Spectral's, file by file.

A ruleset is merged for each file with the overrides that mean it, as Spectral does; pointers to elements
count on top of that. Of a finding counts what is said of the names under which Spectral would tell it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from archlint.finding import Finding, Severity
from archlint.finding.place import steps_of
from archlint.finding.records import dataclass
from archlint.judging.local_severities import LevelThere
from archlint.model.rulesets.merging import MergedRule
from archlint.model.rulesets.ruleset import Ruleset, Variant

_SPECTRAL = "spectral:"
_NOT_THERE = LevelThere(None)


@dataclass(frozen=True, slots=True)
class Standing:
    """The rules of Spectral that one of archlint's stands for, by whether they are in force."""

    on: tuple[MergedRule, ...]
    off: tuple[MergedRule, ...]


class OwnRules:
    """The rules of archlint that stand for rules of Spectral's own rulesets, as a ruleset has these."""

    def __init__(self, ruleset: Ruleset, names: Mapping[str, Sequence[str]]) -> None:
        """``names`` are Spectral's names by the code of archlint's rule."""
        self.ruleset = ruleset
        self.names = names

    @cached_property
    def _plain(self) -> Mapping[str, Standing]:
        return self._standings(Variant(self.ruleset.plain))

    def on(self) -> list[str]:
        """The codes of those that are on in files that no override names."""
        return [code for code, there in self._plain.items() if there.on]

    def on_elsewhere(self) -> list[str]:
        """The codes of those that only an override puts on."""
        found: dict[str, None] = {}
        for variant in self.ruleset.variants():
            found |= dict.fromkeys(code for code, there in self._standings(variant).items() if there.on)
        return sorted(found.keys() - set(self.on()))

    def off(self) -> list[str]:
        """The codes of those of which nothing is on and something was put off; what nobody recommends is left
        alone."""
        return [
            code
            for code, there in self._plain.items()
            if not there.on and any(each.is_recommended or each.is_defined for each in there.off)
        ]

    def severities(self) -> Iterator[tuple[str, Severity]]:
        """How grave those are, by code, whose severity the ruleset says."""
        for code, there in self._plain.items():
            said = [each.severity for each in there.on if each.is_levelled and each.severity is not None]
            if said:
                yield code, max(said)

    def _standings(self, variant: Variant) -> dict[str, Standing]:
        found = {code: standing(variant, names) for code, names in sorted(self.names.items())}
        return {code: there for code, there in found.items() if there.on or there.off}


def standing(variant: Variant, names: Sequence[str]) -> Standing:
    """Which of some rules of Spectral are in force anywhere in a file."""
    on: list[MergedRule] = []
    off: list[MergedRule] = []
    for rule in (variant.rules[name] for name in names if name in variant.rules):
        (on if variant.may_tell(rule) and not rule.is_defined else off).append(rule)
    if off and all(_goes_with(rule, off) for rule in on):
        on, off = [], [*off, *on]
    return Standing(tuple(on), tuple(off))


def _goes_with(rule: MergedRule, off: Sequence[MergedRule]) -> bool:
    """Whether a rule is that of the other version of OpenAPI for one that is off, and nobody asks for it."""
    ends = {other.name[:4] for other in off if other.is_switched}
    return not rule.is_switched and {rule.name[:4], *ends} == {"oas2", "oas3"}


class LocalLevels:
    """What the overrides of a ruleset say of findings of archlint's own rules, each where it is."""

    def __init__(self, own: OwnRules, configured: Collection[str], dropped: Collection[str]) -> None:
        """``configured`` are codes and names of rules whose severity the configuration says, which counts
        more; ``dropped`` are codes of rules that are in force only where an override puts them on."""
        self._names = own.names
        self._ruleset = own.ruleset
        self._configured = frozenset(configured)
        self._dropped = frozenset(dropped)
        self._off = LevelThere(None, f"off in an override of {own.ruleset.name}")

    def there(self, finding: Finding) -> LevelThere | None:
        """What is said of a finding where it is; of several contracts that lead to it the gravest counts."""
        if finding.code not in self._names:
            return None
        said = [self._from(path, finding) for path in finding.through or (finding.location.path,)]
        told = [each for each in said if each is None or each.severity is not None]
        if not told:
            return self._off if self._off in said else _NOT_THERE
        return max(
            told, key=lambda each: finding.severity if each is None else each.severity or Severity.INFO
        )

    def _from(self, path: str, finding: Finding) -> LevelThere | None:
        """What is said in a document that leads to a finding."""
        variant = self._ruleset.variant(path)
        elsewhere = _NOT_THERE if finding.code in self._dropped else None
        if variant.rules is self._ruleset.plain and not variant.pointers:
            return elsewhere
        names = self._names_of(finding)
        route = tuple(steps_of(finding.location.pointer or ""))
        path = finding.location.path
        there = standing(variant, names)
        levels = [(rule, severity) for rule in there.on if (severity := variant.severity(rule, path, route))]
        if levels:
            said = [each for rule, each in levels if rule.is_levelled or variant.speaks_of(rule, path, route)]
            is_said = said and self._configured.isdisjoint((finding.code, *finding.aliases))
            return LevelThere(max(said)) if is_said else None
        rules = (*there.on, *there.off)
        is_put_off = (
            standing(Variant(self._ruleset.plain), names).on
            or any(variant.speaks_of(rule, path, route) for rule in rules)
            or any(rule.is_switched and not self._ruleset.plain[rule.name].is_switched for rule in rules)
        )
        return self._off if is_put_off else elsewhere

    def _names_of(self, finding: Finding) -> Sequence[str]:
        """The names under which Spectral would tell a finding."""
        known = self._names[finding.code]
        return [name for each in finding.aliases if (name := each.removeprefix(_SPECTRAL)) in known] or known
