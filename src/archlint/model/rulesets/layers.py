"""Rulesets of Spectral as they are written, one on top of the other, before anything is merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from archlint.documents import Document
from archlint.finding import Place, Route, Token
from archlint.finding.records import dataclass

RECOMMENDED, ALL, OFF = "recommended", "all", "off"
"""Which rules of a ruleset that is extended are in force."""


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A rule of a ruleset that archlint has rules of its own for."""

    name: str
    is_recommended: bool = True
    formats: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class KnownRuleset:
    """A ruleset whose rules archlint has as rules of its own, such as ``spectral:oas``."""

    name: str
    rules: tuple[KnownRule, ...]
    prefix: str = "\0"
    """How the names of its rules begin in all of its versions, of which one is known."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One ruleset: what it says itself, and what it extends."""

    data: Mapping[str, Any]
    extends: tuple[Extended, ...] = ()
    lacks: bool = False
    """Whether it extends something that is not loaded, directly or not."""

    @property
    def is_whole(self) -> bool:
        """Whether all rules that it may switch are known."""
        below = (each.ruleset for each in self.extends)
        return not self.lacks and all(not isinstance(each, Layer) or each.is_whole for each in below)

    def switches(self, name: str) -> bool:
        """Whether a rule that none of the known rules is may be one of a ruleset that it extends."""
        return not self.is_whole or any(
            name.startswith(each.ruleset.prefix)
            if isinstance(each.ruleset, KnownRuleset)
            else each.ruleset.switches(name)
            for each in self.extends
        )

    @property
    def rules(self) -> Mapping[str, Any]:
        """What it says of rules, by name."""
        rules = self.data.get("rules")
        return rules if isinstance(rules, dict) else {}

    @property
    def aliases(self) -> Mapping[str, Any]:
        """Its aliases."""
        aliases = self.data.get("aliases")
        return aliases if isinstance(aliases, dict) else {}


@dataclass(frozen=True, eq=False)
class Extended:
    """A ruleset that another one extends, and which of its rules that wants."""

    ruleset: Layer | KnownRuleset
    which: str = RECOMMENDED
    is_said: bool = False
    """Whether the other one says which."""


@dataclass(frozen=True, eq=False)
class Override:
    """What a ruleset says for some files alone."""

    patterns: tuple[str, ...]
    """Patterns of whole files."""
    pointers: tuple[tuple[str, str], ...]
    """Patterns of files, each with the pointer to an element."""
    layer: Layer


@dataclass(frozen=True, eq=False)
class WrittenAt:
    """Where something of a ruleset is written."""

    document: Document
    route: Route

    @property
    def place(self) -> Place:
        """The key or the value."""
        return self.document.nearest(self.route)

    def below(self, *steps: str | int) -> WrittenAt:
        """What is written some steps below."""
        return WrittenAt(self.document, (*self.route, *steps))

    @property
    def value_place(self) -> Place:
        """The value, where there is one."""
        here = self.document.existing(self.route) == self.route
        return self.document.place(self.route, Token.VALUE) if here else self.place


@dataclass(frozen=True, slots=True)
class RulesetFault:
    """Something in a ruleset that Spectral would refuse."""

    at: WrittenAt
    text: str
    is_key: bool = False
    """Whether it is the key that is wrong."""


@dataclass(frozen=True, eq=False)
class WrittenRuleset:
    """All that was read of a ruleset."""

    top: Layer
    overrides: tuple[Override, ...] = ()
    folder: str = ""
    """Where the ruleset lies, relative to the root."""
    places: Mapping[int, WrittenAt] = field(default_factory=dict)
    """Where the definition of a rule is written, by its identity."""
    faults: tuple[RulesetFault, ...] = ()
    files: tuple[str, ...] = ()
    """All files that it was read from."""

    def layers(self) -> Iterator[Layer]:
        """The ruleset, what it extends, and its overrides."""
        waiting = [self.top, *(override.layer for override in self.overrides)]
        while waiting:
            layer = waiting.pop()
            yield layer
            waiting += [each.ruleset for each in layer.extends if isinstance(each.ruleset, Layer)]
