"""Makes the map of which test executes which line, as a plugin of pytest (``-p tests.mutation.noting``), also
in workers of xdist: each leaves a map of its tests in the folder that ``MAPS`` names.

What a fixture of a file or of the session executes is noted for all tests of the file.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutation import lines
from tests.mutation.executed import Executed, Known, file_of

MAPS = "ARCHLINT_MUTATION_MAPS"
"""The variable that names the folder for the maps."""
_OTHER_PROGRAMS = ("git", "kube-score", "kustomize")
"""What tests start that executes no line of archlint."""


class _Noting:
    """Notes the lines of each test, and what it took."""

    def __init__(self, folder: Path, worker: str, source: Path) -> None:
        self._folder = folder
        self._worker = worker
        self._source = source
        self._executed = Executed()
        self._names: dict[str, list[str]] = defaultdict(list)
        self._of_file: dict[str, int] = defaultdict(int)
        self._running: Known | None = None
        sys.addaudithook(self._audit)
        os.environ |= lines.environment(folder / worker, source)
        self._lines = lines.Lines(source)
        self._lines.begin()
        lines.leave_before_exit(self._lines, mine=os.getpid())

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "subprocess.Popen" and self._running is not None:
            self._running.starts |= Path(str(arguments[0])).name not in _OTHER_PROGRAMS

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            self._names[file_of(item.nodeid)].append(item.nodeid)

    def _number(self, file: str) -> None:
        """Give the tests of a file their bits: each worker runs some files, and numbers no others."""
        for name in self._names.pop(file, ()):
            number = len(self._executed.tests)
            self._executed.tests[name] = Known(number, 0, starts=False, passes=True)
            self._of_file[file] |= 1 << number

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._number(file_of(item.nodeid))
        known = self._executed.tests[item.nodeid]
        begun = _spent()
        self._note(0)
        self._running = known
        os.environ[lines.RUNNING] = item.nodeid
        result = yield
        os.environ.pop(lines.RUNNING, None)
        self._running = None
        self._note(1 << known.number)
        self._note_processes()
        known.seconds = max(round(_spent() - begun, 3), 0.001)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        name = request._pyfuncitem.nodeid
        self._note(1 << self._executed.tests[name].number)
        result = yield
        self._note(self._of_file[file_of(name)])
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self._executed.tests[report.nodeid].passes = False

    def _note(self, tests: int) -> None:
        begin = len(str(self._source)) + 1
        for file, line in self._lines.taken():
            self._executed.note(file[begin:], line, tests)

    def _note_processes(self) -> None:
        begin = len(str(self._source)) + 1
        for name, noted in lines.left(self._folder / self._worker / "notes"):
            tests = self._executed.bits([name])
            for file, line in noted:
                self._executed.note(file[begin:], line, tests)

    def pytest_sessionfinish(self) -> None:
        self._note(0)
        self._note_processes()
        executed = self._executed
        executed.tests = {name: known for name, known in executed.tests.items() if known.seconds}
        executed.write(self._folder / f"{self._worker}.json")


def _spent() -> float:
    return sum(os.times()[:4])


def pytest_configure(config: pytest.Config) -> None:
    """Called by pytest, with xdist in each worker and in the process that runs no test."""
    import archlint

    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker or not config.getoption("numprocesses", None):
        noting = _Noting(Path(os.environ[MAPS]), worker or "alone", Path(archlint.__file__).parent)
        config.pluginmanager.register(noting, "executed-lines")
