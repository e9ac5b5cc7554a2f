"""Shells offer rules, formats and files, as click's scripts ask for them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from archlint.cli.completion import completed
from archlint.cli.main import COMMANDS, cli

ARCHLINT = Path(sys.executable).parent / "archlint"


def offered(*words: str, shell: str = "zsh", cwd: Path | None = None) -> list[str]:
    """What a shell is offered for the last word."""
    done = subprocess.run(
        [ARCHLINT],
        env={
            **os.environ,
            "_ARCHLINT_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": " ".join(["archlint", *words]),
            "COMP_CWORD": words[-1] if shell == "fish" else str(len(words)),
        },
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines() if done.stdout.strip() else []
    if shell == "zsh":
        assert len(lines) % 3 == 0
        return [value.replace("\\:", ":") for value in lines[1::3]]
    return [line.partition(",")[2].partition("\t")[0] for line in lines]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("explain", "memory-l"), {"memory-limit-missing"}),
        (("explain", "kube10"), {"KUBE101", "KUBE102", "KUBE103", "KUBE104"}),
        (("explain", "kube-linter:lat"), {"kube-linter:latest-tag"}),
        (("check", "--select", "tag:sec"), {"tag:security"}),
        (("check", "--select", "NET,memory-l"), {"NET,memory-limit-missing"}),
        (("breaking", "--ignore", "NE"), {"NET", "NET101"}),
        (("rules", "AL"), {"ALL"}),
        (("check", "--format", "s"), {"sarif"}),
        (("check", "--profile", ""), {"minimal", "recommended", "strict"}),
        (("check", "--output", "ju"), {"junit="}),
        (("config", "im"), {"import"}),
        (("config", "import", "--from", "kube-s"), {"kube-score"}),
        (("cache", ""), {"clean"}),
        (("inv",), {"inventory"}),
    ],
)
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_what_is_offered(words: tuple[str, ...], expected: set[str], shell: str) -> None:
    if shell == "fish" and words[-1] == "":
        pytest.skip("fish passes an empty word as no word")
    found = offered(*words, shell=shell)
    assert expected <= set(found)
    assert all(name.lower().startswith(words[-1].lower()) for name in found)


def test_nothing_is_offered_that_does_not_begin_so() -> None:
    assert offered("explain", "xyzzy") == []
    assert "memory-limit-missing" in offered("explain", "")
    assert not [name for name in offered("explain", "") if name.isupper()]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "reply"),
    [
        ("archlint explain memory-l", "memory-limit-missing"),
        ("archlint explain kube-linter : lat", "latest-tag"),
        ("archlint check --select tag : sec", "security"),
        ("archlint check --select = memory-l", "memory-limit-missing"),
        ("archlint check --format = js", "json"),
        ("archlint check --select NET,memory-l", "NET,memory-limit-missing"),
    ],
)
def test_bash_replaces_the_last_word(words: str, reply: str, tmp_path: Path) -> None:
    script = (
        'eval "$(_ARCHLINT_COMPLETE=bash_source archlint)"\n'
        f"COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n"
        '_archlint_completion archlint; echo "${COMPREPLY[*]}"'
    )
    environment = {**os.environ, "PATH": f"{ARCHLINT.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout.strip(), done.stderr) == (reply, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(shell: str) -> None:
    environment = {**os.environ, "_ARCHLINT_COMPLETE": f"{shell}_source"}
    done = subprocess.run([ARCHLINT], env=environment, capture_output=True, text=True, check=True)
    assert "_archlint_completion" in done.stdout


def test_no_repository_is_read_and_nothing_heavy_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "archlint.yaml").write_text("profile: [broken")
    assert offered("explain", "memory-l", cwd=tmp_path) == ["memory-limit-missing"]
    code = (
        "import sys, json\nfrom archlint.cli.main import cli\n"
        "try: cli.main(prog_name='archlint')\nexcept SystemExit: pass\n"
        "json.dump(sorted(sys.modules), sys.stderr)"
    )
    environment = {
        **os.environ,
        "_ARCHLINT_COMPLETE": "zsh_complete",
        "COMP_WORDS": "archlint explain memory-l",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stderr))
    assert (
        not {"yaml", "jsonschema", "jsonschema_rs", "sqlite3", "archlint.engine", "archlint.model"} & loaded
    )


FREE = {
    "log_format",
    "base",
    "today",
    "jobs",
    "source",
    "rev",
    "kube_score",
    "helm",
    "help",
    "version",
    "check_file",
    "add_file",
    *("released", "user", "ticket", "environment"),
}
"""Options whose values nobody can list."""


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_parameter_offers_something(name: str) -> None:
    context = click.Context(cli)
    command = cli.get_command(context, name)
    assert command is not None
    silent = [
        parameter.name
        for parameter in completed(command).params
        if not (isinstance(parameter, click.Option) and parameter.is_flag)
        and type(parameter.type).__name__ in ("StringParamType", "Path")
        and parameter.name not in FREE
    ]
    assert not silent, f"{silent} offer nothing: add them to cli/completion.py, or free text to FREE"
