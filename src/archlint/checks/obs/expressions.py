"""What expressions of rules ask for, against what there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Place
from archlint.model.services.grouping import Service, ServiceKey
from archlint.model.system.names import plain
from archlint.model.telemetry.dashboards import Dashboard
from archlint.model.telemetry.known_names import LABELS, known_names, nowhere
from archlint.model.telemetry.naming import beginnings
from archlint.model.telemetry.promql import Matcher, exact_values, selectors_of
from archlint.model.telemetry.rules import MetricRule, recorded, words_of
from archlint.model.telemetry.scraping import is_run_by_a_team, team_services
from archlint.model.world import World

T = TypeVar("T")

_MOST_SIBLINGS, _NEAR = 50, 0.9


@join(MetricRule)
def rule_label_matches_nothing(rule: MetricRule, world: World, options: Options) -> Iterator[Observation]:
    """A label in an expression whose value is nearly the name of something that is here."""
    told: set[tuple[str, str]] = set()
    for selector in rule.selectors:
        for matcher in selector.matchers:
            for value, start in exact_values(matcher) if matcher.label in LABELS else ():
                if (matcher.label, value) not in told:
                    told.add((matcher.label, value))
                    yield from _unknown(rule, matcher, value, start, world)


def _unknown(
    rule: MetricRule, matcher: Matcher, value: str, start: int, world: World
) -> Iterator[Observation]:
    what = LABELS[matcher.label]
    names = world.fact(known_names)[what]
    near = names.meant(value) if value in world.fact(nowhere) and value not in names.places else None
    if near is None:
        return
    yield observe(
        rule.place(start, start + len(value)),
        "default" if rule.is_alert else "recording",
        related=[(names.places[near], f"the {what} that may be meant")],
        identity=(rule.group, rule.name, matcher.label, value),
        rule=rule.name,
        label=matcher.label,
        value=value,
        what=what,
        near=near,
    )


@join(MetricRule)
def recorded_metric_undefined(rule: MetricRule, world: World, options: Options) -> Iterator[Observation]:
    """A metric that recording rules of the repository should record, and none does."""
    known = world.fact(recorded)
    told: set[str] = set()
    for selector in rule.selectors:
        name = selector.name
        if ":" not in name.strip(":") or name in known or name in told:
            continue
        told.add(name)
        near = world.fact(siblings).of(name)
        if near is None:
            continue
        yield observe(
            rule.place(selector.start, selector.end),
            related=[(known[near].node.get("record").value_place(), "what is recorded")],
            identity=(rule.group, rule.name, name),
            rule=rule.name,
            metric=name,
            near=near,
        )


class Siblings:
    """The recorded metrics, by what stands between their colons."""

    def __init__(self, names: Iterable[str]) -> None:
        self._others: dict[tuple[int, tuple[str, ...]], list[str]] = defaultdict(list)
        for name in names:
            parts = name.split(":")
            for at in range(len(parts)):
                self._others[at, (*parts[:at], *parts[at + 1 :])].append(parts[at])

    def of(self, name: str) -> str | None:
        """One with the same level and metric, else one in which a single part is nearly the same."""
        from difflib import get_close_matches

        parts = name.split(":")
        for at in range(len(parts) - 1, -1, -1):
            found = self._others.get((at, (*parts[:at], *parts[at + 1 :])), [])[:_MOST_SIBLINGS]
            is_operation = at == len(parts) - 1 and at > 1
            near = found[:1] if is_operation else get_close_matches(parts[at], found, n=1, cutoff=_NEAR)
            if near:
                return ":".join((*parts[:at], near[0], *parts[at + 1 :]))
        return None


def siblings(world: World) -> Siblings:
    """The recorded metrics of a world; ask with ``world.fact(siblings)``."""
    return Siblings(world.fact(recorded))


@join(Service)
def service_without_alert(service: Service, world: World, options: Options) -> Iterator[Observation]:
    """A service that no rule is about, where rules are about others."""
    watched = world.fact(_watched)
    place = next((each.node.place() for each in watched.values()), None)
    yield from _left_out(service, watched, (place, "a rule about another service"), world, options)


@join(Service)
def service_without_dashboard(service: Service, world: World, options: Options) -> Iterator[Observation]:
    """A service that no dashboard is about, where dashboards are about others."""
    shown = world.fact(_shown)
    place = next((each.root.get("title").value_place() for each in shown.values()), None)
    yield from _left_out(service, shown, (place, "a dashboard about another service"), world, options)


def _left_out(
    service: Service,
    known: Mapping[ServiceKey, object],
    other: tuple[Place | None, str],
    world: World,
    options: Options,
) -> Iterator[Observation]:
    """A service that is not known to something, to which a share of the team's services is."""
    place, words = other
    if place is None or service.key in known or not is_run_by_a_team(service):
        return
    total = len(world.fact(team_services))
    if len(known) < options["share"] * total:
        return
    yield observe(
        service.anchor.get("metadata", "name").value_place(),
        related=[(place, words)],
        service=service.name,
        known=len(known),
        total=total,
    )


def _shown(world: World) -> dict[tuple[str | None, str], Dashboard]:
    """The services that dashboards are about, each with one of them."""
    by_word: dict[str, Dashboard] = {}
    for dashboard in world.all(Dashboard):
        for text in _words_shown(dashboard):
            for word in beginnings(text):
                by_word.setdefault(word, dashboard)
    return _named_by(by_word, world)


def _words_shown(dashboard: Dashboard) -> Iterator[str]:
    """What a dashboard may name a service by: titles, tags, metrics and values of labels."""
    yield dashboard.title
    yield from dashboard.root.get("tags").texts()
    for panel, node in dashboard.queries():
        yield panel
        for selector in selectors_of(node.text or ""):
            yield selector.name
            yield from (matcher.value for matcher in selector.matchers)


def _watched(world: World) -> dict[tuple[str | None, str], MetricRule]:
    """The services that rules are about, each with one of them."""
    by_word: dict[str, MetricRule] = {}
    for rule in world.all(MetricRule):
        for text in words_of(rule):
            for word in beginnings(text):
                by_word.setdefault(word, rule)
    return _named_by(by_word, world)


def _named_by(by_word: Mapping[str, T], world: World) -> dict[tuple[str | None, str], T]:
    """The services of teams whose names are among some words, with what has the word."""
    return {
        service.key: by_word[plain(service.name)]
        for service in world.fact(team_services)
        if plain(service.name) in by_word
    }
