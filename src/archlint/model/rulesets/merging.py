"""Which rules are in force when rulesets extend each other: as Spectral 6 merges them.

A rule that an extended ruleset defines is switched by ``true``, ``off`` and severities, and is redefined key
by key. A severity switches on what is off; ``[ruleset, off]`` switches all off first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archlint.finding import Severity
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.rulesets.formats import named_format
from archlint.model.rulesets.layers import ALL, RECOMMENDED, Extended, KnownRuleset, Layer

_ALIAS = regex(r"#([A-Za-z0-9_-]++)")
_MOST = 2_000
"""Expressions that one ``given`` may stand for."""
OFF = -1
_LEVELS = {"error": 0, "warn": 1, "info": 2, "hint": 3, "off": OFF}
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.INFO)
_DEFINING = ("given", "then")


class AliasFault(Exception):
    """An alias that there is not, or that leads back to itself; the text says which."""


@dataclass(eq=False)
class MergedRule:
    """A rule as all rulesets together define it."""

    name: str
    definition: dict[str, Any]
    """Its keys; none of ``given`` and ``then`` for one that only archlint's own rules stand for."""
    owner: Layer | KnownRuleset
    aliases: Layer | None
    is_enabled: bool = True
    level: int = 1
    formats: tuple[str, ...] | None = None
    help_url: str | None = None
    is_switched: bool = False
    """Whether a ruleset that extends another one speaks of it."""
    is_levelled: bool = False
    """Whether a ruleset says how grave it is."""
    written: Any = None
    """The value in which it is defined last."""

    @property
    def is_recommended(self) -> bool:
        """Whether it is on where nobody asks for all."""
        return self.definition.get("recommended") is not False

    @property
    def is_defined(self) -> bool:
        """Whether it says itself what it looks at, so that it is run as it stands."""
        return all(key in self.definition for key in _DEFINING)

    @property
    def is_resolved(self) -> bool:
        """Whether it looks at what references lead to."""
        return self.definition.get("resolved") is not False

    @property
    def functions(self) -> list[Mapping[str, Any]]:
        """What it asks of each value: each names a function."""
        then = self.definition.get("then")
        items = then if isinstance(then, list) else [then]
        return [item for item in items if isinstance(item, dict) and isinstance(item.get("function"), str)]

    @property
    def severity(self) -> Severity | None:
        """How grave it is; ``None`` if it tells nothing."""
        return severity_of(self.level)

    def expressions(self, formats: Sequence[str]) -> list[str]:
        """The expressions that ``given`` stands for in a document of some formats; raises ``AliasFault``."""
        given = self.definition.get("given")
        aliases = self.aliases.aliases if self.aliases is not None else {}
        written = given if isinstance(given, list) else [given]
        found: list[str] = []
        for item in written:
            if isinstance(item, str):
                found += expanded(item, aliases, formats)
        return found


def severity_of(level: int) -> Severity | None:
    """The severity for a number of Spectral; ``None`` for off."""
    return _SEVERITIES[level] if 0 <= level < len(_SEVERITIES) else None


