"""archlint changes no file of the repository, nor of git, unless it is asked to."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.safety.worlds import shop_copy, snapshot, two_commits
from tests.support import inside
from tests.support.process import archlint


def test_no_file_changes(tmp_path: Path) -> None:
    world = shop_copy(tmp_path / "world")
    base = two_commits(world)
    before = snapshot(world)
    reports = [
        f"{name}={tmp_path}/report.{name}" for name in ("sarif", "junit", "gitlab", "markdown", "json")
    ]
    for arguments in (
        ("check", "."),
        ("check", ".", "--select", "ALL", "--jobs", "2", *(f"--output={item}" for item in reports)),
        ("check", ".", "--base", base, "--new-only"),
        ("check", ".", "--no-cache"),
        ("breaking", f"{base}:api/openapi.yaml", "api/openapi.yaml"),
        ("graph", "."),
        ("rules",),
        ("explain", "KUBE101"),
        ("config",),
    ):
        done = inside.archlint(*arguments, cwd=world)
        assert done.code in (0, 1), (arguments, done.err)
        assert snapshot(world) == before, arguments
    assert len(list(tmp_path.glob("report.*"))) == len(reports)


def test_the_cache_lies_with_the_user(tmp_path: Path) -> None:
    world = shop_copy(tmp_path / "world")
    two_commits(world)
    before = snapshot(world)
    home = tmp_path / "home"
    home.mkdir()
    for environment, expected in (
        ({"XDG_CACHE_HOME": ""}, home / ".cache/archlint"),
        ({"XDG_CACHE_HOME": str(home / "xdg")}, home / "xdg/archlint"),
        ({"XDG_CACHE_HOME": "relative"}, home / ".cache/archlint"),
    ):
        done = archlint("check", ".", cwd=world, ARCHLINT_CACHE_DIR="", HOME=str(home), **environment)
        assert done.code == 1, done.err
        assert any(expected.iterdir())
        assert snapshot(world) == before


def test_a_folder_that_may_not_be_written_is_checked(tmp_path: Path) -> None:
    world = shop_copy(tmp_path / "world")
    two_commits(world)
    for path in (world, *world.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = archlint("check", ".", cwd=world, ARCHLINT_CACHE_DIR=str(world / "cache"))
    for path in (world, *world.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert done.code == 1, done.err


def test_a_report_is_not_written_through_a_link_of_the_repository(tmp_path: Path) -> None:
    world = shop_copy(tmp_path / "world")
    two_commits(world)
    precious = tmp_path / "precious"
    precious.write_text("keep")
    (world / "archlint.sarif").symlink_to(precious)
    (world / "new.sarif").symlink_to(tmp_path / "new")
    (world / "reports").symlink_to(tmp_path)
    (world / "inside.sarif").symlink_to("deploy/kubernetes/cart.yaml")
    before = snapshot(world)
    for name in ("archlint.sarif", "new.sarif", "reports/precious", "reports/deep/new", "inside.sarif"):
        for path in (name, str(world / name)):
            done = inside.archlint("check", ".", "--output", f"sarif={path}", cwd=world)
            assert done.code == 2, path
            assert "a link of the repository" in done.err
    assert precious.read_text() == "keep"
    assert snapshot(world) == before
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "deep").exists()


def test_a_report_may_go_through_a_link_of_the_user(tmp_path: Path) -> None:
    world = shop_copy(tmp_path / "world")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (world / "build").mkdir()
    for target in ("/dev/stdout", str(tmp_path / "link" / "report.json"), "build/report.json"):
        assert inside.archlint("check", ".", "--output", f"json={target}", cwd=world).code == 1
    assert (tmp_path / "folder" / "report.json").exists()
    assert (world / "build" / "report.json").exists()


def test_links_are_met_however_the_repository_is_reached(tmp_path: Path) -> None:
    world = shop_copy(tmp_path / "world")
    (tmp_path / "precious").write_text("keep")
    (world / "deploy" / "report.json").symlink_to(tmp_path / "precious")
    (world / "hooks").symlink_to("deploy")
    for name in ("way", "short"):
        (tmp_path / name).symlink_to(world if name == "way" else world / "deploy")
    for target in ("way/deploy/report.json", "short/report.json", "world/hooks/new.json"):
        done = inside.archlint("check", ".", "--output", f"json={tmp_path / target}", cwd=world)
        assert (done.code, done.out) == (2, ""), target
    assert (tmp_path / "precious").read_text() == "keep"


@pytest.mark.parametrize("target", ["reprots/a.json", "a/b/c.json", "{outside}/new/a.json"])
def test_no_folder_is_made_for_a_report(tmp_path: Path, target: str) -> None:
    world = shop_copy(tmp_path / "world")
    before = snapshot(tmp_path)
    path = target.format(outside=tmp_path)
    arguments = ("check", ".", "--no-cache", "--output", f"json={path}")
    done = inside.archlint(*arguments, cwd=world, ARCHLINT_CACHE_DIR=str(tmp_path / "cache"))
    assert (done.code, done.out) == (2, "")
    assert "make it first" in done.err
    assert snapshot(tmp_path) == before


def test_a_pipe_that_nobody_reads_is_nothing_to_wait_for(tmp_path: Path) -> None:
    world = shop_copy(tmp_path / "world")
    for pipe in (world / "pipe", tmp_path / "pipe"):
        os.mkfifo(pipe)
        done = archlint("check", ".", "--output", f"json={pipe}", cwd=world, timeout=30)
        assert done.code == 2
        assert "nobody reads that pipe" in done.err


def test_a_pipe_that_is_read_gets_the_whole_report(tmp_path: Path) -> None:
    world = shop_copy(tmp_path / "world")
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "copy").open("wb") as copy, subprocess.Popen(["cat", tmp_path / "pipe"], stdout=copy):
        done = archlint("check", ".", "--output", f"sarif={tmp_path / 'pipe'}", cwd=world, timeout=30)
        assert done.code == 1
    assert json.loads((tmp_path / "copy").read_text())["version"] == "2.1.0"
