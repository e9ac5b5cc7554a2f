"""A run with the cache reports what a run without one does, whatever was changed since the last run."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archlint.finding import Result
from tests.paths.worlds import run
from tests.support.sampling import usually

SHOP = Path(__file__).parents[2] / "fixtures" / "shop"
EDITS = usually(4, 8)


def files_of(folder: Path) -> list[Path]:
    """All files of a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def swap_digit(folder: Path, chance: random.Random) -> None:
    """Another digit in a file, which keeps its size and may keep its time."""
    path = chance.choice(files_of(folder))
    text = path.read_text("utf-8")
    places = [index for index, sign in enumerate(text) if sign.isdigit()]
    if places:
        at = chance.choice(places)
        path.write_text(f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}", "utf-8")


def swap_digit_in_secret(folder: Path, chance: random.Random) -> None:
    """The same, and the time of the last change is put back."""
    before = {path: path.stat() for path in files_of(folder)}
    swap_digit(folder, chance)
    for path, facts in before.items():
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def drop_line(folder: Path, chance: random.Random) -> None:
    """One line less, which may be what makes a file readable."""
    path = chance.choice(files_of(folder))
    lines = path.read_text("utf-8").splitlines(keepends=True)
    if lines:
        del lines[chance.randrange(len(lines))]
    path.write_text("".join(lines), "utf-8")


def rename(folder: Path, chance: random.Random) -> None:
    """A file under another name."""
    path = chance.choice(files_of(folder))
    path.rename(path.with_name(f"moved-{chance.randrange(100)}-{path.name}"))


def add_copy(folder: Path, chance: random.Random) -> None:
    """A file a second time."""
    path = chance.choice(files_of(folder))
    target = folder / "more" / path.relative_to(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, target)


def delete(folder: Path, chance: random.Random) -> None:
    """A file less."""
    chance.choice(files_of(folder)).unlink()


def touch(folder: Path, chance: random.Random) -> None:
    """Another time of change and nothing else."""
    os.utime(chance.choice(files_of(folder)))


def suppress(folder: Path, chance: random.Random) -> None:
    """A suppression at the top of a file."""
    path = chance.choice([path for path in files_of(folder) if path.suffix == ".yaml"])
    path.write_text("# archlint: ignore-file[KUBE, NET] for a test\n" + path.read_text("utf-8"), "utf-8")


def nothing(folder: Path, chance: random.Random) -> None:
    """All as it was."""


CHANGES: list[Callable[[Path, random.Random], None]] = [
    *(swap_digit, swap_digit_in_secret, drop_line, rename, add_copy, delete, touch, suppress, nothing)
]


def told(result: Result) -> dict[str, object]:
    """All that a report can say."""
    names = ("findings", "suppressed", "notices", "files", "read", "unread")
    return {name: getattr(result, name) for name in names}


@pytest.mark.parametrize("seed", range(5))
def test_a_warm_run_says_what_a_cold_one_does(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    folder = tmp_path / "shop"
    shutil.copytree(SHOP / ("broken" if seed % 2 else "clean"), folder)
    named: tuple[str, ...] = ()
    options: dict[str, dict[str, object]] = {}
    for _ in range(EDITS):
        for change in chance.sample(CHANGES, 2):
            change(folder, chance)
        if chance.random() < 0.2:
            options = {"KUBE101": {"max": chance.choice(["1Mi", "64Mi", "8Gi"])}}
        if chance.random() < 0.3:
            named = tuple(str(chance.choice(files_of(folder)).relative_to(folder)) for _ in range(2))
        warm = run(folder, *named, options=options, cache_folder=tmp_path / "cache")
        cold = run(folder, *named, options=options)
        assert told(warm) == told(cold)
        named = ()
