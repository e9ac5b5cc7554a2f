"""A repository's own configuration and rules name no program and nothing outside, and cannot stop a run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.safety.conftest import Trap
from tests.safety.worlds import DEPLOYMENT, lay_out
from tests.support import inside
from tests.support.process import archlint, commit_all

PAGE = """\
---
code: TEAM001
name: few-replicas
match: {kind: Deployment}
assert: "object.spec.replicas >= 2"
place: spec.replicas
messages: {default: "Too few."}
---
# Too few replicas

Two at least.
"""
BOMB = "[x, x, x, x, x, x, x, x, x, x]"
BOMB_LINES = (
    "a: &a "
    + BOMB
    + "\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9))
)


@pytest.mark.parametrize(
    "line",
    [
        "kube-score: {program}",
        "kube-score: true",
        "plugins: [{program}]",
        "hooks: {{pre: {program}}}",
        "git: {program}",
        "rules: {{kube-score: {{program: {program}}}}}",
        "rules: {{unresolved-reference: {{remote: true}}}}",
        "allow-remote-references: true",
        "output: ['json=../report.json']",
        "rule-folders: [../rules]",
        "rule-folders: [rules/../../rules]",
        "baseline: ../baseline.json",
        "baseline: /tmp/baseline.json",
        "extends: ../other.yaml",
    ],
)
def test_what_a_repository_may_not_say_is_an_error(world: Path, trap: Trap, line: str) -> None:
    lay_out(world, {"archlint.yaml": line.format(program=trap.program) + "\n", "cart.yaml": DEPLOYMENT})
    lay_out(world.parent, {"rules/few.md": PAGE, "baseline.json": "{}", "other.yaml": "profile: minimal\n"})
    commit_all(world)
    done = inside.archlint("check", ".", cwd=world)
    trap.assert_untouched()
    assert done.code == 2, done.out
    assert done.out == ""
    assert "archlint.yaml:1:" in done.err


def test_programs_on_the_search_path_run_only_if_a_flag_asks(world: Path, trap: Trap) -> None:
    lay_out(world, {"cart.yaml": DEPLOYMENT})
    base = commit_all(world)
    for name in ("kube-score", "kubectl", "helm", "kustomize", "buf", "protoc", "docker"):
        lay_out(world.parent, {f"bin/{name}": trap.program.read_text()})
        (world.parent / "bin" / name).chmod(0o755)
    path = f"{world.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    lay_out(
        world,
        {"kustomization.yaml": "resources: [cart.yaml]\n", "a.proto": 'syntax = "proto3";\npackage a;\n'},
    )
    archlint("check", ".", "--select", "ALL", cwd=world, PATH=path)
    archlint("check", ".", "--base", base, cwd=world, PATH=path)
    archlint("graph", ".", cwd=world, PATH=path)
    trap.assert_untouched()
    archlint("check", ".", "--kube-score", cwd=world, PATH=path)
    trap.assert_works()


PAGES = {
    "bomb": PAGE.replace("messages: {default", f"{BOMB_LINES}messages: {{default: *j, other"),
    "deep": PAGE.replace("place: spec.replicas", "place: " + "[" * 5000 + "]" * 5000),
    "digits": PAGE.replace("place: spec.replicas", "place: " + "9" * 10_000),
    "no day": PAGE.replace("place: spec.replicas", "since: 2020-99-99\nplace: spec.replicas"),
    "own class": PAGE.replace("place: spec.replicas", "place: !!python/object/apply:os.system [id]"),
    "remote schema": PAGE.replace("place", "options: {least: {$ref: 'http://127.0.0.1:9/x'}}\nplace"),
    "slow pattern": PAGE.replace("place", "options: {least: {pattern: '^(a+)+$'}}\nplace"),
    "long title": PAGE.replace("# Too few", "# " + "a " * 200_000 + "# Too few"),
    "blank title": PAGE.replace("# Too few replicas", "# " + " " * 200_000),
    "bytes": "---\n\udcff\udcfe\n---\n",
    "no message": PAGE.replace("messages: {default", "messages: {other"),
    "grave beyond measure": PAGE.replace("place", "security-severity: .inf\nplace"),
    "grave beyond floats": PAGE.replace("place", f"security-severity: {'9' * 400}\nplace"),
    "same name": PAGE.replace("few-replicas", "memory-limit-missing"),
    "terminal": PAGE.replace("code: TEAM001", '"co\\e[31mde\\n::error::x": 1'),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_an_error_or_a_rule(world: Path, name: str) -> None:
    page = PAGES[name].encode("utf-8", "surrogateescape")
    lay_out(world, {"archlint.yaml": "rule-folders: [rules]\n", "rules/a.md": page, "cart.yaml": DEPLOYMENT})
    done = inside.archlint("check", ".", "--select", "TEAM", cwd=world, timeout=20)
    assert done.code in (0, 1, 2), done.err
    assert "internal error" not in done.err
    assert "Traceback" not in done.err
    assert "\x1b" not in done.err
    assert not any(line.startswith("::") for line in done.err.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        BOMB_LINES,
        "profile: " + "[" * 5000,
        "exclude: ['" + "*a" * 60 + "b']\n",
        "exclude: ['" + "**/a/" * 60 + "b']\n",
        "exclude: ['" + "[" * 5000 + "']\n",
        "suppress: [{rules: [ALL], paths: ['" + "*a" * 60 + "b'], reason: x}]\n",
        "select: [" + "ALL, " * 50_000 + "]\n",
        "x: " + "y" * 2_000_000,
        "\x00",
        "&a [*a]",
    ],
    ids=range(10),
)
def test_a_hostile_configuration_ends_soon(world: Path, text: str) -> None:
    files = {f"{'a' * 100}/{'a' * 200}-{number}.yaml": DEPLOYMENT for number in range(20)}
    lay_out(world, {"archlint.yaml": text, **files})
    done = inside.archlint("check", ".", cwd=world, timeout=20)
    assert done.code in (0, 1, 2), done.err
    assert "Traceback" not in done.err
    assert len(done.err) < 20_000


@pytest.mark.parametrize("number", ["9" * 5_000, "0x" + "f" * 5_000])
def test_a_number_without_measure_is_one_error(world: Path, number: str) -> None:
    lay_out(world, {"pyproject.toml": f"[tool.archlint]\nbreaking = {{deprecation-days = {number}}}\n"})
    done = inside.archlint("check", ".", cwd=world, timeout=20)
    assert done.code == 2
    assert done.err == "archlint: pyproject.toml: The file has a number that is too long to be read.\n"


@pytest.mark.parametrize("given", ["/dev/zero", "{world}/pipe", "{world}/folder", "pipe"])
@pytest.mark.parametrize("more", [(), ("--update-baseline",)])
def test_a_baseline_that_is_no_file_is_not_read(world: Path, given: str, more: tuple[str, ...]) -> None:
    lay_out(world, {"cart.yaml": DEPLOYMENT, "folder/keep": ""})
    os.mkfifo(world / "pipe")
    done = inside.archlint(
        "check", ".", "--baseline", given.format(world=world), *more, cwd=world, timeout=20
    )
    assert done.code == 2
    assert done.err.startswith("archlint: the baseline '")
    assert "' cannot be read: This is a" in done.err


def test_a_baseline_below_a_thousand_folders_is_wrong_usage(world: Path) -> None:
    lay_out(world, {"cart.yaml": DEPLOYMENT})
    done = inside.archlint("check", ".", "--update-baseline", "--baseline", "a/" * 1_500 + "b", cwd=world)
    assert done.code == 2
    assert "cannot be written" in done.err
    assert len(done.err) < 500


def test_a_configuration_that_is_no_file_is_an_error(world: Path) -> None:
    lay_out(world, {"cart.yaml": DEPLOYMENT})
    os.mkfifo(world / "archlint.yaml")
    done = archlint("check", ".", cwd=world, timeout=20)
    assert done.code == 2
    assert "archlint.yaml" in done.err


def test_a_baseline_is_not_written_through_a_link(world: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("{}")
    lay_out(world, {"cart.yaml": DEPLOYMENT})
    (world / ".archlint-baseline.json").symlink_to(precious)
    folder = tmp_path / "folder"
    folder.mkdir()
    (world / "known").symlink_to(folder)
    commit_all(world)
    archlint("check", ".", "--update-baseline", cwd=world)
    lay_out(world, {"archlint.yaml": "baseline: known/baseline.json\n"})
    done = archlint("check", ".", "--update-baseline", cwd=world)
    assert done.code == 2
    assert precious.read_text() == "{}"
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("given", ["link/x.json", "{world}/link/x.json", "inside/x.json", "link/new/x.json"])
def test_no_baseline_that_a_flag_names_is_written_through_a_link(
    world: Path, tmp_path: Path, given: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    lay_out(world, {"cart.yaml": DEPLOYMENT, "hooks/keep": ""})
    (world / "link").symlink_to(outside)
    (world / "inside").symlink_to("hooks")
    commit_all(world)
    path = given.format(world=world)
    done = archlint("check", ".", "--update-baseline", "--baseline", path, cwd=world)
    assert done.code == 2
    assert "a link of the repository" in done.err
    assert list(outside.iterdir()) == []
    assert [item.name for item in (world / "hooks").iterdir()] == ["keep"]


def test_init_writes_nothing_through_links(world: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (world / ".github").symlink_to(outside)
    (world / ".pre-commit-config.yaml").symlink_to(outside / "hooks.yaml")
    archlint("init", "--source", "archlint==0.1.0", cwd=world)
    assert list(outside.iterdir()) == []
