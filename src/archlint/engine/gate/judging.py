"""Judges a release: all that is new in it against its base, by a policy that is not the release's own.

A finding is new if the base, judged alike, does not have it. Suppressions that the release brings take back
nothing; what they would have hidden is told as excused by the release itself, and counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from archlint.comparison.contract_kinds import CONTRACTS
from archlint.comparison.graphs import graph_changes
from archlint.comparison.resources import ResourceChange, WorkloadChange, resource_changes, workload_changes
from archlint.engine.affected import tell_affected
from archlint.engine.changes import CONTRACT_AREAS, base_of, changes_between, contracts_of, parsing, rules_of
from archlint.engine.choosing import told_once, unique
from archlint.engine.coverage import all_unread, other_paths, read_paths
from archlint.engine.examining import Examined, examine
from archlint.engine.gate.excuses import Excuses
from archlint.engine.gate.lost_sight import no_longer_read
from archlint.engine.gate.parts import Blind, PartMaker, is_undecided
from archlint.engine.gate.rollback import Rollback, rollback_of
from archlint.engine.gate.safeguards import PolicyFiles, changed_safeguards
from archlint.engine.gate.versions import contract_versions
from archlint.engine.openings import RULE as OPENED
from archlint.engine.openings import unknown_at_base
from archlint.engine.request import Request, Side
from archlint.engine.running import Runner
from archlint.engine.settling import Settled, settle
from archlint.engine.uncompared import UNREADABLE, UNRESOLVED, uncompared
from archlint.files.tree import content_of
from archlint.finding import Finding, Notice, Result, Severity
from archlint.finding.records import dataclass, replace
from archlint.judging.baseline import new_only
from archlint.judging.release.policy import GatePolicy
from archlint.judging.release.semver import Bump
from archlint.judging.release.verdict import ContractVersion, GateVerdict, Safeguard
from archlint.judging.release.waivers import apply_waivers
from archlint.model.graph.build import described_graph
from archlint.model.judged import InvalidSuppression, UnusedSuppression
from archlint.model.world import World

_UNCOMPARED = frozenset((UNREADABLE, UNRESOLVED))


@dataclass(frozen=True)
class GateQuestion:
    """What is to be judged."""

    request: Request
    """The release as revision, what it is judged against as base, and the policy's rules and settings."""
    base: Side
    policy: GatePolicy
    policy_name: str
    policy_files: PolicyFiles
    ticket: str | None = None
    released: Side | None = None
    """The last release, from which versions are judged; ``None`` if there is none."""
    released_name: str | None = None
    released_renames: Mapping[str, str] = field(default_factory=dict)
    """Paths of the release and what they were called in the last one."""
    commits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """The verdict, and what the release does to the system, for the audit record."""

    verdict: GateVerdict
    resources: tuple[ResourceChange, ...]
    workloads: tuple[WorkloadChange, ...]
    rollback: Rollback


@dataclass(frozen=True)
class _News:
    """What is new in a release."""

    findings: tuple[Finding, ...]
    excused: tuple[Finding, ...]
    """Those of them that only the release's own suppressions take back."""
    suppressed: tuple[Finding, ...]


