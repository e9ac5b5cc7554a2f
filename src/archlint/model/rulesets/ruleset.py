"""A ruleset of a house: which of its rules are in force for a file, and how grave they are there."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from archlint.finding import Route, Severity
from archlint.finding.place import pointer_of
from archlint.finding.records import dataclass
from archlint.model.rulesets.file_globs import GlobError, file_matcher
from archlint.model.rulesets.formats import named_format
from archlint.model.rulesets.layers import Layer, Override, RulesetFault, WrittenAt, WrittenRuleset
from archlint.model.rulesets.merging import OFF, MergedRule, level_of, merged_rules, overridden, severity_of


@dataclass(frozen=True, eq=False)
class Pointed:
    """What an override says of an element and all below it."""

    is_in: Callable[[str], bool]
    """Whether it speaks of elements that are written in a file."""
    pointer: str
    levels: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Variant:
    """The rules of a ruleset as they are for some files."""

    rules: Mapping[str, MergedRule]
    pointers: tuple[Pointed, ...] = ()

    @property
    def formats(self) -> frozenset[str]:
        """The formats that any rule names: Spectral looks for no others, also where an alias has them."""
        named = (named_format(name) for rule in self.rules.values() for name in rule.formats or ())
        return frozenset(name for name in named if name is not None)

    def severity(self, rule: MergedRule, path: str, route: Route) -> Severity | None:
        """How grave a rule is at an element that a file holds."""
        level = self._level(rule, path, route) if self.pointers else None
        return severity_of(rule.level if level is None else level)

    def speaks_of(self, rule: MergedRule, path: str, route: Route) -> bool:
        """Whether a pointer says how grave a rule is at an element."""
        return self._level(rule, path, route) is not None

    def _level(self, rule: MergedRule, path: str, route: Route) -> int | None:
        """What is said of the nearest element around counts."""
        pointer = pointer_of(route)
        level, nearest = None, ""
        for each in self.pointers:
            is_around = pointer == each.pointer or pointer.startswith(f"{each.pointer}/")
            is_nearer = is_around and rule.name in each.levels and len(each.pointer) >= len(nearest)
            if is_nearer and each.is_in(path):
                level, nearest = each.levels[rule.name], each.pointer
        return level

    def is_on(self, rule: MergedRule) -> bool:
        """Whether a rule is in force anywhere in such a file."""
        return rule.is_enabled or any(rule.name in each.levels for each in self.pointers)

    def may_tell(self, rule: MergedRule) -> bool:
        """Whether a rule is in force, and not off wherever it is."""
        levels = (rule.level, *(each.levels.get(rule.name, OFF) for each in self.pointers))
        return self.is_on(rule) and any(severity_of(level) is not None for level in levels)


class Ruleset:
    """What was read of a ruleset, merged when it is asked for."""

    def __init__(self, written: WrittenRuleset, name: str, stamp: str, *, is_named: bool) -> None:
        """``name`` is how messages call it, ``stamp`` changes when any of its files does; ``is_named`` tells
        that a flag of the command line names it."""
        self.written = written
        self.name = name
        self.stamp = stamp
        self.is_named = is_named
        self._matchers: dict[str, Callable[[str], bool]] = {}
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
        overrides = self.written.overrides
        meant = [
            at
            for at, override in enumerate(overrides)
            if any(self._matcher(each)(path) for each in override.patterns)
        ]
        pointed = [
            (pattern, Pointed(self._matcher(pattern), pointer, _levels(override)))
            for override in overrides
            for pattern, pointer in override.pointers
            if self._matcher(pattern)(path)
        ]
        patterns = [pattern for pattern, _ in pointed]  # as in Spectral: one pattern after the other
        pointed.sort(key=lambda each: patterns.index(each[0]))
        rules = self._merged(tuple(meant)) if meant else self.plain
        return Variant(rules, tuple(each for _, each in pointed))

    def variants(self) -> Iterator[Variant]:
        """The rules as each override by itself has them."""
        for at, override in enumerate(self.written.overrides):
            levels = _levels(override)
            pointers = tuple(
                Pointed(self._matcher(each), pointer, levels) for each, pointer in override.pointers
            )
            yield Variant(self._merged((at,)) if override.patterns else self.plain, pointers)

    def _merged(self, meant: tuple[int, ...]) -> Mapping[str, MergedRule]:
        if meant not in self._variants:
            layers: list[Layer] = [self.written.overrides[at].layer for at in meant]
            self._variants[meant] = merged_rules(overridden(self.written.top, layers))
        return self._variants[meant]

    def _matcher(self, pattern: str) -> Callable[[str], bool]:
        """Tells whether a pattern of an override means a path."""
        if pattern not in self._matchers:
            self._matchers[pattern] = self._matching(pattern)
        return self._matchers[pattern]

    def _matching(self, pattern: str) -> Callable[[str], bool]:
        try:
            is_meant = file_matcher(pattern)
        except GlobError:
            return lambda path: False
        folder = self.written.folder
        return (lambda path: is_meant(posixpath.relpath(path, folder))) if folder else is_meant


def _levels(override: Override) -> Mapping[str, int]:
    rules = override.layer.rules
    return {name: level for name, said in rules.items() if (level := level_of(said)) is not None}
