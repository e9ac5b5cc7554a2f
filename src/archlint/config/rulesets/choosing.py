"""Finds the ruleset of a run, and puts what it says of archlint's own rules into the settings."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from archlint.config.errors import ConfigurationError
from archlint.config.foreign.patterns import UnusablePattern
from archlint.config.foreign.spectral import patterns_of_files, rule_names
from archlint.config.rulesets.known import known_ruleset
from archlint.config.rulesets.names import PROGRAM_ENDS, found_ruleset
from archlint.config.rulesets.reading import LARGEST, RulesetReader
from archlint.config.rulesets.shape import Shape
from archlint.config.settings import LocalSeverity, Settings, SuppressEntry
from archlint.files import WorkingTree
from archlint.finding import Notice, Rule, Severity
from archlint.finding.records import dataclass, replace
from archlint.model.rulesets.layers import Override
from archlint.model.rulesets.merging import OFF, MergedRule, level_of, severity_of
from archlint.model.rulesets.ruleset import Ruleset
from archlint.registry import HOUSE_PROVIDER, Registry

NONE = "none"
"""The value of ``ruleset`` in a configuration that wants none, also if there is one."""


@dataclass(frozen=True, slots=True)
class ChosenRuleset:
    """A ruleset, or none, and what is to be told of it."""

    ruleset: Ruleset | None = None
    notices: tuple[Notice, ...] = ()


def choose_ruleset(
    root: Path, flag: str | None, configured: str | None, rules: Sequence[Rule]
) -> ChosenRuleset:
    """The ruleset that a flag names, else the configuration, else the one at the top of the repository.

    Raises ``ConfigurationError`` for one that is named and cannot be read.
    """
    if flag is not None:
        return _named(root, flag, rules)
    if configured == NONE:
        return ChosenRuleset()
    path = configured or found_ruleset(root)
    if path is None:
        return ChosenRuleset()
    if path.endswith(PROGRAM_ENDS):
        text = "this ruleset is a program, which archlint does not run; write it as YAML to have it obeyed"
        return ChosenRuleset(notices=(Notice("warning", text, path),))
    try:
        return _read(WorkingTree(root, limit=LARGEST), path, rules, is_named=False)
    except ConfigurationError as problem:
        if configured is not None:
            raise
        return ChosenRuleset(notices=(Notice("error", f"no rule of this ruleset is run: {problem}", path),))


def _named(root: Path, flag: str, rules: Sequence[Rule]) -> ChosenRuleset:
    file = Path(os.path.normpath(Path(flag).absolute()))
    if not file.is_file():
        raise ConfigurationError([f"--ruleset: '{flag}' is no file"])
    if file.name.endswith(PROGRAM_ENDS):
        raise ConfigurationError([f"--ruleset: '{flag}' is a program, which archlint does not run"])
    folder = Path(os.path.realpath(file.parent))
    whole = folder / file.name
    if whole.is_relative_to(root):
        path = whole.relative_to(root).as_posix()
        return _read(WorkingTree(root, limit=LARGEST), path, rules, is_named=True)
    chosen = _read(WorkingTree(folder, limit=LARGEST), file.name, rules, is_named=True)
    from_root = Path(os.path.relpath(folder, root))
    told = [replace(each, path=(from_root / (each.path or "")).as_posix()) for each in chosen.notices]
    return replace(chosen, notices=tuple(told))


def _read(tree: WorkingTree, path: str, rules: Sequence[Rule], *, is_named: bool) -> ChosenRuleset:
    from archlint.adapters.rulesets import not_run
    from archlint.model.rulesets.functions import FUNCTIONS, check_options

    shape = Shape(frozenset(FUNCTIONS), check_options)
    reader = RulesetReader(tree, shape, lambda name: known_ruleset(name, rules))
    ruleset = reader.ruleset(path, is_named=is_named)
    return ChosenRuleset(ruleset, (*reader.notices, *not_run(ruleset), *_on_elsewhere(ruleset)))


def with_ruleset(settings: Settings, ruleset: Ruleset, registry: Registry) -> Settings:
    """Settings in which archlint's own rules are on, off and as grave as a ruleset has them.

    What the configuration and the flags say of a rule counts more.
    """
    own = _OwnRules(ruleset.plain.values(), registry)
    said = {*_codes(settings.select, registry), *settings.severities}
    unwanted = frozenset[str]().union(*map(registry.codes, settings.ignore))
    select = [rule.name for rule in own.on() if rule.profile > settings.profile and rule.code not in unwanted]
    ignore = [rule.name for rule in own.off() if rule.code not in said]
    severities = {rule.code: severity for rule, severity in own.severities()}
    suppress = tuple(_suppressed(ruleset, registry))
    added = {"select": select, "ignore": ignore, "rules": severities, "suppress": suppress}
    return replace(
        settings,
        ruleset=ruleset,
        select=(*select, *settings.select),
        ignore=(*ignore, *settings.ignore),
        severities={**severities, **settings.severities},
        local_severities=tuple(_local_severities(ruleset, registry, settings.severities.keys())),
        suppress=(*settings.suppress, *suppress),
        origins={**settings.origins, **_origins(settings, ruleset, [key for key in added if added[key]])},
    )


def _origins(settings: Settings, ruleset: Ruleset, keys: Iterable[str]) -> dict[str, str]:
    """Where keys come from of which a ruleset says something, after what the configuration says of them."""
    said = {key: settings.origins.get(key) for key in keys}
    return {key: ruleset.name if at is None else f"{ruleset.name}, {at}" for key, at in said.items()}


def _codes(selectors: Iterable[str], registry: Registry) -> Iterator[str]:
    for selector in selectors:
        rule = registry.find(selector)
        if rule is not None:
            yield rule.code


class _OwnRules:
    """The rules of archlint that stand for rules of Spectral's own rulesets, as a ruleset has these."""

    def __init__(self, merged: Iterable[MergedRule], registry: Registry) -> None:
        self._by_code = registry.by_code
        self._on: dict[str, list[MergedRule]] = {}
        self._off: dict[str, list[MergedRule]] = {}
        aliases: dict[str, list[Rule]] = {}
        for rule in registry.rules:
            for alias in rule.aliases:
                aliases.setdefault(alias, []).append(rule)
        for each in merged:
            is_on = each.is_enabled and each.severity is not None and not each.is_defined
            for name in rule_names(each.name):
                for rule in aliases.get(name, ()):
                    if rule.provider != HOUSE_PROVIDER:
                        (self._on if is_on else self._off).setdefault(rule.code, []).append(each)
        for code, off in self._off.items():
            if code in self._on and all(_goes_with(each, off) for each in self._on[code]):
                off.extend(self._on.pop(code))

    def on(self) -> list[Rule]:
        """Those that are on."""
        return [self._by_code[code] for code in sorted(self._on)]

    def off(self) -> list[Rule]:
        """Those of which nothing is on and something was put off; what nobody recommends is left alone."""
        return [
            self._by_code[code]
            for code, rules in sorted(self._off.items())
            if code not in self._on and any(each.is_recommended or each.is_defined for each in rules)
        ]

    def severities(self) -> Iterator[tuple[Rule, Severity]]:
        """How grave those are whose severity the ruleset says."""
        for code, rules in sorted(self._on.items()):
            said = [each.severity for each in rules if each.is_levelled and each.severity is not None]
            if said:
                yield self._by_code[code], max(said)


