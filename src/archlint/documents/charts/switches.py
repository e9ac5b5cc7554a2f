"""The templates of a chart that are switched off, and with which values they are on.

Values are those that count for a release: of the chart, over those of the charts in it, with what the release
states. Templates whose values do not exclude one another are switched on together, so that a chart is
rendered a few times at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archlint.documents.charts.building import ValueSet
from archlint.documents.charts.capabilities import Cluster
from archlint.documents.charts.chart import CHART_FILE, VALUES_FILE, Chart
from archlint.documents.charts.conditions import Conditions, value_at
from archlint.documents.charts.given_values import GivenValues
from archlint.documents.charts.meanings import Context, Path, Scope, ValueAt, part_of, written_parts
from archlint.documents.charts.set_syntax import SetProblem, with_value
from archlint.documents.charts.template_syntax import Template, parsed_template
from archlint.documents.charts.ways import Way
from archlint.documents.kustomize.values import Origin, Value, from_document, stamped
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex

_COMPARED = regex(r"""\b(?:eq|ne)[ (]+(?:\$|\.)[\w.]*?\.?Values\.(?:\w+\.)*(\w+)[) ]+"([^"\n]{1,60})\"""")
_TAKEN = regex(r"\.Values((?:\.\w++){2,12})")
_REQUIRED = regex(r'\brequired\s+(?:"[^"\n]*+"|`[^`\n]*+`)\s+\$?\.Values((?:\.\w++)++)')
_KEY = regex(r"(?:^|\n)[ \t]*+(?:-[ \t]++)?(\w++):")
_MOST_GROUPS = 4
"""Renderings of one chart with something switched on."""


@dataclass(frozen=True, slots=True)
class Group:
    """Templates that are switched on together."""

    ways: tuple[tuple[str, Way], ...]
    """How each template is switched on, by its name in the chart."""
    values: ValueSet
    """Values and cluster with which they are."""


class Switches:
    """Tells how templates of one chart are switched on, over the values of one release."""

    def __init__(self, chart: Chart, base: ValueSet, cluster: Cluster) -> None:
        self._chart = chart
        self._base = base
        self._cluster = base.cluster or cluster
        self._values = _effective(chart, base)
        texts = {name: _text(chart, name) for name in chart.templates()}
        parsed = {name: parsed_template(text) for name, text in texts.items()}
        self._templates: dict[str, Template] = {name: found for name, found in parsed.items() if found}
        definitions = dict(each for template in self._templates.values() for each in template.definitions)
        choices, maps = _choices(texts.values()), _maps(texts.values())
        self._conditions = Conditions(self._values, definitions, self._cluster.apis, choices, maps)

    def ways(self, name: str) -> list[Way]:
        """How a template is switched on, the best first."""
        template = self._templates.get(name)
        charts = self._around(name)
        if template is None or charts is None:
            return []
        prefix, around = charts
        for way in self._required(name, prefix):
            around = around.joined(way) or around
        found = self._conditions.ways(template.pieces, Context(prefix))
        joined = (around.joined(way) for way in found)
        return [way for way in joined if way is not None and (way.changes or way.apis)]

    def with_others(self, name: str, way: Way, others: Iterable[Way]) -> Way:
        """The way with what is switched on besides, as far as the text of the template names it."""
        depth, text = len(self._chart.way_to(name)), _text(self._chart, name)
        named = {
            path: pin
            for other in others
            for path, pin in other.pins.items()
            if pin.is_change and path not in way.pins and f"Values.{'.'.join(path[depth:])}" in text
        }
        return replace(way, pins={**way.pins, **named})

    def optional_keys(self, name: str) -> frozenset[str]:
        """The keys that a template writes under conditions of their own."""
        template = self._templates.get(name)
        parts = [] if template is None else list(written_parts(template.pieces, Scope.of(Context())))
        least = min((len(part.guards) for part in parts if _KEY.search(part.text)), default=0)
        return frozenset(key for part in parts if len(part.guards) > least for key in _KEY.findall(part.text))

    def _required(self, name: str, prefix: Path) -> Iterator[Way]:
        """That what a template calls required is there."""
        for route in _REQUIRED.findall(_text(self._chart, name)):
            ways = self._conditions.truth(
                part_of(Context(prefix), ("Values", *route.split(".")[1:])), wanted=True
            )
            yield from ways[:1]

    def _around(self, name: str) -> tuple[Path, Way] | None:
        """Where the values of a template's chart are, and what has to be so for that chart to be there;
        ``None`` if that is not known."""
        prefix: Path = ()
        around = Way()
        inside = ""
        for called, folder in self._chart.way_to(name):
            for condition in self._conditions_of(inside, called):
                found = self._conditions.truth(ValueAt((*prefix, *condition)), wanted=True)
                joined = around.joined(found[0]) if found else None
                if joined is None:
                    return None
                around = joined
            prefix, inside = (*prefix, called), folder
        return prefix, around

    def _conditions_of(self, inside: str, called: str) -> Iterator[Path]:
        """The value that says whether a chart in a chart is there: the first that exists."""
        top = self._chart.documents.get(f"{inside}/{CHART_FILE}" if inside else CHART_FILE)
        for node in top.root.get("dependencies").elements() if top is not None else ():
            if (node.get("alias").text or node.get("name").text) == called:
                listed = [each.strip() for each in (node.get("condition").text or "").split(",")]
                paths = [tuple(each.split(".")) for each in listed if each]
                known = (path for path in paths if value_at(self._values, path) is not None)
                yield from (next(known, path) for path in paths[:1])

    def groups(self, ways: Iterable[tuple[str, Way]]) -> Iterator[Group]:
        """Templates with how each is switched on; those together that do not exclude one another."""
        groups: list[tuple[Way, list[tuple[str, Way]]]] = []
        for name, way in ways:
            for index, (together, members) in enumerate(groups):
                joined = together.joined(way)
                if joined is not None:
                    groups[index] = (joined, [*members, (name, way)])
                    break
            else:
                groups.append((way, [(name, way)]))
        for together, members in groups[:_MOST_GROUPS]:
            values = self._switched(together)
            if values is not None:
                yield Group(tuple(members), values)

    def _switched(self, way: Way) -> ValueSet | None:
        """The values of the release with some more."""
        value = from_document(self._base.values) if self._base.values is not None else None
        if value is None:
            value = Value({}, self.origin(()))
        try:
            for path, data in way.changes.items():
                value = with_value(value, path, stamped(data, self.origin(path)))
        except SetProblem:
            return None
        cluster = replace(self._cluster, apis=self._cluster.apis | way.apis)
        return replace(self._base, values=GivenValues(value), cluster=cluster, has_variables=True)

    def origin(self, path: Path) -> Origin:
        """Where a value is written, or would be: of several files the one that has most of the way to it."""
        given = [(self._base.values, path)] if self._base.values is not None else []
        way = self._chart.way_to("/".join(f"charts/{part}" for part in (*path, "")))
        for depth, folder in enumerate(("", *(folder for _, folder in way))):
            document = self._chart.documents.get(f"{folder}/{VALUES_FILE}" if folder else VALUES_FILE)
            if document is not None:
                given.append((document, path[depth:]))
        most, source = 0, self._chart.top
        there: Path = ()
        for document, route in given:
            existing = tuple(map(str, document.existing(route)))
            if (depth := len(path) - len(route) + len(existing)) > most:
                most, source, there = depth, document, existing
        origin: Origin = (None, source)
        for part in there:
            origin = (origin, part)
        return origin


def _choices(texts: Iterable[str]) -> dict[str, list[str]]:
    """The texts that templates compare values with, by the last key of the value."""
    found: dict[str, dict[str, None]] = {}
    for text in texts:
        for key, value in _COMPARED.findall(text):
            found.setdefault(key, {})[value] = None
    return {key: list(values) for key, values in found.items()}


def _maps(texts: Iterable[str]) -> frozenset[Path]:
    """The values of which templates take parts."""
    routes = {tuple(route.split(".")[1:]) for text in texts for route in _TAKEN.findall(text)}
    return frozenset(route[:length] for route in routes for length in range(1, len(route)))


def _effective(chart: Chart, base: ValueSet) -> dict[str, Any]:
    """The values that count."""
    own = {} if base.is_without_own else _own(chart, "")
    stated = base.values.data if base.values is not None else None
    return _over(own, stated) if isinstance(stated, dict) else own


def _own(chart: Chart, inside: str) -> dict[str, Any]:
    """The values of a chart over those of the charts in it."""
    found: dict[str, Any] = {
        called: _own(chart, folder) for called, folder in chart.charts_in(inside).items()
    }
    document = chart.documents.get(f"{inside}/{VALUES_FILE}" if inside else VALUES_FILE)
    return _over(found, document.data) if document is not None and isinstance(document.data, dict) else found


def _over(below: Any, above: Any) -> Any:
    """Values over values, map by map."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return {**below, **{key: _over(below.get(key), value) for key, value in above.items()}}


def _text(chart: Chart, name: str) -> str:
    return chart.files[name].decode("utf-8", "replace")
