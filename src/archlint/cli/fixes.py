"""``--fix`` and ``--diff``: what is mended is written, or shown as it would be."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from archlint.cli.flags import Flags
from archlint.engine.checking import check
from archlint.engine.fixing import Mended, mend
from archlint.engine.request import Outcome, Request
from archlint.files import FileProblem, decode
from archlint.files.writing import replace_file
from archlint.finding import Notice
from archlint.reports.characters import visible
from archlint.reports.differences import unified


def check_and_mend(request: Request, flags: Flags) -> tuple[Outcome, str | None]:
    """The outcome to report, and the diff to print instead of the report if one was asked for.

    With ``--fix`` it is that of the mended files, else that of the files as they are.
    """
    mended = mend(request, unsafe=flags.unsafe_fixes)
    if flags.diff:
        _tell(flags, mended, "can be mended")
        return _noting(mended.before, mended.notices), _diff(mended.contents)
    failed = _written(request, mended)
    _tell(flags, mended, "mended")
    outcome = check(request) if failed else mended.after
    return _noting(outcome, (*mended.notices, *failed)), None


def _written(request: Request, mended: Mended) -> list[Notice]:
    """Writes all files; notices for those that could not be."""
    failed: list[Notice] = []
    for path, (old, new) in mended.contents.items():
        try:
            replace_file(Path(request.root), path, old, new)
        except FileProblem as problem:
            failed.append(Notice("warning", problem.message, path))
    return failed


def _noting(outcome: Outcome, notices: tuple[Notice, ...]) -> Outcome:
    result = replace(outcome.result, notices=(*outcome.result.notices, *notices))
    return replace(outcome, result=result)


def _tell(flags: Flags, mended: Mended, what: str) -> None:
    if flags.quiet:
        return
    count, files = mended.count, len(mended.contents)
    findings = f"{count} finding{'' if count == 1 else 's'}"
    where = f" in {files} file{'' if files == 1 else 's'}" if files else ""
    click.echo(f"archlint: {findings} {what}{where}", err=True)


def _diff(contents: Mapping[str, tuple[bytes, bytes]]) -> str:
    text = "".join(unified(path, decode(old), decode(new)) for path, (old, new) in contents.items())
    if sys.stdout.isatty():  # what a terminal would act on is shown; a file or pipe gets the exact text
        return "".join(f"{visible(line)}\n" for line in text.split("\n")[:-1])
    return text
