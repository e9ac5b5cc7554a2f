"""A command that does not exist: what was meant is named, with what to type."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.cli.main import COMMANDS
from archlint.cli.unknown import _ELSEWHERE
from archlint.finding import Rule
from tests.support.inside import archlint
from tests.support.rules import own_rules


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        *((f"{name[:-2]}{name[-1]}{name[-2]}", f"did you mean '{name}'?") for name in COMMANDS),
        ("lint", "did you mean 'archlint check'?"),
        ("changelog", "did you mean 'archlint breaking'?"),
        ("help", "did you mean 'archlint --help'?"),
        ("deploy", "to check this path: archlint check deploy"),
        ("xyzzy", "say one of check, breaking,"),
    ],
)
def test_what_was_meant_is_named(tmp_path: Path, name: str, hint: str) -> None:
    (tmp_path / "deploy").mkdir()
    done = archlint(name, ".", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"archlint: there is no command '{name}'; ")
    assert hint in done.err


def test_every_hint_is_a_command() -> None:
    assert {name for name in _ELSEWHERE if not name.startswith("--")} <= COMMANDS.keys()
    assert not COMMANDS.keys() & {word for words in _ELSEWHERE.values() for word in words}


def test_a_name_made_to_do_harm(tmp_path: Path) -> None:
    done = archlint("x\x1b[2J\n::error::y", cwd=tmp_path)
    assert done.code == 2
    assert "\x1b" not in done.err and "\n::error" not in done.err


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (("config", "imprt", "x.yaml"), "there is no command 'config imprt'; did you mean 'import'?"),
        (("config", "imprt"), "'imprt' does not exist; did you mean 'import'?"),
        (("config", "init"), "'init' does not exist; did you mean 'archlint init'?"),
        (("config", "show"), "'show' does not exist; did you mean 'archlint config'?"),
        (("config", "schema"), "'schema' does not exist; did you mean 'archlint config --schema'?"),
        (("explain", "KUBE40"), "no rule is called 'KUBE40'; "),
        (("config", "nowhere"), "'nowhere' does not exist; name a file or folder"),
        (("cache", "claen"), "there is no command 'cache claen'; did you mean 'clean'?"),
        (("cache", "xyzzy"), "there is no command 'cache xyzzy'; say clean"),
    ],
)
def test_what_was_meant_within_a_group_is_named(tmp_path: Path, line: tuple[str, ...], hint: str) -> None:
    done = archlint(*line, cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"archlint: {hint}")


def test_a_folder_of_a_name_like_a_command_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "imports").mkdir()
    assert archlint("config", "imports", cwd=tmp_path).code == 0
    assert archlint("config", "imports", "--format", "json", cwd=tmp_path).code == 0


@settings(max_examples=12)
@given(st.sampled_from(own_rules()), st.integers(3, 6))
def test_the_rules_that_begin_so_are_named(rule: Rule, length: int) -> None:
    """Whoever writes the beginning of a code is told which rules have it, and how many."""
    begun, low = rule.code[:length], rule.code[:length].lower()
    codes = [item.code for item in own_rules() if item.code.startswith(begun) or item.name.startswith(low)]
    if begun != rule.code and begun not in {each.area for each in own_rules()}:
        said = archlint("explain", begun, cwd=Path(tempfile.gettempdir())).err
        assert said.startswith(f"archlint: no rule is called '{begun}'; ")
        assert (f"{len(codes)} rules begin so: {min(codes)}" if len(codes) > 1 else codes[0]) in said
