"""Checks of rules without check functions: expressions of a team, and rulesets of Spectral and Redocly."""

from __future__ import annotations

from collections.abc import Sequence

from archlint.checks import Check
from archlint.finding import Rule
from archlint.registry.page import HOUSE_PROVIDER, REDOCLY_PROVIDER


def unwritten_checks(package: str, rules: Sequence[Rule]) -> dict[str, Check]:
    """The checks of some rules, by name; each provider has its own way."""
    if package.startswith(f"{HOUSE_PROVIDER}."):
        from archlint.adapters.rulesets import house_checks

        return house_checks(rules)
    if package.startswith(f"{REDOCLY_PROVIDER}."):
        from archlint.adapters.redocly import redocly_checks

        return redocly_checks(rules)
    from archlint.adapters.cel import policy_checks

    return policy_checks(rules)
