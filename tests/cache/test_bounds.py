"""The cache stays within its bounds, whatever comes and goes, and can be deleted."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest

from archlint.cache.files import FileCache
from archlint.cache.store import LONGEST_UNUSED, MOST_ROOTS, make_room
from tests.support.inside import archlint

DAY = 24 * 3600


def rows_of(cache: Path) -> dict[str, set[str]]:
    """The paths in both tables of the only root."""
    (file,) = cache.glob("files-*.sqlite")
    with sqlite3.connect(file) as connection:
        return {
            table: {path for (path,) in connection.execute(f"SELECT path FROM {table}")}
            for table in ("seen", "file")
        }


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.yaml").write_text(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{number}}}\n")
    return folder


@pytest.mark.parametrize("paths", [("."), ("0.yaml", "--isolated")])
def test_what_is_kept_of_a_file_goes_with_it(shop: Path, tmp_path: Path, paths: tuple[str, ...]) -> None:
    cache = tmp_path / "archlint-cache"
    archlint("check", ".", cwd=shop)
    assert rows_of(cache)["file"] == {f"{number}.yaml" for number in range(6)}
    (shop / "5.yaml").unlink()
    (shop / "0.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: other}\n")
    archlint("check", *paths, cwd=shop)
    for rows in rows_of(cache).values():
        assert "5.yaml" not in rows
        assert "4.yaml" in rows


def put(folder: Path, name: int, size: int, age: float) -> Path:
    file = folder / f"files-{name:020x}.sqlite"
    file.write_bytes(b"x" * size)
    used = time.time() - age
    os.utime(file, (used, used))
    return file


def test_files_of_roots_that_nobody_uses_go(tmp_path: Path) -> None:
    old = put(tmp_path, 1, 10, LONGEST_UNUSED + 100)
    young = put(tmp_path, 2, 10, LONGEST_UNUSED - 100)
    other = tmp_path / "files-of-mine.sqlite"
    other.write_text("")
    os.utime(other, (0, 0))
    make_room(tmp_path, "none")
    assert (old.exists(), young.exists(), other.exists()) == (False, True, True)


@pytest.mark.parametrize("most", [0, 10, 25, 30, 1000])
def test_those_used_last_stay_within_the_bound(tmp_path: Path, most: int) -> None:
    files = [put(tmp_path, number, 10, number * DAY) for number in range(5)]
    make_room(tmp_path, files[0].name, most)
    kept = [file.exists() for file in files]
    assert kept == [number == 0 or 10 * (number + 1) <= most for number in range(5)]


def test_roots_are_counted_too(tmp_path: Path) -> None:
    files = [put(tmp_path, number, 1, number) for number in range(MOST_ROOTS + 20)]
    make_room(tmp_path, files[0].name)
    assert [file.exists() for file in files] == [number < MOST_ROOTS for number in range(len(files))]


def test_a_root_that_is_only_read_stays(shop: Path, tmp_path: Path) -> None:
    cache = tmp_path / "archlint-cache"
    past = time.time() - DAY
    for file in shop.iterdir():
        os.utime(file, (past, past))
    archlint("check", ".", cwd=shop)
    (file,) = cache.glob("files-*.sqlite")
    old = put(cache, 1, 10, LONGEST_UNUSED + 100)
    os.utime(file, (0, 0))
    archlint("check", ".", cwd=shop)
    assert file.stat().st_mtime > past
    assert not old.exists()


def test_a_file_gives_back_what_it_does_not_need(tmp_path: Path) -> None:
    with FileCache(tmp_path, "root") as cache:
        for number in range(200):
            cache.parsed[f"{number}"] = b"x" * 100_000
    (file,) = tmp_path.glob("files-*.sqlite")
    before = file.stat().st_size
    with FileCache(tmp_path, "root") as cache:
        for number in range(200, 264):
            cache.parsed[f"{number}"] = b"x"
    assert file.stat().st_size < before / 10


def test_clean_deletes_what_is_archlints_alone(shop: Path, tmp_path: Path) -> None:
    cache = tmp_path / "archlint-cache"
    archlint("check", ".", cwd=shop)
    for name in ("notes.txt", "rules.json.bak", "files-1.sqlite"):
        (cache / name).write_text("mine")
    (cache / "files-00000000000000000001.sqlite").mkdir()
    (cache / "files-00000000000000000002.sqlite").symlink_to(shop / "0.yaml")
    (cache / ".rules.json.4711").write_text("half of a file")
    done = archlint("cache", "clean", cwd=shop)
    assert (done.code, done.err) == (0, "")
    assert f" MB in {cache}." in done.out
    left = {"notes.txt", "rules.json.bak", "files-1.sqlite", "files-00000000000000000001.sqlite"}
    assert {file.name for file in cache.iterdir()} == left
    assert (shop / "0.yaml").exists()
    assert archlint("cache", "clean", cwd=shop).out == f"There is no cache in {cache}.\n"
    assert archlint("check", ".", cwd=shop).code in (0, 1)


def test_clean_without_a_cache(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    done = archlint("cache", "clean", cwd=folder, ARCHLINT_CACHE_DIR=str(tmp_path / "cache"))
    assert (done.code, done.out) == (0, f"There is no cache in {tmp_path / 'cache'}.\n")
    assert archlint("cache", cwd=folder).code == 2
