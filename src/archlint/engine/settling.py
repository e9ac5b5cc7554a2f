"""What becomes of findings: suppressed, known from a baseline, or reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from archlint.checks import Scope
from archlint.config import Settings
from archlint.engine.choosing import Choice
from archlint.engine.request import covers_everything
from archlint.engine.running import Runner
from archlint.files.tree import is_inside
from archlint.finding import Finding, Notice
from archlint.finding.records import dataclass, replace
from archlint.judging import resolve
from archlint.judging.baseline import Baseline, Looked, compare, new_only, stale_entries, updated
from archlint.judging.candidates import candidates
from archlint.model.judged import InvalidSuppression, StaleBaselineEntry, UnusedSuppression
from archlint.model.world import World
from archlint.registry import Registry

if TYPE_CHECKING:
    from archlint.judging.suppressions import Suppressions

KNOWN = "known from the baseline"
"""Why a finding does not count that the baseline has."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Against what findings are held."""

    registry: Registry
    settings: Settings
    today: date
    root: Path
    covers: Callable[[str], bool]
    """Whether a path lies below the named paths, or would if it existed."""
    choice: Choice = field(default_factory=lambda: Choice(covers_everything))
    """Which findings an updated baseline is to know; the others it leaves as they are."""
    whole: bool = True
    """Whether the named paths cover the whole repository."""
    sees_all: bool = True
    """Whether joins have seen all there is."""
    baseline: Baseline = field(default_factory=Baseline)
    update: bool = False
    """Make all findings known instead of reporting them."""
    changes: Runner | None = None
    """What judged the changes since a base, if there is one."""

    has_name: Callable[[str], bool] | None = None
    """Whether a file holds archlint's name, if the cache knows it."""

    def exists(self, path: str) -> bool:
        """Whether a path of the baseline is still a file."""
        return is_inside(path) and (self.root / path).is_file()


@dataclass(frozen=True, slots=True)
class Settled:
    """Findings that count, those that do not with the reason, and the baseline that would know them all."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    baseline: Baseline
    notices: tuple[Notice, ...] = ()


def settle(findings: Iterable[Finding], world: World, runner: Runner, terms: Terms) -> Settled:
    """Hold findings against the suppressions of files and configuration, then against the baseline.

    Suppressions without effect or use, and stale entries, add findings of their own, which may be suppressed
    in their turn.
    """
    findings = list(findings)
    suppressions = suppressions_of(world, findings, terms)
    invalid = suppressions.invalid if suppressions else []
    kept, hidden = _apply(suppressions, [*findings, *_verdicts(runner, terms, {InvalidSuppression: invalid})])
    scopes = (Scope.FILE, Scope.WORLD) if terms.sees_all else (Scope.FILE,)
    if suppressions:
        unused = suppressions.unused(
            lambda code: runner.has_run(code, *scopes), whole=terms.whole, looked_at=terms.covers
        )
        more, more_hidden = _apply(suppressions, _verdicts(runner, terms, {UnusedSuppression: unused}))
        kept, hidden = [*kept, *more], [*hidden, *more_hidden]
    compared = compare(sorted(kept, key=Finding.sort_key), terms.baseline.entries, terms.exists)
    known = [replace(finding, suppressed=KNOWN) for finding in compared.known]
    notices = tuple(_idle(suppressions, world, terms)) if suppressions else ()
    looked = Looked(
        lambda code: runner.has_run(code, *scopes, Scope.VERDICT), terms.registry.by_code, terms.covers
    )
    if terms.update:
        baseline = _updated(kept, looked, terms)
        known += [replace(finding, suppressed=KNOWN) for finding in compared.new]
        return Settled((), (*hidden, *known), baseline, notices)
    stale = stale_entries(terms.baseline, compared.left, looked)
    late, late_hidden = _apply(suppressions, _verdicts(runner, terms, {StaleBaselineEntry: stale}))
    return Settled((*compared.new, *late), (*hidden, *late_hidden, *known), terms.baseline, notices)


def _idle(suppressions: Suppressions, world: World, terms: Terms) -> Iterator[Notice]:
    """Elements that entries about changes name, and at which nothing was suppressed: a slip of the pen, or a
    change that the base has by now."""
    runner = terms.changes
    if runner is None:
        return
    paths = [path for path in world.kinds if terms.covers(path)]
    for place, elements in suppressions.idle_elements(lambda code: runner.has_run(code, Scope.CHANGE), paths):
        names = ", ".join(f"'{name}'" for name in elements)
        words = f"suppress: nothing was suppressed at {names} in what was compared (line {place.span().line})"
        yield Notice("warning", words, place.source.path)


def _updated(findings: Iterable[Finding], looked: Looked, terms: Terms) -> Baseline:
    """The baseline with the chosen findings; entries that stand for others stay as they are."""
    chosen: list[Finding] = []
    others: list[Finding] = []
    for finding in sorted(findings, key=Finding.sort_key):
        (chosen if terms.choice.has(finding) else others).append(finding)
    left = compare(chosen, terms.baseline.entries, terms.exists).left
    stale = compare(others, left, terms.exists).left
    return updated(terms.baseline, chosen, left, stale, looked)


def suppressions_of(world: World, findings: Iterable[Finding], terms: Terms) -> Suppressions | None:
    """All suppressions that may hold for some findings, or are judged themselves; ``None`` if there are none.

    A file that nobody read for its documents, asked to be judged or found anything in needs no look.
    """
    places = {place.path for finding in findings for place in (finding.location, *finding.related)}
    kinds = {
        path: kind
        for path, kind in world.kinds.items()
        if path in places or terms.covers(path) or world.count_documents(path)
    }
    contents = list(candidates(world.tree, kinds, terms.has_name))
    if not contents and not terms.settings.suppress:
        return None
    from archlint.judging.marks import read_marks
    from archlint.judging.suppressions import Suppressions

    return Suppressions(
        read_marks(contents, world.documents()),
        terms.settings.suppress,
        terms.registry,
        terms.today,
        world=world,
        revision=world.tree.revision,
    )


def _apply(
    suppressions: Suppressions | None, findings: Iterable[Finding]
) -> tuple[list[Finding], list[Finding]]:
    return suppressions.apply(findings) if suppressions else (list(findings), [])


def only_new(
    findings: Iterable[Finding], base_findings: Iterable[Finding], base: World, runner: Runner, terms: Terms
) -> tuple[Finding, ...]:
    """The findings that the base does not have, judged by the same terms; ``runner`` is that of the base.

    What is suppressed in the base counts as not had, so taking a suppression away brings its finding.
    """
    had = settle(base_findings, base, runner, replace(terms, update=False, has_name=None)).findings
    return new_only(sorted(findings, key=Finding.sort_key), had, terms.exists).new


def _verdicts(runner: Runner, terms: Terms, found: dict[type, Sequence[object]]) -> list[Finding]:
    return [resolve(item, terms.settings.severities) for item in runner.over_verdicts(found)]
