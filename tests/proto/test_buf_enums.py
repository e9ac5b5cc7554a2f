"""buf as the judge of values of enums: moved, swapped, renamed, gone, and new names for old numbers."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.proto.support import lay_out
from tests.proto.test_buf_breaking import SETS, judged, told_by_archlint
from tests.proto.test_buf_lint import BUF
from tests.support.inside import archlint

pytestmark = pytest.mark.skipif(not BUF.exists(), reason="needs buf-bin")

COUNT, SEED = 150, 24
PATH = "shop/enums.proto"
RULES = ("proto-enum-value-changed", "proto-buf-breaking")


def sides(count: int = COUNT) -> dict[str, dict[str, str]]:
    """Two revisions of a file with as many enums, one value to a line."""
    chance = random.Random(SEED)
    files: dict[str, dict[str, str]] = {}
    for side in ("old", "new"):
        enums = (text for at in range(count) for text in _enum(f"E{at}", chance))
        files[side] = {PATH: "\n".join(('syntax = "proto2";', "package shop;", *enums, ""))}
    return files


def _enum(name: str, chance: random.Random) -> Iterator[str]:
    names = chance.sample("ABCD", chance.choice((2, 3, 3, 4)))
    numbers = chance.sample(range(4), len(names))
    if chance.random() < 0.2:
        numbers[-1] = numbers[0]
    yield f"enum {name} {{"
    if len({*numbers}) < len(numbers):
        yield "  option allow_alias = true;"
    yield from (f"  {name}_{each} = {number};" for each, number in zip(names, numbers, strict=True))
    yield "}"


def findings(folder: Path) -> dict[int, list[dict[str, Any]]]:
    """Those about values of enums, by their line."""
    found = defaultdict(list)
    done = archlint("breaking", "old", "new", "--format", "json", cwd=folder)
    for each in json.loads(done.out)["findings"]:
        if each["rule"] in RULES:
            found[each["line"]].append(each)
    return found


@pytest.mark.parametrize("name", SETS)
def test_values_are_told_at_the_lines_of_buf(name: str, tmp_path: Path) -> None:
    settings = {"version": "v2", "breaking": {"use": [name]}}
    folder = lay_out(tmp_path, _with(settings))
    assert told_by_archlint(folder) == judged(folder)
    twice = {line: [each["rule"] for each in told] for line, told in findings(folder).items()}
    assert not {line: rules for line, rules in twice.items() if {*RULES} <= {*rules}}


def test_names_of_buf_are_those_that_it_has_for_the_line(tmp_path: Path) -> None:
    by_buf = judged(lay_out(tmp_path / "asked", _with({"version": "v2", "breaking": {"use": ["FILE"]}})))
    heads = [at for at, line in enumerate(sides()["new"][PATH].splitlines(), 1) if line.startswith("enum")]
    seen: dict[str, int] = defaultdict(int)
    for line, told in findings(lay_out(tmp_path / "free", _with(None))).items():
        head = max(at for at in heads if at <= line)
        for name in (alias.removeprefix("buf:") for each in told for alias in each.get("aliases", ())):
            seen[name] += 1
            at = head if name == "ENUM_VALUE_NO_DELETE" else line
            assert (name, PATH, at) in by_buf, (name, line, told)
    assert all(seen[name] > COUNT / 10 for name in ("ENUM_VALUE_SAME_NAME", "ENUM_VALUE_NO_DELETE")), seen


def test_a_swap_is_told_once_beside_a_value_that_is_gone(tmp_path: Path) -> None:
    text = (
        'syntax = "proto3";\npackage shop;\nenum S {\nNONE = 0;\nA = %d;\nB = %d;\n}\nenum T {\nZ = 0;\n%s}\n'
    )
    files = {"old/a.proto": text % (1, 2, "GONE = 1;\n"), "new/a.proto": text % (2, 1, "")}
    for at, extra in enumerate(({}, {"new/buf.yaml": "version: v2\nbreaking: {use: [FILE]}\n"})):
        told = findings(lay_out(tmp_path / str(at), {**files, **extra}))
        assert {line: [(each["rule"], each["aliases"]) for each in told[line]] for line in (5, 6)} == {
            line: [("proto-enum-value-changed", ["buf:ENUM_VALUE_SAME_NAME"])] for line in (5, 6)
        }


def _with(settings: object) -> dict[str, str]:
    """Both sides, with settings of buf if there are any."""
    files = {f"{side}/{path}": text for side, found in sides().items() for path, text in found.items()}
    if settings is not None:
        files |= {f"{side}/buf.yaml": yaml.safe_dump(settings) for side in ("old", "new")}
    return files
