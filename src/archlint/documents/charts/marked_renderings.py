"""The renderings of a chart with signs in its templates and values.

Some signs make a template fail: a text that is looked up in a table, an empty map where a text belongs. Such
a value is found, by what the message says or by halves, and goes without its sign in all further renderings
of the chart, so that it costs its own place and none of the others. A template that fails whatever is left
out is left out itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from posixpath import basename

from archlint.documents.charts.chart import CHART_FILE, Chart
from archlint.documents.charts.rendering import Failure
from archlint.documents.charts.steadiness import with_cheap_secrets
from archlint.documents.charts.template_marks import Planted, marked_template, with_marked_version
from archlint.documents.charts.value_marks import (
    QUOTED,
    Given,
    GivenKey,
    with_filled,
    with_marked_maps,
    with_marked_texts,
    with_switches_on,
)
from archlint.documents.document import Document
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

Render = Callable[[Mapping[str, str], Sequence[str]], "dict[str, str] | Failure"]
"""Changes to the chart, and texts of values, to what comes out."""
_Plant = Callable[[Document, Planted], str]

NAMED = regex(r"(?<![\w.-])[\w.-]{1,250}/((?:charts/[^\s:/()]{1,250}/){0,20}templates/[^\s:()]{1,500}):(\d+)")
"""Where in a template Helm says that something is."""
_VALUE = regex(r"<\$?\.Values((?:\.\w{1,100}){1,30})>")
_CRDS = regex(r"^(?:charts/[^/]{1,250}/){0,20}crds/")
_MOST_LEFT_OUT = 8
"""Templates that may fail in a rendering with signs."""
_MOST_SPOILERS = 12
"""Values that may go without a sign in one rendering because a template fails with it."""
_MOST_TRIED = 120
"""Renderings of one chart, with all sets of its values, that look for such values."""


def is_manifest(name: str) -> bool:
    """Whether what a template renders is applied."""
    return not basename(name).startswith("_")


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to plant signs."""

    name: str
    plant: _Plant
    has_templates: bool = False
    """Whether signs are in templates too."""
    has_versions: bool = False
    """Whether signs are in the versions that ``Chart.yaml`` states too."""
    is_filled: bool = False
    """Whether what is empty or off in values is not so here."""


_FILLINGS = (
    _Way("maps filled", partial(with_filled, texts=False), has_templates=True, is_filled=True),
    _Way("texts filled", partial(with_filled, texts=True), has_templates=True, is_filled=True),
    _Way("switched on", with_switches_on, has_templates=True, is_filled=True),
)


class Signed:
    """The templates of one chart with signs, and what is known of values that spoil renderings."""

    def __init__(self, chart: Chart, texts: Mapping[str, str], answered: Callable[[str], str]) -> None:
        """``texts`` are its templates, ``answered`` what is rendered in place of one."""
        planted = Planted()
        self.chart = chart
        self.cheap = {name: with_cheap_secrets(answered(text)) for name, text in texts.items()}
        self.templates = {
            name: with_cheap_secrets(answered(marked_template(name, text, planted)))
            for name, text in texts.items()
        }
        self.meanings = planted.meanings
        read = any("crds/" in text for text in texts.values())
        self.unused = {} if read else {name: "" for name in chart.files if _CRDS.search(name)}
        """Files that no template reads, without which a rendering takes less time."""
        compared = {found[1] or found[2] for text in texts.values() for found in QUOTED.finditer(text)}
        self.ways = (
            _Way("texts", partial(with_marked_texts, compared=compared), has_versions=True),
            _Way("maps", with_marked_maps),
            *_FILLINGS,
        )
        self.spoilers: dict[str, set[GivenKey]] = {}
        """By the name of the way, as the same value may do no harm in another."""
        self.tried = 0

    def planted(self) -> Planted:
        """The signs of the templates, to which those of values can be added."""
        return Planted(self.meanings)


