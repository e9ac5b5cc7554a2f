"""Which findings are suppressed, which suppressions have no effect, and which nobody needs any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from archlint.files.globs import Exclusion
from archlint.finding import Finding, Location, Place, Profile, Rule, Status
from archlint.finding.foreign_names import is_foreign
from archlint.finding.records import dataclass, replace
from archlint.judging.asked import Told
from archlint.judging.directives import DirectiveFault
from archlint.judging.elements import NamedElements, upwards
from archlint.judging.marks import Cover, Mark
from archlint.judging.nearby import line_below
from archlint.model.judged import InvalidSuppression, UnusedSuppression
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.judging.references import SuppressedReach


class RuleBook(Protocol):
    """What suppressions must know about the rules that exist."""

    @property
    def by_code(self) -> Mapping[str, Rule]:
        """All rules by code."""

    def codes(self, selector: str) -> frozenset[str]:
        """The codes of the rules that a selector names; none if it names nothing."""

    def complaint(self, selector: str) -> str:
        """A sentence that says that a selector names nothing, and what may have been meant."""


class ConfiguredSuppression(Protocol):
    """A suppression of the configuration."""

    @property
    def rules(self) -> tuple[str, ...]:
        """Selectors."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Patterns of paths."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def until(self) -> date | None:
        """The last day."""

    @property
    def elements(self) -> tuple[str, ...]:
        """Pointers of elements or names of objects to which it is limited; empty for all."""

    @property
    def place(self) -> Place | None:
        """Where it is written."""


@dataclass(slots=True)
class _Active:
    """A suppression that has effect: the rules it covers by selector, and which of these were needed."""

    mark: Mark | None
    place: Place | None
    text: str
    why: str
    selectors: dict[str, frozenset[str]]
    needed: set[str] = field(default_factory=set)
    exclusion: Exclusion | None = None
    elements: NamedElements = field(default_factory=lambda: NamedElements(()))
    """What an entry of the configuration is limited to."""
    named: dict[str, bool] = field(default_factory=dict)
    """Files, and whether an entry of the configuration names them."""

    def holds_in(self, finding: Finding) -> bool:
        """Whether an entry of the configuration is about one of a finding's places."""
        places = [place for place in (finding.location, *finding.related) if self._names(place.path)]
        return bool(places) and (not self.elements or self.elements.cover(finding, places))

    def _names(self, path: str) -> bool:
        """Whether an entry of the configuration names a file."""
        if path not in self.named:
            self.named[path] = self.exclusion is not None and self.exclusion.excludes_file(path, "")
        return self.named[path]

    def covers(self, told: Told) -> bool:
        """Whether it speaks of what a rule has found."""
        return bool(told.meant_by(self.selectors))

    def need(self, told: Told) -> None:
        """Note that such a finding was suppressed by it."""
        self.needed.update(told.meant_by(self.selectors))


class _Group:
    """The suppressions of one place. Each is asked once about a rule, however many findings there are."""

    def __init__(self) -> None:
        self.members: list[_Active] = []
        self._by_told: dict[Told, list[_Active]] = {}
        self._needed: set[Told] = set()

    def add(self, active: _Active) -> None:
        """Add one, before any is asked."""
        self.members.append(active)

    def add_all(self, other: _Group) -> None:
        """Add those of another place."""
        self.members += other.members

    def of(self, told: Told) -> Sequence[_Active]:
        """Those that speak of what a rule has found."""
        if told not in self._by_told:
            self._by_told[told] = [each for each in self.members if each.covers(told)]
        return self._by_told[told]

    def covers(self, told: Told) -> bool:
        """Whether one speaks of what a rule has found."""
        return bool(self.of(told))

    def need(self, told: Told) -> str:
        """Note that it was suppressed by all that speak of it; returns the reason of one."""
        if told not in self._needed:
            self._needed.add(told)
            for each in self.of(told):
                each.need(told)
        return self.of(told)[0].why


