"""``archlint breaking`` as a function: what a revision breaks, and what could not be compared.

A mistyped path must not pass for a verdict: where nothing could be compared, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.contract_kinds import CONTRACT_KINDS, CONTRACTS
from archlint.engine.caching import open_cache
from archlint.engine.changes import breaks, changes_between, contracts_of, parsing, rules_of
from archlint.engine.choosing import told_once, unique
from archlint.engine.request import Request, Side
from archlint.engine.running import Runner
from archlint.engine.settling import settle
from archlint.engine.uncompared import uncompared, undefined_options
from archlint.files import Kind
from archlint.finding import Notice, Result
from archlint.model.world import World

_EXAMPLE = "such as `archlint breaking HEAD~1:api/openapi.yaml api/openapi.yaml`"


def nothing_compared(base: World, revision: World) -> str | None:
    """Why nothing was compared, and what to type; ``None`` if something was, or a finding tells why not."""
    if base.problems or revision.problems:
        return None
    for side, world in (("BASE", base), ("REVISION", revision)):
        for path in sorted(world.named):
            if world.kinds.get(path) not in CONTRACTS:
                return (
                    f"nothing was compared: {side} is no contract{_hint(world.kinds.get(path))}. "
                    f"Name a contract ({_every_kind()}), {_EXAMPLE}."
                )
    old, new = _kinds(base), _kinds(revision)
    if not old and not new:
        return (
            f"nothing was compared: neither BASE nor REVISION holds a contract ({_every_kind()}). "
            f"Name the files or folders that do, {_EXAMPLE}."
        )
    if base.named and old.isdisjoint(new):
        return (
            f"nothing was compared: BASE is {_words(old)} and REVISION is {_words(new)}. "
            "Name two revisions of one contract."
        )
    return None


def _kinds(world: World) -> set[Kind]:
    return {kind for kind in world.kinds.values() if kind in CONTRACTS}


def _every_kind() -> str:
    *most, last = (contract.called for contract in CONTRACT_KINDS.values())
    return f"{', '.join(most)} or {last}"


def _words(kinds: set[Kind]) -> str:
    return " and ".join(sorted(CONTRACT_KINDS[kind].called for kind in kinds))


def _hint(kind: Kind | None) -> str:
    return "" if kind in (None, Kind.OTHER, Kind.DATA) else f" ({kind.value})"


class NothingCompared(Exception):
    """Two sides that have nothing to compare; the text says why, and what to type instead."""


def breaking(base: Side, request: Request) -> Result:
    """Judge what the revision of a request changes against a base; raises ``NothingCompared``."""
    runner = rules_of(request)
    with open_cache(request) as cache:
        parse = parsing(cache)
        request.progress("reading contracts", 0, 0)
        revision = contracts_of(request.revision, parse, {} if cache is None else cache.blobs)
        old = contracts_of(base, parse, revision.blobs)
        reason = nothing_compared(old, revision)
        if reason is not None:
            raise NothingCompared(reason)
        changed = [*changes_between(old, revision, request, runner)]
        notices: tuple[Notice, ...] = ()
        around = request.repository() if any(map(breaks, changed)) else None
        if around is not None:
            from archlint.engine.affected import tell_around

            request.progress("looking for consumers", 0, 0)
            told = tell_around(changed, around, request, revision, old)
            changed, notices = [*told.findings], told.notices
        found = [*uncompared(request, old, revision, runner), *changed]
        # rules about suppressions look at whole files, and so have their say in check
        settled = settle(told_once(found), revision, Runner((), {}), request, changes=runner)
    return Result(
        findings=unique(settled.findings),
        notices=(
            *request.notices,
            *_without_base(old, revision),
            *undefined_options(old, revision),
            *notices,
            *settled.notices,
            *runner.failures,
        ),
        files=len(revision.paths(*CONTRACTS)),
        suppressed=unique(settled.suppressed),
        base=request.base_commit,
        root=request.root,
        revision=request.facts,
    )


def _without_base(base: World, revision: World) -> Iterator[Notice]:
    """That there was nothing to compare with; what cannot be read is told as a finding."""
    if not base.problems and revision.paths(*CONTRACTS) and not base.paths(*CONTRACTS):
        yield Notice("warning", "BASE holds no contract: nothing was compared")
