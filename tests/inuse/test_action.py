"""The shell steps of action.yml, run as a runner would, for pull requests and pushes of a test project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.support.process import git

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = ACTION["runs"]["steps"]
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
BASE = """\
syntax = "proto3";

package shop.cart.v1;

message Cart {
  string id = 1;
  string owner = 2;
}
"""
CHANGED = BASE.replace("  string owner = 2;\n", "")


@dataclass
class Run:
    """What the steps left behind."""

    code: int
    printed: str
    outputs: dict[str, str]
    summary: str


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory, offered: dict[str, str]) -> Path:
    """The runner's temporary folder, with archlint installed by the action's first step."""
    folder = tmp_path_factory.mktemp("runner")
    environment = {**os.environ, **offered, "RUNNER_TEMP": str(folder), "GITHUB_ACTION_PATH": str(ROOT)}
    environment["ARCHLINT_PYTHON"] = sys.executable
    hostile = tmp_path_factory.mktemp("hostile")
    for name in ("venv.py", "pip.py", "json.py"):
        (hostile / name).write_text("raise SystemExit('run from the repository')\n")
    command = ("bash", "-c", STEPS[0]["run"])
    run = subprocess.run(command, cwd=hostile, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


@pytest.fixture
def runner(temporary: Path, tmp_path: Path):
    """Runs the step that checks, with some inputs, in a checkout."""
    outputs, summary = tmp_path / "outputs", tmp_path / "summary.md"

    def run(checkout: Path, inputs: dict[str, str] | None = None, **github: str) -> Run:
        defaults = {name: str(given["default"]) for name, given in ACTION["inputs"].items()}
        given = {**defaults, **(inputs or {})}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
        environment |= {name: _evaluate(text, given) for name, text in STEPS[1]["env"].items()}
        environment |= {
            "RUNNER_TEMP": str(temporary),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_SHA": git(checkout, "rev-parse", "HEAD"),
            **github,
        }
        outputs.write_text("")
        summary.write_text("# Before\n")
        command = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", STEPS[1]["run"])
        done = subprocess.run(
            command, cwd=checkout, env=environment, capture_output=True, text=True, check=False
        )
        pairs = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
        return Run(done.returncode, done.stdout + done.stderr, pairs, summary.read_text())

    return run


def _evaluate(text: str, inputs: dict[str, str]) -> str:
    return _EXPRESSION.sub(lambda found: inputs[found[1].strip().removeprefix("inputs.")], text)


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository in which a pull request removes a field, while its base goes on."""
    folder = tmp_path / "origin"
    (folder / "proto").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "proto" / "cart.proto").write_text(BASE)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    git(folder, "checkout", "-q", "-b", "feature")
    (folder / "proto" / "cart.proto").write_text(CHANGED)
    git(folder, "commit", "-q", "-a", "-m", "remove the owner")
    git(folder, "checkout", "-q", "main")
    (folder / "README.md").write_text("goes on\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "goes on")
    git(folder, "checkout", "-q", "--detach")
    git(folder, "merge", "-q", "--no-ff", "-m", "merge", "feature")
    git(folder, "update-ref", "refs/pull/1/merge", "HEAD")
    git(folder, "checkout", "-q", "main")
    return folder


def checkout(origin: Path, folder: Path, ref: str, depth: int | None) -> Path:
    """What actions/checkout makes: one ref at some depth, or everything."""
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "remote", "add", "origin", f"file://{origin}")
    if depth is None:
        git(folder, "fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*", ref)
    else:
        git(folder, "fetch", "-q", f"--depth={depth}", "origin", ref)
    git(folder, "checkout", "-q", "--detach", "FETCH_HEAD")
    return folder


PULL_REQUEST = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "feature"}
MERGE = "refs/pull/1/merge"


STAND_IN = """\
#!/bin/sh
# Makes an environment that holds itself, and notes what it is to install.
case "$*" in
*"-m venv "*) mkdir -p "$RUNNER_TEMP/archlint/bin" && cp "$0" "$RUNNER_TEMP/archlint/bin/python" ;;
*"-m pip "*) printf '%s\\n' "$@" >"$RUNNER_TEMP/installed" ;;
esac
"""


