"""``archlint check`` as a function: what is wrong in a repository and, with a base, in what has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from archlint.engine.caching import open_cache
from archlint.engine.changes import base_of, breaks, changes_between, parsing, rules_of
from archlint.engine.choosing import chosen, told_once, unique
from archlint.engine.coverage import all_unread, other_paths, read_paths
from archlint.engine.examining import Examined, examine
from archlint.engine.request import Request
from archlint.engine.running import Runner
from archlint.engine.settling import Settled, only_new, settle
from archlint.engine.uncompared import unread_at_base
from archlint.finding import Finding, Notice, Result
from archlint.finding.records import replace
from archlint.model.world import World

_Seen = TypeVar("_Seen")


def check(request: Request) -> Result:
    """Run the rules of a request and judge what they see."""
    return check_and_look(request, lambda _: None)[0]


def check_and_look(request: Request, look: Callable[[World], _Seen]) -> tuple[Result, _Seen]:
    """As ``check``, and what ``look`` gives for the world that the rules saw."""
    runner = rules_of(request)
    with open_cache(request) as cache:
        seen = examine(request, request.revision, runner, cache)
        looked = look(seen.world)
        found = list(seen.findings)
        everything = all_unread(seen.world, request.unread)
        notices: tuple[Notice, ...] = ()
        if request.base is not None:
            base = base_of(request, request.base, seen.world, parsing(cache))
            changed = [*changes_between(base, seen.world, request, runner)]
            if any(map(breaks, changed)):
                from archlint.engine.affected import tell_affected

                told = tell_affected(changed, seen.world, everything, seen.world, base)
                changed, notices = [*told.findings], told.notices
            found += changed
            uncompared = unread_at_base(request, base, seen.world)
            notices += (uncompared,) if uncompared is not None else ()
        settled = _settled(request, seen, told_once(found), runner)
    world = seen.world
    unread = [item for item in everything if request.lies_below(item.path)]
    result = Result(
        findings=chosen(unique(settled.findings), request.lies_below),
        notices=(
            *request.notices,
            *seen.notices,
            *notices,
            *settled.notices,
            *runner.notices,
            *runner.failures,
        ),
        files=sum(map(request.lies_below, request.revision.paths)),
        read=sum(map(request.lies_below, read_paths(world))),
        other=sum(map(request.lies_below, other_paths(world, unread))),
        unread=tuple(unread),
        suppressed=chosen(unique(settled.suppressed), request.lies_below),
        base=request.base_commit,
        root=request.root,
        schemas=seen.schemas,
        revision=request.facts,
    )
    return result, looked


def _settled(request: Request, seen: Examined, found: Sequence[Finding], runner: Runner) -> Settled:
    settled = settle(
        found,
        seen.world,
        runner,
        request,
        changes=None if request.base is None else runner,
        has_name=seen.contents.names_archlint if seen.contents else None,
    )
    if request.base is None or not request.new_only:
        return settled
    # The base is judged with today's rules, in a run of its own, so that its failures are not this run's.
    base_runner = rules_of(request)
    old = examine(request, request.base, base_runner)
    return replace(settled, findings=only_new(settled.findings, old, base_runner, request))