def _goes_with(rule: MergedRule, off: Iterable[MergedRule]) -> bool:
    """Whether a rule is that of the other version of OpenAPI for one that is off, and nobody asks for it."""
    ends = {other.name[:4] for other in off if other.is_switched}
    return not rule.is_switched and {rule.name[:4], *ends} == {"oas2", "oas3"}


def _suppressed(ruleset: Ruleset, registry: Registry) -> Iterator[SuppressEntry]:
    """What overrides put off of archlint's own rules, for files and elements."""
    reason = f"off in an override of {ruleset.name}"
    for override in ruleset.written.overrides:
        off = [name for name, said in override.layer.rules.items() if said in (False, "off", -1)]
        rules = tuple(dict.fromkeys(rule.name for name in off for rule in _own_rules(name, registry.rules)))
        for paths, pointer in _places(override, ruleset.written.folder) if rules else ():
            yield SuppressEntry(rules, paths, reason, elements=(f"#{pointer}",) if pointer else ())


def _local_severities(
    ruleset: Ruleset, registry: Registry, configured: Collection[str]
) -> Iterator[LocalSeverity]:
    """How grave overrides want archlint's own rules, but for those that are ``configured``; elements come
    after files, and the nearest ones last."""
    found: list[LocalSeverity] = []
    for override in ruleset.written.overrides:
        codes: dict[Severity, set[str]] = {}
        for name, said in override.layer.rules.items():
            level = level_of(said)
            severity = None if level is None else severity_of(level)
            if severity is not None:
                own = {rule.code for rule in _own_rules(name, registry.rules)}
                codes.setdefault(severity, set()).update(own.difference(configured))
        for paths, pointer in _places(override, ruleset.written.folder):
            for severity, each in sorted(codes.items()):
                found.append(LocalSeverity(frozenset(each), paths, severity, pointer))
    return iter(sorted(found, key=lambda each: len(each.pointer)))


def _on_elsewhere(ruleset: Ruleset) -> Iterator[Notice]:
    """What overrides switch on of archlint's own rules for some files alone, for which there is no way."""
    for override in ruleset.written.overrides:
        names = [
            name
            for name, said in override.layer.rules.items()
            if (said is True or severity_of(OFF if (level := level_of(said)) is None else level) is not None)
            and (rule := ruleset.plain.get(name)) is not None
            and not (rule.is_defined or rule.is_enabled)
        ]
        if names:
            files = ", ".join((*override.patterns, *(f"{each}#{at}" for each, at in override.pointers)))
            text = f"{', '.join(names)}: on for {files} alone, which archlint's own rules cannot be, so off"
            yield Notice("warning", f"{text}; switch on for all, and off in an override", ruleset.name)


def _own_rules(name: str, rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules of archlint that stand for one of Spectral's."""
    names = set(rule_names(name))
    for rule in rules:
        if rule.provider != HOUSE_PROVIDER and not names.isdisjoint(rule.aliases):
            yield rule


def _places(override: Override, folder: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Patterns of the paths that an override is for, with the pointer to an element if it names one."""
    for pattern, pointer in (*((each, "") for each in override.patterns), *override.pointers):
        paths = _patterns(pattern, folder)
        if paths:
            yield paths, pointer


def _patterns(pattern: str, folder: str) -> tuple[str, ...]:
    try:
        return tuple(patterns_of_files(pattern, folder))
    except UnusablePattern:
        return ()
