"""Whatever git's configuration in the repository says, no command of archlint runs a program for it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.safety.conftest import Trap
from tests.safety.worlds import DEPLOYMENT, lay_out, two_commits
from tests.support.inside import archlint
from tests.support.process import Done, commit_all, git

HOSTILE = """
[core]
    fsmonitor = {trap}
    hooksPath = {folder}
    pager = {trap}
    editor = {trap}
    sshCommand = {trap}
    gitProxy = {trap}
    askPass = {trap}
    alternateRefsCommand = {trap}
[diff]
    external = {trap}
[diff "trap"]
    command = {trap}
    textconv = {trap}
[filter "trap"]
    clean = {trap}
    smudge = {trap}
    process = {trap}
    required = true
[merge "trap"]
    driver = {trap}
[alias]
    ls-files = !{trap}
    cat-file = !{trap}
    rev-parse = !{trap}
[credential]
    helper = !{trap}
[gpg]
    program = {trap}
[pager]
    ls-files = {trap}
    rev-parse = {trap}
[uploadpack]
    packObjectsHook = {trap}
"""


def every_command(root: Path, base: str, **environment: str) -> list[Done]:
    """All commands that ask git something."""
    return [
        archlint(*arguments, cwd=root, **environment)
        for arguments in (
            ("check", ".", "--format", "json"),
            ("check", ".", "--base", base, "--format", "json"),
            ("check", ".", "--base", base, "--new-only", "--format", "sarif"),
            ("breaking", f"{base}:api/openapi.yaml", "api/openapi.yaml", "--format", "json"),
            ("breaking", f"{base}:", "HEAD:", "--format", "json"),
            ("graph", "."),
            ("config",),
        )
    ]


def test_no_setting_of_the_repository_runs_a_program(world: Path, trap: Trap) -> None:
    base = two_commits(world)
    lay_out(world, {".gitattributes": "* filter=trap diff=trap merge=trap\n"})
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-commit"):
        lay_out(world, {f".git/hooks/{hook}": trap.program.read_text()})
        (world / ".git/hooks" / hook).chmod(0o755)
    with (world / ".git/config").open("a") as file:
        file.write(HOSTILE.format(trap=trap.program, folder=trap.program.parent))
    subprocess.run(["git", "status"], cwd=world, capture_output=True, check=False)
    trap.assert_works()
    done = every_command(world, base)
    trap.assert_untouched()
    assert [item.code for item in done] == [1, 1, 1, 1, 1, 0, 0], [item.err for item in done]
    assert "operation-removed" in done[1].rules()
    assert "operation-removed" in done[3].rules()
    assert {"operation-removed", "proto-field-removed"} <= set(done[4].rules())


def test_an_embedded_bare_repository_is_a_plain_folder(world: Path, trap: Trap) -> None:
    core = f"bare = false\nworktree = worktree\nfsmonitor = {trap.program}\n"
    lay_out(
        world,
        {
            "d/bare/cart.yaml": DEPLOYMENT,
            "d/bare/refs/x": "",
            "d/bare/worktree/x": "",
            "d/bare/objects/x": "",
            "d/bare/HEAD": "ref: refs/heads/main\n",
            "d/bare/config": f"[core]\nrepositoryformatversion = 0\n{core}",
        },
    )
    bare = world / "d" / "bare"
    subprocess.run(["git", "status"], cwd=bare, capture_output=True, check=False)
    trap.assert_works()
    inside = archlint("check", ".", "--format", "json", cwd=bare)
    git(world, "init", "-q")
    above = archlint("check", "d/bare", "--format", "json", cwd=world)
    base = archlint("check", ".", "--base", "HEAD", cwd=bare)
    trap.assert_untouched()
    assert "memory-limit-missing" in inside.rules()
    assert "memory-limit-missing" in above.rules()
    assert base.code == 2


def test_a_git_file_that_names_a_hostile_folder_runs_nothing(world: Path, trap: Trap) -> None:
    two_commits(world)
    (world / ".git").rename(world / "disguised")
    lay_out(world, {".git": "gitdir: disguised\n"})
    with (world / "disguised/config").open("a") as file:
        file.write(HOSTILE.format(trap=trap.program, folder=trap.program.parent))
    subprocess.run(["git", "status"], cwd=world, capture_output=True, check=False)
    trap.assert_works()
    done = every_command(world, "HEAD^")
    trap.assert_untouched()
    assert all(item.code in (0, 1) for item in done)


@pytest.mark.parametrize("transport", ["ext", "ssh", "uploadpack"])
def test_a_partial_clone_fetches_nothing(world: Path, tmp_path: Path, trap: Trap, transport: str) -> None:
    base = two_commits(world)
    commit_all(world)
    git(world, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{world}", str(clone))
    settings = {
        "ext": {"remote.origin.url": f"ext::{trap.program}"},
        "ssh": {"remote.origin.url": "ssh://h.example/r", "core.sshCommand": str(trap.program)},
        "uploadpack": {"remote.origin.uploadpack": str(trap.program)},
    }[transport]
    for name, value in {**settings, "ssh.variant": "simple", "protocol.allow": "always"}.items():
        git(clone, "config", name, value)
    subprocess.run(["git", "show", f"{base}:api/openapi.yaml"], cwd=clone, capture_output=True, check=False)
    trap.assert_works()
    done = every_command(clone, base)
    trap.assert_untouched()
    for item in done:
        assert item.code in (0, 1, 2), item.err
        assert "Traceback" not in item.err
    assert done[0].code == 1


def test_variables_that_git_sets_for_hooks_change_nothing(world: Path, tmp_path: Path) -> None:
    base = two_commits(world)
    other = tmp_path / "other"
    other.mkdir()
    two_commits(other)
    plain = every_command(world, base)
    hooked = every_command(
        world,
        base,
        GIT_DIR=str(world / ".git"),
        GIT_INDEX_FILE=str(world / ".git/index"),
        GIT_PREFIX="api/",
        GIT_EDITOR=":",
        GIT_EXEC_PATH=git(world, "--exec-path"),
    )
    astray = every_command(world, base, GIT_DIR=str(other / ".git"), GIT_WORK_TREE=str(other))
    assert [item.out for item in hooked] == [item.out for item in plain]
    assert [item.out for item in astray] == [item.out for item in plain]


def test_programs_in_the_environment_of_git_are_not_run(world: Path, trap: Trap) -> None:
    base = two_commits(world)
    names = ("GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_PROXY_COMMAND")
    every_command(world, base, **dict.fromkeys(names, str(trap.program)), PAGER=str(trap.program))
    trap.assert_untouched()


@pytest.mark.parametrize(("name", "is_device"), [("HEAD", False), ("index", True), ("info/exclude", False)])
def test_a_pipe_or_device_in_the_place_of_a_file_of_git_is_not_waited_for(
    world: Path, name: str, is_device: bool
) -> None:
    two_commits(world)
    odd = world / ".git" / name
    odd.unlink(missing_ok=True)
    if is_device:
        odd.symlink_to("/dev/zero")
    else:
        os.mkfifo(odd)
    done = archlint("check", ".", "--format", "json", cwd=world, timeout=20)
    assert done.code in (0, 1), done.err
    assert f"'.git/{name}' is a pipe or a device" in done.err
    done = archlint("check", ".", "--base", "HEAD", cwd=world, timeout=20)
    assert done.code == 2
