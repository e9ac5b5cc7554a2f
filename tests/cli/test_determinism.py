"""The same input gives the same bytes, whatever the hash seed, the number of processes or the cache."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from archlint.engine.examining import LEAST_BYTES, LEAST_FILES
from tests.support import inside
from tests.support.process import archlint

SHOP = Path(__file__).parents[2] / "fixtures" / "shop" / "broken"
SMALL = """\
apiVersion: v1
kind: Service
metadata: {name: cart}
spec: {selector: {app: cart}, ports: [{port: 80}]}
"""
REMARK = f"# {'-' * 2000}\n"
"""What makes a file large enough for its share of the work."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The broken shop, with enough files that several processes share the work: copies of a manifest with
    many findings, and small ones with few."""
    world = tmp_path_factory.mktemp("determinism") / "shop"
    shutil.copytree(SHOP, world)
    text = (world / "deploy" / "kubernetes" / "cart.yaml").read_text()
    for number in range(320):
        folder = world / "many" / str(number)
        folder.mkdir(parents=True)
        (folder / "cart.yaml").write_text(f"{SMALL}{REMARK}" if number % 10 else text)
    written = [path.stat().st_size for path in world.rglob("*.yaml")]
    assert len(written) > LEAST_FILES
    assert sum(written) > LEAST_BYTES
    return world


def test_bytes_do_not_depend_on_how_they_were_made(shop: Path) -> None:
    def reports(seed: str, *extra: str) -> list[str]:
        files = {name: shop.parent / f"report.{name}" for name in ("json", "sarif")}
        wanted = [word for name, file in files.items() for word in ("--output", f"{name}={file}")]
        everything = ("check", ".", "--select", "ALL", "--today", "2026-01-01", *wanted, *extra)
        done = archlint(*everything, cwd=shop, PYTHONHASHSEED=seed)
        assert done.code == 1, done.err
        return [done.out, *(file.read_text() for file in files.values())]

    first = reports("1", "--no-cache", "--jobs", "1")
    for extra, seed in (((), "2"), ((), "3"), (("--jobs", "2"), "4"), (("--no-cache", "--jobs", "2"), "5")):
        assert reports(seed, *extra) == first


def test_a_damaged_cache_is_a_miss(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shutil.copytree(SHOP, shop)
    arguments = ("check", ".", "--format", "json")
    clean = inside.archlint(*arguments, "--no-cache", cwd=shop)
    inside.archlint(*arguments, cwd=shop)
    damaged = list((shop.parent / "archlint-cache").glob("*"))
    assert damaged
    for file in damaged:
        file.write_bytes(file.read_bytes()[:5000] + b"damage" * 100)
    assert inside.archlint(*arguments, cwd=shop).out == clean.out
    assert inside.archlint(*arguments, cwd=shop).out == clean.out
    for seed in range(5):
        for file in (shop.parent / "archlint-cache").glob("*.sqlite"):
            _scramble(file, seed)
        assert inside.archlint(*arguments, cwd=shop).out == clean.out
    for file in damaged:
        file.write_bytes(b"not a database")
    assert inside.archlint(*arguments, cwd=shop).out == clean.out


def _scramble(file: Path, seed: int) -> None:
    """Change some bytes behind the header, which SQLite itself would not notice."""
    chance = random.Random(seed)
    content = bytearray(file.read_bytes())
    for _ in range(20 * 4**seed):
        content[chance.randrange(100, len(content))] = chance.randrange(256)
    file.write_bytes(content)


def test_a_changed_file_is_checked_again(tmp_path: Path) -> None:
    world = tmp_path / "world"
    shutil.copytree(SHOP, world)
    arguments = ("check", ".", "--format", "json", "--fail-on", "never")
    archlint(*arguments, cwd=world)
    target = world / "deploy" / "kubernetes" / "cart.yaml"
    target.write_text(target.read_text() + "---\napiVersion: v1\nkind: [\n")
    changed = archlint(*arguments, cwd=world)
    assert changed.out == archlint(*arguments, "--no-cache", cwd=world).out
    assert any(
        item["rule"] == "parse-error" and "cart" in item["path"] for item in changed.report["findings"]
    )
