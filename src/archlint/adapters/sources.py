"""All rules of a run, wherever they come from: archlint, plugins, and a team's own folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archlint.adapters.plugins import plugin_rules
from archlint.finding import Notice, Rule
from archlint.registry import PageError, Registry, load_rules


def gather_rules(
    cache_folder: Path | None, root: Path, folders: Sequence[str] = ()
) -> tuple[Registry, list[Notice]]:
    """The registry of all rules, and an error for each plugin rule that cannot be used.

    Raises ``PageError`` for a page in a folder of the configuration that is not as it must be.
    """
    rules = load_rules(cache_folder)
    taken = {name: rule for rule in rules for name in (rule.code, rule.name)}
    added, notices = plugin_rules()
    for rule in added:
        twin = taken.get(rule.code) or taken.get(rule.name)
        if twin is None:
            taken[rule.code] = taken[rule.name] = rule
            rules.append(rule)
        else:
            notices.append(
                Notice("error", f"rule {_called(rule)} of {rule.provider} is called like {_called(twin)}")
            )
    if folders:
        from archlint.adapters.policies import team_rules

        for rule in team_rules(root, folders):
            twin = taken.get(rule.code) or taken.get(rule.name)
            if twin is not None:
                raise PageError(
                    f"{rule.page}: {_called(rule)} is called like {_called(twin)}; choose another name"
                )
            taken[rule.code] = taken[rule.name] = rule
            rules.append(rule)
    return Registry(rules), notices


def _called(rule: Rule) -> str:
    return f"{rule.code} {rule.name}"
