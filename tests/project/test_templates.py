"""What asks for a report on GitHub is well formed, and every command that it names exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from archlint.cli.main import COMMANDS, cli
from tests.project.schemas import problems_of

ROOT = Path(__file__).parents[2]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
ASKED = {"false-alarm": {"input", "finding", "version"}, "crash": {"input", "command", "version"}}


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_forms_are_as_github_reads_them(form: Path) -> None:
    schema = "github-issue-config" if form.stem == "config" else "github-issue-forms"
    assert problems_of(schema, form) == []


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_forms_ask_for_what_is_needed(form: Path) -> None:
    fields = yaml.safe_load(form.read_text("utf-8")).get("body", ())
    required = {field["id"] for field in fields if field.get("validations", {}).get("required")}
    assert ASKED.get(form.stem, set()) <= required


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_commands_in_forms_exist(form: Path) -> None:
    for line in re.findall(r"`archlint ([^`]+)`", form.read_text("utf-8")):
        name, *arguments = shlex.split(line)
        if name != "--version":
            assert name in COMMANDS
            command = cli.get_command(click.Context(cli), name)
            assert command is not None
            command.make_parser(click.Context(command)).parse_args(arguments)
