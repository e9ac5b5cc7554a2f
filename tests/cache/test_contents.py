"""A file that the file system calls unchanged is not read, unless a change could have escaped it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from archlint.cache.contents import Contents, Seen
from archlint.cache.files import FileCache
from archlint.files import WorkingTree
from tests.paths.worlds import run

SECOND = 1_000_000_000


class CountingTree(WorkingTree):
    """A tree that counts what is read from it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.reads = 0

    def read(self, path: str) -> bytes:
        """See ``WorkingTree``."""
        self.reads += 1
        return super().read(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one file."""
    (tmp_path / "a.yaml").write_text("a: 1\n")
    return tmp_path


def look(folder: Path, kept: dict[str, Seen], later: int = 10 * SECOND) -> tuple[Seen, int]:
    """What is known of the file, and how often it was read for it; ``later`` than now by some nanoseconds."""
    tree = CountingTree(folder)
    contents = Contents(tree, kept, clock=lambda: time.time_ns() + later)
    contents.digest("a.yaml")
    return contents.asked["a.yaml"], tree.reads


def test_what_is_unchanged_is_not_read(folder: Path) -> None:
    first, reads = look(folder, {})
    assert reads == 1 and first.stamp
    assert look(folder, {"a.yaml": first}) == (first, 0)


@pytest.mark.parametrize("keeps_time", [False, True])
def test_what_has_changed_is_read(folder: Path, keeps_time: bool) -> None:
    first, _ = look(folder, {})
    before = (folder / "a.yaml").stat()
    time.sleep(0.02)
    (folder / "a.yaml").write_text("a: 2\n")  # of the same size
    if keeps_time:  # as rsync and some build tools do
        os.utime(folder / "a.yaml", ns=(before.st_atime_ns, before.st_mtime_ns))
    second, reads = look(folder, {"a.yaml": first})
    assert reads == 1 and second.digest != first.digest


def test_another_file_of_that_name_is_read(folder: Path) -> None:
    first, _ = look(folder, {})
    (folder / "b.yaml").write_text("a: 2\n")
    (folder / "b.yaml").replace(folder / "a.yaml")
    second, reads = look(folder, {"a.yaml": first})
    assert reads == 1 and second.digest != first.digest


def test_what_has_just_changed_is_not_trusted(folder: Path) -> None:
    first, _ = look(folder, {}, later=0)
    assert not first.stamp
    assert look(folder, {"a.yaml": first})[1] == 1


def test_whole_seconds_are_trusted_later(folder: Path) -> None:
    whole = time.time_ns() // SECOND * SECOND
    os.utime(folder / "a.yaml", ns=(whole, whole))
    assert not look(folder, {}, later=SECOND // 10)[0].stamp
    assert look(folder, {})[0].stamp


@pytest.mark.parametrize("kind", ["missing", "folder", "link out", "pipe"])
def test_what_cannot_be_read_has_no_digest(
    folder: Path, kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first, _ = look(folder, {})
    place = folder / "a.yaml"
    place.unlink()
    if kind == "folder":
        place.mkdir()
    elif kind == "link out":
        other = tmp_path_factory.mktemp("other") / "a.yaml"
        other.write_text("a: 1\n")
        place.symlink_to(other)
    elif kind == "pipe":
        os.mkfifo(place)
    assert look(folder, {"a.yaml": first})[0] == Seen("", "")


def test_files_that_are_gone_leave_the_cache(tmp_path: Path) -> None:
    folder, kept = tmp_path / "world", tmp_path / "cache"
    for number in range(1600):
        path = folder / f"{number % 20}" / f"{number}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    run(folder, cache_folder=kept)
    for number in range(20, 1600):
        (folder / f"{number % 20}" / f"{number}.json").unlink()
    (folder / "0" / "0.json").write_text("[]")
    run(folder, cache_folder=kept)
    with FileCache(kept, str(folder)) as cache:
        assert len(cache.rows()) == 20
