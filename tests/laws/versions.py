"""What contracts of each version can write: which edits, at which places, in which layers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from tests.laws import old_places, places
from tests.laws.contexts import IN_PLACE, LAYERS, MODERN, Json, Layer
from tests.laws.documents import Version, Way
from tests.laws.edits import Edit, every_edit, old_edits
from tests.laws.marked import Writing
from tests.laws.places import Place

SWAGGER = "2.0"
VERSIONS = ("3.0.3", "3.1.0")
EVERY = (SWAGGER, *VERSIONS)
_CHOICES = ('"oneOf"', '"anyOf"')
_LATER = frozenset(("told_apart", "writeOnly_member"))
"""Layers that 2.0 cannot write, beside choices."""


def version_of(text: str) -> Version:
    """The rules by which contracts of a version are read."""
    if text == SWAGGER:
        return Version.OLD
    return Version.V3_0 if text.startswith("3.0") else Version.MODERN


@cache
def edits(version: str) -> list[Edit]:
    """The edits that a version can write."""
    kind = version_of(version)
    if kind is Version.MODERN:
        return every_edit()
    found = [edit for edit in (*every_edit(), *old_edits()) if not edit.is_modern]
    if kind is Version.V3_0:
        return found
    written = ((edit, json.dumps([edit.base, edit.revision])) for edit in found)
    return [_of_swagger(edit) for edit, text in written if not any(choice in text for choice in _CHOICES)]


def _of_swagger(edit: Edit) -> Edit:
    """An edit with null as an extension, as 2.0 has to write it."""
    if "nullable" not in edit.name:
        return edit
    base, revision = (_extended(schema) for schema in (edit.base, edit.revision))
    return replace(edit, base=base, revision=revision)


def _extended(schema: Json) -> Json:
    return {"x-nullable" if name == "nullable" else name: value for name, value in schema.items()}


def edits_at(version: str, place: Place) -> list[Edit]:
    """The edits that a version can write at a place; parameters of 2.0 always have a type."""
    if place.writing is Writing.JSON:
        return edits(version)
    found = [edit for edit in edits(version) if edit.is_scalar]
    is_typed = version == SWAGGER
    return [
        edit for edit in found if not is_typed or all("type" in each for each in (edit.base, edit.revision))
    ]


def layers_at(version: str, place: Place) -> tuple[Layer, ...]:
    """The layers that a version can write at a place; none for parameters of 2.0, which are no schemas."""
    kind = version_of(version)
    if place.writing is not Writing.JSON:
        return () if kind is Version.OLD else IN_PLACE
    if kind is Version.OLD:
        return tuple(_without_choices(LAYERS))
    return (*LAYERS, *(MODERN if kind is Version.MODERN else ()))


def _without_choices(layers: Iterable[Layer]) -> Iterable[Layer]:
    for layer in layers:
        if not layer.__name__.startswith(("oneOf", "anyOf")) and layer.__name__ not in _LATER:
            yield layer


def places_of(version: str) -> list[Place]:
    """The places of a version."""
    kind = version_of(version)
    if kind is Version.OLD:
        return list(old_places.PLACES)
    return [place for place in places.PLACES if kind is Version.MODERN or not place.is_modern]


@cache
def bare(version: str) -> dict[tuple[Way, Writing], Place]:
    """Where the level of an edit by itself is read off, by who writes the values and how."""
    named = {place.name: place for place in places_of(version)}
    return {
        (named[name].way, named[name].writing): named[name] for name in ("body", "answer", "query", "header")
    }
