"""``archlint verify`` as a function: where evidence is not as contracts promise.

Evidence may hold secrets: no text of it goes on from here, only what ``comparison.evidence`` makes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from archlint.cache.files import FileCache
from archlint.comparison.evidence.coverage import CoverageRow
from archlint.comparison.evidence.expectations import BrokenExpectation
from archlint.comparison.evidence.holding import Held, held_before, hold
from archlint.comparison.evidence.mismatches import TrafficMismatch
from archlint.comparison.evidence.pact_changes import broken_expectations
from archlint.comparison.evidence.pact_judging import judged_interactions, unjudged
from archlint.engine.caching import open_cache
from archlint.engine.changes import contracts_of, parsing, rules_of
from archlint.engine.choosing import unique
from archlint.engine.evidence import Evidence, read_evidence
from archlint.engine.excluded import without_contract
from archlint.engine.request import Request
from archlint.engine.running import Runner
from archlint.engine.settling import settle
from archlint.files import FileTree, Kind
from archlint.finding import Finding, Notice, Result
from archlint.finding.words import listed, number_of
from archlint.model.evidence.pact import Pact
from archlint.model.openapi import Contract
from archlint.model.world import World

_MOST_RIVALS = 5
"""Sets of contracts that are told which describe the same requests."""
_OF_PACTS = "pact-"
"""How the names of rules about Pact files begin."""


class NothingHeld(Exception):
    """Nothing could be held against a contract; the text says why, and what to type instead."""


def verify(
    request: Request,
    evidence: Evidence,
    *,
    shows_values: bool = False,
    cover: Callable[[Sequence[CoverageRow]], None] | None = None,
) -> Result:
    """Hold evidence against the contracts of a request; raises ``NothingHeld``.

    ``cover`` is given what the evidence shows of the contracts.
    """
    runner = rules_of(request)
    if not evidence.exchanges and not evidence.pacts:
        why = "; ".join(f"'{notice.path}': {notice.message}" for notice in evidence.notices)
        raise NothingHeld(f"nothing was compared: no exchange was found in the evidence. {why}".rstrip())
    with open_cache(request) as cache:
        world, base = _sides(request, evidence, cache)
        held = _held(request, evidence, world, base, shows_values, cover is not None)
        if cover is not None:
            cover(held.coverage)
        found = list(runner.over_changes(held.mismatches, {Kind.OPENAPI}))
        expected = _Expected(request, world, evidence) if evidence.pacts else None
        broken = _broken(runner, world, base) if expected else []
        found += [*broken, *_besides(expected.findings, broken)] if expected else ()
        settled = settle(found, world, Runner((), {}), request, changes=runner)
    return Result(
        findings=unique(settled.findings),
        notices=(
            *request.notices,
            *evidence.notices,
            *(_told(held) if evidence.exchanges else ()),
            *(expected.notices if expected else ()),
            *settled.notices,
            *runner.failures,
        ),
        files=len(world.paths(Kind.OPENAPI)) + evidence.files,
        suppressed=unique(settled.suppressed),
        base=request.base_commit,
        root=request.root,
        revision=request.facts,
    )


def _sides(request: Request, evidence: Evidence, cache: FileCache | None) -> tuple[World, World | None]:
    """The contracts of the revision and of the base, each with the Pact files."""
    parse = parsing(cache)
    request.progress("reading contracts", 0, 0)
    world = contracts_of(request.revision, parse, {} if cache is None else cache.blobs)
    base = None if request.base is None else contracts_of(request.base, parse, world.blobs)
    for side in (world, base):
        if side is not None:
            side.supply(Pact, evidence.pacts)
    return world, base


def _broken(runner: Runner, world: World, base: World | None) -> list[Finding]:
    """What the change since the base takes from the consumers of Pact files."""
    if base is None:
        return []
    return list(runner.over_changes({BrokenExpectation: broken_expectations(base, world)}, {Kind.PACT}))


def _besides(findings: Iterable[Finding], broken: Iterable[Finding]) -> Iterator[Finding]:
    """The findings whose cause is not told as broken by a change already."""
    told = {(each.location, seen) for each in broken for seen in each.related}
    for finding in findings:
        if not finding.related or any((finding.location, seen) not in told for seen in finding.related):
            yield finding


def _held(request: Request, evidence: Evidence, world: World, base: World | None, *wishes: bool) -> Held:
    """What comes of the evidence; ``wishes``: whether values are shown, and coverage is listed."""
    if not world.all(Contract) and evidence.exchanges:
        raise NothingHeld(f"nothing was compared: {without_contract(request)}")
    before = None
    if base is not None:
        before = held_before(base, world, evidence.exchanges, request.renames)
    request.progress("holding evidence against contracts", 0, 0)
    shows_values, lists_coverage = wishes
    held = hold(
        world,
        evidence.exchanges,
        before=before,
        shows_values=shows_values,
        lists_coverage=lists_coverage,
    )
    if not held.compared and held.rivals and not evidence.pacts:
        raise NothingHeld(f"nothing was compared: {next(_of_rivals(held))}")
    if not held.compared and not evidence.pacts:
        raise NothingHeld(
            f"nothing was compared: of {number_of(len(evidence.exchanges), 'exchange')} none fits a path"
            " or a server of the contracts. Name the contract that describes them: --contract FILE"
        )
    return held


class _Expected:
    """What comes of Pact files; raises ``NothingHeld`` if that is nothing, and there is no other evidence."""

    def __init__(self, request: Request, world: World, evidence: Evidence) -> None:
        rules = tuple(rule for rule in request.rules if rule.name.startswith(_OF_PACTS))
        settings = request.settings
        runner = Runner(rules, settings.options, severities=settings.severities)
        self.findings = tuple(runner.over_joins(world))
        unread = list(unjudged(world))
        judged = judged_interactions(world)
        if not judged and not evidence.exchanges and len({path for path, _ in unread}) == len(evidence.pacts):
            why = "; ".join(f"'{path}': {reason}" for path, reason in unread)
            raise NothingHeld(f"nothing was compared: {why}. Name the contract: --contract FILE")
        self.notices = (
            Notice("info", f"{number_of(judged, 'interaction')} of Pact files judged"),
            *(Notice("warning", f"not judged: {why}", path) for path, why in unread),
            *runner.failures,
        )


def _told(held: Held) -> Iterator[Notice]:
    """What was looked at, and what was not."""
    seen = f"{held.covered} of {number_of(held.operations, 'operation')}"
    yield Notice("info", f"{number_of(held.compared, 'exchange')} judged, which show {seen}")
    if held.foreign:
        yield Notice(
            "info",
            f"{number_of(held.foreign, 'exchange')} left out: not of a path or server of the contracts",
        )
    for told in _of_rivals(held):
        yield Notice("warning", told)
    if held.ambiguous:
        yield Notice(
            "warning",
            f"{number_of(held.ambiguous, 'exchange')} not judged: several operations share the path",
        )
    if held.unread["body"]:
        bodies = _count(held.unread["body"], "body")
        yield Notice("warning", f"{bodies} not judged: cut off, not kept, or written in no way that is read")
    if held.unread["value"]:
        values = number_of(held.unread["value"], "value")
        yield Notice(
            "warning", f"{values} of parameters or headers not judged: written in no way that is read"
        )
    yield from _of_open(held)
    yield from _of_lost(held)
    if held.unjudged:
        yield Notice(
            "warning",
            f"{number_of(held.unjudged, 'value')} not judged: their schemas cannot be read, or take too long",
        )


def _of_lost(held: Held) -> Iterator[Notice]:
    """The references of schemas behind which there is nothing to ask."""
    files = sorted({f"'{path}'" for path, _ in held.lost})
    if files:
        lead = "leads" if len(held.lost) == 1 else "lead"
        yield Notice(
            "warning",
            f"{number_of(len(held.lost), 'reference')} of schemas in {listed(files)} {lead} nowhere, so"
            " nothing is asked of the values there: `archlint check` names what is wrong",
        )


def _of_open(held: Held) -> Iterator[Notice]:
    """What is not judged because the evidence has variables without a value."""
    kinds = ("path", "value", "body")
    told = [_count(count, kind) for kind in kinds if (count := held.unread[f"open {kind}"])]
    if told:
        yield Notice(
            "warning",
            f"{listed(told)} not judged: they have variables whose value is not known. If an environment has"
            " it, name the file of that environment as evidence too",
        )


def _count(count: int, name: str) -> str:
    return f"{count} bodies" if name == "body" and count != 1 else number_of(count, name)


def _of_rivals(held: Held) -> Iterator[str]:
    """Which exchanges fit several contracts, and what to do about it."""
    for paths, count in held.rivals.most_common(_MOST_RIVALS):
        named = " and ".join(f"'{path}'" for path in paths[:2])
        more = f" and {len(paths) - 2} more" if len(paths) > 2 else ""
        yield (
            f"{number_of(count, 'exchange')} not judged, as {named}{more} describe the request equally well."
            " Name the contract that is meant: --contract FILE"
        )


def mismatches_in(
    world: World, tree: FileTree, paths: Sequence[str], base: World | None = None
) -> dict[type, list[TrafficMismatch]]:
    """What the evidence among some files shows of the contracts of a world, and of a change since a base."""
    exchanges = read_evidence(tree, paths, frozenset()).exchanges
    before = None if base is None else held_before(base, world, exchanges, {})
    return hold(world, exchanges, before=before).mismatches if exchanges else {}
