"""Parameters of all styles, as texts that clients may send: right ones, and such as are cut or mixed up.

OpenAPI 3.1.1, 4.8.12.3: https://spec.openapis.org/oas/v3.1.1.html#style-values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

NAME = "p"
SCHEMAS: dict[str, dict[str, Any]] = {
    "string": {"type": "string", "maxLength": 3},
    "integer": {"type": "integer", "minimum": 0},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "integers": {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
    "strings": {"type": "array", "items": {"type": "string", "maxLength": 3}},
    "object": {
        "type": "object",
        "required": ["r"],
        "properties": {"r": {"type": "integer"}, "g": {"type": "string", "maxLength": 3}},
    },
}
STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
DELIMITERS = {"spaceDelimited": "%20", "pipeDelimited": "|"}
WORDS = ("1", "0", "-2", "1.5", "true", "x", "long", "ä", "a/b", "2000")
"""Words of which all agree what they are."""


@dataclass(frozen=True)
class Style:
    """A parameter: where it is, how it is written and what it is."""

    location: str
    style: str
    explode: bool
    kind: str

    @property
    def form(self) -> str:
        """Whether it is one value, a list or an object."""
        declared: str = SCHEMAS[self.kind]["type"]
        return declared if declared in ("array", "object") else "one"

    @property
    def parameter(self) -> dict[str, Any]:
        """It, as contracts declare it."""
        told = {"name": NAME, "in": self.location, "required": True, "schema": SCHEMAS[self.kind]}
        return {**told, "style": self.style, "explode": self.explode}


def _is_meant(each: Style) -> bool:
    """Whether the table of the specification has such a parameter."""
    if each.style == "deepObject":
        return each.form == "object" and each.explode
    if each.style in DELIMITERS:
        return each.form != "one" and not each.explode
    # the cookies of an exploded list or object are written in no agreed way (3.1.1, appendix D)
    return each.location != "cookie" or each.form == "one" or not each.explode


ALL = [
    each
    for location, styles in STYLES.items()
    for style in styles
    for explode in (False, True)
    for kind in SCHEMAS
    if _is_meant(each := Style(location, style, explode, kind))
]


@dataclass(frozen=True)
class Sent:
    """What a client sends: the raw text of the parameter, or raw pairs of the query."""

    style: Style
    text: str
    pairs: tuple[tuple[str, str], ...] = ()


def sent_for(each: Style) -> st.SearchStrategy[Sent]:
    """What may be sent for a parameter."""
    words = st.sampled_from(WORDS).map(_encoding(each))
    if each.form == "one":
        return words.map(lambda word: one(each, word))
    if each.form == "array":
        return st.lists(words, min_size=1, max_size=3).map(lambda items: _list(each, items))
    members = st.dictionaries(st.sampled_from(("r", "g")), words, min_size=1)
    return members.map(lambda members: _object(each, members))


def _encoding(each: Style) -> Any:
    """How words are encoded: in headers and cookies they are sent as they are."""
    return (lambda word: quote(word, safe="")) if each.location in ("path", "query") else str


def one(each: Style, word: str) -> Sent:
    """One value as it is written."""
    if each.location == "query":
        return Sent(each, word, ((NAME, word),))
    return Sent(each, {"label": f".{word}", "matrix": f";{NAME}={word}"}.get(each.style, word))


def _list(each: Style, items: list[str]) -> Sent:
    if each.style in ("label", "matrix"):
        start, between = {"label": (".", "."), "matrix": (f";{NAME}=", f";{NAME}=")}[each.style]
        return Sent(each, start + (between if each.explode else ",").join(items))
    if each.location == "query" and each.explode:
        return Sent(each, "", tuple((NAME, item) for item in items))
    return _joined(each, items)


def _joined(each: Style, items: list[str]) -> Sent:
    text = DELIMITERS.get(each.style, ",").join(items)
    return Sent(each, text, ((NAME, text),))


def _object(each: Style, members: dict[str, str]) -> Sent:
    if each.style == "deepObject":
        return Sent(each, "", tuple((f"{NAME}[{name}]", value) for name, value in members.items()))
    if not each.explode:
        flat = [part for member in members.items() for part in member]
        if each.style in ("label", "matrix"):
            start = {"label": ".", "matrix": f";{NAME}="}[each.style]
            return Sent(each, start + ",".join(flat))
        return _joined(each, flat)
    if each.location == "query":
        return Sent(each, "", tuple(members.items()))
    between = {"label": ".", "matrix": ";"}.get(each.style, ",")
    text = between.join(f"{name}={value}" for name, value in members.items())
    return Sent(each, (between if each.style in ("label", "matrix") else "") + text)
