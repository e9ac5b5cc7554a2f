"""Reading from disk."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from archlint.files import FileProblem, WorkingTree


def problem(tree: WorkingTree, path: str) -> str:
    with pytest.raises(FileProblem) as caught:
        tree.read(path)
    assert caught.value.path == path
    return caught.value.message


def test_reads_regular_files(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.yaml").write_bytes(b"x\r\n")
    (tmp_path / "empty").write_bytes(b"")
    tree = WorkingTree(tmp_path, ["a/b.yaml"])
    assert tree.read("a/b.yaml") == b"x\r\n"
    assert tree.read("empty") == b""
    assert tree.paths() == ("a/b.yaml",)
    assert tree.revision is None


@pytest.mark.parametrize(
    "path", ["../x", "a/../../x", "/etc/passwd", "", ".", "a//b", ".git/config", "a/.GIT/x", "a\0b"]
)
def test_paths_that_lead_out_are_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("secret")
    assert "out of the repository" in problem(WorkingTree(tmp_path), path)


def test_links(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "d").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / ".git/config").write_text("secret")
    (tmp_path / "secret").write_text("secret")
    (root / "d/a").write_text("a")
    (root / "in").symlink_to("d/a")
    (root / "out").symlink_to("../secret")
    (root / "up").symlink_to("..")
    (root / "into-git").symlink_to(".git/config")
    (root / "loop").symlink_to("loop")
    (root / "dangling").symlink_to("d/missing")
    (root / "folder").symlink_to("d")
    tree = WorkingTree(root)
    assert tree.read("in") == b"a"
    assert tree.read("folder/a") == b"a"
    for path in ("out", "up/secret", "into-git"):
        assert "symbolic link leads out" in problem(tree, path)
    assert problem(tree, "loop")
    assert "does not exist" in problem(tree, "dangling")


def test_pipes_sockets_devices_and_folders_are_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        tree = WorkingTree(tmp_path, outside={"/dev/zero": Path("/dev/zero")})
        for path in ("fifo", "socket", "/dev/zero"):
            assert "pipe, socket or device" in problem(tree, path)
    assert "a folder" in problem(tree, "folder")


def test_missing_and_too_large(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert WorkingTree(tmp_path, limit=5).read("a") == b"12345"
    assert "larger than" in problem(WorkingTree(tmp_path, limit=4), "a")
    assert "does not exist" in problem(WorkingTree(tmp_path), "b")
    assert "does not exist" in problem(WorkingTree(tmp_path), "a/b")
    assert "cannot be read" in problem(WorkingTree(tmp_path), "x" * 5000)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_permission_denied(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    (tmp_path / "a").chmod(0)
    assert "may not be read" in problem(WorkingTree(tmp_path), "a")


def test_a_root_that_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a").write_text("a")
    (tmp_path / "link").symlink_to("real")
    assert WorkingTree(tmp_path / "link").read("a") == b"a"
