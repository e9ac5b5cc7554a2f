"""What rules that look at one file find in what kustomizations build; findings of several builds as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from posixpath import dirname

from archlint.engine.running import Runner
from archlint.files import Kind
from archlint.finding import Finding
from archlint.finding.records import replace
from archlint.model.kubernetes.builds import Builds, builds
from archlint.model.world import World

_ABOUT_FILES = "LINT"
"""How the codes of rules begin that are about files as they stand, built or not."""
_MOST_NAMED = 3


def over_built(world: World, runner: Runner) -> Iterator[Finding]:
    """What rules that look at one file at a time find in the objects that kustomizations build."""
    made = world.fact(builds).documents
    if not made:
        return
    by_path = defaultdict(list)
    for document in made:
        by_path[document.path].append(document)
    kinds = dict.fromkeys(by_path, Kind.KUBERNETES)
    yield from runner.over_files(World(world.tree, kinds, by_path, is_alone=True), (Kind.KUBERNETES,))


def merged(findings: Iterable[Finding], made: Builds) -> tuple[Finding, ...]:
    """The findings, those with one cause in several builds once, which names the builds."""
    tops = {document.path for document in made.documents}
    if not tops:
        return tuple(findings)
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_cause(finding), []).append(finding)
    return tuple(item for group in groups.values() for item in _told(group, tops))


def _cause(finding: Finding) -> object:
    """What makes findings of several builds one."""
    at = finding.location
    cause = (finding.code, at.path, at.document, at.span, finding.message_id, finding.fingerprint)
    return (*cause, finding.suppressed)


def _told(group: Sequence[Finding], tops: Collection[str]) -> Sequence[Finding]:
    """The findings of one cause, as one if a build has it."""
    in_builds = {
        dirname(item.through[0]) or "." for item in group if item.through and item.through[0] in tops
    }
    if len(group) == 1 or not in_builds:
        return group
    first = min(group, key=Finding.sort_key)
    through = tuple(dict.fromkeys(path for finding in group for path in finding.through))
    if len(in_builds) == 1:
        return (replace(first, through=through),)
    folders = sorted(in_builds)
    more = f" and {len(folders) - _MOST_NAMED} more" if len(folders) > _MOST_NAMED else ""
    named = ", ".join(folders[:_MOST_NAMED])
    message = f"{first.message} It is so in {len(folders)} builds: {named}{more}."
    return (replace(first, message=message, through=through),)


def standing(
    findings: Iterable[Finding], parts: Sequence[str], built: Iterable[Finding]
) -> tuple[Finding, ...]:
    """The findings in files as they stand, without those in files that are judged as built, and without
    those that are told of builds already."""
    dropped = frozenset(parts)
    told = {_cause(finding) for finding in built}
    return tuple(
        finding
        for finding in findings
        if _cause(finding) not in told
        and (finding.code.startswith(_ABOUT_FILES) or finding.location.path not in dropped)
    )
