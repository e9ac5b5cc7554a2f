"""The baseline file of a run: where it is, reading it, and writing it when asked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from archlint.cli.exits import UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.output import is_led_astray, say
from archlint.cli.session import Session
from archlint.files import FileProblem, TextProblem, WorkingTree, decode
from archlint.judging.baseline import DEFAULT_PATH, Baseline, BaselineError, write_baseline
from archlint.reports.characters import visible


def read_baseline(session: Session, flags: Flags) -> Baseline:
    """The baseline that a flag or the configuration names, else the one at its usual place, if it is there.

    Raises ``UsageProblem`` if a named one does not exist (unless it is about to be written) or is damaged.
    """
    path = session.settings.baseline or DEFAULT_PATH
    target = session.root / path
    if not target.exists():
        if session.settings.baseline and not flags.update_baseline:
            raise UsageProblem(f"the baseline '{path}' does not exist; add --update-baseline to write it")
        return Baseline(path=path)
    try:
        return Baseline.parse(decode(_content(session.root, path)), path)
    except (FileProblem, TextProblem) as problem:
        raise UsageProblem(f"the baseline '{path}' cannot be read: {problem.message}") from None
    except (BaselineError, OSError) as problem:
        raise UsageProblem(str(problem)) from None


def _content(root: Path, path: str) -> bytes:
    """The bytes of a file below the root, or of one that is named outside of it; never of a device."""
    if not Path(path).is_absolute():
        return WorkingTree(root).read(path)
    target = Path(os.path.realpath(path))
    return WorkingTree(target.parent).read(target.name)


def baseline_keeper(session: Session, flags: Flags) -> Callable[[Baseline], None] | None:
    """What writes the baseline that a run comes to, if a flag asks for that."""
    return (lambda baseline: _keep(session, baseline, flags)) if flags.update_baseline else None


def _keep(session: Session, baseline: Baseline, flags: Flags) -> None:
    """Write the baseline and say so on standard error; raises ``UsageProblem`` if that cannot be done."""
    named = Path(flags.baseline) if flags.baseline else session.root / baseline.path
    if is_led_astray(named.parent, session.root):
        raise UsageProblem(f"cannot write the baseline '{named}': a link of the repository stands in the way")
    try:
        write_baseline(session.root / baseline.path, baseline)
    except BaselineError as problem:
        raise UsageProblem(str(problem)) from None
    count = sum(entry.count for entry in baseline.entries)
    say(visible(f"archlint: wrote {count} known findings to {baseline.path}"))
