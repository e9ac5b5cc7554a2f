"""All rules of a run, wherever they come from: archlint, plugins, and a team's own folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from archlint.adapters.plugins import plugin_rules
from archlint.finding import Notice, Rule
from archlint.finding.records import replace
from archlint.registry import POLICY_PROVIDER, PageError, Registry, load_rules
from archlint.registry.index import PROVIDER


def gather_rules(
    cache_folder: Path | None, root: Path, folders: Sequence[str] = ()
) -> tuple[Registry, list[Notice]]:
    """The registry of all rules, and an error for each plugin rule that cannot be used.

    Raises ``PageError`` for a page in a folder of the configuration that is not as it must be.
    """
    rules = load_rules(cache_folder)
    gathered = _Gathered(rules)
    added, notices = plugin_rules()
    for rule in added:
        twin = gathered.add(rule)
        if twin is not None and twin.provider != PROVIDER:
            notices.append(
                Notice("error", f"rule {_called(rule)} of {rule.provider} is called like {_called(twin)}")
            )
    if folders:
        from archlint.adapters.policies import team_rules

        for rule in team_rules(root, folders):
            twin = gathered.add(rule)
            if twin is not None and twin.provider != PROVIDER:
                raise PageError(
                    f"{rule.page}: {_called(rule)} is called like {_called(twin)}; choose another name"
                )
    return Registry(gathered.rules.values()), [*notices, *gathered.notices]


class _Gathered:
    """The rules that are known so far, and warnings about those that rules of archlint take the place of."""

    def __init__(self, own: Iterable[Rule]) -> None:
        self.rules = {rule.code: rule for rule in own}
        self.notices: list[Notice] = []
        self._codes = {name: rule.code for rule in self.rules.values() for name in (rule.code, rule.name)}

    def add(self, rule: Rule) -> Rule | None:
        """Add a rule; else the one that has its code or name already.

        Where that is archlint's own, which a release may have brought, it is run in place of the other one,
        and understands the other's code, so that configuration and suppressions go on working.
        """
        code = self._codes.get(rule.code) or self._codes.get(rule.name)
        if code is None:
            self.rules[rule.code] = rule
            self._codes[rule.code] = self._codes[rule.name] = rule.code
            return None
        twin = self.rules[code]
        if twin.provider == PROVIDER:
            home = f"'{rule.page}'" if rule.provider == POLICY_PROVIDER else rule.provider
            text = f"rule {_called(rule)} of {home} is not run, as archlint has {_called(twin)}"
            self.notices.append(Notice("warning", f"{text}; give it another code and name to run both"))
            names = [name for name in (rule.code, rule.name) if name not in self._codes]
            self.rules[code] = replace(twin, formerly=(*twin.formerly, *names))
            self._codes.update(dict.fromkeys(names, code))
        return twin


def _called(rule: Rule) -> str:
    return f"{rule.code} {rule.name}"
