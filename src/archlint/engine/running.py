"""Runs the checks of some rules and turns what they see into findings."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.checks import Check, Options, Scope, check_of, looks_at
from archlint.documents.kustomize.built import BuiltDocument, value_at
from archlint.documents.kustomize.substitution import has_unknown
from archlint.engine.needs import UNWRITTEN, fault_of_needs, needed_words, needs_of, package_of, scope_in
from archlint.engine.unwritten import unwritten_checks
from archlint.files import Kind, path_kind
from archlint.finding import Finding, Notice, Observation, Rule, Severity
from archlint.finding.records import dataclass
from archlint.judging import resolve
from archlint.judging.asked import EVERYTHING, Asked
from archlint.judging.foreign import as_told_elsewhere, is_turned_on
from archlint.model.kubernetes.foreign_ignores import any_turns_on
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.engine.sharing import How


ABOUT_FILES = frozenset(("LINT",))
"""The areas of the rules about files as they stand, whatever kustomizations build of them."""
_MAKES_MANIFESTS = frozenset({Kind.CHART, Kind.KUSTOMIZATION})
_PROTO = "PROTO"
ABSENCE = "absence"
"""The tag of rules that say that something is missing in the repository."""
_MAY_DEFINE = (".yaml", ".yml", ".json", ".tpl", ".tmpl", ".gotmpl", ".jsonnet", ".libsonnet", ".cue", ".tf")


@dataclass(frozen=True, slots=True)
class _Active:
    """A rule in force: its check and the options it gets."""

    rule: Rule
    check: Check
    options: Options


class Runner:
    """Runs rules; a rule whose check raises is named in ``failures`` and the others go on."""

    shared: How | None = None
    """What is done with a rule about files and its subjects, where this process does a part of the work."""

    def __init__(
        self,
        rules: Sequence[Rule],
        options: Mapping[str, Mapping[str, Any]],
        *,
        severities: Mapping[str, Severity] | None = None,
        promises: Mapping[str, Any] | None = None,
        on_request: Sequence[Rule] = (),
        asked: Asked = EVERYTHING,
    ) -> None:
        """``options`` and ``severities`` are what the configuration sets, by rule code.

        ``promises`` is what all rules that judge changes get besides: ``today`` and ``deprecation-days``.
        ``on_request`` are rules that an object may turn on for itself. What is not ``asked`` for is not
        told.
        """
        self._asked = asked
        self.rules = tuple(rules)
        self._promises = promises or {}
        self._severities = severities or {}
        self._options = options
        self.notices: list[Notice] = []
        """What is to be told of the run that is no failure."""
        self._failures: dict[str, Notice] = {}
        self._met: dict[str, Notice] = {}
        self._unusable: dict[str, Notice] = {}
        self._active: dict[tuple[Scope, type], list[_Active]] = {}
        self._scopes: dict[str, Scope] = {}
        self._seen: set[tuple[tuple[Scope, ...], Set[str]]] = set()
        self._heeded: set[str] = set(Kind)
        """The words that may let a rule wait no longer; of objects there may be a thousand kinds."""
        self._unsure: set[str] = set()
        self._on_request = on_request
        self._waiting: dict[str, list[Rule]] = {}
        for rule in rules:
            self._waiting.setdefault(package_of(rule), []).append(rule)

    @property
    def failures(self) -> tuple[Notice, ...]:
        """What failed so far, one notice a rule, in the order of their codes."""
        return tuple(self._failures[code] for code in sorted(self._failures))

    def add_failure(self, code: str, notice: Notice) -> None:
        """Add a failure that was met elsewhere; the first one of a rule is kept."""
        self._failures.setdefault(code, notice)
        self._met.setdefault(code, notice)

    def failures_by_rule(self) -> dict[str, Notice]:
        """What failed so far, by rule code."""
        return dict(self._failures)

    def failures_met(self) -> dict[str, Notice]:
        """What failed since this was last asked, and what cannot run at all, by rule code: there may be more
        to see in what was looked at meanwhile."""
        met, self._met = {**self._unusable, **self._met}, {}
        return met

    def over_files(
        self, world: World, kinds: Iterable[Kind] = Kind, areas: Container[str] | None = None
    ) -> Iterator[Finding]:
        """Findings of the rules that look at one file at a time, and at files of some kinds; only those of
        some areas if these are given."""
        self._activate(needed_words(world, frozenset(kinds).intersection(world.kinds.values())), Scope.FILE)
        for active, subjects in self._groups(Scope.FILE, world.all, areas):
            run = partial(self._run, active)
            yield from self.shared(active, subjects, run) if self.shared else run(subjects, active.options)
        if Kind.KUBERNETES in kinds and Kind.KUBERNETES in world.kinds.values():
            yield from self._over_requested(world, lambda runner: runner.over_files(world, kinds))
        if Kind.PROTO in kinds and Kind.PROTO in world.kinds.values():
            yield from self._over_wanted(world, lambda runner: runner.over_files(world, kinds))

    def over_joins(self, world: World) -> Iterator[Finding]:
        """Findings of the rules that compare files with each other."""
        self._activate(needed_words(world, _with_built(world.kinds.values())), Scope.WORLD)
        hides = hides_objects(world.tree.absent)
        for active, subjects in self._groups(Scope.WORLD, world.all):
            if hides and ABSENCE in active.rule.tags:
                self._unsure.add(active.rule.code)
                continue
            yield from self._run(active, subjects, world, active.options)
        if Kind.KUBERNETES in world.kinds.values():
            yield from self._over_requested(world, lambda runner: runner.over_joins(world))
        if Kind.PROTO in world.kinds.values():
            yield from self._over_wanted(world, lambda runner: runner.over_joins(world))

    def _over_requested(self, world: World, run: Callable[[Runner], Iterator[Finding]]) -> Iterator[Finding]:
        """Findings of rules that are not in force, about the objects that turn them on for themselves."""
        if not self._on_request or not world.fact(any_turns_on):
            return
        yield from self._with(_RequestedRunner, self._on_request, run)

    def _over_wanted(self, world: World, run: Callable[[Runner], Iterator[Finding]]) -> Iterator[Finding]:
        """Findings of rules that are not in force, in proto files whose settings for buf want them."""
        rules = [rule for rule in self._on_request if rule.area == _PROTO]
        if not rules:
            return
        from archlint.judging.proto_lint import may_tell
        from archlint.model.protobuf import wanted_lint

        wanted = world.reading(wanted_lint)
        rules = [rule for rule in rules if may_tell(rule, wanted)]
        if rules:
            yield from self._with(_WantedRunner, rules, run)

    def _with(
        self,
        kind: type[Runner],
        rules: Sequence[Rule],
        run: Callable[[Runner], Iterator[Finding]],
    ) -> Iterator[Finding]:
        runner = kind(rules, self._options, severities=self._severities, asked=self._asked)
        runner.shared = self.shared
        yield from run(runner)
        for code, notice in runner.failures_by_rule().items():
            self.add_failure(code, notice)

    @property
    def unsure(self) -> tuple[str, ...]:
        """Codes of the rules that were left out, since what they would find missing may not be here."""
        return tuple(sorted(self._unsure))

    def subjects(self, world: World) -> Iterator[tuple[Rule, Any]]:
        """Each rule that looks at a revision by itself, with each thing in it that the rule looks at."""
        words = needed_words(world, _with_built(world.kinds.values()))
        self._activate(words, Scope.FILE, Scope.WORLD)
        for scope in (Scope.FILE, Scope.WORLD):
            for active, subjects in self._groups(scope, world.all):
                yield from ((active.rule, subject) for subject in subjects)

    def over_changes(
        self, changes: Mapping[type, Sequence[Any]], kinds: Iterable[Kind] = Kind
    ) -> Iterator[Finding]:
        """Findings of the rules that judge changes, given these by class and the kinds of file compared."""
        self._activate(kinds, Scope.CHANGE)
        yield from self._over(Scope.CHANGE, changes)

    def over_verdicts(self, verdicts: Mapping[type, Sequence[Any]]) -> Iterator[Finding]:
        """Findings of the rules about suppressions and the baseline, given what judging found, by class."""
        self._activate((), Scope.VERDICT)
        yield from self._over(Scope.VERDICT, verdicts)

    def has_run(self, code: str, *scopes: Scope) -> bool:
        """Whether the rule with this code is of one of some scopes, is in force, and did not fail.

        A rule whose kinds of file do not occur has run: there was nothing for it to find. One of which only
        a part is asked for has not: nobody knows what else it would have found.
        """
        if code in self._asked.cut:
            return False
        for package, rules in self._waiting.items():
            waiting = next((rule for rule in rules if rule.code == code), None)
            if waiting is not None:
                scope = scope_in(package, waiting)
                if scope is not None:
                    return scope in scopes
                rules.remove(waiting)
                self._import(package, [waiting])
        return self._scopes.get(code) in scopes and code not in self._failures and code not in self._unsure

    def _over(self, scope: Scope, given: Mapping[type, Sequence[Any]]) -> Iterator[Finding]:
        for active, subjects in self._groups(scope, lambda kind: given.get(kind, ())):
            yield from self._run(active, subjects, active.options)

    def _activate(self, words: Iterable[str], *scopes: Scope) -> None:
        """Import the checks of some scopes of rules that look at files of some kinds, once there are such,
        with what else the checks say that they need."""
        present = set(words)
        asked = scopes, frozenset(present & self._heeded)
        if asked in self._seen:
            return
        self._seen.add(asked)
        for package, rules in list(self._waiting.items()):
            try:
                wanted = None if package.startswith(UNWRITTEN) else looks_at(package)
            except Exception as error:  # a plugin may raise anything while it is imported
                for rule in rules:
                    self._give_up(rule, _reason(error))
                rules.clear()
                continue
            if wanted is None or not wanted.isdisjoint(present):
                self._import(package, self._due(package, scopes, present))

    def _due(self, package: str, scopes: Sequence[Scope], present: Set[str]) -> list[Rule]:
        """The rules of a package that wait no longer, since they are of some scopes and what they need is
        there, or nobody knows."""
        due: list[Rule] = []
        later: list[Rule] = []
        for rule in self._waiting[package]:
            needs = needs_of(package, rule)
            if needs and (fault := fault_of_needs(package, rule)):
                self._give_up(rule, fault)
                continue
            self._heeded |= needs
            is_due = scope_in(package, rule) in (None, *scopes) and (
                not needs or not needs.isdisjoint(present)
            )
            (due if is_due else later).append(rule)
        self._waiting[package] = later
        return due

    def _import(self, package: str, rules: Sequence[Rule]) -> None:
        try:
            policies = unwritten_checks(package, rules) if rules and package.startswith(UNWRITTEN) else {}
        except Exception as error:  # a page may say anything
            for rule in rules:
                self._give_up(rule, _reason(error))
            return
        for rule in rules:
            try:
                self._add(rule, policies[rule.name] if policies else check_of(package, rule.name))
            except Exception as error:  # a plugin may raise anything while it is imported
                self._give_up(rule, _reason(error))

    def _add(self, rule: Rule, found: Check | None) -> None:
        if found is None:
            self._give_up(rule, "has no check function")
            return
        common = self._promises if found.scope in (Scope.CHANGE, Scope.WORLD) else {}
        options = Options({**common, **rule.defaults(), **self._options.get(rule.code, {})})
        self._active.setdefault((found.scope, found.subject), []).append(_Active(rule, found, options))
        self._scopes[rule.code] = found.scope

    def _groups(
        self, scope: Scope, find: Callable[[type], Sequence[Any]], areas: Container[str] | None = None
    ) -> Iterator[tuple[_Active, Sequence[Any]]]:
        for (wanted, subject), every in self._active.items():
            if wanted is not scope:
                continue
            group = [active for active in every if areas is None or active.rule.area in areas]
            if not group:
                continue
            try:
                subjects = find(subject)
            except Exception as error:
                for active in group:
                    self._fail(active.rule, _reason(error))
                continue
            if subjects:
                for active in group:
                    yield active, subjects

    def _run(self, active: _Active, subjects: Iterable[Any], *arguments: object) -> Iterator[Finding]:
        function = active.check.function
        for subject in subjects:
            try:
                for observation in function(subject, *arguments):
                    yield from self._told(active.rule, observation, subject)
            except Exception as error:  # a rule may be anybody's; the rest must be reported
                self._fail(active.rule, _reason(error))

    def _told(self, rule: Rule, observation: Observation, subject: Any) -> Sequence[Finding]:
        """The finding for an observation, unless nobody wants to hear of it."""
        if _names_unknown(subject, observation):
            return ()
        found = resolve(
            rule, observation, self._severities, subject=subject.object, through=_through(subject)
        )
        told = self._asked.told(as_told_elsewhere(found, observation, subject))
        told = told and _as_told_to_buf(told, observation)
        return () if told is None else self._kept(told, observation, subject)

    def _kept(self, finding: Finding, observation: Observation, subject: Any) -> Sequence[Finding]:
        """The finding, unless it is none for who runs the rules."""
        return (finding,)

    def _fail(self, rule: Rule, reason: str) -> None:
        self.add_failure(rule.code, Notice("error", f"rule {rule.name} ({rule.code}) {reason}"))

    def _give_up(self, rule: Rule, reason: str) -> None:
        """A rule fails that cannot run at all."""
        self._fail(rule, reason)
        self._unusable[rule.code] = self._failures[rule.code]


class _WantedRunner(Runner):
    """Runs rules that settings for buf turn on, and tells what is found in their modules alone."""

    def _kept(self, finding: Finding, observation: Observation, subject: Any) -> Sequence[Finding]:
        return (finding,) if _buf().is_asked_for(finding, observation) else ()


class _RequestedRunner(Runner):
    """Runs rules that objects turn on for themselves, and tells what is found in these alone."""

    def _kept(self, finding: Finding, observation: Observation, subject: Any) -> Sequence[Finding]:
        return (finding,) if is_turned_on(finding, observation, subject) else ()


def _as_told_to_buf(finding: Finding, seen: Observation) -> Finding | None:
    """The finding as settings of buf want it, which speak of proto files alone."""
    return _buf().as_told(finding, seen) if finding.location.path.endswith(".proto") else finding


class _Buf(NamedTuple):
    """What needs the model of protos, and is called for each finding."""

    as_told: Callable[[Finding, Observation], Finding | None]
    is_asked_for: Callable[[Finding, Observation], bool]


@cache
def _buf() -> _Buf:
    """Imported once and late: an import that is done costs 2 µs, and there may be 100,000 findings."""
    from archlint.judging.proto_lint import as_told_to_buf, is_asked_for

    return _Buf(as_told_to_buf, is_asked_for)


def _reason(error: Exception) -> str:
    return f"failed: {type(error).__name__}: {error}"


def _with_built(kinds: Iterable[Kind]) -> frozenset[Kind]:
    """The kinds of files, and manifests where something makes these."""
    found = frozenset(kinds)
    return found if found.isdisjoint(_MAKES_MANIFESTS) else found | {Kind.KUBERNETES}


def hides_objects(absent: Iterable[str]) -> bool:
    """Whether files that are not here may define what others need."""
    return any(path.endswith(_MAY_DEFINE) or path_kind(path) is not Kind.OTHER for path in absent)


def _through(subject: Any) -> tuple[str, ...]:
    """Where a subject was found: what it says itself, else its own file."""
    told: tuple[str, ...] | None = getattr(subject, "through", None)
    if told is not None:
        return told
    source = getattr(subject, "source", None)
    return () if source is None else getattr(source, "through", (source.path,))


def _names_unknown(subject: Any, seen: Observation) -> bool:
    """Whether something is about a variable without a value, in what Flux fills in: it may be anything."""
    source = getattr(subject, "source", None)
    if not isinstance(source, BuiltDocument) or not source.has_variables:
        return False
    return any(map(has_unknown, seen.arguments.values())) or has_unknown(value_at(seen.place))
