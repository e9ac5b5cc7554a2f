"""What is kept is good for the code, the pages and the programs that made it, and for no others."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from archlint.adapters.squawk import squawk_stamp
from archlint.cache.code import code_stamp, library_version
from archlint.engine.filework import Plan
from archlint.engine.parsing import Kept
from archlint.files import Kind
from archlint.finding import Confidence, Severity
from archlint.finding.records import replace
from tests.support.rules import own_rules

RULE = next(rule for rule in own_rules() if rule.options)
NAME, SCHEMA = next(iter(RULE.options.items()))
CHANGES: tuple[dict[str, Any], ...] = (
    {"name": "another-name"},
    {"severity": next(each for each in Severity if each is not RULE.severity)},
    {"confidence": next(each for each in Confidence if each is not RULE.confidence)},
    {"messages": {**RULE.messages, "default": "Something else."}},
    {"options": {**RULE.options, NAME: {**SCHEMA, "default": "another"}}},
    {"aliases": (*RULE.aliases, "tool:another")},
    {"ignored_as": (*RULE.ignored_as, "tool:another")},
    {"provider": "another.rules"},
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: str(*change))
def test_findings_of_a_page_are_not_those_of_its_older_self(change: dict[str, Any]) -> None:
    before, after = (Plan((rule,), {}, {}).signature() for rule in (RULE, replace(RULE, **change)))
    assert before != after
    assert Plan((), {}, {}, (RULE,)).signature() != Plan((), {}, {}, (replace(RULE, **change),)).signature()


def write(file: Path, text: str, seconds: int) -> None:
    """A file as it is unpacked, with the time that it bears in its archive."""
    file.write_text(text)
    os.utime(file, (seconds, seconds))


def test_a_file_that_is_older_than_others_counts_for_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "of_a_plugin"
    package.mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    write(package / "__init__.py", "", 3000)
    write(package / "rule.py", "LEAST = 2\n", 1000)
    first = code_stamp("of_a_plugin")
    assert first == code_stamp("of_a_plugin")
    write(package / "rule.py", "LEAST = 3\n", 2000)  # as large, and still older than the other one
    second = code_stamp("of_a_plugin")
    (package / "rule.py").rename(package / "other.py")
    assert len({first, second, code_stamp("of_a_plugin"), code_stamp("no_such_package")}) == 4


def test_what_another_library_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    assert library_version("a_reader", "A-Reader") == ""
    (tmp_path / "a_reader").mkdir()
    (tmp_path / "a_reader" / "__init__.py").write_text("")
    (tmp_path / "A_Reader-2.0.1.dist-info").mkdir()
    assert library_version("a_reader", "A-Reader") == "2.0.1"
    assert library_version("yaml", "PyYAML") == yaml.__version__
    keys = set()
    for version in ("6.0.1", "6.0.2"):
        for module in ("parsing", "filework"):
            monkeypatch.setattr(f"archlint.engine.{module}.library_version", lambda *_, now=version: now)
        entries: dict[str, bytes] = {}
        Kept(entries)("a.yaml", "a: 1\n", Kind.DATA)
        keys |= {*entries, Plan((), {}, {}).signature()}
    assert len(keys) == 4


def test_another_squawk_is_told_from_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    stamps = [squawk_stamp()]
    program = tmp_path / ("Scripts/squawk.exe" if sys.platform == "win32" else "bin/squawk")
    program.parent.mkdir()
    for text, seconds in (("one", 1000), ("two", 2000), ("three", 2000)):
        write(program, text, seconds)
        stamps.append(squawk_stamp())
    assert stamps[0] == ""
    assert len(set(stamps)) == 4
