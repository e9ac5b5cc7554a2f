"""A command that does not exist: what was meant is named, with what to type."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.cli.main import COMMANDS
from archlint.cli.unknown import _ELSEWHERE
from tests.support.inside import archlint


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
