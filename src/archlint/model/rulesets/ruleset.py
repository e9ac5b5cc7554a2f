"""A ruleset of a house: which of its rules are in force for a file, and how grave they are there."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import cached_property

from archlint.files.globs import Exclusion
from archlint.finding import Route, Severity
from archlint.finding.place import pointer_of
from archlint.finding.records import dataclass
from archlint.model.rulesets.formats import named_format
from archlint.model.rulesets.layers import Layer, Override, RulesetFault, WrittenAt, WrittenRuleset
from archlint.model.rulesets.merging import MergedRule, level_of, merged_rules, overridden, severity_of


@dataclass(frozen=True, eq=False)
class Variant:
    """The rules of a ruleset as they are for some files."""

    rules: Mapping[str, MergedRule]
    pointers: tuple[tuple[str, Mapping[str, int]], ...] = ()
    """Pointers to elements, each with severities of rules there."""

    @property
    def formats(self) -> frozenset[str]:
        """The formats that any rule names: Spectral looks for no others, also where an alias has them."""
        named = (named_format(name) for rule in self.rules.values() for name in rule.formats or ())
        return frozenset(name for name in named if name is not None)

    def severity(self, rule: MergedRule, route: Route) -> Severity | None:
        """How grave a rule is at an element: what is said of the nearest one around it counts."""
        if not self.pointers:
            return rule.severity
        pointer = pointer_of(route)
        level, nearest = rule.level, ""
        for named, levels in self.pointers:
            is_around = pointer == named or pointer.startswith(f"{named}/")
            if is_around and rule.name in levels and len(named) >= len(nearest):
                level, nearest = levels[rule.name], named
        return severity_of(level)

    def is_on(self, rule: MergedRule) -> bool:
        """Whether a rule is in force anywhere in such a file."""
        return rule.is_enabled or any(rule.name in levels for _, levels in self.pointers)


class Ruleset:
    """What was read of a ruleset, merged when it is asked for."""

    def __init__(self, written: WrittenRuleset, name: str, stamp: str, *, is_named: bool) -> None:
        """``name`` is how messages call it, ``stamp`` changes when any of its files does; ``is_named`` tells
        that a flag of the command line names it."""
        self.written = written
        self.name = name
        self.stamp = stamp
        self.is_named = is_named
        self._matchers: dict[str, Exclusion] = {}
        self._variants: dict[tuple[int, ...], Mapping[str, MergedRule]] = {}

    @cached_property
    def plain(self) -> Mapping[str, MergedRule]:
        """The rules for files that no override names."""
        return merged_rules(self.written.top)

    @cached_property
    def defined(self) -> Mapping[str, MergedRule]:
        """All rules that are defined anywhere, as they are where they are defined first."""
        found = {name: rule for name, rule in self.plain.items() if rule.is_defined}
        for at in range(len(self.written.overrides)):
            for name, rule in self._merged((at,)).items():
                if rule.is_defined and (name not in found or not found[name].is_enabled):
                    found[name] = rule
        return found

    @cached_property
    def of_repeated_keys(self) -> int | None:
        """The number of the severity that keys have which are set twice; ``None`` if it says nothing."""
        options = self.written.top.data.get("parserOptions")
        return level_of(options.get("duplicateKeys")) if isinstance(options, dict) else None

    @property
    def files(self) -> tuple[str, ...]:
        """Its file, and those of what it extends."""
        return self.written.files

    @property
    def faults(self) -> tuple[RulesetFault, ...]:
        """What is wrong with it."""
        return self.written.faults

    def place_of(self, rule: MergedRule) -> WrittenAt | None:
        """Where a rule is defined."""
        return self.written.places.get(id(rule.written))

    def variant(self, path: str) -> Variant:
        """The rules for a file."""
        meant: list[int] = []
        pointers: list[tuple[str, Mapping[str, int]]] = []
        for at, override in enumerate(self.written.overrides):
            if any(self._is_meant(pattern, path) for pattern in override.patterns):
                meant.append(at)
            levels = _levels(override)
            pointers += [
                (pointer, levels) for pattern, pointer in override.pointers if self._is_meant(pattern, path)
            ]
        rules = self._merged(tuple(meant)) if meant else self.plain
        return Variant(rules, tuple(pointers))

    def _merged(self, meant: tuple[int, ...]) -> Mapping[str, MergedRule]:
        if meant not in self._variants:
            layers: list[Layer] = [self.written.overrides[at].layer for at in meant]
            self._variants[meant] = merged_rules(overridden(self.written.top, layers))
        return self._variants[meant]

    def _is_meant(self, pattern: str, path: str) -> bool:
        folder = self.written.folder
        if pattern not in self._matchers:
            self._matchers[pattern] = Exclusion(self.written.globs.get(pattern, ()))
        here = posixpath.relpath(path, folder) if folder else path
        return not here.startswith("../") and self._matchers[pattern].excludes_file(here, "")


def _levels(override: Override) -> Mapping[str, int]:
    rules = override.layer.rules
    return {name: level for name, said in rules.items() if (level := level_of(said)) is not None}
