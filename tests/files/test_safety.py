"""A repository whose configuration, attributes and links are hostile."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archlint.files import FileProblem, Git, GitProblem, GitTree, RevisionError, discover, find_root, git

Put = Callable[..., None]
Commit = Callable[..., str]
RunGit = Callable[..., str]


def use_everything(root: Path, base: str) -> None:
    """Every question that archlint asks git."""
    world = Git(root)
    discover(["."], root=root, cwd=root)
    world.renames(base)
    world.facts()
    world.merge_base(base)
    with GitTree(world, base) as tree:
        for path in tree.paths():
            tree.read(path)


def config_lines(program: Path) -> str:
    """Settings that make some git command run a program."""
    return f"""
[core]
    fsmonitor = {program}
    hooksPath = {program.parent}
    pager = {program}
    editor = {program}
    sshCommand = {program}
    gitProxy = {program}
    askPass = {program}
    alternateRefsCommand = {program}
[diff]
    external = {program}
[diff "trap"]
    command = {program}
    textconv = {program}
[filter "trap"]
    clean = {program}
    smudge = {program}
    process = {program}
    required = true
[merge "trap"]
    driver = {program}
[alias]
    ls-files = !{program}
    cat-file = !{program}
[credential]
    helper = !{program}
[gpg]
    program = {program}
[uploadpack]
    packObjectsHook = {program}
[pager]
    ls-files = {program}
    rev-parse = {program}
    diff-index = {program}
