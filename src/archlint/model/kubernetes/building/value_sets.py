"""With which values the charts of a repository are judged.

Sets of values are those that the repository deploys a chart with (``stated_sets``), each file
``ci/*-values.yaml`` (as chart-testing has them), and those that the configuration names. The chart's own
values alone are one where nobody says how it is deployed, and where it is tested with others for its users. A
chart below ``charts/`` of another one is judged as its part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from posixpath import basename, dirname, normpath

from archlint.documents.charts.building import ValueSet
from archlint.documents.charts.capabilities import Cluster
from archlint.documents.charts.chart import CHART_FILE, Chart, Charts
from archlint.documents.charts.given_values import GivenValues, merged_documents
from archlint.documents.charts.rendering import Release
from archlint.documents.kustomize.built import BuiltDocument
from archlint.documents.kustomize.values import plain
from archlint.files import FileProblem, Kind, TextProblem, decode
from archlint.finding.records import replace
from archlint.finding.regex import regex
from archlint.model.kubernetes.building.kustomized import kustomized
from archlint.model.kubernetes.building.stated import Stated
from archlint.model.kubernetes.building.stated_sets import is_stating, stated_sets, stated_with
from archlint.model.world import World

_NO_NAME = regex(r"[^a-z0-9-]+")
_LONGEST_NAME = 53
"""Characters that Helm lets a release have."""
MOST_SETS = 200
"""Sets of values of one chart that are rendered."""


def chart_folders_of(world: World) -> list[str]:
    """The charts that are no part of another one by where they are, and those that something deploys."""
    every = set(map(dirname, world.paths(Kind.CHART)))
    deployed = world.fact(stated_sets)
    return sorted(folder for folder in every if deployed.of(folder) or not _is_part(folder, every))


def _is_part(folder: str, every: set[str]) -> bool:
    above, here = folder, ""
    while above:
        above, here = dirname(above), basename(above)
        if here == "charts" and above in every:
            return True
    return False


def top_of(folder: str) -> str:
    """The file that makes a folder a chart."""
    return f"{folder}/{CHART_FILE}" if folder else CHART_FILE


class ValueSets:
    """The sets of values of all charts."""

    def __init__(self, world: World, charts: Charts, releases: Sequence[Release]) -> None:
        self._world = world
        self._charts = charts
        self._releases = releases
        self._stated = world.fact(stated_sets)
        self._inflated = frozenset(folder for folder, _ in world.fact(kustomized).inflated)
        self._taken: set[str] = set()
        self.labels: dict[str, str] = {}
        """What people call each set, by the path that stands for it."""
        self.unreadable: list[tuple[str, str]] = []
        """Files of values that cannot be read, and what to say of them."""

    def take_in(self, rendered: Sequence[BuiltDocument]) -> None:
        """Charts may render who deploys others."""
        stating = [document for document in rendered if is_stating(document)]
        if stating:
            self._stated = stated_with(self._world, stating)

    def stated(self, folder: str) -> Sequence[Stated]:
        """Who deploys a chart."""
        return self._stated.of(folder)

    def of(self, chart: Chart, cluster: Cluster) -> list[ValueSet]:
        """All sets of values that are there for a chart, equal ones once."""
        found: dict[str, ValueSet] = {}
        for values in self._every(chart, cluster):
            data = values.values.data if values.values is not None else None
            said = (values.release, values.namespace, values.is_without_own, values.has_crds)
            apis = (values.cluster.version, sorted(values.cluster.apis)) if values.cluster else None
            finish = None if values.finish is None else plain(values.finish)
            key = json.dumps([data or {}, said, apis, finish], sort_keys=True, default=str)
            known = found.get(key)
            through = values.through if known is None else (*known.through, *values.through)
            found[key] = replace(known or values, through=tuple(dict.fromkeys(through)))
        for values in found.values():
            self.labels[values.path] = values.label
        return list(found.values())

    def _every(self, chart: Chart, cluster: Cluster) -> Iterator[ValueSet]:
        folder = chart.folder
        release = _NO_NAME.sub("-", chart.name.lower()).strip("-")[:_LONGEST_NAME].strip("-") or "release"
        entries = [item for item in self._releases if normpath(item.chart or ".") == (folder or ".")]
        tested, stated = self._charts.of_ci(folder), self.stated(folder)
        if tested or not (stated or entries or folder in self._inflated):
            yield from self._with_files(chart, Release(folder, (), release), is_default=True)
        for path in tested:
            yield from self._with_files(chart, Release(folder, (path,), release))
        for entry in entries:
            yield from self._with_files(chart, replace(entry, release=entry.release or release))
        for item in stated:
            yield self._as_stated(chart, item, cluster)

    def _with_files(self, chart: Chart, entry: Release, *, is_default: bool = False) -> Iterator[ValueSet]:
        documents = []
        files = [normpath(name) for name in entry.values]
        for name in files:
            text = self._text(name)
            document = self._charts.document(name)
            if text is None or (document is None and self._charts.says_something(name)):
                self.unreadable.append((name, "it is a file of values and cannot be read"))
                return
            if document is not None and document.data is not None:
                if not isinstance(document.data, dict):
                    self.unreadable.append((name, "it is a file of values, and no map"))
                    return
                documents.append(document)
        yield ValueSet(
            f"{chart.folder or '.'} with {', '.join(files)}" if files else chart.folder or ".",
            self._named(files[-1] if files else top_of(chart.folder)),
            merged_documents(documents),
            entry.release,
            entry.namespace,
            is_default=is_default or not files,
        )

    def _as_stated(self, chart: Chart, item: Stated, cluster: Cluster) -> ValueSet:
        folder = chart.folder or "."
        called = f"{item.label} of {folder}".replace("/", ":")
        other = cluster.but_for(item.version, item.apis) if item.version or item.apis else None
        return ValueSet(
            f"{folder} with {item.label}",
            self._named(f"{item.path}#{called}"),
            None if item.values is None else GivenValues(item.values),
            item.release,
            item.namespace,
            (item.path, *item.files),
            is_without_own=item.is_without_own,
            is_whole=not item.unknown and not item.has_variables,
            has_variables=item.has_variables,
            cluster=other,
            has_crds=item.has_crds,
            finish=item.finish,
        )

    def _named(self, path: str) -> str:
        """A path that stands for one set alone."""
        while path in self._taken:
            path += "'"
        self._taken.add(path)
        return path

    def _text(self, path: str) -> str | None:
        try:
            return decode(self._world.tree.read(path))
        except (FileProblem, TextProblem, OSError, ValueError):
            return None
