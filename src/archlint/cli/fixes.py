"""``--fix`` and ``--diff``: what is fixed is written, or shown as it would be."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from archlint.cli.flags import Flags
from archlint.cli.output import say
from archlint.cli.progress import progress
from archlint.engine.checking import check
from archlint.engine.fixing import Fixed, fix
from archlint.engine.request import Request
from archlint.files import FileProblem, decode
from archlint.files.writing import replace_file
from archlint.finding import Notice, Result
from archlint.finding.records import replace
from archlint.reports.characters import visible
from archlint.reports.differences import Diff, unified


def check_and_mend(request: Request, flags: Flags) -> tuple[Result, str | None]:
    """The result to report, and the diff to print instead of the report if one was asked for.

    With ``--fix`` it is that of the fixed files, else that of the files as they are.
    """
    with progress(quiet=flags.quiet) as told:
        fixed = fix(replace(request, progress=told), unsafe=flags.unsafe_fixes)
    if flags.diff:
        _tell(flags, fixed, "can be fixed")
        diffs = _diffs(fixed.contents)
        hidden = [_hidden(path, diff.left_out) for path, diff in diffs.items() if diff.left_out]
        return _noting(fixed.before, (*fixed.notices, *hidden)), _printed(diffs.values())
    failed = _written(request, fixed)
    _tell(flags, fixed, "fixed")
    result = check(request) if failed else fixed.after
    return _noting(result, (*fixed.notices, *failed)), None


def _written(request: Request, fixed: Fixed) -> list[Notice]:
    """Writes all files; notices for those that could not be."""
    failed: list[Notice] = []
    for path, (old, new) in fixed.contents.items():
        try:
            replace_file(Path(request.root), path, old, new)
        except FileProblem as problem:
            failed.append(Notice("warning", problem.message, path))
    return failed


def _noting(result: Result, notices: tuple[Notice, ...]) -> Result:
    return replace(result, notices=(*result.notices, *notices))


def _tell(flags: Flags, fixed: Fixed, what: str) -> None:
    if flags.quiet:
        return
    count, files = fixed.count, len(fixed.contents)
    findings = f"{count} finding{'' if count == 1 else 's'}"
    where = f" in {files} file{'' if files == 1 else 's'}" if files else ""
    say(f"archlint: {findings} {what}{where}")


def _diffs(contents: Mapping[str, tuple[bytes, bytes]]) -> dict[str, Diff]:
    return {path: unified(path, decode(old), decode(new)) for path, (old, new) in contents.items()}


def _hidden(path: str, count: int) -> Notice:
    parts = "one change is" if count == 1 else f"{count} changes are"
    return Notice(
        "warning",
        f"{parts} left out of the diff, because a line there would be a command to the runner of a workflow; "
        "--fix makes all changes",
        path,
    )


def _printed(diffs: Iterable[Diff]) -> str:
    text = "".join(diff.text for diff in diffs)
    if sys.stdout.isatty():  # what a terminal would act on is shown; a file or pipe gets the exact text
        return "".join(f"{visible(line)}\n" for line in text.split("\n")[:-1])
    return text