"""


def test_no_setting_runs_a_program(
    repository: Path, put: Put, commit: Commit, run_git: RunGit, trap: tuple[Path, Path]
) -> None:
    program, mark = trap
    body = "".join(f"line {n}\n" for n in range(50))
    put({"a.yaml": body, "b.yaml": "b", ".gitattributes": "* filter=trap diff=trap merge=trap\n"})
    base = commit()
    run_git(repository, "mv", "a.yaml", "c.yaml")
    put({"c.yaml": body + "more\n"})
    commit()
    put({"b.yaml": "changed but not in the index", "c.yaml": body + "x\n"})
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (repository / ".git/hooks").mkdir(exist_ok=True)
        (repository / ".git/hooks" / hook).write_text(program.read_text())
        (repository / ".git/hooks" / hook).chmod(0o755)
    with (repository / ".git/config").open("a") as file:
        file.write(config_lines(program))
    subprocess.run(["git", "-C", str(repository), "status"], capture_output=True, check=False)
    assert mark.exists(), "the trap must work, or this test proves nothing"
    mark.unlink()
    use_everything(repository, base)
    assert not mark.exists()


def test_embedded_bare_repositories_are_plain_folders(
    repository: Path, put: Put, commit: Commit, run_git: RunGit, trap: tuple[Path, Path]
) -> None:
    program, mark = trap
    bare = repository / "d/bare"
    put(
        {
            "d/bare/a.yaml": "",
            "d/bare/refs/x": "",
            "d/bare/worktree/x": "",
            "d/bare/objects/x": "",
            "d/bare/HEAD": "ref: refs/heads/main\n",
        }
    )
    core = f"bare = false\nworktree = worktree\nfsmonitor = {program}\n"
    put({"d/bare/config": f"[core]\nrepositoryformatversion = 0\n{core}"})
    subprocess.run(["git", "-C", str(bare), "status"], capture_output=True, check=False)
    assert mark.exists(), "the trap must work, or this test proves nothing"
    mark.unlink()
    base = commit()
    use_everything(repository, base)
    assert find_root([bare]) == repository
    assert "d/bare/a.yaml" in discover(["."], root=repository, cwd=bare).paths
    assert not mark.exists()
    (repository / ".git").rename(repository.parent / "kept")
    assert find_root([bare]) == bare
    assert "a.yaml" in discover(["."], root=bare, cwd=bare).paths
    assert Git(bare).facts() == {}
    with pytest.raises(RevisionError):
        Git(bare).resolve("HEAD")
    assert not mark.exists()


@pytest.fixture
def partial_clone(
    repository: Path, tmp_path: Path, put: Put, commit: Commit, run_git: RunGit
) -> tuple[Path, str]:
    """A clone without contents, with an index, and the first of its two commits."""
    body = "".join(f"line {n}\n" for n in range(50))
    put({"a.yaml": body, "b.yaml": "b"})
    base = commit()
    run_git(repository, "mv", "a.yaml", "c.yaml")
    put({"c.yaml": body + "more\n"})
    commit()
    run_git(repository, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "-q", "-n", "--filter=blob:none", f"file://{repository}", str(clone))
    run_git(clone, "read-tree", "HEAD")
    return clone, base


@pytest.mark.parametrize("transport", ["ext", "ssh", "uploadpack", "helper"])
def test_a_partial_clone_fetches_nothing(
    partial_clone: tuple[Path, str], run_git: RunGit, trap: tuple[Path, Path], transport: str
) -> None:
    program, mark = trap
    clone, base = partial_clone
    settings = {
        "ext": {"remote.origin.url": f"ext::{program}"},
        "ssh": {
            "remote.origin.url": "ssh://h.example/r",
            "core.sshCommand": str(program),
            "ssh.variant": "simple",
        },
        "uploadpack": {"remote.origin.uploadpack": str(program)},
        "helper": {"remote.origin.vcs": "ext", "remote.origin.url": str(program)},
    }[transport]
    for name, value in (settings | {f"protocol.{p}.allow": "always" for p in ("ext", "ssh", "file")}).items():
        run_git(clone, "config", name, value)
    subprocess.run(
        ["git", "-C", str(clone), "cat-file", "-p", f"{base}:b.yaml"], capture_output=True, check=False
    )
    assert mark.exists(), "the trap must work, or this test proves nothing"
    mark.unlink()
    world = Git(clone)
    world.renames(base)
    with GitTree(world, base) as tree:
        assert tree.paths() == ["a.yaml", "b.yaml"]
        with pytest.raises(FileProblem):
            tree.read("b.yaml")
    assert not mark.exists()


def test_a_work_tree_set_elsewhere_is_ignored(
    repository: Path, tmp_path: Path, put: Put, commit: Commit, run_git: RunGit
) -> None:
    put({"a.yaml": ""})
    commit()
    put({"secret.yaml": ""}, tmp_path / "elsewhere")
    for name, value in (("core.worktree", str(tmp_path / "elsewhere")), ("core.bare", "false")):
        run_git(repository, "config", name, value)
    assert discover(["."], root=repository, cwd=repository).paths == ("a.yaml",)
    run_git(repository, "config", "--unset", "core.worktree")
    run_git(repository, "config", "core.bare", "true")
    assert discover(["."], root=repository, cwd=repository).paths == ("a.yaml",)


def test_replaced_objects_are_not_used(repository: Path, put: Put, commit: Commit, run_git: RunGit) -> None:
    put({"a.yaml": "true"})
    base = commit()
    fake = run_git(repository, "hash-object", "-w", "--stdin", stdin="false")
    run_git(repository, "replace", run_git(repository, "rev-parse", "HEAD:a.yaml"), fake)
    with GitTree(Git(repository), base) as tree:
        assert tree.read("a.yaml") == b"true"


def test_git_from_the_repository_is_never_run(
    repository: Path, put: Put, trap: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, mark = trap
    put({"git": program.read_text(), "bin/git": program.read_text()})
    for name in ("git", "bin/git"):
        (repository / name).chmod(0o755)
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", f".:bin::{os.environ['PATH']}")
    assert discover(["."], root=repository, cwd=repository).notices == ()
    monkeypatch.setenv("PATH", ".:bin:")
    assert "git is not installed" in discover(["."], root=repository, cwd=repository).notices[0].message
    assert not mark.exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_dubious_ownership_is_a_warning_and_a_walk(
    repository: Path, put: Put, commit: Commit, trap: tuple[Path, Path]
) -> None:
    program, mark = trap
    put({"a.yaml": "", ".gitignore": "b.yaml\n", "b.yaml": "", ".venv/c.yaml": ""})
    commit()
    with (repository / ".git/config").open("a") as file:
        file.write(config_lines(program))
    for entry in (repository, repository / ".git"):
        os.chown(entry, 12345, 12345)
    files = discover(["."], root=repository, cwd=repository)
    assert files.paths == (".gitignore", "a.yaml", "b.yaml")
    assert [notice.level for notice in files.notices] == ["warning"]
    assert f"safe.directory '{repository}'" in files.notices[0].message
    with pytest.raises(RevisionError, match=r"safe\.directory"):
        Git(repository).merge_base("HEAD")
    assert Git(repository).facts() == {}
    assert not mark.exists()


def test_a_broken_repository_is_a_warning_and_a_walk(repository: Path, put: Put, commit: Commit) -> None:
    put({"a.yaml": ""})
    commit()
    (repository / ".git/config").write_text("[broken\n")
    files = discover(["."], root=repository, cwd=repository)
    assert files.paths == ("a.yaml",)
    assert "bad config" in files.notices[0].message


def test_a_git_that_hangs_is_given_up(repository: Path, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put({"a.yaml": "", ".git/config": "[include]\npath = pipe\n"})
    os.mkfifo(repository / ".git/pipe")
    monkeypatch.setattr(git, "TIMEOUT", 0.3)
    files = discover(["."], root=repository, cwd=repository)
    assert files.paths == ("a.yaml",)
    assert "no answer" in files.notices[0].message
    monkeypatch.setattr(git, "TIMEOUT", 60)
    with pytest.raises(GitProblem, match="before"):  # no other command is waited for
        Git(repository).resolve("HEAD")


def test_pipes_below_a_path_are_skipped(repository: Path, put: Put) -> None:
    put({"a.yaml": ""})
    os.mkfifo(repository / "pipe.yaml")
    assert discover(["."], root=repository, cwd=repository).paths == ("a.yaml",)
    named = discover(["pipe.yaml"], root=repository, cwd=repository)
    assert named.paths == ("pipe.yaml",)
    with pytest.raises(FileProblem, match="pipe"):
        named.tree().read("pipe.yaml")


def test_a_very_deep_folder_is_no_crash(tmp_path: Path) -> None:
    top = tmp_path / "plain"
    top.mkdir()
    folder = os.open(top, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=folder)
        inner = os.open("d", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    files = discover(["."], root=top, cwd=top)
    assert files.paths == ()
    assert len(files.notices) == 1
    subprocess.run(["rm", "-rf", str(top)], check=True)
