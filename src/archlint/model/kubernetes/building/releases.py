"""Every chart of a repository rendered, with each set of values that is there for it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from posixpath import basename, dirname

from archlint.documents.charts.building import (
    NOTES,
    BuiltChart,
    BuiltObject,
    ChartBuilder,
    RefusedTemplate,
    ValueSet,
)
from archlint.documents.charts.capabilities import Cluster
from archlint.documents.charts.chart import CHART_FILE, Chart, ChartProblem, Charts
from archlint.documents.charts.placing import TemplateToken
from archlint.documents.charts.post_rendering import post_rendered
from archlint.documents.charts.rendering import ChartTerms
from archlint.documents.charts.template_marks import Written, makes_something
from archlint.documents.charts.versions import satisfies
from archlint.documents.kustomize.built import BuiltDocument
from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.sources import Sources
from archlint.documents.kustomize.values import Value, place_of
from archlint.files import Kind
from archlint.finding import Token, Unread
from archlint.finding.regex import regex
from archlint.model.kubernetes.building.cluster import cluster_of
from archlint.model.kubernetes.building.kustomized import kustomized
from archlint.model.kubernetes.building.offered import Offers
from archlint.model.kubernetes.building.outer_charts import is_of_outer_chart
from archlint.model.kubernetes.building.rendered import (
    ABSENT,
    OFF,
    UNKNOWN,
    UNREAD,
    ChartFault,
    Offer,
    Renderings,
    document_of,
)
from archlint.model.kubernetes.building.stated_sets import stated_sets
from archlint.model.kubernetes.building.value_sets import MOST_SETS, ValueSets, chart_folders_of, top_of
from archlint.model.world import World

_STATES = regex(r"\bkind:\s*(?:Application(?:Set)?|HelmRelease)\b")
_TEMPLATES = regex(r"(?:^|(?<=/))templates/")
_LAST_PATCH = 999
"""More than any version of Kubernetes ever gets."""


def rendered(world: World, terms: ChartTerms) -> Renderings:
    """Everything that the charts of a world render."""
    folders = chart_folders_of(world)
    return _Renderings(world, terms).all(folder for folder in folders if _is_wanted(world, folder))


def _is_wanted(world: World, folder: str) -> bool:
    """Whether anything is to be told of a chart, or of who deploys it."""
    asked = world.is_asked_for
    prefix = f"{folder}/" if folder else ""
    stated = world.fact(stated_sets).of(folder)
    return (
        asked is None
        or any(asked(path) for path in world.kinds if path.startswith(prefix))
        or any(asked(path) for item in stated for path in (item.path, *item.files))
    )


class _Renderings:
    """Renders chart after chart, and collects."""

    def __init__(self, world: World, terms: ChartTerms) -> None:
        self._world = world
        self._terms = terms
        self._charts = Charts(world.tree, sorted(world.kinds), world.loaded)
        self._documents: list[BuiltDocument] = []
        self._read: set[str] = set()
        self._makers: set[str] = set()
        self._sources = Sources(world.tree, world.loaded)
        self._crds: dict[str, tuple[str, ...]] = {}
        self._faults: dict[object, ChartFault] = {}
        self._unread: dict[object, Unread] = {}
        self._values = ValueSets(world, self._charts, terms.releases)
        self._incomplete: set[str] = set()
        self._inflated = dict(world.fact(kustomized).inflated)
        self._manifests = world.paths(Kind.KUBERNETES)
        self._bases: dict[str, ValueSet | None] = {}
        """Values with which each chart renders without a fault, if there are such."""

    def all(self, folders: Iterable[str]) -> Renderings:
        """Everything that the charts in some folders render."""
        off: list[tuple[Chart, ValueSet, dict[str, str]]] = []
        listed = list(folders)
        listed.sort(key=lambda folder: folder not in self._stating)
        for number, folder in enumerate(listed):
            if number and folder not in self._stating and listed[number - 1] in self._stating:
                self._values.take_in(self._documents)
            chart = self._one(folder)
            base = self._bases.get(folder)
            if chart is not None and base is not None:
                off.append((chart, base, dict(self._off(chart))))
        offers, left = self._offered(off if self._terms.switches_on else ())
        for path, problem in self._values.unreadable:
            self._tell(path, problem)
        return Renderings(
            tuple(self._documents),
            frozenset(self._read - left.keys()),
            tuple(self._faults.values()),
            tuple(self._told(left)),
            tuple(self._values.labels.items()),
            frozenset(self._incomplete),
            tuple(self._crds.items()),
            offers,
        )

    def _offered(
        self, off: Iterable[tuple[Chart, ValueSet, dict[str, str]]]
    ) -> tuple[tuple[Offer, ...], dict[str, str]]:
        """What templates make that are off, once they are switched on; those of which nothing comes, with
        what there is to say."""
        found: dict[str, Offer] = {}
        left: dict[str, str] = {}
        listed = list(off)
        own = {path for chart, _, paths in listed for path in paths.values() if _is_in(path, chart)}
        for chart, base, paths in listed:
            names = [
                name
                for name, path in paths.items()
                if path not in self._makers and path not in found and (path not in own or _is_in(path, chart))
            ]
            if not names:
                continue
            offers = Offers(chart, base, self._terms.renderer, self._cluster, self._world.tree.revision)
            found.update((paths[name], offer) for name, offer in offers.of(names, top_of(chart.folder)))
            left.update((paths[name], offers.conditions.get(name, "")) for name in names)
        return tuple(found.values()), {path: said for path, said in left.items() if path not in found}

    @cached_property
    def _stating(self) -> frozenset[str]:
        """The charts whose templates may make objects that deploy other charts."""
        return frozenset(
            path[: part.start()].rstrip("/")
            for path in self._world.paths(Kind.CHART_TEMPLATE)
            if _STATES.search(self._world.text(path) or "")
            for part in _TEMPLATES.finditer(path)
        )

    def _told(self, off: Mapping[str, str]) -> Iterator[Unread]:
        """What is not read, with the templates that are switched off."""
        for item in self._unread.values():
            if item.path not in self._read or item.reason != UNREAD:
                yield item
        yield from self._world.fact(stated_sets).unread
        for path, condition in sorted(off.items()):
            more = f", nor does it where {condition}" if condition else ""
            yield Unread(path, OFF, detail=f"no set of values makes it render anything{more}")

    def _off(self, chart: Chart) -> Iterator[tuple[str, str]]:
        """The templates that were rendered and made nothing, though they are there to make something, by name
        and path."""
        for name in chart.templates():
            path = chart.paths.get(name)
            if path not in self._read or path in self._makers or basename(name).startswith("_"):
                continue
            if basename(name) != NOTES and makes_something(chart.files[name].decode("utf-8", "replace")):
                yield name, path

    def _one(self, folder: str) -> Chart | None:
        path = top_of(folder)
        try:
            chart = self._charts.chart(folder)
        except ChartProblem as problem:
            self._tell(path, str(problem))
            return None
        if chart.is_library:
            self._read.update(_paths(chart, chart.templates()))
            return None
        wanted = chart.top.root.get("kubeVersion").text
        if wanted and not _is_for(self._terms.version, wanted):
            told = f"it is for Kubernetes {wanted}, and 'kubernetes-version' is {self._terms.version}"
            for each in [path, *_paths(chart, chart.templates())]:
                self._tell(each, told)
            return None
        for missing in chart.missing:
            self._unread[path, missing.name] = Unread(path, ABSENT, detail=missing.reason)
        self._tell_stated(chart)
        results = list(self._built(chart))
        whole = (values for values, built in results if not built.refused and values.finish is None)
        self._bases[folder] = next(whole, None)
        for values, built in results:
            self._take(chart, values, built)
        for values, built in self._inflated.get(chart.folder, ()):
            self._note(chart, built)
            results.append((values, built))
        for values, built in results:
            for refused in built.refused:
                if not (refused.asks_for_values and chart.paths.get(refused.name) in self._read):
                    self._refused(chart, values, refused)
        return chart

    def _built(self, chart: Chart) -> Iterator[tuple[ValueSet, BuiltChart]]:
        """The chart with each set of values, up to one that takes too much."""
        sets = self._values.of(chart, self._cluster)
        if len(sets) > MOST_SETS:
            more = f"{len(sets) - MOST_SETS} more of its {len(sets)} sets of values are not rendered"
            self._unread[chart.folder, "sets"] = Unread(top_of(chart.folder), UNREAD, detail=more)
        builders: dict[Cluster, ChartBuilder] = {}
        for values in sets[:MOST_SETS]:
            cluster = values.cluster or self._cluster
            if cluster not in builders:
                revision = self._world.tree.revision
                builders[cluster] = ChartBuilder(chart, self._terms.renderer, cluster, revision)
            built = builders[cluster].build(values)
            if values.finish is not None:
                self._finish(values, values.finish, built)
            yield values, built
            if any(refused.is_limit for refused in built.refused):
                return

    def _finish(self, values: ValueSet, spec: Value, built: BuiltChart) -> None:
        """Change what was rendered as its release says."""
        try:
            made = post_rendered((item.value for item in built.objects), spec, self._sources)
            built.objects = [BuiltObject(value, {}) for value in made]
        except Refusal as refusal:
            self._incomplete.add(values.path)
            path = values.through[0]
            told = f"{values.label}: its 'postRenderers' are not carried out: {refusal.message}"
            self._unread[path, told] = Unread(path, UNKNOWN, detail=told)

    def _tell_stated(self, chart: Chart) -> None:
        """Tell what is wrong with the values that are stated for a chart, and what of them is not here."""
        for item in self._values.stated(chart.folder):
            label = f"{chart.folder or '.'} with {item.label}"
            for fault in item.faults:
                place = place_of(fault.origin)
                found = ChartFault(label, place, chart.top, fault.message)
                self._faults.setdefault((place.source.path, place.span(), fault.message), found)
            for reason in dict.fromkeys(item.unknown):
                key = (item.path, item.label, reason)
                self._unread[key] = Unread(item.path, UNKNOWN, detail=f"{item.label}: {reason}")

    @cached_property
    def _cluster(self) -> Cluster:
        return cluster_of(self._terms.version, self._world)

    def _take(self, chart: Chart, values: ValueSet, built: BuiltChart) -> None:
        """Take up what a chart rendered with one set of values."""
        if chart.missing or built.refused or not values.is_whole:
            self._incomplete.add(values.path)
        through = tuple(dict.fromkeys((values.path, *values.through, top_of(chart.folder))))
        for index, item in enumerate(built.objects):
            document = document_of(
                item,
                values.path,
                index,
                through,
                revision=self._world.tree.revision,
                has_variables=built.has_stand_ins,
            )
            self._documents.append(document)
        if values.has_crds:
            self._crds[values.path] = tuple(self._of_crds(chart))
        self._note(chart, built)

    def _note(self, chart: Chart, built: BuiltChart) -> None:
        """Which templates were read, and which made something."""
        self._makers.update(_paths(chart, built.makers))
        failed = {refused.name for refused in built.refused}
        if "" not in failed:
            self._read.update(_paths(chart, (name for name in chart.templates() if name not in failed)))

    def _of_crds(self, chart: Chart) -> Iterator[str]:
        """The manifests below ``crds`` of the chart and the charts in it, which Helm applies first."""
        for name, path in chart.paths.items():
            if basename(name) == CHART_FILE:
                home = f"{dirname(path)}/crds/".lstrip("/")
                for each in self._manifests[bisect_left(self._manifests, home) :]:
                    if not each.startswith(home):
                        break
                    yield each

    def _refused(self, chart: Chart, values: ValueSet, refused: RefusedTemplate) -> None:
        """Tell what Helm does not render: as a fault of the chart, or as unread."""
        path = chart.paths.get(refused.name) or top_of(chart.folder)
        message = refused.message
        if refused.asks_for_values:
            message = f"its own values do not suffice ({message}); name a file of values under 'helm'"
        elif not (
            refused.is_limit
            or chart.missing
            or refused.name not in chart.paths
            or not values.is_whole
            or is_of_outer_chart(message, chart.folder, self._world)
        ):
            text = chart.files[refused.name].decode("utf-8", "replace")
            token = TemplateToken(path, text, _line(refused, text), revision=self._world.tree.revision)
            place = token.place((), Token.ANCHOR)
            fault = ChartFault(values.label, place, chart.top, message)
            self._faults.setdefault((path, refused.line), fault)
        if refused.is_endless:
            place = chart.top.place(("name",), Token.VALUE)
            fault = ChartFault(values.label, place, chart.top, message, is_endless=True)
            self._faults.setdefault((path, 0), fault)
        for each in [path] if refused.name else [path, *_paths(chart, chart.templates())]:
            self._tell(each, message)

    def _tell(self, path: str, detail: str) -> None:
        self._unread.setdefault(path, Unread(path, UNREAD, detail=detail))


def _line(refused: RefusedTemplate, text: str) -> Written:
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


def _paths(chart: Chart, names: Iterable[str]) -> list[str]:
    """The paths of files of a chart that are no part of an archive."""
    return [chart.paths[name] for name in names if name in chart.paths]


def _is_in(path: str, chart: Chart) -> bool:
    """Whether a template lies in the folder of a chart, and is not taken in from another one."""
    return path.startswith(f"{chart.folder}/") if chart.folder else True


def _is_for(version: str, constraint: str) -> bool:
    """Whether some patch of a version of Kubernetes is one of those that a chart names."""
    return any(satisfies(f"{version}.{patch}", constraint) is not False for patch in (0, _LAST_PATCH))
