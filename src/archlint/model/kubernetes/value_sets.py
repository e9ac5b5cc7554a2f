"""With which values the charts of a repository are judged.

Sets of values are the chart's own, each file ``ci/*-values.yaml`` (as chart-testing has them), and those that
the configuration names. A chart below ``charts/`` of another one is judged as its part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import basename, dirname, normpath

from archlint.documents.charts.building import ValueSet
from archlint.documents.charts.chart import CHART_FILE, Chart, Charts
from archlint.documents.charts.rendering import Release
from archlint.files import FileProblem, Kind, TextProblem, decode
from archlint.finding.records import replace
from archlint.finding.regex import regex
from archlint.model.world import World

_NO_NAME = regex(r"[^a-z0-9-]+")
_LONGEST_NAME = 53
"""Characters that Helm lets a release have."""


def chart_folders_of(world: World) -> list[str]:
    """The charts that are no part of another one by where they are."""
    every = set(map(dirname, world.paths(Kind.CHART)))
    return sorted(folder for folder in every if not _is_part(folder, every))


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
        self.labels: dict[str, str] = {}
        """What people call each set, by the path that stands for it."""
        self.unreadable: list[tuple[str, str]] = []
        """Files of values that cannot be read, and what to say of them."""

    def of(self, chart: Chart) -> Iterator[ValueSet]:
        """All sets of values that are there for a chart."""
        folder = chart.folder
        release = _NO_NAME.sub("-", chart.name.lower()).strip("-")[:_LONGEST_NAME].strip("-") or "release"
        entries = [item for item in self._releases if normpath(item.chart or ".") == (folder or ".")]
        if all(entry.values for entry in entries):
            yield from self._with_files(chart, Release(folder, (), release))
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
                self.unreadable.append((name, "it is a file of values and cannot be read"))
                return
            if document is not None:
                documents.append(document)
                texts.append(text)
        path = files[-1] if files else top_of(chart.folder)
        while path in self.labels:
            path += "'"
        label = f"{chart.folder or '.'} with {', '.join(files)}" if files else chart.folder or "."
        self.labels[path] = label
        yield ValueSet(label, path, tuple(documents), tuple(texts), entry.release, entry.namespace)

    def _text(self, path: str) -> str | None:
        try:
            return decode(self._world.tree.read(path))
        except (FileProblem, TextProblem, OSError, ValueError):
            return None
