"""Finds the ruleset of a run, and puts what it says of archlint's own rules into the settings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from archlint.config.errors import ConfigurationError
from archlint.config.foreign.spectral import rule_names
from archlint.config.rulesets.documents import LARGEST
from archlint.config.rulesets.known import known_ruleset
from archlint.config.rulesets.names import PROGRAM_ENDS, found_ruleset
from archlint.config.rulesets.reading import RulesetReader
from archlint.config.rulesets.shape import Shape
from archlint.config.settings import Settings
from archlint.files import WorkingTree
from archlint.finding import Notice, Rule
from archlint.finding.records import dataclass, replace
from archlint.judging.own_rules import LocalLevels, OwnRules
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
    return ChosenRuleset(ruleset, (*reader.notices, *not_run(ruleset)))


def with_ruleset(settings: Settings, ruleset: Ruleset, registry: Registry) -> Settings:
    """Settings in which archlint's own rules are on, off and as grave as a ruleset has them.

    What the configuration and the flags say of a rule counts more.
    """
    own = _own_rules(ruleset, registry)
    said = {*_codes(settings.select, registry), *settings.severities}
    chosen = frozenset[str]().union(*map(registry.codes, settings.select))
    unwanted = frozenset[str]().union(*map(registry.codes, settings.ignore))
    elsewhere = own.on_elsewhere()
    off = [code for code in own.off() if code not in said]
    wanted = [registry.by_code[code] for code in sorted((*own.on(), *elsewhere))]
    select = [rule.name for rule in wanted if rule.profile > settings.profile and rule.code not in unwanted]
    ignore = [registry.by_code[code].name for code in off if code not in elsewhere]
    severities = dict(own.severities())
    added = {"select": select, "ignore": ignore, "rules": severities}
    dropped = [
        code
        for code in elsewhere
        if code in off or (registry.by_code[code].profile > settings.profile and code not in chosen)
    ]
    return replace(
        settings,
        ruleset=ruleset,
        select=(*select, *settings.select),
        ignore=(*ignore, *settings.ignore),
        severities={**severities, **settings.severities},
        local_levels=LocalLevels(own, settings.severities, dropped) if ruleset.written.overrides else None,
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


def _own_rules(ruleset: Ruleset, registry: Registry) -> OwnRules:
    """The rules of archlint by Spectral's names."""
    speaks_of = set(ruleset.plain).union(*(variant.rules for variant in ruleset.variants()))
    by_name: dict[str, list[str]] = {}
    for name in speaks_of:
        for alias in rule_names(name):
            by_name.setdefault(alias, []).append(name)
    names: dict[str, list[str]] = {}
    for rule in registry.rules:
        meant = [name for alias in rule.aliases for name in sorted(by_name.get(alias, ()))]
        if meant and rule.provider != HOUSE_PROVIDER:
            names[rule.code] = meant
    return OwnRules(ruleset, names)
