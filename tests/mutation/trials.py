"""Tries mutants: each in a process of its own, on the tests that execute its line, the fastest first.

As a plugin of pytest (``-p tests.mutation.trials``) it takes the place of the loop over tests. All tests are
collected once; for a mutant the process forks, the function gets the code that the mutant has, and the tests
run until one fails. What runs while a module is imported, or in a process that a test starts, reads the
mutated file from the copy of the tree instead.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType

import _pytest.main
import hypothesis
import pytest

from tests.mutation.executed import Executed, Known
from tests.mutation.mutants import Mutant
from tests.mutation.selection import Selection

PLAN, CHOSEN = "ARCHLINT_MUTATION_PLAN", "ARCHLINT_MUTATION_CHOSEN"
"""The variables that name the file with what is to be tried, and with the tests that one process runs."""

_PATIENCE = 20
"""Seconds of CPU time that a test may take beyond four times what it takes without a mutant."""
_LONGEST = 1800
"""Seconds after which a mutant is given up that uses no CPU time, as one that waits for itself."""
_MEMORY = 6 << 30
_SURVIVED, _KILLED, _NOT_PLACED = 0, 1, 9


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant."""

    mutant: Mutant
    text: str
    verdict: str
    """killed, timed out, survived, or not executed by any test that was noted."""
    by: str
    """The test that failed, with its reason; what ended it otherwise."""
    tests: int
    seconds: float


@dataclass(frozen=True)
class Plan:
    """Which mutants to try, and how."""

    mutants: tuple[Mutant, ...]
    tree: str
    executed: str
    results: str
    seconds: float
    """CPU time that the tests of one mutant may take, as they were measured without mutants."""
    thorough: bool
    """Whether all tests of a file run of which one executes the line, and those that start processes."""

    def write(self, path: Path) -> None:
        """Keep the plan for the process that carries it out."""
        path.write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def read(cls, path: Path) -> Plan:
        """The plan as ``write`` left it."""
        kept = json.loads(path.read_text("utf-8"))
        return cls(**{**kept, "mutants": tuple(Mutant(**each) for each in kept["mutants"])})


class _Trials:
    """Carries a plan out."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._source = Path(plan.tree, "src/archlint")
        self._executed = Executed.read(Path(plan.executed))
        self._selection = Selection(self._executed, self._source, plan.seconds, thorough=plan.thorough)
        self._functions: dict[tuple[str, str], list[FunctionType]] = {}
        self._items: dict[str, pytest.Item] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        self._functions = _functions(self._source, {mutant.source for mutant in self._plan.mutants})
        _warm()
        gc.collect()
        gc.freeze()
        with Path(self._plan.results).open("a", encoding="utf-8") as results:
            for mutant in self._plan.mutants:
                outcome = self._tried(session, mutant)
                results.write(json.dumps(asdict(outcome)) + "\n")
                results.flush()
                print(f"{outcome.verdict:12} {outcome.text}  [{outcome.tests} {outcome.seconds}]", flush=True)
        return True

    def _tried(self, session: pytest.Session, mutant: Mutant) -> Outcome:
        path = self._source / mutant.source
        text = path.read_bytes()
        chosen = [name for name in self._selection.tests(mutant) if name in self._items]
        described = mutant.described(text)
        if not chosen:
            return Outcome(mutant, described, "not executed", "", 0, 0)
        begun = time.monotonic()
        with _mutated(path, mutant.applied(text)), tempfile.TemporaryDirectory() as folder:
            status = _NOT_PLACED
            if mutant.function is not None and not self._plan.thorough:
                status = self._forked(session, mutant, chosen, Path(folder))
            if status == _NOT_PLACED:
                status = self._fresh(chosen, Path(folder))
            by = _said(Path(folder))
        verdict = {_SURVIVED: "survived", _KILLED: "killed"}.get(
            status, "timed out" if status < 0 else "killed"
        )
        by = by or ("" if status == _SURVIVED else f"ended with {status}")
        return Outcome(mutant, described, verdict, by, len(chosen), round(time.monotonic() - begun, 1))

    def _forked(self, session: pytest.Session, mutant: Mutant, chosen: Sequence[str], folder: Path) -> int:
        sys.stdout.flush()
        child = os.fork()
        if child:
            return _ended(child)
        status = _NOT_PLACED
        try:
            os.setpgid(0, 0)
            if self._place(mutant):
                _quiet(folder)
                status = _run(session, [self._items[name] for name in chosen], self._executed, folder)
        except BaseException as error:  # nothing may leave the fork but its status
            (folder / "by").write_text(f"{type(error).__name__}: {error}")
            status = _KILLED
        os._exit(status)

    def _place(self, mutant: Mutant) -> bool:
        """Give the loaded function the code of the mutant; False where it has no place of its own."""
        functions = self._functions.get((mutant.source, str(mutant.function)), [])
        path = self._source / mutant.source
        changed = {
            (code.co_qualname, code.co_firstlineno): code
            for code in _codes(compile(path.read_bytes(), str(path), "exec"))
        }
        placed = False
        for function in functions:
            old = function.__code__
            new = changed.get((old.co_qualname, old.co_firstlineno))
            if new is None:
                return False
            if not old.co_firstlineno <= mutant.line <= max(line or 0 for *_, line in _lines(old)):
                continue
            if new.co_freevars != old.co_freevars:
                return False
            function.__code__ = new
            placed = True
        return placed

    def _fresh(self, chosen: Sequence[str], folder: Path) -> int:
        """Run the tests in a new process, which imports the mutated file."""
        seconds = {name: self._executed.tests[name].seconds for name in chosen}
        (folder / "chosen").write_text(json.dumps(seconds))
        files = sorted({name.partition("::")[0] for name in chosen})
        command = (*OPTIONS, f"--basetemp={folder / 'tmp'}", "-p", "tests.mutation.trials", *files)
        environment = {**os.environ, CHOSEN: str(folder), "TMPDIR": str(folder)}
        child = subprocess.Popen(
            [sys.executable, "-m", "pytest", *command],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        return _ended(child.pid)


OPTIONS = ("-q", "-s", "-p", "no:cacheprovider", "--hypothesis-seed=0")
"""How pytest runs in all of these processes."""


class _Chosen:
    """Runs the chosen tests of one mutant in a process of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        told: dict[str, float] = json.loads((folder / "chosen").read_text())
        self._chosen = list(told)
        self._executed = Executed(
            {name: Known(0, seconds, starts=False, passes=True) for name, seconds in told.items()}
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        chosen = [items[name] for name in self._chosen if name in items]
        os._exit(_run(session, chosen, self._executed, self._folder))


class _Watch:
    """Bounds each test, and keeps which one failed first."""

    def __init__(self, executed: Executed, folder: Path) -> None:
        self._executed = executed
        self._folder = folder

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        used = time.process_time()
        known = self._executed.tests.get(item.nodeid)
        most = int(used + _PATIENCE + 4 * (known.seconds if known else 0)) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
        (self._folder / "at").write_text(item.nodeid)
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not (self._folder / "by").exists():
            crash = getattr(report.longrepr, "reprcrash", None)
            reason = str(crash.message if crash is not None else report.longrepr).strip().split("\n")[0]
            (self._folder / "by").write_text(f"{report.nodeid}: {reason[:200]}")


def _run(session: pytest.Session, items: Sequence[pytest.Item], executed: Executed, folder: Path) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.RLIM_INFINITY))
    session.config.pluginmanager.register(_Watch(executed, folder))
    session.config.option.maxfail = 1
    session.items[:] = items
    session.testscollected = len(items)
    with contextlib.suppress(session.Failed, session.Interrupted):
        _pytest.main.pytest_runtestloop(session)
    return _KILLED if session.testsfailed else _SURVIVED


