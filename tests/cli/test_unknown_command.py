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
