"""Values of charts held against the ``values.schema.json`` of the chart, as Helm does before it renders.

Nothing that a ``$ref`` names outside of the schema is opened. A chart's own values are defaults: that one
is missing, empty or null is no fault where the user of the chart has to give it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archlint.documents import Document
from archlint.documents.charts.building import ValueSet
from archlint.documents.charts.chart import CHART_FILE, SCHEMA_FILE, VALUES_FILE, Chart, ChartProblem, Charts
from archlint.documents.charts.rendering import ChartTerms
from archlint.documents.kustomize.built import BuiltDocument
from archlint.documents.kustomize.substitution import has_unknown
from archlint.files import FileProblem, TextProblem, decode
from archlint.finding import Route
from archlint.model.kubernetes.building.cluster import cluster_of
from archlint.model.kubernetes.building.rendered import RefusedValue
from archlint.model.kubernetes.building.value_sets import ValueSets, chart_folders_of
from archlint.model.world import World

_IN_PLACE = ("allOf", "anyOf", "oneOf", "if", "then", "else", "not")
_HEAVIEST = 50_000
"""Schemas that may apply to one value, each reference counted anew."""
_LARGEST = 2_000_000
_LONGEST = 200
_LACKING = frozenset(
    {"required", "minLength", "minItems", "minProperties", "anyOf", "oneOf", "dependentRequired"}
)
"""Keywords that values break which are not there yet."""


def refused_values(world: World, terms: ChartTerms, rendered: Sequence[BuiltDocument]) -> list[RefusedValue]:
    """What the schemas of charts refuse, each once; ``rendered`` is what they render."""
    charts = Charts(world.tree, sorted(world.kinds), world.loaded)
    sets = ValueSets(world, charts, terms.releases)
    found: dict[object, RefusedValue] = {}
    cluster = cluster_of(terms.version, world)
    sets.take_in(rendered)
    for folder in chart_folders_of(world):
        try:
            chart = charts.chart(folder)
        except ChartProblem:
            continue  # told where it is rendered
        for values in sets.of(chart, cluster):
            for item in _judged(world, chart, values):
                found.setdefault((item.place.source.path, item.place.span(), item.message), item)
    return list(found.values())


def _judged(world: World, chart: Chart, values: ValueSet) -> Iterator[RefusedValue]:
    """What a chart, and the charts in it that have their own files, refuse of one set of values."""
    sets = values.documents
    waiting: list[tuple[str, Route]] = [("", ())]
    while waiting:
        inside, prefix = waiting.pop()
        for folder in chart.subcharts(inside):
            name = _taken_in_as(chart, inside, folder, prefix, sets)
            if name is not None:
                waiting.append((folder, (*prefix, name)))
        home = f"{inside}/" if inside else ""
        path = chart.paths.get(f"{home}Chart.yaml", "").removesuffix("Chart.yaml") + SCHEMA_FILE
        schema = _schema(world, path)
        own = chart.documents.get(f"{home}{VALUES_FILE}")
        own = None if values.is_without_own and not inside else own
        layers = _layers(chart, inside, prefix, sets, own)
        if schema is None or not layers:
            continue
        merged: Any = {}
        for document, route in reversed(layers):
            merged = _merged(merged, document.at(route).value)
        for error in _errors(schema, merged):
            route = tuple(error.instance_path)
            is_open = values.is_default or not values.is_whole
            if is_open and (error.kind.name in _LACKING or _is_blank(error.instance)):
                continue
            if values.has_variables and has_unknown(error.instance):
                continue
            document, full = _set_at(layers, route)
            names = ".".join(map(str, route)) or "values"
            place = document.nearest(full)
            yield RefusedValue(values.label, path, place, chart.top, names, _short(error.message))


def _taken_in_as(
    chart: Chart, inside: str, folder: str, prefix: Route, sets: Sequence[Document]
) -> str | None:
    """Under which key a chart in a chart has its values; ``None`` if it is off, or taken in in other ways."""
    top = chart.documents.get(f"{folder}/{CHART_FILE}")
    name = top.root.get("name").text if top is not None else None
    around = chart.documents.get(f"{inside}/{CHART_FILE}" if inside else CHART_FILE)
    if name is None or around is None:
        return None
    entries = [item for item in around.root.get("dependencies").elements() if item.get("name").text == name]
    if any(item.get("alias").is_set or item.get("tags").is_set for item in entries):
        return None
    layers = _layers(chart, inside, prefix, sets, chart.documents.get(f"{inside}/{VALUES_FILE}".lstrip("/")))
    for condition in (item.get("condition").text for item in entries):
        for path in (condition or "").split(","):
            document, route = (
                _set_at(layers, tuple(path.strip().split("."))) if layers and path else (None, ())
            )
            if document is not None and document.at(route).value is False:
                return None
    return name


def _layers(
    chart: Chart, inside: str, prefix: Route, sets: Sequence[Document], own: Document | None
) -> list[tuple[Document, Route]]:
    """The documents that have values of a chart, and where in them, the one that wins first."""
    found = [(document, prefix) for document in reversed(sets)]
    top = chart.documents.get(VALUES_FILE)
    if inside and top is not None:
        found.append((top, prefix))
    if own is not None:
        found.append((own, ()))
    return [(document, route) for document, route in found if isinstance(document.at(route).value, dict)]


def _merged(below: Any, above: Any) -> Any:
    """Values over values, map by map; null takes a value away."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    made = dict(below)
    for key, value in above.items():
        if value is None and key in made:
            del made[key]
        else:
            made[key] = _merged(made[key], value) if key in made else value
    return made