def judge(release: GateQuestion) -> Judged:
    """The verdict on a release; contracts, manifests, graph and way back are all of the same two worlds."""
    request = release.request
    runner, base_runner = rules_of(request), rules_of(request)
    seen = examine(request, request.revision, runner)
    old = examine(request, release.base, base_runner)
    excuses = Excuses(old.world, seen.world)
    compared = base_of(request, release.base, seen.world, parsing(None))
    unread = all_unread(seen.world, request.unread)
    changed = [*changes_between(compared, seen.world, request, runner)]
    told = tell_affected(changed, seen.world, unread, seen.world, compared)
    lost = [*_uncompared(request, compared, seen.world, runner)]
    found = told_once([*seen.findings, *told.findings, *lost])
    keys = set(map(_key, lost))
    news = _news(_Sides(seen, old, found, keys, runner, base_runner), release, excuses)
    waivers = apply_waivers(news.findings, release.policy.waivers, request.registry, request.today)
    kept = (*waivers.kept, *_about_waivers(waivers.invalid, waivers.unused, runner))
    workloads = workload_changes(old.world, seen.world)
    versions = _versions(release, compared, seen.world, changed)
    graph = graph_changes(described_graph(old.world), described_graph(seen.world))
    resources = resource_changes(old.world, seen.world)
    rollback = rollback_of(old.world, seen.world, workloads, resources)
    notices = (*request.notices, *seen.notices, *told.notices, *runner.notices, *runner.failures)
    result = _result(request, seen.world, (*kept, *(item.finding for item in waivers.waived)), notices)
    maker = PartMaker(release.policy, request.registry.by_code, _blind(request, seen, old, lost))
    verdict = GateVerdict(
        result=replace(result, suppressed=news.suppressed),
        policy=release.policy_name,
        safeguards=tuple(_safeguards(release, excuses)),
        excused=news.excused,
        parts=tuple(
            maker.parts(
                kept,
                versions=versions,
                is_released=release.released is not None,
                rollback=rollback,
                graph=graph,
                ticket=release.ticket,
            )
        ),
        waived=waivers.waived,
        versions=tuple(versions),
        released=release.released_name,
        commits=release.commits,
    )
    return Judged(verdict, tuple(resources), tuple(workloads), rollback)


@dataclass(frozen=True)
class _Sides:
    """Both sides as they were examined, and what was found in the release."""

    seen: Examined
    old: Examined
    found: Sequence[Finding]
    lost: Collection[tuple[object, ...]]
    """The keys of what could not be compared: that the base has the same makes it no better known."""
    runner: Runner
    base_runner: Runner


def _news(sides: _Sides, release: GateQuestion, excuses: Excuses) -> _News:
    """What the release has and the base has not."""
    request = replace(release.request, keep=None)
    had = settle(sides.old.findings, sides.old.world, sides.base_runner, request)
    own = settle(sides.found, sides.seen.world, sides.runner, request, changes=sides.runner)
    hidden = _hidden(sides, own, replace(request, trusts=excuses.is_known)) if own.suppressed else []
    exists = request.has_file
    lost = [item for item in own.findings if _key(item) in sides.lost]
    others = [item for item in own.findings if _key(item) not in sides.lost]
    new = (*new_only(sorted(others, key=Finding.sort_key), had.findings, exists).new, *lost)
    known = (*had.findings, *had.suppressed)
    excused = unique(new_only(sorted(hidden, key=Finding.sort_key), known, exists).new)
    counted = set(map(_key, excused))
    suppressed = tuple(item for item in own.suppressed if _key(item) not in counted)
    return _News(unique((*new, *excused)), excused, unique(suppressed))


def _hidden(sides: _Sides, own: Settled, trusting: Request) -> list[Finding]:
    """What only suppressions take back that are not trusted, and remarks for other tools."""
    bare = [replace(item, suppressed=None) for item in sides.found]
    strict = settle(bare, sides.seen.world, sides.runner, trusting, changes=sides.runner)
    shown = set(map(_key, own.findings))
    return [item for item in strict.findings if _key(item) not in shown]


def _differs(finding: Finding, base: World, revision: World, renames: Mapping[str, str]) -> bool:
    """Whether the file of a finding differs from the base: what is not touched did not get worse."""
    path = finding.location.path
    if finding.location.revision:
        now = next((new for new, old in renames.items() if old == path), path)
        return content_of(base.tree, path) != content_of(revision.tree, now)
    return content_of(base.tree, renames.get(path, path)) != content_of(revision.tree, path)


def _blind(request: Request, seen: Examined, old: Examined, lost: Iterable[Finding]) -> Blind:
    """What the gate cannot see of a release."""
    return Blind(
        frozenset(item.fingerprint for item in lost),
        (*no_longer_read(old.world, seen.world, _names(request), request.renames, _links(request)),),
        (*_unknown_openings(request, old.world, seen.world),),
        (*_without_answer(request, seen.notices),),
    )


