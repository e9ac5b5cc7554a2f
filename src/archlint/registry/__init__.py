"""Which rules there are: pages of archlint, of plugins and of a team's own folders."""

from archlint.registry.index import load_rules, read_pages, rules_folder
from archlint.registry.page import (
    HOUSE_PROVIDER,
    POLICY_PROVIDER,
    REDOCLY_PROVIDER,
    Page,
    PageError,
    body_of,
    rule_of,
    split_page,
)
from archlint.registry.registry import ALL, Registry, UnknownRule

__all__ = [
    "ALL",
    "HOUSE_PROVIDER",
    "POLICY_PROVIDER",
    "REDOCLY_PROVIDER",
    "Page",
    "PageError",
    "Registry",
    "UnknownRule",
    "body_of",
    "load_rules",
    "read_pages",
    "rule_of",
    "rules_folder",
    "split_page",
]
