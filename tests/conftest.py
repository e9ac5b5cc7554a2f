"""Names each failure at once, with its reason in a line: a whole run takes minutes, also on many workers.

And what tests of several folders share.
"""

from __future__ import annotations

import gc
import os
from collections import Counter

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
"""On a busy machine the clock says nothing about one example; budgets have tests of their own."""

for _name in ("COLUMNS", "LINES"):  # Python's line editor exports them, and reports would be as wide
    os.environ.pop(_name, None)

_LONGEST = 300
LONG_FILES = (
    "tests/laws/test_contexts.py",
    "tests/fuzz/test_fixed_inputs.py",
    "tests/metamorphic/test_rewritings.py",
    "tests/completeness/test_keywords.py",
    "tests/comparison/schemas/test_soundness.py",
    "tests/oas/test_schema_names.py",
    "tests/paths/test_law.py",
    "tests/completeness/test_elements.py",
    "tests/cli/test_determinism.py",
    "tests/cache/test_unchanged.py",
    "tests/inuse/test_action.py",
    "tests/packaging/test_wheel.py",
    "tests/inuse/test_pre_commit.py",
    "tests/metamorphic/test_references.py",
    "tests/metamorphic/test_wrong_types.py",
    "tests/safety/test_growing_worlds.py",
    "tests/docs/test_examples.py",
    "tests/docs/test_extending.py",
    "tests/safety/test_growth.py",
)
"""Files with few tests that take long, the longest first."""
_SELDOM = 20_000
"""Objects between two looks of the collector; as often as it usually looks, it costs some per cent."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let workers begin with what takes longest, and then with the files of most tests: whoever is left with
    such a file in the end keeps all others waiting."""
    if not hasattr(config, "workerinput"):
        return
    files = [item.nodeid.partition("::")[0] for item in items]
    counts = Counter(files)
    ranks = {name: rank - len(LONG_FILES) for rank, name in enumerate(LONG_FILES)}
    places = {name: (ranks.get(name, 0), -count, name) for name, count in counts.items()}
    items.sort(key=lambda item: places[item.nodeid.partition("::")[0]])


def pytest_collection_finish() -> None:
    """Tests and modules stay to the end: the collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM)


@pytest.fixture(scope="session")
def offered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variables by which pip installs archlint without an index, see ``tests/support/wheels.py``."""
    from tests.support.wheels import offer

    return offer(tmp_path_factory.mktemp("wheels"))


class _Names:
    """Prints a line for each test that fails; the report at the end has the rest."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest for each phase of a test; with xdist, in the process that prints."""
        if report.failed:
            self._tell(report.nodeid, report.longrepr)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Called by pytest for each file of tests."""
        if report.failed:
            self._tell(report.nodeid, report.longrepr)

    def _tell(self, name: str, longrepr: object) -> None:
        crash = getattr(longrepr, "reprcrash", None)
        reason = str(crash.message if crash is not None else longrepr).strip().split("\n")
        line = reason[0] if crash is not None else reason[-1]
        self._terminal.ensure_newline()
        self._terminal.write_line(f"FAILED {name}: {line[:_LONGEST]}", red=True, flush=True)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Only where results are printed: workers of xdist have no terminal."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Names(terminal), "names-of-failures")
