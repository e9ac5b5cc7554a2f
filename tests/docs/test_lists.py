"""Lists of formats, commands and the like that pages keep by hand are those that the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from archlint.cli.main import COMMANDS
from archlint.config.schema import CONFIGURATION
from archlint.finding import REASONS
from archlint.model.kubernetes.foreign_checks import ID_FORMS, named_checks
from archlint.reports import FORMATS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
WORDS = {path: path.read_text("utf-8") for path in PAGES}
PACKAGE = ROOT / "src" / "archlint"
EXISTING = frozenset(PACKAGE.rglob("*"))
PACKAGES = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
NOT_FOR_REPORTS = {"dot", "mermaid", "svg", "html"}
"""Formats of the graph of services, of which some are those of reports."""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_that_lists_the_formats_has_all(path: Path) -> None:
    for listed in re.findall(r"--format ([a-z]+(?:\|[a-z]+){2,})", WORDS[path]):
        names = listed.split("|")
        if not NOT_FOR_REPORTS & set(names):
            assert set(names) == set(FORMATS), f"{path.name}: write `--format {'|'.join(FORMATS)}`"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_modules_that_a_page_names_exist(path: Path) -> None:
    """A page names modules by their way below the package."""
    named = re.findall(rf"`((?:{'|'.join(PACKAGES)})/[\w/]+(?:\.py)?)`", WORDS[path])
    gone = {name for name in named if not {PACKAGE / name, PACKAGE / f"{name}.py"} & EXISTING}
    assert not gone, f"{path.name} names what is not there: {sorted(gone)}"


def test_some_page_lists_the_formats() -> None:
    lists = [found for text in WORDS.values() for found in re.findall(r"--format text(?:\|\w+){4,}", text)]
    assert lists


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_in_some_page(command: str) -> None:
    is_told = any(re.search(rf"archlint {command}\b", text) for text in WORDS.values())
    assert is_told, f"no page shows `archlint {command}`: add it to the table in README.md"


def test_pages_name_no_command_that_there_is_not() -> None:
    named = {
        word
        for path, text in WORDS.items()
        if path.name != "extending.md"  # which adds one
        for word in re.findall(r"(?m)^(?:    |\$ )archlint ([a-z]+)\b", text)
    }
    assert not named - set(COMMANDS), "these are no commands of archlint: correct the pages"


def test_every_key_of_the_configuration_is_in_its_table() -> None:
    table = set(re.findall(r"(?m)^\| `([a-z-]+)` \|", WORDS[ROOT / "docs/configuration.md"]))
    missing = set(CONFIGURATION["properties"]) - table
    assert not missing, f"add a row for {sorted(missing)} to the table of keys in docs/configuration.md"


def test_every_key_of_the_configuration_has_an_example() -> None:
    page = (ROOT / "docs/configuration.md").read_text("utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"(?ms)^```yaml\n(.*?)^```", page)]
    shown = {key for block in blocks if isinstance(block, dict) for key in block}
    missing = set(CONFIGURATION["properties"]) - shown
    assert not missing, f"add an example with {sorted(missing)} to docs/configuration.md"


def test_every_reason_for_not_reading_is_told() -> None:
    missing = {code for code in REASONS if f"`{code}`" not in WORDS[ROOT / "docs/paths.md"]}
    assert not missing, f"add a row for {sorted(missing)} to the table of codes in docs/paths.md"


def test_every_linter_whose_ignores_hold_is_named() -> None:
    page = WORDS[ROOT / "docs/suppressions.md"].partition("## Ignores of other linters")[2]
    assert not {tool for tool in (*named_checks(), *ID_FORMS) if tool not in page}
