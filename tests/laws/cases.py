"""Generated cases: an edit, in some contexts, at a place of a contract; many of them in one comparison.

A case is told by its seed alone. The judge says which sampled values of the whole are lost and which are new;
archlint's findings about the case are those whose places or operations carry its key.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from archlint.finding import Finding
from archlint.model.world import World
from tests.laws.contexts import ROOT, Json, Layer, Pairs, Site
from tests.laws.documents import Documents, Way, pointer_of
from tests.laws.edits import SAMPLES, Edit
from tests.laws.judge import Side
from tests.laws.marked import Writing
from tests.laws.places import Place
from tests.laws.texts import as_written, readings
from tests.laws.versions import edits_at, layers_at, places_of, version_of
from tests.laws.witnesses import Court, Proof
from tests.oas.worlds import said_of, world_of

_KEY = re.compile(r"\bk(\d+)z")


@dataclass(frozen=True)
class Case:
    """What is edited, and where it stands."""

    number: int
    edit: Edit
    layers: tuple[Layer, ...]
    place: Place
    seed: str = ""

    @property
    def key(self) -> str:
        return f"k{self.number}z"

    def __str__(self) -> str:
        around = " in ".join(layer.__name__.lstrip("_") for layer in self.layers)
        return f"{self.edit.name}{' in ' if around else ''}{around} of {self.place.name} [{self.seed}]"


def case_of(seed: int, number: int, version: str) -> Case:
    """The case of a number."""
    rng = random.Random(f"{seed}/{version}/{number}")
    place = rng.choice(places_of(version))
    layers = layers_at(version, place)
    chosen = tuple(rng.choice(layers) for _ in range(rng.choice((0, 1, 1, 2, 2, 3)))) if layers else ()
    return Case(number, rng.choice(edits_at(version, place)), chosen, place, f"{version} {seed}/{number}")


@dataclass
class Built:
    """A case with what became of it in the contracts."""

    case: Case
    site: Site
    root: tuple[str, ...]
    """The route of the whole schema in the contract."""
    lost: list[Json]
    new: list[Json]

    @property
    def home(self) -> tuple[str, str]:
        """File and pointer of the edited schema."""
        file, route = self.site.home or (ROOT, (*self.root, *self.site.route))
        return file, pointer_of(route)

    @cached_property
    def tokens(self) -> set[tuple[str, str]]:
        """The places that are edited: what is new or other, and what still stands above what is gone."""
        file, pointer = self.home
        edit = self.case.edit
        changed = (*_changed(edit.base, edit.revision), *edit.also)
        return {(file, pointer + pointer_of(route)) for route in changed}


def _changed(base: Json, revision: Json, route: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if base == revision and type(base) is type(revision):
        return
    if isinstance(base, dict) and isinstance(revision, dict):
        if base.keys() - revision.keys():
            yield route
        for name, value in revision.items():
            if name in base:
                yield from _changed(base[name], value, (*route, name))
            else:
                yield from _all((*route, name), value)
        return
    yield route
    if isinstance(base, list) and isinstance(revision, list):
        for index, value in enumerate(revision):
            if index < len(base):
                yield from _changed(base[index], value, (*route, str(index)))
            else:
                yield from _all((*route, str(index)), value)


def _all(route: tuple[str, ...], value: Json) -> Iterator[tuple[str, ...]]:
    """The routes of something new, and of all that stands in it."""
    yield route
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield from _all((*route, str(name)), item)


class Batch:
    """Cases that stand in one pair of contracts, and what archlint says of that pair."""

    def __init__(self, cases: Sequence[Case], version: str) -> None:
        self.pairs = Pairs(version)
        self.built = [self._build(case) for case in cases]
        self._sides = [
            Side(Documents(files.__getitem__, ROOT, version_of(version))) for files in self.pairs.sides
        ]
        for built in self.built:
            self._sample(built)

    def _build(self, case: Case) -> Built:
        rng = random.Random(case.seed)
        site = Site(self.pairs, case.key, rng, case.edit.base, case.edit.revision)
        for layer in case.layers:
            layer(site)
        return Built(case, site, case.place.put(site), [], [])

    def _sample(self, built: Built) -> None:
        """Try the values that the edit itself tells apart, and some others."""
        told = told_apart(built.case.edit, self.pairs.version, built.case.place.way)
        edited = map(built.site.whole, (*told, *built.site.rng.sample(SAMPLES, 2)))
        for whole in (*edited, *built.site.beside()):
            old, new = (self._takes(side, built, whole) for side in self._sides)
            if old and new is False:
                built.lost.append(whole)
            if new and old is False:
                built.new.append(whole)

    def _takes(self, side: Side, built: Built, value: Json) -> bool | None:
        pointer, place = pointer_of(built.root), built.case.place

        def accepts(each: Json) -> bool | None:
            return side.accepts(ROOT, pointer, each, place.way)

        if place.writing is Writing.JSON:
            return accepts(value)
        return as_written(accepts, readings(value))

    @cached_property
    def findings(self) -> dict[int, list[Finding]]:
        """What is said about each case."""
        found: dict[int, list[Finding]] = {built.case.number: [] for built in self.built}
        for finding in self._said:
            for number in _numbers(finding):
                found[number].append(finding)
        return found

    def proofs(self) -> dict[int, list[Proof]]:
        """What becomes of the witnesses of each case."""
        return {number: self._court.proofs(findings) for number, findings in self.findings.items()}

    @cached_property
    def _worlds(self) -> tuple[World, World]:
        old, new = self.pairs.sides
        return world_of(old, "base"), world_of(new)

    @cached_property
    def _said(self) -> list[Finding]:
        return said_of(*self._worlds)

    @cached_property
    def _court(self) -> Court:
        return Court(*self._worlds)


@cache
def told_apart(edit: Edit, version: str, way: Way) -> tuple[Json, ...]:
    """The sampled values of which an edit makes something else, the most telling ones at most."""
    sides = []
    for schema in (edit.base, edit.revision):
        documents = Documents({ROOT: schema}.__getitem__, ROOT, version_of(version))
        sides.append(Side(documents))
    found: list[Json] = []
    for kind in (bool, int, float, str, list, dict, type(None)):
        values = [value for value in SAMPLES if type(value) is kind]
        lost, new = [], []
        for value in values:
            old, revised = (side.accepts(ROOT, "", value, way) for side in sides)
            if old is not revised:
                (lost if old else new).append(value)
        found += [*lost[:2], *new[:2]]
    return tuple(found)


def _numbers(finding: Finding) -> Iterable[int]:
    """The cases that a finding is about."""
    words = [finding.location.pointer or "", *(place.pointer or "" for place in finding.related)]
    words += [operation.path for operation in finding.operations]
    return {int(number) for word in words for number in _KEY.findall(word)}
