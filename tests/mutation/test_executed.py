"""The map knows which test executes which line, however many runs it was made in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.executed import Executed, Known
from tests.mutation.lines import RUNNING, environment, left

MODULE = """def half(number):
    if number % 2:
        return None
    return number // 2
"""
PROGRAM = "import os, halves; halves.half({}); os._exit({})"


def mapped(**lines: set[int]) -> Executed:
    """Tests by name, with the lines of one file that they execute."""
    found = Executed()
    for number, (name, executed) in enumerate(lines.items()):
        found.tests[name] = Known(number, 0.1, starts=False, passes=True)
        for line in executed:
            found.note("model/a.py", line, 1 << number)
    return found


def by_line(executed: Executed) -> dict[int, set[str]]:
    """The tests of each line."""
    return {line: executed.names(tests) for line, tests in executed.lines["model/a.py"].items()}


def test_maps_are_joined(tmp_path: Path) -> None:
    whole = mapped(one={1, 2}, two={2})
    whole.add(mapped(three={2, 3}, one={3}))
    whole.write(tmp_path / "map.json")
    whole = Executed.read(tmp_path / "map.json")
    assert by_line(whole) == {1: set(), 2: {"two", "three"}, 3: {"one", "three"}}
    whole.add(mapped(four={1}))
    assert by_line(whole) == {1: {"four"}, 2: {"two", "three"}, 3: {"one", "three"}}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring is of Python 3.12")
def test_a_process_leaves_its_lines(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "halves.py").write_text(MODULE, "utf-8")
    variables = {**os.environ, **environment(tmp_path, source), "PYTHONDONTWRITEBYTECODE": "1"}
    variables["PYTHONPATH"] = os.pathsep.join((variables["PYTHONPATH"], str(source), str(Path.cwd())))
    for number in (1, 2):
        program = PROGRAM.format(number, number - 1)
        named = variables | {RUNNING: f"test {number}"}
        subprocess.run([sys.executable, "-c", program], env=named, check=False)
    found = {name: sorted(line for _, line in noted if line > 1) for name, noted in left(tmp_path / "notes")}
    assert found == {"test 1": [2, 3], "test 2": [2, 4]}
