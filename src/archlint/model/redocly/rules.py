"""Configurable rules of Redocly as they are read: a subject, what is asked of it, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from archlint.finding import Severity
from archlint.finding.records import dataclass
from archlint.model.rulesets.layers import RulesetFault, WrittenAt
from archlint.model.rulesets.patterns import Pattern


@dataclass(frozen=True, slots=True)
class Target:
    """The elements that a rule or a condition is about."""

    type: str
    properties: tuple[str, ...] = ()
    """Members that are looked at, one by one; none for the names of all of them."""
    among: frozenset[str] | None = None
    besides: frozenset[str] = frozenset()
    matching: Pattern | None = None

    def is_meant(self, key: str | int) -> bool:
        """Whether an element is meant that is met under a key."""
        text = str(key)
        is_among = self.among is None or text in self.among
        return is_among and text not in self.besides and (self.matching is None or self.matching.is_in(text))


@dataclass(frozen=True, slots=True)
class Demand:
    """One assertion, by its name, with what the rule says of it."""

    name: str
    condition: Any


@dataclass(frozen=True, slots=True)
class Condition:
    """A subject with what must hold of it."""

    subject: Target
    demands: tuple[Demand, ...]


@dataclass(frozen=True, eq=False)
class ConfigurableRule:
    """A rule that begins with ``rule/``."""

    name: str
    condition: Condition
    severity: Severity
    where: tuple[Condition, ...] = ()
    message: str | None = None
    help_url: str = ""
    at: WrittenAt | None = None
    not_run: tuple[str, ...] = ()
    """Its assertions that are not run here."""


Rules = Mapping[str, Mapping[str, ConfigurableRule | None]]
"""By the key under which they stand (``rules``, ``oas3_1Rules``) and name; ``None`` for one that is off."""


@dataclass(frozen=True, eq=False)
class RedoclyRules:
    """What a configuration of Redocly says of configurable rules."""

    name: str
    """The file, as messages call it."""
    rules: Rules
    by_api: Mapping[str, Rules] = field(default_factory=dict)
    """All that holds for single contracts, by path."""
    ignored: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """The pointers that the ignore file lists, by path and rule."""
    files: tuple[str, ...] = ()
    faults: tuple[RulesetFault, ...] = ()
    stamp: str = ""

    def of(self, path: str, spec: str) -> list[ConfigurableRule]:
        """The rules that are in force for a contract."""
        rules = self.by_api.get(path, self.rules)
        in_force = {**rules.get("rules", {}), **rules.get(f"{spec}Rules", {})}
        return [rule for rule in in_force.values() if rule is not None]

    def defined(self) -> dict[str, ConfigurableRule]:
        """All rules by name, as they are where they are defined first."""
        found: dict[str, ConfigurableRule] = {}
        for rules in (self.rules, *self.by_api.values()):
            for each in rules.values():
                found |= {name: rule for name, rule in each.items() if rule is not None and name not in found}
        return found
