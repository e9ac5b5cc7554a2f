"""``check --watch``: what was checked is checked again whenever a file of it changes, until Ctrl-C.

Only the file system's facts are asked for in between. Which files there are is listed again if a folder, the
configuration or what git has checked out is another.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Generic, TypeVar

from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.output import say
from archlint.cli.session import Session
from archlint.engine.request import Request
from archlint.files.walk import TOOL_FOLDERS
from archlint.finding.records import dataclass
from archlint.judging.baseline import DEFAULT_PATH
from archlint.reports.characters import visible

_PAUSE = 0.5
"""Seconds between two looks; longer where a look takes long, so that it uses a twentieth of the time."""
_SHARE = 20
_SETTLED = 0.1
"""Seconds after a change in which most of the rest of it is written."""
_SETTINGS = frozenset(("archlint.yaml", "pyproject.toml", ".gitignore"))
_HEADS = (".git/HEAD", ".git/logs/HEAD")

Work = TypeVar("Work")
_Facts = dict[str, tuple[int, int, int] | None]


@dataclass(frozen=True, slots=True)
class Watched(Generic[Work]):
    """Something to do, the absolute paths of the files that it looks at, and of those that say what to do."""

    work: Work
    files: frozenset[str]
    settings: frozenset[str]

    def says(self, path: str) -> bool:
        """Whether a changed path may mean that other files are to be looked at, or in another way."""
        return path not in self.files or path in self.settings or PurePath(path).name in _SETTINGS


def watch(prepare: Callable[[], Watched[Work]], act: Callable[[Work], Exit]) -> Exit:
    """Act on what is prepared, and again after each change, until nobody reads standard output any longer.

    Raises ``UsageProblem`` if there is nothing to begin with; what is wrong later is told, and waited for to
    be fixed.
    """
    reader = _identity()
    watched = prepare()
    facts = _facts(watched)
    act(watched.work)
    say(f"archlint: watching {len(watched.files)} file{'' if len(watched.files) == 1 else 's'}; Ctrl-C ends")
    while _identity() == reader:
        seen = _await_change(watched, facts)
        changed = [path for path, fact in seen.items() if facts[path] != fact]
        if not changed:
            break
        told = min(watched.files.intersection(changed) or changed)
        say(visible(f"archlint: {os.path.relpath(told)} has changed"))
        try:
            if any(map(watched.says, changed)):
                watched = prepare()
        except UsageProblem as problem:
            facts = seen
            say(f"archlint: {problem}")
            continue
        # what changes from here on is a change, also while it is being read
        facts = {path: seen.get(path, fact) for path, fact in _facts(watched).items()}
        try:
            act(watched.work)
        except UsageProblem as problem:
            say(f"archlint: {problem}")
    return Exit.OK


def looked_at(session: Session, request: Request, flags: Flags) -> tuple[frozenset[str], frozenset[str]]:
    """The files that a run reads, and what says which these are: folders, configuration, git's head."""
    root, settings = session.root, session.settings
    files = frozenset(f"{root}/{path}" for path in request.revision.paths)
    named = [settings.baseline or DEFAULT_PATH, *settings.rule_folders, *_SETTINGS, *_HEADS]
    pages = [page for folder in settings.rule_folders for page in (root / folder).rglob("*.md")]
    written = {str(Path(path).absolute().parent) for _, path in flags.outputs}
    says = {str(root / name) for name in named} | set(map(str, pages)) | (_folders(files, root) - written)
    if flags.config_file:
        says.add(str(Path(flags.config_file).absolute()))
    return files, frozenset(says)


def _folders(files: Iterable[str], root: Path) -> set[str]:
    """The folders in which some files below the root lie, up to the root, and those next to them, in which
    files may come."""
    found = {str(root)}
    for file in files:
        folder = file.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found.union(*map(_below, found))


def _below(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            folders = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return [entry.path for entry in folders if entry.name not in TOOL_FOLDERS]


def _await_change(watched: Watched[Work], before: _Facts) -> _Facts:
    """What the file system says once it says something else; the same if nobody reads standard output."""
    pause = _PAUSE
    while _is_read():
        time.sleep(pause)
        begun = time.monotonic()
        now = _facts(watched)
        if now != before:
            time.sleep(_SETTLED)
            return now
        pause = max(_PAUSE, _SHARE * (time.monotonic() - begun))
    return before


def _facts(watched: Watched[Work]) -> _Facts:
    facts: _Facts = {}
    for path in (*watched.files, *watched.settings):
        facts[path] = None
        with suppress(OSError, ValueError):
            seen = Path(path).stat()
            facts[path] = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
    return facts


def _identity() -> tuple[int, int]:
    """What standard output is: after its reader has gone it is made another file."""
    seen = os.fstat(sys.stdout.fileno())
    return seen.st_dev, seen.st_ino


def _is_read() -> bool:
    """Whether somebody still reads standard output, as far as the system can tell."""
    import select

    if not hasattr(select, "poll"):
        return True
    asked = select.poll()
    asked.register(sys.stdout.fileno(), 0)
    return not any(event & (select.POLLERR | select.POLLNVAL) for _, event in asked.poll(0))
