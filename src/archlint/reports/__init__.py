"""The same findings in each format; a format is a module of ``formats``, imported when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

from archlint import __version__
from archlint.finding import Finding, Result, Rule
from archlint.finding.records import dataclass


def _formats() -> tuple[str, ...]:
    """The names of the modules in ``formats``, the usual one first: there is no list to keep."""
    files = (entry.name for entry in os.scandir(Path(__file__).with_name("formats")))
    names = {name.removesuffix(".py") for name in files if name.endswith(".py")}
    return ("text", *sorted(names - {"text", "__init__"}))


FORMATS = _formats()


@dataclass(frozen=True)
class Report:
    """What a format is made from: the result of a run, what is known of its rules and files, and wishes."""

    result: Result
    rules: Mapping[str, Rule]
    """All known rules by code; a finding of a rule that is not here is still reported."""
    page: Callable[[Rule], str]
    """The markdown body of a rule's page, without its front matter."""
    lines: Callable[[str, str | None], Sequence[str]]
    """The lines of a file by path and revision (``None`` or ``base``): its text split at ``\\n``, so that
    the last line is empty if the text ends with a line end; a ``\\r`` before a ``\\n`` may be left in place.
    ``[]`` for a file that is not known. It is asked for each place, so it should keep what it has read."""
    home: Callable[[], str | None] = lambda: None
    """The address of archlint itself, if it has one."""
    color: bool = False
    """Text only: use ANSI colours."""
    columns: int | None = None
    """Text only: how wide the terminal is; lines of any length without one."""
    links: bool = False
    """Text only: link rules to their pages with OSC 8."""
    url: Callable[[Rule], str | None] = lambda rule: None
    """Where a rule's page can be read in a browser, if anywhere; it holds nothing that must be escaped."""
    shown: Callable[[str], str] = lambda path: path
    """Text and concise: a path as a user can open it from where they stand; other formats keep those of the
    root."""
    statistics: bool = False
    """Text: counts by rule in place of the findings. JSON: the same counts as an additional field."""
    show_suppressed: bool = False
    summary: bool = True
    """Text only: end with the counts."""
    version: str = __version__

    def findings(self) -> list[Finding]:
        """The findings to show, in the order of all reports."""
        shown = list(self.result.findings)
        if self.show_suppressed:
            shown.extend(self.result.suppressed)
        return sorted(shown, key=Finding.sort_key)


def render(name: str, report: Report) -> str:
    """The whole report in the format of that name, as text that ends with a line end, to be written as UTF-8.

    Raises ``ValueError`` for a format that is not one of ``FORMATS``.
    """
    if name not in FORMATS:
        raise ValueError(f"unknown format '{name}'; the formats are {', '.join(FORMATS)}")
    module = import_module(f"archlint.reports.formats.{name}")
    return cast(str, module.render(report))


__all__ = ["FORMATS", "Report", "render"]
