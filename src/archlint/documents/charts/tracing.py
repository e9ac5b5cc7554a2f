"""Values that the text of a template names beside a key, where no mark can tell: numbers, booleans, what is
empty.

    readOnlyRootFilesystem: {{ .Values.readOnly }}

A value is taken only if it is the one that the line names and equals what was rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from archlint.documents.charts.chart import VALUES_FILE, Chart
from archlint.documents.charts.template_marks import Written
from archlint.documents.charts.value_marks import Given
from archlint.documents.document import Document
from archlint.finding import Route
from archlint.finding.regex import regex

_NAMED = regex(r"(?<![\w)])\$?\.Values((?:\.\w+)+)")
_ALONE = regex(r"""["']?[ \t]*:[ \t]*["']?\{\{[^}]*\}\}["']?[ \t\r]*(?:#|$)""")
"""A key with one action beside it."""
_BESIDE = 400
"""Characters after a key that are looked at."""


class Tracer:
    """Finds values of one chart with one set of values."""

    def __init__(self, chart: Chart, texts: Mapping[str, str], sets: Sequence[Document]) -> None:
        """``texts`` are the templates, ``sets`` the files of values over the chart's own, the last wins."""
        self._chart = chart
        self._texts = texts
        self._sets = sets

    def of(self, template: str) -> Callable[[Written, Any], Given | None]:
        """``beside`` for what one template renders, by what Helm calls that."""
        return lambda written, data: self.beside(written, data, template)

    def beside(self, written: Written, data: Any, template: str) -> Given | None:
        """The value that makes what stands beside a key; those that a template hands on to helpers are its
        own."""
        text = self._texts.get(written.name)
        if text is None:
            return None
        lines = text[written.end : written.end + _BESIDE].split("\n")
        named = dict.fromkeys(_NAMED.findall(lines[0]))
        if not named and not lines[0].strip(" \t\r:"):
            named = dict.fromkeys(_NAMED.findall("\n".join(lines[1:2])))
        if not data and data is not False and data != 0:
            return self._nothing(named, template)
        if len(named) != 1 or (isinstance(data, str) and not _ALONE.match(lines[0])):
            return None
        route = tuple(next(iter(named))[1:].split("."))
        for given in self.lookup(template, route):
            return given if given.document.at(given.route).value == data else None
        return None

    def _nothing(self, named: Iterable[str], template: str) -> Given | None:
        """The first of some values that is empty, where nothing came of them."""
        for name in named:
            given = next(self.lookup(template, tuple(name[1:].split("."))), None)
            if given is not None and given.document.at(given.route).value in (None, "", {}, []):
                return given
        return None

    def lookup(self, template: str, route: Route) -> Iterator[Given]:
        """Where a value that a template asks for is set, the one that wins first."""
        way = self._chart.way_to(template)
        names = tuple(called for called, _ in way)
        documents = [(document, names) for document in reversed(self._sets)]
        for depth, inside in enumerate(("", *(folder for _, folder in way))):
            own = self._chart.documents.get(f"{inside}/{VALUES_FILE}" if inside else VALUES_FILE)
            if own is not None:
                documents.append((own, names[depth:]))
        for document, prefix in documents:
            full = route if route[0] == "global" else (*prefix, *route)
            if document.at(full).exists:
                yield Given(document, full)
