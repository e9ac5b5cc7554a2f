"""A chart with one set of values, rendered: once as it is, and with marks that tell where each part comes
from.

A template that fails is left out and told, so that the others are still rendered.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from posixpath import basename
from typing import Any

from archlint.documents.charts.capabilities import Cluster, for_cluster
from archlint.documents.charts.chart import VALUES_FILE, Chart
from archlint.documents.charts.comparing import Traces, paired, trace, trace_filled
from archlint.documents.charts.marked_renderings import (
    NAMED,
    MarkedRenderings,
    Signed,
    is_manifest,
    outermost,
)
from archlint.documents.charts.placing import Placer, TemplateToken, token_origin
from archlint.documents.charts.rendering import Failure, Renderer, Rendering
from archlint.documents.charts.steadiness import may_change, steady, with_fixed_time
from archlint.documents.charts.template_marks import Planted, Written, with_holes
from archlint.documents.charts.tracing import Tracer
from archlint.documents.document import Document
from archlint.documents.kustomize.values import Origin, Value
from archlint.documents.load import load_text
from archlint.files import Kind
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

UNKNOWN_NAMESPACE = "release-ns"
"""What stands for the namespace of a release that nobody names: no longer than most, as charts cut names that
hold it at 63 characters, where those of two objects may become one."""
_MOST_DROPPED = 30
"""Templates of one chart that may fail before the chart counts as failed."""
_ASKS = regex(
    r"execution error at \(|error calling (?:fail|required)\b|nil pointer|of untyped nil|got interface \{\}"
)
NOTES = "NOTES.txt"
_SECOND = "second-rendering"
"""A file that makes a question another one, which has an answer of its own."""
_LONGEST = 300
_EXPRESSION = regex(r"at <([^>]{1,200})>: ")
_LEADING = regex(r"^(?:(?:parse|execution) error at \([^)]*\)|[\w.-]{1,250}/[^\s:]{1,500}:\d+): ")
_TEST_HOOK = regex(r"\btest(?:-success|-failure)?\b")


@dataclass(frozen=True, slots=True)
class ValueSet:
    """The values of one release."""

    label: str
    """How people call it."""
    path: str
    """A file that stands for it, or a name that no file has."""
    values: Document | None = None
    """Values over the chart's own."""
    release: str = ""
    namespace: str | None = None
    through: tuple[str, ...] = ()
    """Files that it is put together of."""
    is_default: bool = False
    """Whether nobody states it: the chart's own values."""
    is_without_own: bool = False
    """Whether the chart's own values do not count."""
    is_whole: bool = True
    """Whether all values are known."""
    has_variables: bool = False
    """Whether a ``${NAME}`` in it stands for a value that nobody knows here."""
    cluster: Cluster | None = None
    """What is stated of the cluster, if anything is."""
    has_crds: bool = True
    finish: Value | None = None
    """The ``spec`` that says what is changed in what is rendered."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """Its values, if there are any."""
        return () if self.values is None else (self.values,)


@dataclass(frozen=True, slots=True)
class RefusedTemplate:
    """A template, or the whole chart (``name`` is empty), that Helm does not render."""

    name: str
    line: int
    message: str
    is_limit: bool = False
    """Whether it is no fault of the chart, but something that archlint does not have or wait for."""
    is_endless: bool = False
    """Whether it took all the time or memory that a chart gets."""
    asks_for_values: bool = False
    """Whether the template refuses the chart's own values, which are defaults, or lacks one."""


@dataclass(frozen=True, slots=True)
class BuiltObject:
    """One object."""

    value: Value
    templates: Mapping[Route, Origin]
    """Where templates put in what values set."""
    template: str = ""
    """The template that made it, as the chart calls that; what is changed afterwards has none."""
    is_in_namespace: bool = False
    """Whether it states the namespace of the release, which nobody names."""


@dataclass(slots=True)
class BuiltChart:
    """What came out."""

    objects: list[BuiltObject] = field(default_factory=list)
    refused: list[RefusedTemplate] = field(default_factory=list)
    makers: set[str] = field(default_factory=set)
    """The templates of which something was rendered, by what the chart calls them."""
    has_stand_ins: bool = False
    """Whether something may be unknown, as it differs from one rendering to the next."""


