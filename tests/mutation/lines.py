"""Notes which lines of archlint a process executes, with ``sys.monitoring``: each line tells once and then no
more, until ``restart``, so that noting costs little.

``sitecustomize`` in the folder that ``environment`` puts on the import path begins it in the processes that a
test starts; as they end, each leaves a file with its lines and the name of the test.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

NOTES, RUNNING, SOURCE = "ARCHLINT_LINES_NOTES", "ARCHLINT_LINES_TEST", "ARCHLINT_LINES_SOURCE"
"""The variables that name the folder for the files of processes, the running test, and the source."""
NEEDED = "noting which lines a test executes needs Python 3.12 or newer (sys.monitoring)"
SITE = "from tests.mutation.lines import begin_in_process\n\nbegin_in_process()\n"

_MONITORING: Any = getattr(sys, "monitoring", None)

Line = tuple[str, int]
"""A file of archlint, with its path, and a line of it."""


class Lines:
    """The lines below a folder that this process has executed since they were last taken."""

    def __init__(self, source: Path) -> None:
        if _MONITORING is None:
            raise SystemExit(NEEDED)
        self._within = f"{source}{os.sep}"
        self._noted: set[Line] = set()
        self._tool = _MONITORING.COVERAGE_ID

    def begin(self) -> None:
        """From now on."""
        monitoring = _MONITORING
        monitoring.use_tool_id(self._tool, "archlint-lines")
        monitoring.register_callback(self._tool, monitoring.events.PY_START, self._started)
        monitoring.register_callback(self._tool, monitoring.events.LINE, self._executed)
        monitoring.set_events(self._tool, monitoring.events.PY_START)

    def _started(self, code: CodeType, _: int) -> Any:
        if code.co_filename.startswith(self._within):
            _MONITORING.set_local_events(self._tool, code, _MONITORING.events.LINE)
        return _MONITORING.DISABLE

    def _executed(self, code: CodeType, line: int) -> Any:
        self._noted.add((code.co_filename, line))
        return _MONITORING.DISABLE

    def taken(self) -> set[Line]:
        """What was executed since the last call; every line tells again from now on."""
        noted, self._noted = self._noted, set()
        _MONITORING.restart_events()
        return noted


def environment(folder: Path, source: Path) -> dict[str, str]:
    """What begins the noting in processes that inherit it, below a test that ``RUNNING`` names."""
    site, notes = folder / "site", folder / "notes"
    for each in (site, notes):
        each.mkdir(parents=True, exist_ok=True)
    (site / "sitecustomize.py").write_text(SITE, "utf-8")
    path = os.pathsep.join((str(site), os.environ.get("PYTHONPATH", "")))
    return {NOTES: str(notes), SOURCE: str(source), "PYTHONPATH": path}


def leave(lines: Lines) -> None:
    """Write what this process executed for ``left`` to find."""
    if (name := os.environ.get(RUNNING)) and (noted := lines.taken()):
        with tempfile.NamedTemporaryFile("w", dir=os.environ[NOTES], delete=False, suffix=".json") as file:
            json.dump({"test": name, "lines": sorted(noted)}, file)


def left(notes: Path) -> list[tuple[str, set[Line]]]:
    """For each process that has ended its test and lines; their files are taken away."""
    found = []
    for path in sorted(notes.glob("*.json")):
        try:
            kept = json.loads(path.read_text("utf-8"))
        except ValueError:  # of a process that was killed while it wrote
            continue
        found.append((kept["test"], {(file, line) for file, line in kept["lines"]}))
        path.unlink()
    return found


def leave_before_exit(lines: Lines, mine: int | None = None) -> None:
    """Leave the lines also where a process ends with ``os._exit``, as forks do, but for one process."""
    exit_at_once: Callable[[int], Any] = os._exit

    def left_first(status: int) -> None:
        try:
            if os.getpid() != mine:
                leave(lines)
        finally:
            exit_at_once(status)

    os._exit = left_first  # type: ignore[assignment]


def begin_in_process() -> None:
    """Called as a process begins that a test started."""
    if NOTES not in os.environ or RUNNING not in os.environ:
        return
    lines = Lines(Path(os.environ[SOURCE]))
    lines.begin()
    atexit.register(leave, lines)
    leave_before_exit(lines)
