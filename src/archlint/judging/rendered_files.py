"""Files that are the output of ``helm template``: each document follows a line that names its template.

    # Source: cart/templates/deployment.yaml

Whoever mends such a file edits the template, or the values, and renders again. Where the chart is in the
repository, what its own rendering has as well is one finding, at the template or value; what stands in the
file alone names the template. A template that is not here is named by the line that names it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from posixpath import dirname

from archlint.files import Kind, TextProblem, decode
from archlint.finding import Finding, Location, Span
from archlint.finding.place import FROM_TEMPLATE, RENDERED_HERE
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.judging.candidates import RENDERED
from archlint.model.world import World

_SOURCE = regex(r"# Source: ([\w.-]{1,250})/((?:charts/[\w.-]{1,250}/){0,20}templates/\S{1,500})[ \t\r]*")
_SEPARATOR = regex(r"---(?:[ \t\r]|$)")
_MOST_NAMED = 3
_MOST_ALIKE = 100
"""Findings of one template that one in a file is held against."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The lines of a document, and the line that names its template."""

    first: int
    line: int
    chart: str
    template: str


def with_templates(
    findings: Iterable[Finding], contents: Iterable[tuple[str, bytes]], world: World
) -> list[Finding]:
    """The findings, those in files that charts were rendered to with the template, or as the chart's own."""
    stretches = {path: found for path, content in contents if (found := _stretches(content))}
    every = list(findings)
    if not stretches:
        return every
    charts = _Charts(world)
    own: dict[object, list[Finding]] = {}
    for item in every:
        for key in _keys(item, charts):
            own.setdefault(key, []).append(item)
    kept: list[Finding] = []
    told: dict[int, list[Location]] = {}
    for item in every:
        stretch = _at(item, stretches.get(item.location.path, ()))
        template = None if stretch is None else charts.template(stretch)
        same = [] if template is None else own.get(_key(item, template), [])[:_MOST_ALIKE]
        first = next((each for each in same if _is_same(item, each)), None)
        if stretch is None:
            kept.append(item)
        elif first is None:
            kept.append(_with(item, [_template_place(item, stretch, template)]))
        else:
            told.setdefault(id(first), []).append(replace(item.location, message=RENDERED_HERE))
    return [_with(item, told.get(id(item), [])[:_MOST_NAMED]) for item in kept]


def _is_same(here: Finding, there: Finding) -> bool:
    """Whether two findings say the same of what objects of two names are rendered from."""
    names = [item.object.name if item.object else "" for item in (here, there)]
    if set(here.arguments) != set(there.arguments):
        return False
    return all(
        said == there.arguments[key] or (names[0] in said and names[1] in there.arguments[key])
        for key, said in here.arguments.items()
    )


def _with(item: Finding, places: Sequence[Location]) -> Finding:
    return replace(item, related=(*item.related, *places)) if places else item


def _template_place(item: Finding, stretch: _Stretch, template: str | None) -> Location:
    if template is not None:
        return Location(template, Span(1, 1, 1, 1), message=FROM_TEMPLATE)
    end = len(RENDERED) + len(stretch.chart) + len(stretch.template) + 2
    span = Span(stretch.line, 1, stretch.line, end)
    return Location(item.location.path, span, item.location.document, message=FROM_TEMPLATE)


def _keys(item: Finding, charts: _Charts) -> Iterator[object]:
    """What makes a finding in a chart's own rendering the same as one in a file that it was rendered to."""
    for path in dict.fromkeys(place.path for place in (item.location, *item.related)):
        if charts.has(path):
            yield _key(item, path)


def _key(item: Finding, template: str) -> object:
    return item.code, item.message_id, item.object.kind if item.object else "", template


def _at(item: Finding, stretches: Sequence[_Stretch]) -> _Stretch | None:
    """The document that a finding stands in."""
    index = bisect_right(stretches, item.location.span.line, key=lambda each: each.first)
    return stretches[index - 1] if index else None


def _stretches(content: bytes) -> list[_Stretch]:
    """All documents of a file, if each follows the name of its template."""
    try:
        lines = decode(content).split("\n")
    except TextProblem:
        return []
    found: list[_Stretch] = []
    first, named, is_open = 1, None, False
    for number, line in enumerate(lines, 1):
        if _SEPARATOR.match(line):
            first, named, is_open = number, None, False
        elif is_open or not line.strip():
            continue
        elif line.startswith("#"):
            source = _SOURCE.fullmatch(line)
            named = _Stretch(first, number, source[1], source[2]) if source is not None else named
        elif named is None:
            return []
        else:
            is_open = True
            found.append(named)
    return found


class _Charts:
    """The charts of a world by their names."""

    def __init__(self, world: World) -> None:
        self._paths = frozenset(world.kinds)
        self._folders: dict[str, list[str]] = {}
        for path in world.paths(Kind.CHART):
            for document in world.loaded(path).documents[:1]:
                self._folders.setdefault(document.root.get("name").text or "", []).append(dirname(path))
        self._templates = frozenset(world.paths(Kind.CHART_TEMPLATE))

    def has(self, path: str) -> bool:
        """Whether a file is a template."""
        return path in self._templates

    def template(self, stretch: _Stretch) -> str | None:
        """The file that a document was rendered from, if exactly one chart here has it."""
        folders = self._folders.get(stretch.chart, ())
        named = (f"{folder}/{stretch.template}".lstrip("/") for folder in folders)
        found = [path for path in named if path in self._paths]
        return found[0] if len(found) == 1 else None