def _set_at(layers: Sequence[tuple[Document, Route]], route: Route) -> tuple[Document, Route]:
    """Where a value is set that several documents may set."""
    for depth in range(len(route), -1, -1):
        for document, prefix in layers:
            if document.at((*prefix, *route[:depth])).exists:
                return document, (*prefix, *route[:depth])
    return layers[0]


def _schema(world: World, path: str) -> Any:
    """The schema in a file; ``None`` if there is none that can be used."""
    if world.kinds.get(path) is None:
        return None
    try:
        text = decode(world.tree.read(path))
        schema = json.loads(text) if len(text) <= _LARGEST else None
    except (FileProblem, TextProblem, OSError, ValueError, RecursionError):
        return None
    return schema if isinstance(schema, dict) and _weight(schema) <= _HEAVIEST else None


def _errors(schema: dict[str, Any], values: Any) -> list[Any]:
    """What a validator that opens nothing says."""
    import jsonschema_rs

    try:
        judge = jsonschema_rs.validator_for(
            schema, offline=True, validate_formats=False, pattern_options=jsonschema_rs.RegexOptions()
        )
        return list(judge.iter_errors(values))[:100]
    except (ValueError, TypeError, RecursionError, OverflowError):
        return []


def _weight(schema: Mapping[str, Any]) -> int:
    """How many schemas may apply to one value at most: references to references multiply."""
    known: dict[int, int] = {}

    def weigh(here: Any, depth: int) -> int:
        if not isinstance(here, dict) or depth > 100:
            return 1 if depth <= 100 else _HEAVIEST
        if id(here) in known:
            return known[id(here)]
        known[id(here)] = 1  # one that leads back to itself counts once
        total = 1
        for key in _IN_PLACE:
            part = here.get(key)
            total += sum(
                weigh(item, depth + 1) for item in (part if isinstance(part, list) else [part]) if item
            )
        reference = here.get("$ref")
        if isinstance(reference, str) and reference.startswith("#"):
            total += weigh(_at(schema, reference), depth + 1)
        known[id(here)] = min(total, _HEAVIEST + 1)
        return known[id(here)]

    heaviest = 0
    waiting: list[tuple[Any, int]] = [(schema, 0)]
    while waiting:
        here, depth = waiting.pop()
        if isinstance(here, dict):
            heaviest = max(heaviest, weigh(here, 0))
        if depth < 200:
            inner = here.values() if isinstance(here, dict) else here
            waiting.extend((item, depth + 1) for item in inner if isinstance(item, (dict, list)))
    return heaviest


def _at(schema: Any, reference: str) -> Any:
    here = schema
    for step in reference[1:].split("/")[1:]:
        here = here.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(here, dict) else None
    return here


def _is_blank(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _short(message: str) -> str:
    text = " ".join(message.split())
    return f"{text[:_LONGEST]}..." if len(text) > _LONGEST else text
