"""Revisions, trees, renames and facts, from real repositories."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archlint.files import (
    FileProblem,
    Git,
    GitProblem,
    GitTree,
    RevisionError,
    discover,
    git_tree,
    public_url,
)

Put = Callable[..., None]
Commit = Callable[..., str]
RunGit = Callable[..., str]


def shallow_clone(source: Path, target: Path, depth: int, run_git: RunGit) -> Git:
    run_git(target.parent, "clone", "-q", f"--depth={depth}", f"file://{source}", str(target))
    return Git(target)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(RevisionError) as caught:
        call()
    return caught.value.message


def test_resolves_branches_tags_and_commits(
    repository: Path, put: Put, commit: Commit, run_git: RunGit
) -> None:
    first = commit()
    run_git(repository, "tag", "-a", "v1", "-m", "x")
    second = commit()
    git = Git(repository)
    assert git.resolve("v1") == first == git.resolve("HEAD^1") == git.resolve(first[:10])
    assert git.resolve("main") == second == git.resolve("HEAD")


@pytest.mark.parametrize(
    "revision",
    ["", "-h", "--all", "^HEAD", "HEAD..HEAD", "a b", "HEAD\nx", "HEAD:a.yaml", "\0", "\udcff"],
)
def test_what_is_no_revision_is_refused(repository: Path, put: Put, commit: Commit, revision: str) -> None:
    put({"a.yaml": ""})
    commit()
    assert "revision" in refused(lambda: Git(repository).resolve(revision)).lower()


def test_a_missing_revision_names_what_to_type(repository: Path, commit: Commit, run_git: RunGit) -> None:
    commit()
    run_git(repository, "update-ref", "refs/remotes/origin/dev", "HEAD")
    assert "Did you mean 'origin/dev'?" in refused(lambda: Git(repository).resolve("dev"))
    assert "git branch -a" in refused(lambda: Git(repository).resolve("nothing"))


def test_a_repository_without_commits(repository: Path) -> None:
    git = Git(repository)
    assert "no commit yet" in refused(lambda: git.merge_base("HEAD"))
    assert git.facts() == {"branch": "main"}
    assert git.renames("0" * 40) == {}


def test_merge_base_is_where_both_sides_parted(repository: Path, commit: Commit, run_git: RunGit) -> None:
    base = commit()
    run_git(repository, "checkout", "-q", "-b", "feature")
    commit()
    run_git(repository, "checkout", "-q", "main")
    commit()
    run_git(repository, "checkout", "-q", "feature")
    assert Git(repository).merge_base("main") == base


def test_unrelated_histories_have_no_merge_base(repository: Path, commit: Commit, run_git: RunGit) -> None:
    commit()
    run_git(repository, "checkout", "-q", "--orphan", "other")
    commit()
    assert "no common ancestor" in refused(lambda: Git(repository).merge_base("main"))


def test_a_shallow_clone_says_what_to_type(
    repository: Path, tmp_path: Path, commit: Commit, run_git: RunGit
) -> None:
    commit()
    run_git(repository, "branch", "old")
    second = commit()
    commit()
    one = shallow_clone(repository, tmp_path / "one", 1, run_git)
    for revision in ("HEAD^1", "old", "origin/old"):
        message = refused(lambda revision=revision: one.merge_base(revision))
        assert "fetch-depth: 0" in message
        assert "--base HEAD^1" in message
        assert "fetch-depth: 2" in message
    run_git(tmp_path / "one", "fetch", "-q", "--depth=1", "origin", "old:old")
    assert "fetch-depth: 0" in refused(lambda: one.merge_base("old"))
    two = shallow_clone(repository, tmp_path / "two", 2, run_git)
    assert two.merge_base("HEAD^1") == second


def test_a_tree_is_read_without_a_checkout(repository: Path, put: Put, commit: Commit) -> None:
    put({"a.yaml": "old", "d/é b.yaml": "x\r\n", "empty": "", "gone.yaml": "gone"})
    base = commit()
    put({"a.yaml": "new"})
    (repository / "gone.yaml").unlink()
    with GitTree(Git(repository), base) as tree:
        assert tree.paths() == ["a.yaml", "d/é b.yaml", "empty", "gone.yaml"]
        assert tree.revision == "base"
        assert "gone.yaml" in tree
        assert "d" not in tree
        for _ in range(2):
            assert tree.read("a.yaml") == b"old"
            assert tree.read("d/é b.yaml") == b"x\r\n"
            assert tree.read("empty") == b""
            assert tree.read("gone.yaml") == b"gone"
            with pytest.raises(FileProblem, match="does not exist in commit"):
                tree.read("b.yaml")
            tree.close()


def test_a_tree_skips_links_and_submodules(
    repository: Path, tmp_path: Path, put: Put, commit: Commit, run_git: RunGit
) -> None:
    other = tmp_path / "other"
    put({"b.yaml": ""}, other)
    run_git(other, "init", "-q")
    commit(root=other)
    run_git(repository, "submodule", "--quiet", "add", str(other), "sub")
    put({"a.yaml": "", "run.sh": ""})
    (repository / "run.sh").chmod(0o755)
    (repository / "link.yaml").symlink_to("a.yaml")
    with GitTree(Git(repository), commit()) as tree:
        assert tree.paths() == [".gitmodules", "a.yaml", "run.sh"]


def test_names_in_a_crafted_tree_cannot_leave_the_root(repository: Path, run_git: RunGit) -> None:
    blob = run_git(repository, "hash-object", "-w", "--stdin", stdin="evil")
    raw = b"".join(
        mode + b" " + name + b"\0" + bytes.fromhex(blob)
        for mode, name in (
            (b"100644", b".."),
            (b"100644", b".git"),
            (b"100644", b"/etc"),
            (b"100644", b"fine"),
        )
    )
    subtree = _write_tree(repository, raw)
    top = b"40000 ..\0" + bytes.fromhex(subtree) + b"40000 sub\0" + bytes.fromhex(subtree)
    listed = GitTree(Git(repository), _write_tree(repository, top)).paths()
    assert listed == ["sub/fine"]


def _write_tree(repository: Path, content: bytes) -> str:
    command = ["git", "-C", str(repository), "hash-object", "-t", "tree", "-w", "--literally", "--stdin"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode().strip()


def test_a_large_blob_is_refused_and_the_next_is_read(repository: Path, put: Put, commit: Commit) -> None:
    put({"big": "x" * 500_000, "small": "y"})
    with GitTree(Git(repository), commit(), limit=1000) as tree:
        for _ in range(2):
            with pytest.raises(FileProblem, match="larger than"):
                tree.read("big")
            assert tree.read("small") == b"y"


def test_a_missing_object_is_a_problem_with_its_path(repository: Path, put: Put, commit: Commit) -> None:
    put({"a.yaml": "a", "b.yaml": "b"})
    base = commit()
    for entry in (repository / ".git/objects").glob("??/*"):
        kind = subprocess.run(
            ["git", "-C", str(repository), "cat-file", "-p", entry.parent.name + entry.name],
            capture_output=True,
            check=True,
        )
        if kind.stdout == b"a":
            entry.unlink()
    with GitTree(Git(repository), base) as tree:
        with pytest.raises(FileProblem, match="missing in this clone"):
            tree.read("a.yaml")
        assert tree.read("b.yaml") == b"b"


def test_a_killed_git_is_started_again(repository: Path, put: Put, commit: Commit) -> None:
    put({"a.yaml": "a"})
    with GitTree(Git(repository), commit()) as tree:
        assert tree.read("a.yaml") == b"a"
        assert tree._process is not None
        tree._process.kill()
        tree._process.wait()
        assert tree.read("a.yaml") == b"a"


def test_a_git_that_falls_silent_is_given_up(
    repository: Path, put: Put, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    put({"a.yaml": "a"})
    monkeypatch.setattr(git_tree, "TIMEOUT", 0.2)
    with GitTree(Git(repository), commit()) as tree:
        assert tree.read("a.yaml") == b"a"
        assert tree._process is not None
        tree._process.send_signal(signal.SIGSTOP)
        with pytest.raises(FileProblem, match="no answer within"):
            tree.read("a.yaml")
        assert tree.read("a.yaml") == b"a"
        tree._process.send_signal(signal.SIGSTOP)
        with pytest.raises(FileProblem, match="no answer within"):
            tree.read("a.yaml")
        with pytest.raises(FileProblem, match="no answer before"):
            tree.read("a.yaml")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_forked_child_reads_through_its_own_git(repository: Path, put: Put, commit: Commit) -> None:
    put({"a.yaml": "a"})
    with GitTree(Git(repository), commit()) as tree:
        assert tree.read("a.yaml") == b"a"
        child = os.fork()
        if child == 0:
            os._exit(0 if tree.read("a.yaml") == b"a" else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert tree.read("a.yaml") == b"a"


def test_an_unknown_commit_has_no_tree(repository: Path, commit: Commit) -> None:
    commit()
    tree = GitTree(Git(repository), "f" * 40)
    with pytest.raises(GitProblem):
        tree.paths()
    with pytest.raises(FileProblem):
        tree.read("a.yaml")


def test_renames_between_a_commit_and_the_index(
    repository: Path, put: Put, commit: Commit, run_git: RunGit
) -> None:
    body = "".join(f"line {n}\n" for n in range(50))
    put({"a.yaml": body, "b.yaml": body.upper(), "c\nd.yaml": body * 2, "same.yaml": "x"})
    base = commit()
    run_git(repository, "mv", "a.yaml", "moved.yaml")
    put({"moved.yaml": body + "more\n"})
    commit()
    (repository / "sub").mkdir()
    run_git(repository, "mv", "b.yaml", "sub/ü.yaml")
    run_git(repository, "mv", "c\nd.yaml", "e.yaml")
    assert Git(repository).renames(base) == {
        "moved.yaml": "a.yaml",
        "sub/ü.yaml": "b.yaml",
        "e.yaml": "c\nd.yaml",
    }


def test_facts(repository: Path, commit: Commit, run_git: RunGit) -> None:
    head = commit()
    run_git(repository, "remote", "add", "origin", "https://user:token@example.org/o/r.git")
    git = Git(repository)
    assert git.facts() == {"commit": head, "branch": "main", "repository": "https://example.org/o/r"}
    run_git(repository, "checkout", "-q", "--detach")
    run_git(repository, "remote", "set-url", "origin", "/srv/git/r.git")
    assert git.facts() == {"commit": head}


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("https://example.org/o/r.git", "https://example.org/o/r"),
        ("https://x-access-token:abc@example.org:8443/o/r/?token=1#f", "https://example.org:8443/o/r"),
        ("git@example.org:o/r.git", "https://example.org/o/r"),
        ("example.org:o/r", "https://example.org/o/r"),
        ("ssh://git@example.org:2222/o/r.git", "https://example.org/o/r"),
        ("git://example.org/o/r", "https://example.org/o/r"),
        ("https://example.org/o/r%20s/é", "https://example.org/o/r%20s/%C3%A9"),
        ("/srv/git/r.git", None),
        ("../r.git", None),
        ("file:///srv/git/r.git", None),
        ("ext::sh -c id", None),
        ("https:///x", None),
        ("https://[::1/x", None),
        ("https://example.org:port/x", None),
        ("https://example.org/", None),
        ("C:/repos/r", None),
        ("", None),
    ],
)
def test_public_url_never_has_user_token_or_local_path(remote: str, url: str | None) -> None:
    assert public_url(remote) == url


def test_a_linked_work_tree(
    repository: Path, tmp_path: Path, put: Put, commit: Commit, run_git: RunGit
) -> None:
    put({"a.yaml": "a"})
    base = commit()
    linked = tmp_path / "linked"
    run_git(repository, "worktree", "add", "-q", str(linked), "-b", "other")
    put({"b.yaml": ""}, linked)
    assert discover(["."], root=linked, cwd=linked).paths == ("a.yaml", "b.yaml")
    git = Git(linked)
    assert git.merge_base("main") == base
    assert git.facts()["branch"] == "other"


def test_variables_of_a_hook_do_not_redirect(
    repository: Path, tmp_path: Path, put: Put, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    put({"a.yaml": "a"})
    head = commit()
    other = tmp_path / "other"
    put({"b.yaml": ""}, other)
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    commit(root=other)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    monkeypatch.setenv("GIT_PREFIX", "x/")
    assert discover(["."], root=repository, cwd=repository).paths == ("a.yaml",)
    assert Git(repository).resolve("HEAD") == head


def test_without_git_files_are_walked(
    repository: Path, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put({"a.yaml": "", ".gitignore": "b.yaml", "b.yaml": ""})
    monkeypatch.setenv("PATH", str(tmp_path))
    files = discover(["."], root=repository, cwd=repository)
    assert files.paths == (".gitignore", "a.yaml", "b.yaml")
    assert "git is not installed" in files.notices[0].message
    assert Git(repository).facts() == {}