def test_packages_are_installed_beside_archlint(tmp_path: Path) -> None:
    stand_in = tmp_path / "python"
    stand_in.write_text(STAND_IN)
    stand_in.chmod(0o755)
    environment = {**os.environ, "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": "/action"}
    environment |= {
        "ARCHLINT_PYTHON": str(stand_in),
        "ARCHLINT_PACKAGES": "cel-expr-python<1\r\n\n ./a b\n-x; $(id)\n",
    }
    subprocess.run(("bash", str(ROOT / "action/install.sh")), env=environment, check=True, cwd=tmp_path)
    told = (tmp_path / "installed").read_text("utf-8").splitlines()
    assert told[told.index("--") + 1 :] == ["/action", "cel-expr-python<1", " ./a b", "-x; $(id)"]


def test_no_expression_stands_in_a_script() -> None:
    """An input that is pasted into a script can close a quote and run anything."""
    for step in STEPS:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
        for text in step["env"].values():
            assert _EXPRESSION.sub("", text) == ""


def test_every_output_is_written(runner, origin: Path, tmp_path: Path) -> None:
    there = checkout(origin, tmp_path / "work", MERGE, depth=2)
    run = runner(there, {"sarif-file": "out/archlint.sarif"}, **PULL_REQUEST)
    named = {name: given["value"].strip("${} ") for name, given in ACTION["outputs"].items()}
    assert named == {name: f"steps.{STEPS[1]['id']}.outputs.{name}" for name in named}
    assert {*run.outputs, "verdict"} == set(named), "the verdict is the gate's"


def test_a_pull_request_is_judged_against_what_it_is_merged_into(
    runner, origin: Path, tmp_path: Path
) -> None:
    there = checkout(origin, tmp_path / "work", MERGE, depth=2)
    run = runner(there, {"sarif-file": "archlint.sarif"}, **PULL_REQUEST)
    assert run.code == 1
    assert "::error file=proto/cart.proto,line=5," in run.printed
    assert "\n  5:9  error PROTO501 proto-field-removed [*]: " in run.printed, "people get the text report"
    assert run.printed.index("Found 1 error") < run.printed.index("::error"), "annotations come after it"
    assert "PROTO501" in run.summary
    assert run.summary.startswith("# Before\n"), "a summary is added to what earlier steps wrote"
    assert run.outputs["exit-code"] == "1"
    assert run.outputs["errors"] == "1"
    assert run.outputs["base"] == "HEAD^1"
    log = json.loads((there / run.outputs["sarif-file"]).read_text("utf-8"))
    assert [found["ruleId"] for found in log["runs"][0]["results"]].count("PROTO501") == 1


def test_the_commits_of_a_pull_request_are_judged_against_its_base(
    runner, origin: Path, tmp_path: Path
) -> None:
    there = checkout(origin, tmp_path / "work", "refs/heads/feature", depth=None)
    merge = git(origin, "rev-parse", MERGE)
    run = runner(there, **PULL_REQUEST | {"GITHUB_SHA": merge})
    assert run.code == 1
    assert run.outputs["base"] == "origin/main"
    assert "PROTO501" in run.summary


def test_a_merge_within_a_pull_request_is_not_taken_for_githubs(runner, origin: Path, tmp_path: Path) -> None:
    git(origin, "checkout", "-q", "feature")
    git(origin, "merge", "-q", "--no-ff", "-m", "bring up to date", "main")
    merge = git(origin, "rev-parse", MERGE)
    there = checkout(origin, tmp_path / "work", "refs/heads/feature", depth=None)
    run = runner(there, **PULL_REQUEST | {"GITHUB_SHA": merge})
    assert run.outputs["base"] == "origin/main"
    assert "PROTO501" in run.summary


