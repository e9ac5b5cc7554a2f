"""Addresses for reports: of the page of a rule, and of archlint itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from archlint.finding import Rule

_OWN = "archlint.checks"


class Links:
    """What may be linked: what the configuration says, else the home that archlint's metadata names.

    Nothing is imported or read before the first link is asked for, as most reports need none.
    """

    def __init__(self, help_url: str | None) -> None:
        self._help_url = help_url

    def home(self) -> str | None:
        """Where a reader learns what archlint is."""
        from archlint.origin.home import home_page

        return home_page(self._urls)

    def page(self, rule: Rule) -> str | None:
        """The page of a rule of archlint, or what a ruleset names; those of teams and plugins are not where
        archlint's are."""
        if rule.help_url:
            return rule.help_url
        if rule.provider != _OWN or self._template is None:
            return None
        words = {"code": rule.code, "name": rule.name, "area": rule.area.lower()}
        link = self._template
        for word, value in words.items():
            link = link.replace(f"{{{word}}}", value)
        return link

    @cached_property
    def _template(self) -> str | None:
        from archlint.origin.home import rule_pages, site_pages

        if self._help_url is None:
            return rule_pages(self._urls)
        return self._help_url if "{" in self._help_url else site_pages(self._help_url)

    @cached_property
    def _urls(self) -> Mapping[str, str]:
        from archlint.origin.metadata import own_metadata

        metadata = own_metadata()
        return metadata.urls if metadata is not None else {}
