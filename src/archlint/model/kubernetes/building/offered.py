"""What charts offer and nobody takes: templates that are off with every set of values, each switched on.

Nothing of it is deployed, so it is no part of what is built: rules that hold files against each other do not
see it, and no object of it makes another one reachable, doubled or missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from posixpath import basename
from typing import Any

from archlint.documents.charts.building import ChartBuilder, ValueSet
from archlint.documents.charts.capabilities import Cluster
from archlint.documents.charts.chart import Chart
from archlint.documents.charts.meanings import Path
from archlint.documents.charts.rendering import Renderer
from archlint.documents.charts.switches import Group, Switches
from archlint.documents.charts.unset import UNSET, make_unset
from archlint.documents.charts.ways import Way
from archlint.documents.kustomize.built import BuiltDocument
from archlint.documents.kustomize.values import place_of
from archlint.model.kubernetes.building.rendered import Offer, document_of

_MOST_WAYS = 2
"""Ways of switching a template on that are tried."""
_MOST_TEMPLATES = 300
"""Templates of one chart that are switched on."""


class Offers:
    """Switches on templates of one chart."""

    def __init__(
        self, chart: Chart, base: ValueSet, renderer: Renderer, cluster: Cluster, revision: str | None
    ) -> None:
        """``base`` are the values that the templates are off with."""
        self._chart = chart
        self._renderer = renderer
        self._cluster = cluster
        self._revision = revision
        self._switches = Switches(chart, base, cluster)
        self._builders: dict[Cluster, ChartBuilder] = {}
        self.conditions: dict[str, str] = {}
        """What would switch a template on, in words, also where nothing came of it."""

    def of(self, names: Sequence[str], path: str) -> Iterator[tuple[str, Offer]]:
        """What some templates make, by their names; ``path`` stands for the chart."""
        ways = {name: self._switches.ways(name)[:_MOST_WAYS] for name in names[:_MOST_TEMPLATES]}
        waiting = [name for name in ways if ways[name]]
        self.conditions = {name: _in_words(ways[name][0]) for name in waiting}
        for attempt in range(_MOST_WAYS):
            tried = [(name, ways[name][attempt]) for name in waiting if len(ways[name]) > attempt]
            for group in self._switches.groups(tried):
                for name, offer in self._made(group, path):
                    if name in waiting:
                        waiting.remove(name)
                        yield name, offer

    def _made(self, group: Group, path: str) -> Iterator[tuple[str, Offer]]:
        """What came out of a rendering, by template."""
        wanted = dict(group.ways)
        others = [
            name
            for name in self._chart.templates()
            if name not in wanted and not basename(name).startswith("_") and name.endswith((".yaml", ".yml"))
        ]
        cluster = group.values.cluster or self._cluster
        if cluster not in self._builders:
            self._builders[cluster] = ChartBuilder(self._chart, self._renderer, cluster, self._revision)
        built = self._builders[cluster].build(group.values, others)
        by_template: dict[str, list[BuiltDocument]] = {name: [] for name in wanted if name in built.makers}
        for index, item in enumerate(built.objects):
            make_unset(item.value)
            document = document_of(item, path, index, (path,), revision=self._revision, has_variables=True)
            by_template.setdefault(item.template, []).append(document)
        for name, documents in by_template.items():
            way = wanted.get(name)
            if way is not None:
                way = self._switches.with_others(name, way, (other for _, other in group.ways))
                missing = self._switches.optional_keys(name) - _keys(item.data for item in documents)
                places = tuple(place_of(self._switches.origin(each)) for each in way.changes)
                yield name, Offer(tuple(documents), _in_words(way), places, missing)


def _keys(data: Iterable[Any]) -> frozenset[str]:
    """All keys in some objects."""
    found: set[str] = set()
    waiting = list(data)
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            found.update(map(str, here))
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
    return frozenset(found)


def _in_words(way: Way) -> str:
    """What has to be so."""
    said = [_one(path, value) for path, value in way.changes.items()]
    said += [f"the cluster serves '{api}'" for api in sorted(way.apis)]
    return " and ".join(said)


def _one(path: Path, value: object) -> str:
    name = ".".join(path)
    if isinstance(value, (dict, list)) or value == UNSET:
        return f"'{name}' is set"
    if isinstance(value, bool):
        return f"'{name}' is {str(value).lower()}"
    return f"'{name}' is '{value}'" if value != "" else f"'{name}' is empty"
