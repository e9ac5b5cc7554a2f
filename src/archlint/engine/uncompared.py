"""What of two revisions of contracts could not be compared: findings where these alone are asked for, else a
notice, as what was wrong with an older revision is nothing to mend."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.contract_kinds import CONTRACTS
from archlint.engine.choosing import MALFORMED
from archlint.engine.request import Request
from archlint.engine.running import Runner
from archlint.files import Kind
from archlint.finding import Finding, Notice, Severity
from archlint.finding.records import replace
from archlint.model.reading import UnreadableFile
from archlint.model.world import World

UNREADABLE = "LINT001"
"""The rule about files that cannot be read: what cannot be read cannot be compared."""
UNRESOLVED = "OAS002"
"""The rule about references that lead nowhere: nothing stands there that could be compared."""


def uncompared(request: Request, base: World, revision: World, runner: Runner) -> Iterator[Finding]:
    """Files of either side that cannot be read, references that lead nowhere, and what a revision has that is
    no contract in some part.

    Where both sides have the same, nothing became worse: then a reference is told, and no more.
    """
    yield from _found_by(UNREADABLE, request, base, runner)
    yield from _found_by(UNREADABLE, request, revision, runner)
    for code, most in ((UNRESOLVED, Severity.ERROR), (MALFORMED, Severity.WARNING)):
        found = list(_found_by(code, request, revision, runner))
        older = list(_found_by(code, request, base, runner)) if found or code == UNRESOLVED else []
        before, after = ({item.fingerprint for item in items} for items in (older, found))
        for item in found:
            if item.fingerprint not in before:
                yield replace(item, severity=min(item.severity, most))
            elif code == UNRESOLVED:
                yield replace(item, severity=Severity.INFO)
        if code == UNRESOLVED:
            # it is fixed, which must fail nobody; only what it led to was not compared
            fixed = (item for item in older if item.fingerprint not in after)
            yield from (replace(item, severity=min(item.severity, Severity.WARNING)) for item in fixed)


def _found_by(code: str, request: Request, world: World, runner: Runner) -> Iterator[Finding]:
    """What one rule finds in the files of a world, if it is in force."""
    rules = [rule for rule in request.rules if rule.code == code]
    settings = request.settings
    reading = Runner(rules, settings.options, severities=settings.severities, asked=request.asked)
    yield from reading.over_files(world)
    for failed, notice in reading.failures_by_rule().items():
        runner.add_failure(failed, notice)


def unread_at_base(request: Request, base: World, revision: World) -> Notice | None:
    """That contracts which can be read now have older selves that cannot, so that nobody knows what changed;
    those that are still the same are told as they are now."""
    now = {old: new for new, old in request.renames.items()}
    readable = set(revision.paths(*CONTRACTS)) - {file.source.path for file in revision.all(UnreadableFile)}
    found = {
        path: file.problem
        for file in base.all(UnreadableFile)
        if base.kinds.get(file.source.path) in CONTRACTS
        and request.lies_below(path := now.get(file.source.path, file.source.path))
        and path in readable
    }
    if not found:
        return None
    path, problem = next(iter(found.items()))
    at = "" if problem.span is None else f" (line {problem.span.line} there)"
    told = f"it was not compared with its older version, which cannot be read{at}"
    if len(found) > 1:
        told += f"; nor {'was' if len(found) == 2 else 'were'} {len(found) - 1} more"
    return Notice("warning", told, path)


def undefined_options(base: World, revision: World) -> Iterator[Notice]:
    """That images in JSON set options and do not say what they are, so that nobody knows what they say."""
    for world, side in ((base, "base"), (revision, "revision")):
        if not world.paths(Kind.PROTO):
            continue
        from archlint.model.protobuf import protos

        hidden = {
            source.path: source.hidden_options
            for source in world.reading(protos).files
            if source.hidden_options and not source.has_text
        }
        if hidden:
            names = sorted(frozenset().union(*hidden.values()))
            told = " and ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} more"
            verb = "says" if len(names) == 1 else "say"
            why = f"the image of the {side} lacks the files that define this"
            how = "write it with 'buf build -o image.binpb'"
            yield Notice("warning", f"what {told} {verb} was not compared, as {why}; {how}", min(hidden))