@pytest.mark.parametrize(
    ("ref", "advice"), [(MERGE, "fetch-depth: 2"), ("refs/heads/feature", "fetch-depth: 0")]
)
def test_a_checkout_that_is_too_shallow_says_what_to_type(
    runner, origin: Path, tmp_path: Path, ref: str, advice: str
) -> None:
    there = checkout(origin, tmp_path / "work", ref, depth=1)
    run = runner(there, **PULL_REQUEST)
    assert run.code == 2
    assert run.outputs["exit-code"] == "2"
    assert "::error title=archlint::" in run.printed
    assert advice in run.printed


def test_a_push_has_no_base(runner, origin: Path, tmp_path: Path) -> None:
    there = checkout(origin, tmp_path / "work", "refs/heads/feature", depth=1)
    run = runner(there, GITHUB_EVENT_NAME="push", GITHUB_BASE_REF="")
    assert run.code == 0
    assert run.outputs["base"] == ""
    assert run.outputs["errors"] == "0"


def test_none_switches_the_base_off(runner, origin: Path, tmp_path: Path) -> None:
    there = checkout(origin, tmp_path / "work", MERGE, depth=1)
    run = runner(there, {"base": "none"}, **PULL_REQUEST)
    assert (run.code, run.outputs["base"]) == (0, "")


def test_a_base_that_is_named(runner, origin: Path, tmp_path: Path) -> None:
    there = checkout(origin, tmp_path / "work", "refs/heads/feature", depth=None)
    run = runner(there, {"base": "origin/main"}, GITHUB_EVENT_NAME="push")
    assert (run.code, run.outputs["base"]) == (1, "origin/main")
    run = runner(there, {"base": "no-such-branch"}, GITHUB_EVENT_NAME="push")
    assert run.code == 2
    assert re.search(r"^::error title=archlint::archlint: .*no-such-branch", run.printed, re.MULTILINE)
    assert run.outputs["exit-code"] == "2"


def test_fail_on_and_further_flags(runner, origin: Path, tmp_path: Path) -> None:
    there = checkout(origin, tmp_path / "work", MERGE, depth=2)
    run = runner(there, {"fail-on": "never"}, **PULL_REQUEST)
    assert (run.code, run.outputs["errors"]) == (0, "1")
    run = runner(there, {"args": "--ignore\nPROTO501\n\n  \n--profile=minimal\n"}, **PULL_REQUEST)
    assert (run.code, run.outputs["errors"]) == (0, "0")
    assert runner(there, {"fail-on": "$(exit 9)"}, **PULL_REQUEST).code == 2


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        ((3, "archlint: internal error: X: 50%\n  more\n"), ["archlint: internal error: X: 50%25%0A  more"]),
        ((2, "archlint: warning: old\nUsage: x\n\nError: No such option\n"), ["Error: No such option"]),
        ((2, "archlint: no base\narchlint: warning: late\n"), ["archlint: no base"]),
        ((137, ""), ["archlint ended with exit code 137 and did not say why."]),
        ((0, "archlint: warning: old\n"), []),
    ],
)
def test_a_failure_of_archlint_is_annotated(
    runner, origin: Path, tmp_path: Path, ended: tuple[int, str], told: list[str]
) -> None:
    code, said = ended
    folder = tmp_path / "runner"
    (folder / "archlint" / "bin").mkdir(parents=True)
    (folder / "said").write_text(said)
    python = folder / "archlint" / "bin" / "python"
    python.write_text(f'#!/bin/sh\n[ "$2" = -m ] || exit 0\ncat "{folder}/said" >&2\nexit {code}\n')
    python.chmod(0o755)
    there = checkout(origin, tmp_path / "work", MERGE, depth=2)
    run = runner(there, RUNNER_TEMP=str(folder), **PULL_REQUEST)
    assert (run.code, run.outputs["exit-code"]) == (code, str(code))
    assert re.findall(r"^::error title=archlint::(.*)$", run.printed, re.MULTILINE) == told
    assert said in run.printed


def test_paths_with_blanks_and_dashes(runner, origin: Path, tmp_path: Path) -> None:
    there = checkout(origin, tmp_path / "work", MERGE, depth=2)
    for name in ("a b", "-c", "unread"):
        (there / name).mkdir()
        (there / name / "twice.yaml").write_text("apiVersion: v1\nkind: Pod\nkind: Pod\n")
    run = runner(there, {"base": "none", "paths": "a b\n-c\r\n"}, **PULL_REQUEST)
    assert run.code == 1
    assert "::error file=a b/twice.yaml" in run.printed
    assert "::error file=-c/twice.yaml" in run.printed
    assert "unread" not in run.printed


