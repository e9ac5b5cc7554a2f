"""Which test executes which line: noted once by a run of the tests, read when mutants are tried.

As a plugin of pytest (``-p tests.mutation.executed``) it runs coverage.py with the name of each test as the
context. What a fixture of a file or of the session executes is noted for all tests of the file.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import coverage
import pytest

MAP = "ARCHLINT_MUTATION_MAP"
"""The variable that names the file with the map."""
PACKAGES = ("comparison", "documents/kustomize", "engine", "judging", "model")
"""The packages of archlint whose lines are noted, and mutated."""
_OTHER_PROGRAMS = ("git", "kube-score", "kustomize")
"""What tests start that executes no line of archlint."""


@dataclass
class Known:
    """What is known of a test: its CPU time, whether it starts processes, which may execute anything."""

    seconds: float
    starts: bool
    passes: bool


@dataclass
class Executed:
    """The tests, and for each file of ``src`` and line those that execute it."""

    tests: dict[str, Known] = field(default_factory=dict)
    lines: dict[str, dict[int, set[str]]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Executed:
        """The map as ``write`` left it; an empty one where there is none."""
        if not path.exists():
            return cls()
        kept = json.loads(path.read_text("utf-8"))
        names = [name for name, *_ in kept["tests"]]
        tests = {name: Known(*known) for name, *known in kept["tests"]}
        lines = {
            source: {int(line): {names[each] for each in executing} for line, executing in by_line.items()}
            for source, by_line in kept["lines"].items()
        }
        return cls(tests, lines)

    def write(self, path: Path) -> None:
        """Keep the map; tests are written once, and referred to by their number."""
        numbers = {name: number for number, name in enumerate(self.tests)}
        kept = {
            "tests": [[name, *asdict(known).values()] for name, known in self.tests.items()],
            "lines": {
                source: {line: sorted(numbers[name] for name in names) for line, names in by_line.items()}
                for source, by_line in self.lines.items()
            },
        }
        path.write_text(json.dumps(kept), "utf-8")

    def forget(self, names: Iterable[str]) -> None:
        """Take tests out, to note them anew."""
        gone = set(names)
        for name in gone:
            self.tests.pop(name, None)
        for by_line in self.lines.values():
            for executing in by_line.values():
                executing.difference_update(gone)

    def add(self, source: str, by_line: Mapping[int, Iterable[str]]) -> None:
        """Note for each line of a file the contexts that executed it: tests, or files of tests."""
        of_file = defaultdict(set)
        for name in self.tests:
            of_file[file_of(name)].add(name)
        noted = self.lines.setdefault(source, {})
        for line, contexts in by_line.items():
            names = noted.setdefault(line, set())
            for context in contexts:
                names |= {context} if context in self.tests else of_file.get(context, set())


def file_of(test: str) -> str:
    """The file that a test stands in."""
    return test.partition("::")[0]


class _Noting:
    """Runs coverage.py, with the test as context, and knows what the tests took."""

    def __init__(self, path: Path, package: Path) -> None:
        self._path = path
        self._package = package
        self._known: dict[str, Known] = {}
        self._coverage = coverage.Coverage(
            data_file=f"{path}.coverage", include=[f"{package}/{name}/*" for name in PACKAGES]
        )
        self._running: Known | None = None
        sys.addaudithook(self._audit)
        self._coverage.start()

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "subprocess.Popen" and self._running is not None:
            self._running.starts |= Path(str(arguments[0])).name not in _OTHER_PROGRAMS

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        known = Known(0, starts=False, passes=True)
        self._known[item.nodeid] = known
        begun = _spent()
        self._coverage.switch_context(item.nodeid)
        self._running = known
        result = yield
        self._running = None
        self._coverage.switch_context("")
        known.seconds = round(_spent() - begun, 3)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
    ) -> Iterator[None]:
        item = request._pyfuncitem
        if fixturedef.scope == "function":
            return (yield)
        self._coverage.switch_context(file_of(item.nodeid))
        result = yield
        self._coverage.switch_context(item.nodeid)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self._known[report.nodeid].passes = False

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        executed = Executed.read(self._path)
        executed.forget(self._known)
        executed.tests |= self._known
        data = self._coverage.get_data()
        for name in sorted(data.measured_files()):
            source = Path(name).relative_to(self._package).as_posix()
            executed.add(source, data.contexts_by_lineno(name))
        executed.write(self._path)
        Path(f"{self._path}.coverage").unlink(missing_ok=True)


def _spent() -> float:
    return sum(os.times()[:4])


def pytest_configure(config: pytest.Config) -> None:
    """Called by pytest."""
    import archlint

    noting = _Noting(Path(os.environ[MAP]), Path(archlint.__file__).parent)
    config.pluginmanager.register(noting, "executed-lines")