def level_of(value: Any) -> int | None:
    """The number for a severity as rulesets write it; ``None`` if it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str) and value in _LEVELS:
        return _LEVELS[value]
    text = str(value) if isinstance(value, (int, str)) else ""
    return int(text) if text in ("-1", "0", "1", "2", "3") else None


def merged_rules(layer: Layer | KnownRuleset) -> dict[str, MergedRule]:
    """The rules of a ruleset by name, with what it extends."""
    return _rules(layer, RECOMMENDED, is_said=False)


def _rules(layer: Layer | KnownRuleset, which: str, *, is_said: bool) -> dict[str, MergedRule]:
    if isinstance(layer, KnownRuleset):
        return {rule.name: rule for rule in _known(layer, which)}
    rules: dict[str, MergedRule] = {}
    for extended in layer.extends:
        for rule in _rules(extended.ruleset, extended.which, is_said=extended.is_said).values():
            rules[rule.name] = rule
            if is_said:
                rule.is_enabled = _is_wanted(rule, which)
    for name, said in layer.rules.items():
        found = _merged(rules.get(name), name, said, layer)
        if found is None:
            continue
        rules[name] = found
        if found.owner is layer or is_said:
            found.is_enabled = _is_wanted(found, which)
        _set_formats(found, layer)
        url = layer.data.get("documentationUrl")
        if isinstance(url, str) and found.help_url is None:
            found.help_url = f"{url}#{name}"
    return rules


def _known(ruleset: KnownRuleset, which: str) -> Iterator[MergedRule]:
    for rule in ruleset.rules:
        definition = {} if rule.is_recommended else {"recommended": False}
        merged = MergedRule(rule.name, definition, ruleset, None, formats=rule.formats)
        merged.is_enabled = _is_wanted(merged, which)
        yield merged


def _is_wanted(rule: MergedRule, which: str) -> bool:
    return which == ALL or (which == RECOMMENDED and rule.is_recommended)


def _merged(known: MergedRule | None, name: str, said: Any, layer: Layer) -> MergedRule | None:
    """A rule with what a ruleset says of it; ``None`` for what says nothing."""
    if isinstance(said, dict):
        return _defined(known, name, said, layer)
    if known is None:
        return None
    known.is_switched = True
    if isinstance(said, bool):
        known.is_enabled = said
        return known
    level = level_of(said)
    if level is not None:
        known.level = level
        known.is_levelled = True
        known.is_enabled = said != "off"
    return known


def _defined(known: MergedRule | None, name: str, said: dict[str, Any], layer: Layer) -> MergedRule | None:
    if known is None:
        if not any(key in said for key in _DEFINING):
            return None
        known = MergedRule(name, dict(said), layer, layer)
    else:
        known.definition = {**known.definition, **said}
        if "given" in said:
            known.aliases = layer
        known.is_enabled = True
    if "severity" in said:
        level = level_of(said["severity"])
        known.level = 1 if level is None else level
    formats = said.get("formats")
    if isinstance(formats, list):
        known.formats = tuple(map(str, formats))
    url = said.get("documentationUrl")
    if isinstance(url, str):
        known.help_url = url
    known.written = said
    return known


def _set_formats(rule: MergedRule, layer: Layer) -> None:
    """A rule without formats of its own has those of its ruleset."""
    owner = rule.owner if isinstance(rule.owner, Layer) else layer
    stated = owner.data.get("formats")
    if rule.formats is None and isinstance(stated, list):
        rule.formats = tuple(map(str, stated))


def overridden(base: Layer, overrides: Sequence[Layer]) -> Layer:
    """A ruleset with what some overrides of it say, the last of which counts most."""
    if not overrides:
        return base
    data = dict(overrides[0].data)
    extends = overrides[0].extends
    for layer in overrides[1:]:
        merged = {**data, **layer.data}
        for key in ("rules", "aliases"):
            if isinstance(data.get(key), dict) and isinstance(layer.data.get(key), dict):
                merged[key] = {**data[key], **layer.data[key]}
        data, extends = merged, layer.extends or extends
    aliases = {**base.aliases, **_map(data, "aliases")}
    whole = {**base.data, **data, "aliases": aliases}
    if not isinstance(data.get("rules"), dict):
        return Layer(whole, extends or base.extends)
    return Layer(whole, (*(extends or base.extends), Extended(base)))


def _map(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def expanded(expression: str, aliases: Mapping[str, Any], formats: Sequence[str]) -> list[str]:
    """The expressions that one stands for; raises ``AliasFault``."""
    found: list[str] = []
    waiting: list[tuple[str, tuple[str, ...]]] = [(expression, ())]
    while waiting:
        text, through = waiting.pop()
        if not text.startswith("#"):
            found.append(text)
        else:
            waiting += reversed(list(_meant(text, through, aliases, formats)))
        if len(found) + len(waiting) > _MOST:
            raise AliasFault(f"'{expression}' stands for more than {_MOST} expressions")
    return found


def _meant(
    text: str, through: tuple[str, ...], aliases: Mapping[str, Any], formats: Sequence[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What the alias at the beginning of an expression leads to, one step further."""
    named = _ALIAS.match(text)
    if named is None:
        raise AliasFault(f"'{text}' begins with '#' and names no alias")
    name = named[1]
    if name in through:
        raise AliasFault(f"alias '{name}' leads back to itself: {' -> '.join((*through, name))}")
    if name not in aliases:
        raise AliasFault(f"there is no alias '{name}'")
    for item in _targets(aliases[name], formats):
        if isinstance(item, str):
            yield f"{item}{text[len(name) + 1 :]}", (*through, name)


def _targets(alias: Any, formats: Sequence[str]) -> list[Any]:
    """The expressions of an alias; of one with targets those of the last one for any of the formats."""
    if isinstance(alias, list):
        return alias
    targets = alias.get("targets") if isinstance(alias, dict) else None
    for target in reversed(targets if isinstance(targets, list) else []):
        stated = target.get("formats") if isinstance(target, dict) else None
        if isinstance(stated, list) and not {named_format(str(name)) for name in stated}.isdisjoint(formats):
            given = target.get("given")
            return given if isinstance(given, list) else []
    return []
