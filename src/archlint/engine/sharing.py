"""The rules about single proto files in two processes, as there may be thousands of these files.

The second process is a copy of this one, made when the files are compiled: it has all that was read and made,
and sends back findings alone. It takes the files from some path on, so the findings of a rule are those that
were made here and then those that were made there, as if one process had gone through all.
"""

from __future__ import annotations

import gc
import os
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, Protocol

from archlint.cache.copies import can_be_copied
from archlint.files import Kind
from archlint.finding import Finding, Options, Rule
from archlint.finding.data import from_data, to_data
from archlint.model.protobuf.schemas import protos
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.engine.running import Runner

_KEPT = 5 / 16
"""The part of the text that stays here: this process joins files meanwhile, and revives what it is sent. A
smaller one takes more time of both than it saves, since memory that the copy touches is copied."""
_AREA = "PROTO"


class Active(Protocol):
    """A rule in force."""

    @property
    def rule(self) -> Rule:
        """The rule."""

    @property
    def options(self) -> Options:
        """What it is given besides its subjects."""


Run = Callable[..., Iterator[Finding]]
"""Runs a rule over some subjects, given these and the options."""
How = Callable[[Active, Sequence[Any], Run], Iterable[Finding]]
"""What to do with a rule, all subjects that it has, and what runs it."""


class Shared:
    """The work that another process does a part of."""

    def __init__(self, runner: Runner, world: World, kinds: Iterable[Kind], first: str) -> None:
        """``first`` is the path of the first proto file that is looked at there."""
        self._runner = runner
        self._world = world
        self._kinds = frozenset(kinds)
        self._first = first
        self._cuts: dict[int, int] = {}
        self._mine: dict[str, list[Finding]] = {}
        self._child: tuple[BaseProcess, Connection] | None = None

    def begin(self) -> None:
        """Start the other process."""
        gc.freeze()  # what was read is needed for long, and whatever the collector touches is copied
        context = get_context("fork")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=self._work, args=(receiver, sender), daemon=True)
        try:
            process.start()
            self._child = process, receiver
        except OSError:  # no more processes are allowed
            receiver.close()
        finally:
            sender.close()

    def findings(self) -> Iterator[Finding]:
        """What the rules that look at one file find, in the order of rules and then of files."""

        def here(active: Active, subjects: Sequence[Any], run: Run) -> Iterable[Finding]:
            mine = subjects[: self._cut(active.rule, subjects)]
            self._mine[active.rule.code] = list(run(mine, active.options))
            return ()

        for _ in self._over(here):
            pass
        theirs = self._received()

        def everywhere(active: Active, subjects: Sequence[Any], run: Run) -> Iterable[Finding]:
            yield from self._mine.pop(active.rule.code, ())
            found = theirs.get(active.rule.code)
            # a rule that failed there does so here, where it is told
            rest = subjects[self._cut(active.rule, subjects) :]
            yield from run(rest, active.options) if found is None else found

        yield from self._over(everywhere)

    def _over(self, how: How, areas: Container[str] | None = None) -> Iterator[Finding]:
        self._runner.shared = how
        try:
            yield from self._runner.over_files(self._world, self._kinds, areas)
        finally:
            self._runner.shared = None

    def _cut(self, rule: Rule, subjects: Sequence[Any]) -> int:
        """How many of some subjects are looked at here: all, unless the others are the last ones."""
        if rule.area != _AREA:
            return len(subjects)
        known = self._cuts.get(id(subjects))  # the world keeps them as long as it lives
        if known is None:
            are_there = [_path_of(subject) >= self._first for subject in subjects]
            known = len(subjects) - sum(are_there)
            if not all(are_there[known:]):
                known = len(subjects)
            self._cuts[id(subjects)] = known
        return known

    def _received(self) -> dict[str, tuple[Finding, ...]]:
        """What the other process found, by rule; nothing of a rule that failed there, or if it came to no
        end."""
        found: dict[str, tuple[Finding, ...]] = {}
        if self._child is not None:
            process, receiver = self._child
            with receiver, suppress(EOFError, OSError):
                lengths, data, failed = receiver.recv()
                findings = iter(from_data(data))
                found = {code: tuple(islice(findings, length)) for code, length in lengths.items()}
                for code in failed:
                    found.pop(code, None)
            process.join()
        gc.unfreeze()
        return found

    def _work(self, receiver: Connection, sender: Connection) -> None:
        """What the other process does. Nothing of what this one has open is its own to close."""
        gc.disable()
        receiver.close()
        found: list[Finding] = []
        lengths: dict[str, int] = {}

        def there(active: Active, subjects: Sequence[Any], run: Run) -> Iterable[Finding]:
            before = len(found)
            found.extend(run(subjects[self._cut(active.rule, subjects) :], active.options))
            lengths[active.rule.code] = len(found) - before
            return ()

        try:
            for _ in self._over(there, (_AREA,)):
                pass
            sender.send((lengths, to_data(found), list(self._runner.failures_by_rule())))
            sender.close()
        finally:
            os._exit(0)


def _path_of(subject: Any) -> str:
    """The file that a subject stands in."""
    return str(getattr(getattr(subject, "source", None), "path", ""))


def shared(runner: Runner, world: World, kinds: Iterable[Kind], jobs: int | None) -> Shared | None:
    """The work on the proto files of a world, begun in another process; ``None`` if no rule looks at them, if
    one process is all that may be used, or if this one cannot be copied."""
    if not can_be_copied(jobs):
        return None
    if not any(rule.area == _AREA for rule in runner.rules):
        return None
    loaded = world.reading(protos)  # both processes need it, so it is made before there are two
    if not loaded.files:
        return None
    *sizes, size = accumulate(len(file.text) for file in loaded.files)
    work = Shared(runner, world, kinds, loaded.files[bisect_right(sizes, _KEPT * size)].path)
    work.begin()
    return work
