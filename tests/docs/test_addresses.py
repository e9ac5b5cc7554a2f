"""No text sends anybody to a home that archlint does not have, or to an index for what is not on it."""

from __future__ import annotations

import re
import tomllib

from tests.docs.blocks import ROOT
from tests.support.process import git

NAMED = ("README.md", "CHANGELOG.md", "docs", "src", "action", "rules", "*.yml", "*.yaml", "*.toml")
TEXTS = {
    name: (ROOT / name).read_text("utf-8")
    for name in git(ROOT, "ls-files", "--", *NAMED).splitlines()
    if (ROOT / name).is_file() and not name.startswith("fixtures/")
}
HOME = tuple(tomllib.loads(TEXTS["pyproject.toml"])["project"].get("urls", {}).values())
EXAMPLE = re.compile(r"https?://(?:[\w-]+\.)*example(?:\.com|\.org|\.net)?[/:]")
"""Domains that belong to nobody (RFC 2606)."""


def test_addresses_of_archlint_are_examples_or_its_home() -> None:
    for name, text in TEXTS.items():
        for address in re.findall(r"https?://[^\s)\"'`<>]*archlint[^\s)\"'`<>]*", text):
            assert EXAMPLE.match(address) or address.startswith(HOME), f"{name}: {address}"


def test_nobody_is_told_to_install_archlint_by_its_name_alone() -> None:
    for name, text in TEXTS.items():
        told = re.findall(r"\b(?:pip|pipx|uv)\b[^`\n]*\binstall (?:[^`\n]* )?['\"]?archlint\b(?! @).*", text)
        assert told == [], name