def _quiet(folder: Path) -> None:
    """What the fork says goes nowhere, and what it writes into its own folder."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
    tempfile.tempdir = str(folder)
    os.environ["TMPDIR"] = str(folder)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(folder / "hypothesis")


def _ended(child: int) -> int:
    """The status of a process and its own: negative where it was killed, also by us."""
    begun = time.monotonic()
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() - begun > _LONGEST:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(status)


def _said(folder: Path) -> str:
    for name in ("by", "at"):
        if (folder / name).exists():
            return (folder / name).read_text()
    return ""


@contextlib.contextmanager
def _mutated(path: Path, text: bytes) -> Iterator[None]:
    """The file with other text, and with a time of its own, so that no compiled file is taken for it."""
    kept, times = path.read_bytes(), path.stat()
    path.write_bytes(text)
    os.utime(path, ns=(time.time_ns(), time.time_ns()))
    try:
        yield
    finally:
        path.write_bytes(kept)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _functions(source: Path, wanted: set[str]) -> dict[tuple[str, str], list[FunctionType]]:
    """The loaded functions of some files, by file and qualified name."""
    for name in sorted(wanted):
        import_module(".".join(("archlint", *Path(name).with_suffix("").parts)).removesuffix(".__init__"))
    found: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
    names = {str(source / name): name for name in wanted}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename in names:
            found[names[each.__code__.co_filename], each.__code__.co_qualname].append(each)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _lines(code: CodeType) -> Iterator[tuple[int, int, int | None]]:
    yield from code.co_lines()
    for inner in _codes(code):
        yield from inner.co_lines()


def _warm() -> None:
    """What each fork would need again: the index of the rules, and what is heavy to import."""
    from tests.support import caches

    caches._with_rules()
    for name in ("jsonschema_rs", "hypothesis.strategies", "grpc_tools", "sqlite3"):
        import_module(name)


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Called by pytest before files of tests are imported: a failure need not be a small one."""
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutation", deadline=None, database=None, phases=phases)
    hypothesis.settings.load_profile("mutation")


def pytest_configure(config: pytest.Config) -> None:
    """Called by pytest."""
    if folder := os.environ.get(CHOSEN):
        config.pluginmanager.register(_Chosen(Path(folder)), "chosen-tests")
    else:
        shutil.rmtree(".hypothesis", ignore_errors=True)
        config.pluginmanager.register(_Trials(Plan.read(Path(os.environ[PLAN]))), "mutation-trials")