class MarkedRenderings:
    """Those of one chart with one set of values."""

    def __init__(
        self,
        signed: Signed,
        planted: Planted,
        render: Render,
        own: Mapping[str, Document],
        stated: Sequence[Document],
    ) -> None:
        """``own`` are the files of values in the chart, ``stated`` the values over them."""
        self._signed = signed
        self._planted = planted
        self._render = render
        self._own = own
        self._stated = stated
        self._texts = [json.dumps(document.data, default=str) for document in stated]

    def all(self) -> Iterator[tuple[dict[str, str], bool]]:
        """What each rendering made, and whether empty values are filled in it."""
        templates = self._signed.templates
        yield from self._with_templates(templates)
        if any(not is_manifest(name) for name in templates):
            manifests = {name: text for name, text in templates.items() if is_manifest(name)}
            yield from self._with_templates({**self._signed.cheap, **manifests})
        for way in self._signed.ways:
            yield from self._with_values(way)

    def _with_templates(self, changes: Mapping[str, str]) -> Iterator[tuple[dict[str, str], bool]]:
        left_out: dict[str, str] = {}
        while True:
            made = self._render({**self._signed.unused, **changes, **left_out}, self._texts)
            if not isinstance(made, Failure):
                yield made, False
                return
            outer = outermost(self._signed.chart, made.message)
            if outer is None or outer in left_out or len(left_out) >= _MOST_LEFT_OUT:
                return
            left_out[outer] = ""

    def _with_values(self, way: _Way) -> Iterator[tuple[dict[str, str], bool]]:
        spoilers = self._signed.spoilers.setdefault(way.name, set())
        left_out: dict[str, str] = {}
        found = 0
        while True:
            made, keys = self._planted_in(way, spoilers, left_out)
            if not isinstance(made, Failure):
                yield made, way.is_filled
                return
            if made.kind not in ("template", "values"):
                return
            more = self._spoiler(way, made, keys, left_out) if found < _MOST_SPOILERS else set()
            if more:
                spoilers |= more
                found += 1
                continue
            outer = outermost(self._signed.chart, made.message)
            if outer is None or outer in left_out or len(left_out) >= _MOST_LEFT_OUT:
                return
            left_out[outer] = ""

    def _planted_in(
        self,
        way: _Way,
        spoilers: Collection[GivenKey],
        left_out: Mapping[str, str],
        wanted: Collection[GivenKey] | None = None,
    ) -> tuple[dict[str, str] | Failure, list[GivenKey]]:
        """A rendering with the signs that are ``wanted`` (all) and spoil nothing, and the values that have
        one."""
        planted = self._planted
        keys = planted.choose(spoilers, wanted)
        templates = self._signed.templates if way.has_templates else self._signed.cheap
        own = {name: way.plant(document, planted) for name, document in self._own.items()}
        versions = dict(self._marked_versions()) if way.has_versions else {}
        texts = [way.plant(document, planted) for document in self._stated]
        changes = {**self._signed.unused, **templates, **own, **versions, **left_out}
        return self._render(changes, texts), keys

    def _marked_versions(self) -> Iterator[tuple[str, str]]:
        """Templates with a sign behind each ``appVersion``, which many take for the tag of their image; in
        ``Chart.yaml`` Helm takes out what is not printable."""
        signs = dict(self._version_signs())
        for name, text in self._signed.cheap.items() if signs else ():
            if "AppVersion" in text:
                inside = max((home for home in signs if name.startswith(home)), key=len, default=None)
                if inside is not None:
                    yield name, with_marked_version(text, signs[inside])

    def _version_signs(self) -> Iterator[tuple[str, str]]:
        """A sign for each chart that states one, by its folder."""
        for name, document in self._signed.chart.documents.items():
            version = document.root.get("appVersion").text
            sign = ""
            if basename(name) == CHART_FILE and version:
                sign = self._planted.sign(Given(document, ("appVersion",)))
            if sign:
                yield name.removesuffix(CHART_FILE), sign

    def _spoiler(
        self, way: _Way, failure: Failure, keys: list[GivenKey], left_out: Mapping[str, str]
    ) -> set[GivenKey]:
        """Values of which the signs make a rendering fail."""
        said = {each.key for each in self._planted.of(failure.message) if isinstance(each, Given)}
        if said:
            return said
        routes = [tuple(found[1][1:].split(".")) for found in _VALUE.finditer(failure.message)][-1:]
        named = {key for key in keys for route in routes if key[1][-len(route) :] == route}
        return named or self._by_halves(way, failure, keys, left_out)

    def _by_halves(
        self, way: _Way, failure: Failure, keys: list[GivenKey], left_out: Mapping[str, str]
    ) -> set[GivenKey]:
        """The first value with which a rendering fails, where it does not with those before it. Only the
        templates that the message names are rendered."""
        named = {self._signed.chart.written(found[1]) for found in NAMED.finditer(failure.message)}
        if any(map(is_manifest, named)):
            left_out = {**left_out, **{name: "" for name in self._signed.cheap if is_manifest(name)}}
            left_out = {name: text for name, text in left_out.items() if name not in named}
        fine, failing = -1, len(keys)
        while failing - fine > 1:
            if self._signed.tried >= _MOST_TRIED:
                return set()
            self._signed.tried += 1
            middle = (fine + failing) // 2
            made, _ = self._planted_in(way, (), left_out, keys[:middle])
            if not isinstance(made, Failure):
                fine = middle
            elif made.kind in ("template", "values"):
                failing = middle
            else:
                return set()
        return {keys[failing - 1]} if failing else set()


def outermost(chart: Chart, message: str) -> str | None:
    """The template that Helm was about to render when it failed."""
    found = NAMED.search(message)
    return None if found is None else chart.written(found[1])