class ChartBuilder:
    """Builds one chart, with as many sets of values as are asked for."""

    def __init__(self, chart: Chart, renderer: Renderer, cluster: Cluster, revision: str | None) -> None:
        self.chart = chart
        self._renderer = renderer
        self._revision = revision
        self._files = {name: data for name, data in chart.files.items() if basename(name) != NOTES}
        self.texts = {
            name: chart.files[name].decode("utf-8", "replace")
            for name in chart.templates()
            if name in self._files
        }
        self._cluster = cluster
        self._changes = may_change(self.texts.values())
        for name, text in self.texts.items():
            answered = self._answered(text)
            if answered != text:
                self._files[name] = answered.encode()
        self._signed = Signed(chart, self.texts, self._answered)

    def build(self, values: ValueSet, without: Collection[str] = ()) -> BuiltChart:
        """The objects of a release, each part with its place; ``without`` some templates."""
        self._files = dict(self._files)  # which gives each release the time of a chart
        built = BuiltChart(has_stand_ins=self._changes or values.has_variables)
        dropped = dict.fromkeys(without, "")
        plain = self._plain(values, dropped, built)
        if plain is None:
            return built
        planted = self._signed.planted()
        found = {name: self._objects(name, text, built) for name, text in plain.items()}
        built.makers.update(self.chart.written(name) for name, objects in found.items() if objects)
        if self._changes:
            self._hold_still(found, values, dropped)
        traces = {name: [Traces() for _ in objects] for name, objects in found.items()}
        unfilled: dict[str, str] = {}
        for made, is_filled in self._marked(values, planted, dropped).all():
            unfilled = unfilled or made
            known = unfilled if is_filled else plain
            told = {name: text for name, text in made.items() if text != known.get(name)}
            for here, marked, traced in _each(found, traces, told):
                (trace_filled if is_filled else trace)(here, marked, planted, traced)
        tracer = Tracer(self.chart, self.texts, values.documents)
        for name, objects in sorted(found.items()):
            for data, traced in zip(objects, traces[name], strict=True):
                if _is_judged(data):
                    placer = Placer(traced, self._origin, tracer.of(name), self._whole(name))
                    known = _without_placeholder(data, values)
                    value, written = placer.placed(known), self.chart.written(name)
                    built.objects.append(BuiltObject(value, placer.templates, written, known is not data))
        return built

    def _plain(self, values: ValueSet, dropped: dict[str, str], built: BuiltChart) -> dict[str, str] | None:
        """The rendering without marks, of the templates that do not fail."""
        while True:
            made = self._renderer.render(self._files, self._rendering(values, dropped))
            if not isinstance(made, Failure):
                return {name: text for name, text in made.items() if is_manifest(name)}
            refused = self._refused(made, values)
            built.refused.append(refused)
            outer = outermost(self.chart, made.message)
            if (
                outer is None
                or outer in dropped
                or len(built.refused) > _MOST_DROPPED
                or made.kind != "template"
            ):
                return None
            if not is_manifest(outer):
                return None
            dropped[outer] = ""

    def _answered(self, text: str) -> str:
        """The text of a template with what it asks of the cluster and the clock answered; outside of actions,
        where signs are, nothing changes."""
        return with_fixed_time(for_cluster(text, self._cluster))

    def _hold_still(self, found: dict[str, list[Any]], values: ValueSet, dropped: Mapping[str, str]) -> None:
        """Put stand-ins where a second rendering has something else."""
        made = self._renderer.render(
            self._files, self._rendering(values, {**self._signed.cheap, **dropped, _SECOND: ""})
        )
        if isinstance(made, Failure):
            return
        for name, objects in found.items():
            again, _ = _parsed(name, made.get(name, ""))
            if len(again) == len(objects):
                found[name] = [steady(one, other) for one, other in zip(objects, again, strict=True)]

    def _rendering(
        self, values: ValueSet, changes: Mapping[str, str], texts: Sequence[str] | None = None
    ) -> Rendering:
        namespace = values.namespace or UNKNOWN_NAMESPACE
        if texts is None:
            texts = [json.dumps(document.data, default=str) for document in values.documents]
        if values.is_without_own:
            changes = {VALUES_FILE: "", **changes}
        return Rendering(values.release, namespace, tuple(texts), changes=changes)

    def _marked(self, values: ValueSet, planted: Planted, dropped: Mapping[str, str]) -> MarkedRenderings:
        """The renderings that tell where things come from."""

        def render(changes: Mapping[str, str], texts: Sequence[str]) -> dict[str, str] | Failure:
            asked = self._rendering(values, {**changes, **dropped}, texts)
            return self._renderer.render(self._files, asked)

        return MarkedRenderings(self._signed, planted, render, self._own(values), values.documents)

    def _own(self, values: ValueSet) -> dict[str, Document]:
        """The values of the chart and the charts in it that count."""
        return {
            name: document
            for name, document in self.chart.documents.items()
            if basename(name) == VALUES_FILE and not (values.is_without_own and name == VALUES_FILE)
        }

    def _objects(self, name: str, text: str, built: BuiltChart) -> list[Any]:
        objects, problem = _parsed(name, text)
        if problem is not None:
            built.refused.append(RefusedTemplate(name, 1, f"it renders to what is no YAML: {problem}"))
        return objects

    def _refused(self, failure: Failure, values: ValueSet) -> RefusedTemplate:
        places = [(self.chart.written(found[1]), int(found[2])) for found in NAMED.finditer(failure.message)]
        known = [place for place in places if place[0] in self.texts]
        name, line = known[-1] if known else ("", 1)
        return RefusedTemplate(
            name,
            line,
            reason_in(failure.message),
            is_limit=failure.kind in ("limit", "absent"),
            is_endless=failure.kind == "limit",
            asks_for_values=values.is_default and _ASKS.search(failure.message) is not None,
        )

    def _origin(self, written: Written, names: bool) -> Origin:
        """Where a token of a template is; of a packed chart the dependency that it is."""
        path = self.chart.paths.get(written.name)
        if path is None:
            return self._whole(written.name)
        token = TemplateToken(path, self.texts[written.name], written, revision=self._revision, names=names)
        return token_origin(token)

    def _whole(self, name: str) -> Origin:
        """A template as such."""
        name = self.chart.written(name)
        path = self.chart.paths.get(name)
        if path is None:
            packed = (node for folder, node in self.chart.packed.items() if name.startswith(f"{folder}/"))
            node = next(packed, self.chart.top.root)
            origin: Origin = (None, node.document)
            for part in node.route:
                origin = (origin, part)
            return origin
        text = self.texts[name]
        start = next((at for at, sign in enumerate(with_holes(text)) if sign not in "\x00 \t\n\r"), 0)
        return token_origin(
            TemplateToken(path, text, Written(name, start, start + 1), revision=self._revision)
        )


