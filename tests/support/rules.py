"""The rules of archlint as their pages declare them, read once in each process as that takes long."""

from __future__ import annotations

from functools import cache

from archlint.finding import Rule
from archlint.registry import Registry, read_pages, rules_folder


@cache
def own_rules() -> tuple[Rule, ...]:
    """All rules."""
    return tuple(read_pages(rules_folder()))


@cache
def registry() -> Registry:
    """All rules by their codes and names."""
    return Registry(own_rules())
