"""Names each failure at once, with its reason in a line: a whole run takes minutes, also on many workers.

And what tests of several folders share.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
"""On a busy machine the clock says nothing about one example; budgets have tests of their own."""

for _name in ("COLUMNS", "LINES"):  # Python's line editor exports them, and reports would be as wide
    os.environ.pop(_name, None)

_LONGEST = 300


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