def _unknown_openings(request: Request, base: World, revision: World) -> Iterator[str]:
    """Why it is not known what a release opens."""
    if not any(rule.name == OPENED for rule in request.rules):
        yield f"the policy leaves out the rule {OPENED}, so nobody looked for what the release opens"
        return
    yield from (notice.message for notice in unknown_at_base(base, revision))


def _without_answer(request: Request, notices: Iterable[Notice]) -> Iterator[str]:
    """What is told of programs that were asked for and did not answer."""
    if request.kube_score is None:
        return
    from archlint.adapters.kube_score import UNREPORTED

    yield from (item.message for item in notices if item.message.endswith(UNREPORTED))


def _names(request: Request) -> frozenset[str]:
    """All names in a release, also of what is not read: links, submodules and excluded files."""
    return frozenset((*request.revision.tree.paths(), *(item.path for item in request.unread)))


def _links(request: Request) -> frozenset[str]:
    """Links and submodules of a release, in which nothing is read."""
    return frozenset(item.path for item in request.unread if item.reason == "link")


def _key(finding: Finding) -> tuple[object, ...]:
    at = finding.location
    return (finding.code, at.path, at.document, at.span, finding.message)


def _uncompared(request: Request, base: World, revision: World, runner: Runner) -> Iterator[Finding]:
    """What of contracts could not be compared; other files that cannot be read are told as such, and what is
    the same on both sides did not get worse."""
    for item in uncompared(request, base, revision, runner):
        world = base if item.location.revision else revision
        if (
            item.code in _UNCOMPARED
            and world.kinds.get(item.location.path) in CONTRACTS
            and _differs(item, base, revision, request.renames)
        ):
            yield item


def _versions(
    release: GateQuestion, base: World, revision: World, changed: Sequence[Finding]
) -> list[ContractVersion]:
    """What has changed since the last release, asked of versions. Where that is the base, ``changed`` tells
    it already."""
    if release.released is None:
        return []
    released, renames = base, release.request.renames
    if release.commits.get("released") != release.request.base_commit:
        request = replace(release.request, renames=release.released_renames)
        released, renames = contracts_of(release.released, parsing(None), revision.blobs), request.renames
        now = contracts_of(request.revision, parsing(None), revision.blobs)
        changed = [*changes_between(released, now, request, rules_of(request))]
    about = [item for item in changed if item.code.startswith(CONTRACT_AREAS)]
    unsure = {path for item in about if is_undecided(item) for path in (*item.through, item.location.path)}
    versions = contract_versions(released, revision, about, renames)
    return [_with_doubt(item) if item.path in unsure else item for item in versions]


def _with_doubt(version: ContractVersion) -> ContractVersion:
    """The version of a contract of which nobody can tell whether a change breaks it; a major one will do."""
    breaks = version.cause is not None and version.cause.severity is Severity.ERROR
    if breaks or not version.is_enough or version.had is Bump.MAJOR:
        return version
    return replace(version, unknown=f"whether what changed in {version.path} breaks anybody is undecided")


def _about_waivers(
    invalid: Iterable[InvalidSuppression], unused: Iterable[UnusedSuppression], runner: Runner
) -> Iterator[Finding]:
    """What is wrong with waivers themselves."""
    yield from runner.over_verdicts({InvalidSuppression: [*invalid], UnusedSuppression: [*unused]})


def _safeguards(release: GateQuestion, excuses: Excuses) -> Iterator[Safeguard]:
    yield from changed_safeguards(release.base.tree, release.request.revision.tree, release.policy_files)
    yield from excuses.added


def _result(request: Request, world: World, findings: Sequence[Finding], notices: Sequence[Notice]) -> Result:
    unread = all_unread(world, request.unread)
    return Result(
        findings=unique(findings),
        notices=tuple(notices),
        files=len(request.revision.paths),
        read=len(read_paths(world)),
        other=len(other_paths(world, unread)),
        unread=unread,
        base=request.base_commit,
        root=request.root,
        revision=request.facts,
    )
