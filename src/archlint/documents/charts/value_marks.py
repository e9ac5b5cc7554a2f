"""Marks planted into values: a sign at the end of each text, or a key that is a sign in each map.

A text with its sign shows where it ends up; a map that is handed on whole (``toYaml .Values.resources``)
takes the key along, which tells where the numbers and booleans in it come from as well. Values that
templates compare with texts of their own stay as they are, or another branch would be rendered.

A value that is empty shows where it would end up once it is filled with its sign, and a map that is switched
off once it is switched on.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from archlint.documents.charts.template_marks import SIGN, Planted
from archlint.documents.document import Document
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

QUOTED = regex(r'"((?:[^"\\\n]|\\.){1,60})"|`([^`\n]{1,60})`')
_SWITCH = "enabled"
_NAMES = regex(r"(?i)(?:name|namespace)override\Z")
"""Values that are part of all names, by which objects are found again."""


GivenKey = tuple[str, Route]


@dataclass(frozen=True, slots=True)
class Given:
    """A value in a file of values, or in ``Chart.yaml``."""

    document: Document
    route: Route

    @property
    def key(self) -> GivenKey:
        """What tells it from others, also in another set of values."""
        return self.document.path, self.route


def with_marked_texts(document: Document, planted: Planted, compared: Collection[str]) -> str:
    """The document as JSON with a sign in each text that is not among those that templates compare, and in
    each whole number above zero."""

    def marked(value: Any, route: Route) -> Any:
        if isinstance(value, dict):
            return {key: marked(item, (*route, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [marked(item, (*route, index)) for index, item in enumerate(value)]
        if isinstance(value, str) and value.strip() and value not in compared and SIGN not in value:
            return with_sign(value, planted.sign(Given(document, route)))
        if isinstance(value, int) and not isinstance(value, bool):
            return planted.signed(value, Given(document, route))
        return value

    return json.dumps(marked(document.data, ()), default=str)


def with_sign(text: str, sign: str) -> str:
    """A text with a sign before the white space at its end."""
    bare = text.rstrip()
    return f"{bare}{sign}{text[len(bare) :]}"


def with_marked_maps(document: Document, planted: Planted) -> str:
    """The document as JSON with a sign as one more key in each map that has keys, but for the outermost."""

    def marked(value: Any, route: Route) -> Any:
        if isinstance(value, dict):
            made = {key: marked(item, (*route, key)) for key, item in value.items()}
            if made and route and (sign := planted.sign(Given(document, route))):
                made[sign] = ""
            return made
        if isinstance(value, list):
            return [marked(item, (*route, index)) for index, item in enumerate(value)]
        return value

    return json.dumps(marked(document.data, ()), default=str)


def with_filled(document: Document, planted: Planted, *, texts: bool) -> str:
    """The document as JSON with a sign in each map and list that is empty and in place of nulls, or in each
    empty text."""

    def filled(value: Any, route: Route) -> Any:
        if value and isinstance(value, dict):
            return {key: filled(item, (*route, key)) for key, item in value.items()}
        if value and isinstance(value, list):
            return [filled(item, (*route, index)) for index, item in enumerate(value)]
        is_wanted = value == "" if texts else value is None or value in ({}, [])
        if not is_wanted or not route or _NAMES.search(str(route[-1])):
            return value
        sign = planted.sign(Given(document, route))
        if not sign or texts:
            return sign or value
        return [{sign: ""}] if isinstance(value, list) else {sign: ""}

    return json.dumps(filled(document.data, ()), default=str)


def with_switches_on(document: Document, planted: Planted) -> str:
    """The document as JSON with ``enabled: true`` for ``enabled: false``, and a sign in each such map."""

    def switched(value: Any, route: Route) -> Any:
        if isinstance(value, dict):
            made = {key: switched(item, (*route, key)) for key, item in value.items()}
            is_off = value.get(_SWITCH) is False
            if is_off and (sign := planted.sign(Given(document, (*route, _SWITCH)))):
                made |= {_SWITCH: True, sign: ""}
            return made
        if isinstance(value, list):
            return [switched(item, (*route, index)) for index, item in enumerate(value)]
        return value

    return json.dumps(switched(document.data, ()), default=str)