class Suppressions:
    """All suppressions of a run; ``apply`` may be called several times, ``unused`` after the last."""

    def __init__(
        self,
        marks: Iterable[Mark],
        entries: Iterable[ConfiguredSuppression],
        book: RuleBook,
        today: date,
        *,
        world: World | None = None,
        revision: str | None = None,
    ) -> None:
        """``marks`` are those of the files, ``entries`` those of the configuration. With a world, an
        element's suppression also holds where the element is referred to, and for what only it refers to.
        ``revision`` is that of the marks; places of another one are not covered."""
        self.invalid: list[InvalidSuppression] = []
        self._book = book
        self._today = today
        self._revision = revision
        self._codes: dict[str, frozenset[str]] = {}
        self._called_elsewhere: set[str] = set()
        """Codes of rules that are called by a name of another tool, which is one of several perhaps."""
        self._active: list[_Active] = []
        self._by_line: dict[tuple[str, int], _Group] = {}
        self._by_file: dict[str, _Group] = {}
        self._by_element: dict[tuple[str, int], dict[str, _Group]] = {}
        self._by_reference: dict[tuple[str, str], _Group] = {}
        self._commented: set[str] = set()
        self._kept: dict[str, list[Finding]] = {}
        """What counts in the files that have comments about lines, by path."""
        self._world = world
        self._by_annotation: dict[tuple[str, int, int], _Group] = {}
        self._everywhere = _Group()
        for mark in marks:
            self._add_mark(mark)
        for entry in entries:
            self._add_entry(entry)
        elements: dict[tuple[str, str], _Group] = {}
        for (path, document), pointers in self._by_element.items():
            for pointer, group in pointers.items() if document == 0 else ():
                elements.setdefault((path, pointer), _Group()).add_all(group)
        for element, group in self._by_reference.items():
            elements.setdefault(element, _Group()).add_all(group)
        self._reach: SuppressedReach[_Group] | None = None
        if world is not None and elements:
            from archlint.judging.references import SuppressedReach

            self._reach = SuppressedReach(world, elements)

    def apply(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
        """The findings that count, and those that are suppressed, each with the reason."""
        kept: list[Finding] = []
        suppressed: list[Finding] = []
        for finding in findings:
            reasons = list(self._reasons(finding))
            if reasons:
                suppressed.append(replace(finding, suppressed=reasons[0]))
            else:
                kept.append(finding)
                if finding.location.path in self._commented:
                    self._kept.setdefault(finding.location.path, []).append(finding)
        return kept, suppressed

    def unused(
        self,
        has_run: Callable[[str], bool],
        *,
        whole: bool = True,
        looked_at: Callable[[str], bool] = lambda path: True,
    ) -> list[UnusedSuppression]:
        """The suppressions that no finding needed.

        ``has_run`` tells whether the rule with a code looked at all that a suppression may cover, and
        ``looked_at`` whether a file is judged. Entries of the configuration are judged only in a run over the
        ``whole`` repository.
        """
        if self._reach is not None:
            for group, told in self._reach.needed():
                group.need(told)
        found: list[UnusedSuppression] = []
        for active in self._active:
            if active.place is None or not (whole if active.mark is None else looked_at(active.mark.path)):
                continue
            idle = tuple(
                name
                for name, codes in active.selectors.items()
                if name not in active.needed and self._is_judged(codes, has_run)
            )
            about = active.mark.object if active.mark else None
            if idle:
                line = self._line_below(active, idle)
                found.append(UnusedSuppression(active.place, idle, active.text, about, line))
            elif active.elements.idle and self._are_judged(active, has_run):
                rules, elements = tuple(active.selectors), active.elements.idle
                found.append(UnusedSuppression(active.place, rules, active.text, about, elements=elements))
        return found

    def _line_below(self, active: _Active, idle: Sequence[str]) -> int | None:
        """Where a comment would suppress what it is meant for, if it stands some elements too high."""
        if active.mark is None or not active.mark.lines or self._world is None:
            return None
        codes = frozenset(code for name in idle for code in active.selectors[name])
        kept = [item for item in self._kept.get(active.mark.path, ()) if item.code in codes]
        return line_below(active.mark, kept, self._world) if kept else None

    def idle_elements(
        self, has_run: Callable[[str], bool], paths: Iterable[str]
    ) -> Iterator[tuple[Place, tuple[str, ...]]]:
        """Elements at which nothing was found, of entries whose rules all ``has_run``, in some ``paths``."""
        known = tuple(paths)
        for active in self._everywhere.members:
            if active.place is None or not active.elements.idle or not self._are_judged(active, has_run):
                continue
            if active.exclusion and any(active.exclusion.excludes_file(path, "") for path in known):
                yield active.place, active.elements.idle

    def _are_judged(self, active: _Active, has_run: Callable[[str], bool]) -> bool:
        return all(self._is_judged(codes, has_run) for codes in active.selectors.values())

    def _is_judged(self, codes: frozenset[str], has_run: Callable[[str], bool]) -> bool:
        """Whether all rules ran that a selector means; a group means those that a profile turns on."""
        rules = [self._book.by_code[code] for code in codes]
        if len(rules) > 1:
            rules = [
                rule
                for rule in rules
                if rule.profile is not Profile.OPTIONAL and rule.status is Status.STABLE
            ]
        return bool(rules) and all(has_run(rule.code) for rule in rules)

    def _add_mark(self, mark: Mark) -> None:
        said = mark.directive
        place = mark.place(self._revision)
        fault = said.fault or self._fault(said.rules, said.until)
        if fault is not None:
            self.invalid.append(
                InvalidSuppression(place, fault.kind, fault.arguments, mark.text, mark.object)
            )
            return
        why = f"{said.reason} ({mark.path}:{mark.span.line})"
        active = _Active(mark, place, mark.text, why, self._selectors(said.rules))
        self._active.append(active)
        if mark.cover is Cover.FILE:
            self._by_file.setdefault(mark.path, _Group()).add(active)
            return
        if mark.cover is Cover.LINES:
            self._commented.add(mark.path)
            for line in mark.lines:
                self._by_line.setdefault((mark.path, line), _Group()).add(active)
            for pointer in mark.references:
                self._by_reference.setdefault((mark.path, pointer), _Group()).add(active)
            return
        self._by_annotation.setdefault((mark.path, mark.span.line, mark.span.column), _Group()).add(active)
        if mark.cover is Cover.ELEMENT:
            pointers = self._by_element.setdefault((mark.path, mark.document), {})
            pointers.setdefault(mark.pointer, _Group()).add(active)

    def _add_entry(self, entry: ConfiguredSuppression) -> None:
        text = f"suppress: {', '.join((*entry.rules, *entry.elements))} in {', '.join(entry.paths)}"
        fault = self._fault(entry.rules, entry.until)
        if fault is None:
            where = f" ({entry.place.source.path}:{entry.place.span().line})" if entry.place else ""
            active = _Active(None, entry.place, text, entry.reason + where, self._selectors(entry.rules))
            active.exclusion = Exclusion(entry.paths)
            active.elements = NamedElements(entry.elements)
            self._active.append(active)
            self._everywhere.add(active)
        elif entry.place is not None:
            self.invalid.append(InvalidSuppression(entry.place, fault.kind, fault.arguments, text))

    def _fault(self, rules: Sequence[str], until: date | None) -> DirectiveFault | None:
        for name in rules:
            if not self._known(name):
                return DirectiveFault("unknown-rule", {"problem": self._book.complaint(name)})
        if until is not None and until < self._today:
            return DirectiveFault("expired", {"date": until.isoformat()})
        return None

    def _known(self, selector: str) -> frozenset[str]:
        if selector not in self._codes:
            self._codes[selector] = self._book.codes(selector)
            if is_foreign(selector):
                self._called_elsewhere |= self._codes[selector]
        return self._codes[selector]

    def _selectors(self, rules: Sequence[str]) -> dict[str, frozenset[str]]:
        return {name: self._known(name) for name in rules}

    def _reasons(self, finding: Finding) -> Iterator[str]:
        """Why a finding is suppressed, by what is nearest to it first; all that covers it was needed."""
        told = Told(finding.code)
        if finding.code in self._called_elsewhere:
            told = Told(finding.code, finding.aliases, finding.ignored_as)
        for place in (finding.location, *finding.related):
            if place.revision != self._revision:
                continue  # the other side of a comparison has other lines
            for group in self._around(place, told):
                if group.covers(told):
                    yield group.need(told)
        built = self._by_annotation.get(finding.annotation) if finding.annotation else None
        if built is not None and built.covers(told):
            yield built.need(told)
        for active in self._everywhere.of(told):
            if active.holds_in(finding):  # both sides of a comparison, as what is gone stands in the base
                active.need(told)
                yield active.why

    def _around(self, place: Location, told: Told) -> Iterator[_Group]:
        if line := self._by_line.get((place.path, place.span.line)):
            yield line
        pointers = self._by_element.get((place.path, place.document))
        if pointers and place.pointer is not None:
            yield from (pointers[pointer] for pointer in upwards(place.pointer) if pointer in pointers)
        if self._reach is not None and place.pointer is not None and place.document == 0:
            yield from self._reach.covering(place.path, place.pointer, told)
        if file := self._by_file.get(place.path):
            yield file
