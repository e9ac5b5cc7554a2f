"""Every chart of a repository rendered, each with its own values and with the other sets that are there.

A chart below ``charts/`` of another one is rendered as its part. Sets of values are the chart's own, each
file ``ci/*-values.yaml`` (as chart-testing has them), and those that the configuration names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from posixpath import basename, dirname, normpath

from archlint.documents.charts.building import BuiltChart, ChartBuilder, Refused, ValueSet
from archlint.documents.charts.capabilities import Cluster
from archlint.documents.charts.chart import CHART_FILE, Chart, ChartProblem, Charts
from archlint.documents.charts.placing import TemplateToken
from archlint.documents.charts.rendering import ChartTerms, Release
from archlint.documents.charts.template_marks import Written
from archlint.documents.kustomize.built import BuiltDocument
from archlint.documents.kustomize.values import Value
from archlint.files import FileProblem, Kind, TextProblem, decode
from archlint.finding import ObjectRef, Token, Unread
from archlint.finding.records import replace
from archlint.finding.regex import regex
from archlint.model.kubernetes.cluster import cluster_of
from archlint.model.kubernetes.rendered import ABSENT, UNREAD, ChartFault, Renderings
from archlint.model.world import World

_NO_NAME = regex(r"[^a-z0-9-]+")
_LONGEST_NAME = 53
"""Characters that Helm lets a release have."""


def rendered(world: World, terms: ChartTerms) -> Renderings:
    """Everything that the charts of a world render."""
    folders = sorted(_tops(map(dirname, world.paths(Kind.CHART))))
    return _Renderings(world, terms).all(folder for folder in folders if _is_wanted(world, folder))


def _is_wanted(world: World, folder: str) -> bool:
    """Whether anything is to be told of a chart."""
    asked = world.is_asked_for
    prefix = f"{folder}/" if folder else ""
    return asked is None or any(asked(path) for path in world.kinds if path.startswith(prefix))


def _tops(folders: Iterable[str]) -> Iterator[str]:
    """The charts that are no part of another one by where they are."""
    every = set(folders)
    for folder in every:
        above, here = folder, ""
        while above:
            above, here = dirname(above), basename(above)
            if here == "charts" and above in every:
                break
        else:
            yield folder


class _Renderings:
    """Renders chart after chart, and collects."""

    def __init__(self, world: World, terms: ChartTerms) -> None:
        self._world = world
        self._terms = terms
        self._charts = Charts(world.tree, sorted(world.kinds), world.loaded)
        self._documents: list[BuiltDocument] = []
        self._read: set[str] = set()
        self._faults: dict[object, ChartFault] = {}
        self._unread: dict[object, Unread] = {}
        self._labels: dict[str, str] = {}
        self._incomplete: set[str] = set()

    def all(self, folders: Iterable[str]) -> Renderings:
        """Everything that the charts in some folders render."""
        for folder in folders:
            self._one(folder)
        return Renderings(
            tuple(self._documents),
            frozenset(self._read),
            tuple(self._faults.values()),
            tuple(item for item in self._unread.values() if item.path not in self._read),
            tuple(self._labels.items()),
            frozenset(self._incomplete),
        )

    def _one(self, folder: str) -> None:
        path = _top_of(folder)
        try:
            chart = self._charts.chart(folder)
        except ChartProblem as problem:
            self._tell(path, str(problem))
            return
        if chart.is_library:
            self._read.update(_paths(chart, chart.templates()))
            return
        for missing in chart.missing:
            self._unread[path, missing.name] = Unread(path, ABSENT, detail=missing.reason)
        builder = ChartBuilder(chart, self._terms.renderer, self._cluster, self._world.tree.revision)
        results = [(values, builder.build(values)) for values in self._sets(chart)]
        for values, built in results:
            self._take(chart, values, built)
        for values, built in results:
            for refused in built.refused:
                if not (refused.asks_for_values and chart.paths.get(refused.name) in self._read):
                    self._refused(chart, values, refused)

    @cached_property
    def _cluster(self) -> Cluster:
        return cluster_of(self._terms.version, self._world)

    def _take(self, chart: Chart, values: ValueSet, built: BuiltChart) -> None:
        """Take up what a chart rendered with one set of values."""
        self._labels[values.path] = values.label
        if chart.missing or built.refused:
            self._incomplete.add(values.path)
        through = tuple(dict.fromkeys((values.path, _top_of(chart.folder))))
        for index, (_, value) in enumerate(built.objects):
            document = BuiltDocument(
                values.path, index, value, _written(value), through, revision=self._world.tree.revision
            )
            self._documents.append(document)
        failed = {refused.name for refused in built.refused}
        if "" not in failed:
            self._read.update(_paths(chart, (name for name in chart.templates() if name not in failed)))

    def _refused(self, chart: Chart, values: ValueSet, refused: Refused) -> None:
        """Tell what Helm does not render: as a fault of the chart, or as unread."""
        path = chart.paths.get(refused.name) or _top_of(chart.folder)
        message = refused.message
        if refused.asks_for_values:
            message = f"its own values do not suffice ({message}); name a file of values under 'helm'"
        elif not (refused.is_limit or chart.missing or refused.name not in chart.paths):
            text = chart.files[refused.name].decode("utf-8", "replace")
            token = TemplateToken(path, text, _line(refused, text), revision=self._world.tree.revision)
            place = token.place((), Token.ANCHOR)
            fault = ChartFault(values.label, place, chart.top, message)
            self._faults.setdefault((path, refused.line), fault)
        for each in [path] if refused.name else [path, *_paths(chart, chart.templates())]:
            self._tell(each, message)

    def _tell(self, path: str, detail: str) -> None:
        self._unread.setdefault(path, Unread(path, UNREAD, detail=detail))

    def _sets(self, chart: Chart) -> Iterator[ValueSet]:
        """All sets of values that are there for a chart."""
        folder, top = chart.folder, _top_of(chart.folder)
        release = _NO_NAME.sub("-", chart.name.lower()).strip("-")[:_LONGEST_NAME].strip("-") or "release"
        entries = [item for item in self._terms.releases if normpath(item.chart or ".") == (folder or ".")]
        if all(entry.values for entry in entries):
            yield ValueSet(folder or ".", top, release=release)
        for path in self._charts.of_ci(folder):
            yield from self._with_files(chart, Release(folder, (path,), release))
        for entry in entries:
            yield from self._with_files(chart, replace(entry, release=entry.release or release))

    def _with_files(self, chart: Chart, entry: Release) -> Iterator[ValueSet]:
        documents, texts = [], []
        files = [normpath(name) for name in entry.values]
        for name in files:
            text = self._text(name)
            document = self._charts.document(name)
            if text is None or (document is None and self._charts.says_something(name)):
                self._tell(name, "it is a file of values and cannot be read")
                return
            if document is not None:
                documents.append(document)
                texts.append(text)
        path = files[-1] if files else _top_of(chart.folder)
        while path in self._labels:
            path += "'"
        label = f"{chart.folder or '.'} with {', '.join(files)}" if files else chart.folder or "."
        self._labels[path] = label
        yield ValueSet(label, path, tuple(documents), tuple(texts), entry.release, entry.namespace)

    def _text(self, path: str) -> str | None:
        try:
            return decode(self._world.tree.read(path))
        except (FileProblem, TextProblem, OSError, ValueError):
            return None


def _line(refused: Refused, text: str) -> Written:
    """The line of a template that Helm names: its first action, else all of it."""
    lines = text.split("\n")
    number = min(refused.line, len(lines)) - 1
    start = sum(len(line) + 1 for line in lines[:number])
    line = lines[number]
    at, end = line.find("{{"), line.find("}}")
    if 0 <= at < end:
        return Written(refused.name, start + at, start + end + 2)
    bare = line.strip()
    return Written(refused.name, start + line.find(bare), start + line.find(bare) + len(bare))


def _top_of(folder: str) -> str:
    return f"{folder}/{CHART_FILE}" if folder else CHART_FILE


def _paths(chart: Chart, names: Iterable[str]) -> list[str]:
    """The paths of files of a chart that are no part of an archive."""
    return [chart.paths[name] for name in names if name in chart.paths]


def _written(value: Value) -> ObjectRef:
    """What an object is called."""
    kind, name, space = value.get("kind"), value.get("metadata", "name"), value.get("metadata", "namespace")
    return ObjectRef(kind.text if kind else "", name.text if name else "", space.text if space else None)
