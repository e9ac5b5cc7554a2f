"""The house's own rules: a ruleset of Spectral, if the repository has one or a flag names one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archlint.config import Configuration, Settings
from archlint.config.rulesets.names import found_ruleset
from archlint.finding import Notice
from archlint.finding.records import dataclass
from archlint.registry import Registry

if TYPE_CHECKING:
    from archlint.model.rulesets.ruleset import Ruleset


@dataclass(frozen=True)
class House:
    """All rules, with those of the ruleset, and what is to be told of it."""

    registry: Registry
    ruleset: Ruleset | None = None
    notices: tuple[Notice, ...] = ()

    def settings(self, settings: Settings) -> Settings:
        """Settings with what the ruleset says of archlint's own rules."""
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
    configured = configuration.ruleset if configuration is not None else None
    if flag is None and configured is None and found_ruleset(root) is None:
        return House(registry)
    from archlint.adapters.rulesets import house_rules
    from archlint.config.rulesets.choosing import choose_ruleset

    chosen = choose_ruleset(root, flag, configured, registry.rules)
    if chosen.ruleset is None:
        return House(registry, None, chosen.notices)
    taken = frozenset(name for rule in registry.rules for name in (rule.code, rule.name))
    rules = (*registry.rules, *house_rules(chosen.ruleset, taken))
    return House(Registry(rules), chosen.ruleset, chosen.notices)
