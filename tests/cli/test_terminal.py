"""What goes to a terminal and what to a pipe: colours, links, width, and paths from where a user stands."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from archlint.cli.standing import opened_from
from archlint.cli.terminal import columns_of, wants_color, wants_links
from tests.support.process import git

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
spec:
  containers:
    - name: app
      image: shop/app:1
      securityContext: {privileged: true}
"""


class Terminal(StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the variables that tell of terminals."""
    for name in ("NO_COLOR", "FORCE_COLOR", "FORCE_HYPERLINK", "COLUMNS", "CI", "VTE_VERSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.parametrize(
    ("when", "variables", "on_terminal", "in_pipe"),
    [
        ("auto", {}, True, False),
        ("auto", {"TERM": "dumb"}, False, False),
        ("auto", {"NO_COLOR": "1"}, False, False),
        ("auto", {"NO_COLOR": ""}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, True, True),
        ("auto", {"FORCE_COLOR": "3", "TERM": "dumb"}, True, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"FORCE_COLOR": ""}, True, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ("always", {"NO_COLOR": "1"}, True, True),
        ("never", {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_colours(
    monkeypatch: pytest.MonkeyPatch, when: str, variables: dict[str, str], on_terminal: bool, in_pipe: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_color(when, Terminal()) is on_terminal
    assert wants_color(when, StringIO()) is in_pipe
    assert wants_color(when, None) is in_pipe


@pytest.mark.parametrize(
    ("variables", "on_terminal", "in_pipe"),
    [
        ({}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "linux"}, False, False),
        ({"TERM": ""}, False, False),
        ({"CI": "true"}, False, False),
        ({"VTE_VERSION": "5000"}, False, False),
        ({"VTE_VERSION": "7600"}, True, False),
        ({"FORCE_HYPERLINK": "1", "TERM": "dumb"}, True, True),
        ({"FORCE_HYPERLINK": "0"}, False, False),
    ],
)
def test_links(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], on_terminal: bool, in_pipe: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_links(Terminal()) is on_terminal
    assert wants_links(StringIO()) is in_pipe


@pytest.mark.parametrize("given", ["", "0", "-5", "wide", "²", "9" * 5000])
def test_a_width_that_is_none(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("COLUMNS", given)
    assert columns_of(StringIO()) in (None, 999_999_999)
    assert columns_of(None) in (None, 999_999_999)


def test_width(monkeypatch: pytest.MonkeyPatch) -> None:
    assert columns_of(StringIO()) is None
    monkeypatch.setenv("COLUMNS", "57")
    assert columns_of(StringIO()) == 57


def run(folder: Path, *arguments: str, columns: str | None = None) -> str:
    environment = {**os.environ, **({"COLUMNS": columns} if columns else {})}
    command = [sys.executable, "-I", "-m", "archlint", "check", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with a Pod below ``deploy``, one beside it, and a file in no repository."""
    for name in ("shop/deploy", "shop/docs/deep", "other", "loose"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("shop", "other"):
        git(tmp_path / name, "init", "-q")
    for name in ("shop/deploy/pod.yaml", "other/pod.yaml", "loose/pod.yaml"):
        (tmp_path / name).write_text(POD)
    return tmp_path


@pytest.mark.parametrize(
    ("where", "given", "shown"),
    [
        ("shop", ["."], ["deploy/pod.yaml"]),
        ("shop/deploy", ["."], ["pod.yaml"]),
        ("shop/docs/deep", ["../../deploy"], ["../../deploy/pod.yaml"]),
        (".", ["shop"], ["shop/deploy/pod.yaml"]),
        (".", ["shop", "other"], ["shop/deploy/pod.yaml", "other/pod.yaml"]),
        ("loose", ["../shop"], ["../shop/deploy/pod.yaml"]),
        ("shop/deploy", [".", "../../loose/pod.yaml"], ["pod.yaml", "../../loose/pod.yaml"]),
        ("loose", ["../shop/deploy/pod.yaml", "pod.yaml"], ["../shop/deploy/pod.yaml", "pod.yaml"]),
    ],
)
def test_paths_can_be_opened(shop: Path, where: str, given: list[str], shown: list[str]) -> None:
    printed = run(shop / where, *given)
    headings = [line.split("  ")[0] for line in printed.split("\n") if line[:1] != " " and "  " in line]
    assert sorted(headings) == sorted(shown)
    assert all((shop / where / path).is_file() for path in headings)


def test_a_far_path_is_absolute(tmp_path: Path) -> None:
    shown = opened_from(tmp_path, Path("/srv/shop"))
    assert shown("a/b.yaml") == "/srv/shop/a/b.yaml"
    assert opened_from(Path("/srv"), Path("/srv/shop"))("b.yaml") == "shop/b.yaml"


def test_other_formats_keep_the_paths_of_the_root(shop: Path) -> None:
    here = run(shop / "shop/deploy", ".", "--format=json")
    assert '"path": "deploy/pod.yaml"' in here


def test_width_is_heeded_and_a_file_gets_whole_lines(shop: Path) -> None:
    written = shop / "report.txt"
    printed = run(shop / "shop", ".", f"--output=text={written}", columns="60")
    assert max(map(len, (line for line in printed.split("\n") if "Container" in line))) <= 60
    assert "Container 'app' is privileged and has all rights of its node" in written.read_text()