def _each(
    found: Mapping[str, Sequence[Any]], traces: Mapping[str, Sequence[Traces]], made: Mapping[str, str]
) -> Iterator[tuple[Any, Any, Traces]]:
    """Each object that is found in another rendering too, with what it is there and its traces."""
    for name in made:
        objects = found.get(name, ())
        for index, marked in paired(objects, _parsed(name, made[name])[0]) if objects else ():
            yield objects[index], marked, traces[name][index]


def reason_in(message: str) -> str:
    """What is wrong, without the way to it through templates."""
    said = " ".join(message.split())
    inner = list(_EXPRESSION.finditer(said))
    if inner:
        said = f"{inner[-1][1]}: {said[inner[-1].end() :]}"
    said = _LEADING.sub("", said)
    return f"{said[:_LONGEST]}..." if len(said) > _LONGEST else said


def _parsed(name: str, text: str) -> tuple[list[Any], str | None]:
    """The objects in a rendered text, and what is wrong with it."""
    if not text.strip():
        return [], None
    loaded = load_text(f"{name}.yaml", text, Kind.KUBERNETES)
    objects = [document.data for document in loaded.documents if document.data is not None]
    return objects, loaded.problems[0].message if loaded.problems else None


def _is_judged(data: Any) -> bool:
    """Whether it is an object, and none that only tests make."""
    if not isinstance(data, dict) or not isinstance(data.get("kind"), str) or not data.get("apiVersion"):
        return False
    metadata = data.get("metadata")
    notes = metadata.get("annotations") if isinstance(metadata, dict) else None
    hook = notes.get("helm.sh/hook") if isinstance(notes, dict) else None
    return not (isinstance(hook, str) and _TEST_HOOK.search(hook))


def _without_placeholder(data: Any, values: ValueSet) -> Any:
    """The object without the namespace that nobody named: it is unknown."""
    metadata = data.get("metadata")
    if values.namespace or not isinstance(metadata, dict) or metadata.get("namespace") != UNKNOWN_NAMESPACE:
        return data
    return {**data, "metadata": {key: value for key, value in metadata.items() if key != "namespace"}}