def test_inputs_are_no_code(runner, origin: Path, tmp_path: Path) -> None:
    there = checkout(origin, tmp_path / "work", MERGE, depth=2)
    for name in ("paths", "base", "fail-on", "sarif-file", "args"):
        for text in (
            "$(touch ran)",
            "`touch ran`",
            '"; touch ran; "',
            "'; touch ran; '",
            "x\ny=z; touch ran",
        ):
            runner(there, {name: text}, **PULL_REQUEST)
    branch = PULL_REQUEST | {"GITHUB_BASE_REF": "$(touch${IFS}ran)", "GITHUB_SHA": ""}
    assert runner(there, **branch).code == 2
    assert not list(tmp_path.rglob("ran"))


def test_an_output_cannot_be_forged(runner, origin: Path, tmp_path: Path) -> None:
    there = checkout(origin, tmp_path / "work", MERGE, depth=2)
    run = runner(there, {"sarif-file": "a.sarif\nexit-code=0"}, **PULL_REQUEST)
    assert (run.code, run.outputs) == (2, {"exit-code": "2"})


def test_file_names_are_no_commands_to_the_runner(runner, origin: Path, tmp_path: Path) -> None:
    there = checkout(origin, tmp_path / "work", MERGE, depth=2)
    (there / "##[error]x").mkdir()
    for name in ("##[error]x/pod.yaml", "::error::y.yaml", "a\n::error::z.yaml"):
        (there / name).write_text("apiVersion: v1\nkind: Pod\n\tname: x\n")
    printed = runner(there, {"base": "none"}, **PULL_REQUEST).printed
    commands = [line for line in printed.splitlines() if line.lstrip().startswith("::") or "##[" in line]
    assert commands
    for line in commands:
        assert re.match(r"::(error|warning|notice)( file=|::)", line), line
    assert not [line for line in commands if line.startswith(("::error::y", "::error::z"))]


def test_nothing_is_left_behind(runner, origin: Path, temporary: Path, tmp_path: Path) -> None:
    there = checkout(origin, tmp_path / "work", MERGE, depth=2)
    runner(there, **PULL_REQUEST)
    assert [item.name for item in temporary.iterdir()] == ["archlint"]
    assert git(there, "status", "--porcelain") == ""


def test_a_release_is_judged_against_the_last_tag(runner, tmp_path: Path, origin: Path) -> None:
    git(origin, "tag", "v1.0.0")
    git(origin, "merge", "-q", "--no-ff", "-m", "merge", "feature")
    run = runner(origin, {"gate": "true", "ticket": "CHG-1", "audit-file": str(tmp_path / "audit.jsonl")})
    assert run.code == 1, run.printed
    assert run.outputs == {"exit-code": "1", "base": "v1.0.0", "sarif-file": "", "verdict": "fail"}
    assert "must not go out" in run.summary
    assert [
        json.loads(line)["change_ticket"] for line in (tmp_path / "audit.jsonl").read_text().splitlines()
    ] == ["CHG-1"] * 2


def test_a_release_without_anything_before_it_is_no_gate(runner, origin: Path) -> None:
    run = runner(origin, {"gate": "true"})
    assert run.code == 2
    assert "There is no tag such as v1.2.3 before this commit" in run.printed


def test_a_pull_request_is_judged_against_its_base(runner, tmp_path: Path, origin: Path) -> None:
    work = checkout(origin, tmp_path / "work", MERGE, 2)
    run = runner(work, {"gate": "true"}, **PULL_REQUEST)
    assert (run.code, run.outputs["base"], run.outputs["verdict"]) == (1, "HEAD^1", "fail")


def test_the_gate_is_asked_for_plainly(runner, origin: Path) -> None:
    assert runner(origin, {"gate": "yes"}).code == 2
