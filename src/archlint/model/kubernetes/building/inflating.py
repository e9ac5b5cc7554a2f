"""Charts that kustomizations inflate, where these lie in the repository: what they render is built on.

Source: kustomize's built-in ``HelmChartInflationGenerator``. A chart lies below ``chartHome``, by default
``charts`` beside the kustomization; one that is not there is fetched by kustomize, and never here.
"""

from __future__ import annotations

from posixpath import dirname

from archlint.documents.charts.building import BuiltChart, ChartBuilder, ValueSet
from archlint.documents.charts.capabilities import Cluster
from archlint.documents.charts.chart import Chart, ChartProblem, Charts
from archlint.documents.charts.given_values import GivenValues, Layers, merged
from archlint.documents.charts.rendering import ChartTerms
from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.values import Value, from_document, stamped
from archlint.files import Kind
from archlint.model.kubernetes.building.appliers import is_true, text
from archlint.model.kubernetes.building.cluster import cluster_of
from archlint.model.kubernetes.building.stated import ValueFiles, below
from archlint.model.world import World

_UNNAMED = "release-name"
"""What Helm calls a release without a name."""
_OLD_NAMES = {"chartName": "name", "releaseNamespace": "namespace", "values": "valuesFile"}
"""Fields of the older ``helmChartInflationGenerator``."""


class Inflater:
    """Renders charts for the kustomizations of a world."""

    def __init__(self, world: World, terms: ChartTerms) -> None:
        self._world = world
        self._terms = terms
        self._folders = {dirname(path) for path in world.paths(Kind.CHART)}
        self._charts = Charts(world.tree, sorted(world.kinds), world.loaded)
        self._files = ValueFiles(world, self._charts, ())
        self.made: dict[str, list[tuple[ValueSet, BuiltChart]]] = {}
        """What each chart rendered, by its folder."""

    def inflate(self, entry: Value, folder: str, home: str) -> list[Value]:
        """The objects that an entry of ``helmCharts`` stands for; raises ``Refusal``."""
        said = stamped({}, entry.origin)
        said.data = {_OLD_NAMES.get(key, key): value for key, value in entry.data.items()}
        chart = self._chart(said, folder, text(said, "chartHome") or home)
        if not self._terms.renderer.version:
            raise Refusal("A chart is to be inflated, which needs helm.", entry.origin, Reason.PROGRAM)
        values = self._values(said, folder, chart)
        cluster = values.cluster or cluster_of(self._terms.version, self._world)
        built = ChartBuilder(chart, self._terms.renderer, cluster, self._world.tree.revision).build(values)
        self.made.setdefault(chart.folder, []).append((values, built))
        objects = [item.value for item in built.objects]
        if is_true(said, "includeCRDs"):
            objects += self._crds(chart)
        return objects

    def _chart(self, said: Value, folder: str, home: str) -> Chart:
        name, version = text(said, "name"), text(said, "version")
        nested = f"{home}/{name}-{version}/{name}" if version else ""
        for path in (nested, f"{home}/{name}"):
            found = below(folder, path) if name and path else ""
            if found and found in self._folders and not home.startswith("/"):
                try:
                    return self._charts.chart(found)
                except ChartProblem as problem:
                    raise Refusal(f"Chart '{found}': {problem}.", said.origin, Reason.PROGRAM) from None
        words = f"Chart '{name}' is not in this repository, and nothing is fetched."
        raise Refusal(words, said.origin, Reason.PROGRAM)

    def _values(self, said: Value, folder: str, chart: Chart) -> ValueSet:
        layers = Layers()
        inline, way = said.get("valuesInline"), text(said, "valuesMerge") or "override"
        named = said.get("valuesFile")
        if named is not None and named.text and way != "replace":
            self._files.add(layers, below(folder, named.text), named.origin)
        if inline is not None and way == "merge" and layers.value is not None:
            layers.value = merged(inline, layers.value)
        elif inline is not None:
            layers.add(inline, "'valuesInline'")
        more = said.get("additionalValuesFiles")
        for item in more.data if more is not None and isinstance(more.data, list) else ():
            self._files.add(layers, below(folder, item.text), item.origin)
        for fault in layers.faults:
            raise Refusal(f"{fault.message[:1].upper()}{fault.message[1:]}.", fault.origin)
        if layers.unknown:
            raise Refusal(f"{layers.unknown[0]}.", said.origin, Reason.REMOTE)
        apis = said.get("apiVersions")
        listed = [item.text for item in apis.data] if apis is not None and isinstance(apis.data, list) else []
        return ValueSet(
            f"{chart.folder} in {folder or '.'}",
            chart.folder,
            None if layers.value is None else GivenValues(layers.value),
            text(said, "releaseName") or _UNNAMED,
            text(said, "namespace") or None,
            cluster=self._cluster(text(said, "kubeVersion"), listed),
        )

    def _cluster(self, version: str, apis: list[str]) -> Cluster | None:
        if not version and not apis:
            return None
        own = cluster_of(self._terms.version, self._world)
        return own.but_for(version, apis)

    def _crds(self, chart: Chart) -> list[Value]:
        start = f"{chart.folder}/crds/"
        return [
            from_document(document)
            for path in self._world.paths(Kind.KUBERNETES)
            if path.startswith(start)
            for document in self._world.loaded(path).documents
            if isinstance(document.data, dict)
        ]
