"""What rules that look at one file find in what kustomizations and charts build; findings of several builds
as one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import dirname

from archlint.documents.kustomize.built import BuiltDocument, same_objects
from archlint.engine.running import ABOUT_FILES, Runner
from archlint.files import Kind
from archlint.finding import Finding
from archlint.finding.records import replace
from archlint.model.kubernetes.building.builds import builds
from archlint.model.kubernetes.building.kustomizations import taken_in
from archlint.model.kubernetes.building.kustomized import Builds
from archlint.model.world import World

_MOST_NAMED = 3


def over_built(world: World, runner: Runner) -> Iterator[Finding]:
    """What rules that look at one file at a time find in the objects that kustomizations build.

    An object that is the same in several builds is looked at once, and told of each of them.
    """
    by_builds: dict[tuple[tuple[str, ...], ...], list[BuiltDocument]] = defaultdict(list)
    for group in same_objects(world.fact(builds).documents):
        throughs = tuple(dict.fromkeys(document.through for document in group))
        by_builds[throughs if len(throughs) > 1 else ()].append(group[0])
    for throughs, documents in by_builds.items():
        for finding in _over_documents(documents, world, runner):
            if not throughs:
                yield finding
            for through in throughs:
                yield replace(finding, through=through)


def _over_documents(documents: Sequence[BuiltDocument], world: World, runner: Runner) -> Iterator[Finding]:
    by_path: dict[str, list[BuiltDocument]] = defaultdict(list)
    for document in documents:
        by_path[document.path].append(document)
    alone = World(
        world.tree,
        dict.fromkeys(by_path, Kind.KUBERNETES),
        by_path,
        is_alone=True,
        pod_spec_paths=world.pod_spec_paths,
    )
    wanted = frozenset(documents)
    alone.borrow(world, lambda subject: subject.source in wanted)
    yield from runner.over_files(alone, (Kind.KUBERNETES,))


def over_unbuilt(world: World, runner: Runner) -> Iterator[Finding]:
    """What these rules find in the files that kustomizations take in, where these are not built."""
    for path in sorted(world.fact(taken_in) - world.fact(builds).parts):
        if world.kinds.get(path) is not Kind.KUBERNETES:
            continue
        alone = World(
            world.tree,
            {path: Kind.KUBERNETES},
            {path: world.loaded(path).documents},
            is_alone=True,
            pod_spec_paths=world.pod_spec_paths,
        )
        alone.may_be_patched = True
        for finding in runner.over_files(alone, (Kind.KUBERNETES,)):
            if not _is_about_files(finding):
                yield replace(finding, through=(path,))


def _is_about_files(finding: Finding) -> bool:
    return finding.code.rstrip("0123456789") in ABOUT_FILES


def merged(findings: Iterable[Finding], made: Builds) -> tuple[Finding, ...]:
    """The findings, those with one cause in several builds once, which names the builds."""
    tops = {document.path: dirname(document.path) or "." for document in made.documents}
    tops.update((*made.labels, *made.charts.labels))
    if not tops:
        return tuple(findings)
    releases = {path for path, _ in made.charts.labels}
    met: Counter[object] = Counter()
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        is_release = bool(finding.through) and finding.through[0] in releases
        cause = _cause_in_chart(finding, met) if is_release else _cause(finding)
        groups.setdefault(cause, []).append(finding)
    return tuple(item for group in groups.values() for item in _told(group, tops))


def _cause(finding: Finding) -> object:
    """What makes findings of several builds one."""
    at = finding.location
    cause = (finding.code, at.path, at.document, at.span, finding.message_id, finding.fingerprint)
    return (*cause, finding.suppressed, finding.annotation)


def _cause_in_chart(finding: Finding, met: Counter[object]) -> object:
    """As ``_cause``, for releases of one chart, whose objects bear the names of their releases.

    ``met`` counts what each release has at one place, such as in a loop.
    """
    at = finding.location
    place = (at.path, at.document, at.span)
    told = (finding.code, finding.message_id, finding.suppressed, finding.annotation)
    cause = (place, told, finding.through[-1])
    release = (cause, finding.through[0])
    met[release] += 1
    return (cause, met[release])


def _told(group: Sequence[Finding], tops: Mapping[str, str]) -> Sequence[Finding]:
    """The findings of one cause, as one if a build has it."""
    in_builds = {tops[item.through[0]] for item in group if item.through and item.through[0] in tops}
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
    found = tuple(findings)
    dropped = frozenset(parts)
    paths = {finding.location.path for finding in found}
    told = {_cause(finding) for finding in built if finding.location.path in paths}
    return tuple(
        finding
        for finding in found
        if _cause(finding) not in told and (_is_about_files(finding) or finding.location.path not in dropped)
    )
