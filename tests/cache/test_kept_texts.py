"""A text that was compared before is not parsed again, and everything is as if it had been."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archlint.cache.files import FileCache
from archlint.documents import Loaded, load_text
from archlint.engine.parsing import Kept
from archlint.files import Kind
from archlint.finding import Token
from tests.support.caches import with_cache
from tests.support.process import archlint

OLD = """openapi: 3.0.3
info: {title: Carts, version: "1"}
paths:
  /carts:  # the cart's own
    get:
      responses:
        "200":
          description: All of them.
          content:
            application/json:
              schema: {type: array, items: {type: string}}
"""
NEW = OLD.replace("type: string", "type: integer")
TEXTS = {
    "a contract": OLD,
    "two documents": f"{OLD}---\n{NEW}",
    "anchors": "a: &x {b: [1, 2.5, null, true]}\nc: *x\nd: {<<: *x}\n",
    "nothing": "",
    "a comment": "# no more\n",
    "a key twice": "a: 1\na: 2\n",
    "no YAML": "a: [1,\n",
    "half a pair": 'a: "\\ud800"\n',
    "JSON": '{"a": [1, {"b": "c"}]}',
}


def seen(loaded: Loaded) -> list[object]:
    """All that a check can see of a text: data, and where each key and value stands."""
    found: list[object] = [loaded.problems, loaded.duplicates]
    for document in loaded.documents:
        waiting = [document.root]
        while waiting:
            node = waiting.pop()
            found.append((node.route, node.value, *(document.span(node.route, token) for token in Token)))
            waiting += [child for _, child in node.items()] if node.is_map else node.elements()
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_kept_documents_are_those_of_the_text(name: str) -> None:
    path = "carts.json" if name == "JSON" else "carts.yaml"
    entries: dict[str, bytes] = {}
    expected = seen(load_text(path, TEXTS[name], Kind.OPENAPI))
    for _ in range(2):
        assert seen(Kept(entries)(path, TEXTS[name], Kind.OPENAPI)) == expected


@pytest.mark.parametrize(
    "damage", [lambda entry: entry[:-1], lambda entry: b"", lambda entry: b"\xff" + entry]
)
def test_a_damaged_entry_is_none(damage: Callable[[bytes], bytes]) -> None:
    entries: dict[str, bytes] = {}
    expected = seen(Kept(entries)("carts.yaml", OLD, Kind.OPENAPI))
    entries.update({key: damage(entry) for key, entry in entries.items()})
    assert seen(Kept(entries)("carts.yaml", OLD, Kind.OPENAPI)) == expected


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "shop"
    inner.mkdir()
    (inner / "old.yaml").write_text(OLD)
    (inner / "new.yaml").write_text(NEW)
    return inner


def test_a_second_comparison_says_the_same(folder: Path) -> None:
    whole = archlint("breaking", "--no-cache", "old.yaml", "new.yaml", cwd=folder)
    assert whole.code == 1
    assert [archlint("breaking", "old.yaml", "new.yaml", cwd=folder) for _ in range(2)] == [whole, whole]
    (folder / "new.yaml").write_text(OLD)
    assert archlint("breaking", "old.yaml", "new.yaml", cwd=folder).code == 0


def test_a_second_comparison_does_not_import_the_parser(folder: Path) -> None:
    archlint("breaking", "old.yaml", "new.yaml", cwd=folder)
    code = (
        "import os, sys\n"
        "from archlint.cli.main import cli\n"
        "cli.main(['breaking', '--fail-on', 'never', 'old.yaml', 'new.yaml'], standalone_mode=False)\n"
        "sys.stderr.write('yaml' if 'yaml' in sys.modules else 'none')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **with_cache(folder, {})},  # the same code as before: another would parse again
        capture_output=True,
        check=True,
    )
    assert done.stderr.decode().endswith("none")


def test_old_texts_are_forgotten_unless_they_are_asked_for(tmp_path: Path) -> None:
    for number in range(10):
        with FileCache(tmp_path, "shop") as cache:
            assert ("base" in cache.parsed) is bool(number)
            cache.parsed.update(
                {f"{number} {text}": b"" for text in range(40)} | {} if number else {"base": b""}
            )
    (file,) = tmp_path.glob("files-*.sqlite")
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM parsed").fetchone()[0] == 65
