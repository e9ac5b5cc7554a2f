"""The house's own rules: rulesets of Spectral and Redocly, if the repository has any or a flag names one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from archlint.config import Configuration, Settings
from archlint.config.errors import ConfigurationError
from archlint.config.rulesets.names import found_redocly, found_ruleset, is_redocly
from archlint.finding import Notice
from archlint.finding.records import dataclass, replace
from archlint.registry import Registry

if TYPE_CHECKING:
    from archlint.model.redocly.rules import RedoclyRules
    from archlint.model.rulesets.ruleset import Ruleset


@dataclass(frozen=True)
class House:
    """All rules, with those of the ruleset, and what is to be told of it."""

    registry: Registry
    ruleset: Ruleset | None = None
    notices: tuple[Notice, ...] = ()
    redocly: RedoclyRules | None = None

    def settings(self, settings: Settings) -> Settings:
        """Settings with what the ruleset says of archlint's own rules."""
        if self.redocly is not None:
            settings = replace(settings, redocly=self.redocly)
        if self.ruleset is None:
            return settings
        from archlint.config.rulesets.choosing import with_ruleset

        return with_ruleset(settings, self.ruleset, self.registry)

    def explained(self, problem: str) -> str:
        """What is wrong with names of rules, which may be those of a ruleset that could not be read."""
        unread = [f"{each.path}: {each.message}" for each in self.notices if each.level == "error"]
        return "\n".join((problem, *unread))


def house_of(root: Path, flag: str | None, configuration: Configuration | None, registry: Registry) -> House:
    """The house of a run; raises ``ConfigurationError`` for a ruleset that is named and cannot be read."""
    named = flag or (configuration.ruleset if configuration is not None else None)
    house = House(registry)
    if not (named and is_redocly(named)) and (named is not None or found_ruleset(root) is not None):
        house = _with_spectral(house, root, flag, configuration)
    path = named if named is not None and is_redocly(named) else None
    if named is None:
        path = found_redocly(root)
    return house if path is None else _with_redocly(house, root, path, is_named=named is not None)


def _with_spectral(house: House, root: Path, flag: str | None, configuration: Configuration | None) -> House:
    from archlint.adapters.rulesets import house_rules
    from archlint.config.rulesets.choosing import choose_ruleset

    configured = configuration.ruleset if configuration is not None else None
    chosen = choose_ruleset(root, flag, configured, house.registry.rules)
    if chosen.ruleset is None:
        return replace(house, notices=chosen.notices)
    taken = frozenset(name for rule in house.registry.rules for name in (rule.code, rule.name))
    rules = (*house.registry.rules, *house_rules(chosen.ruleset, taken))
    return House(Registry(rules), chosen.ruleset, chosen.notices)


def _with_redocly(house: House, root: Path, path: str, *, is_named: bool) -> House:
    from archlint.adapters.redocly import redocly_rules
    from archlint.config.rulesets.documents import LARGEST
    from archlint.config.rulesets.redocly import RedoclyReader
    from archlint.files import WorkingTree

    folder = Path(os.path.realpath(Path(root, path).parent))
    base = root if folder.is_relative_to(root) else folder
    reader = RedoclyReader(WorkingTree(base, limit=LARGEST))
    try:
        config = reader.read((folder / Path(path).name).relative_to(base).as_posix())
    except ConfigurationError as problem:
        if is_named:
            raise
        told = Notice("error", f"no configurable rule of Redocly is run: {problem}", path)
        return replace(house, notices=(*house.notices, told))
    rules = redocly_rules(config, house.registry.rules)
    notices = (*house.notices, *reader.notices)
    if not rules and not config.faults:
        return replace(house, notices=notices)
    return House(Registry((*house.registry.rules, *rules)), house.ruleset, notices, config)
