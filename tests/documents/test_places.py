"""Every key and value of a document has an exact place, in each style, and reads the same in each style."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents import Document, load_text, revive, store
from archlint.documents.stored import Shelf
from archlint.files import Kind
from archlint.finding import Route, Span, Token

_NUMBER = re.compile(r"[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+")
"""What PyYAML writes without quotes and Kubernetes reads as a number."""
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\ufffe\uffff"), max_size=8
).filter(lambda text: not _NUMBER.fullmatch(text))
SCALARS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXT
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def routes(value: Any, here: Route = ()) -> Iterator[Route]:
    """Every route into some data."""
    yield here
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from routes(child, (*here, key))


def text_at(text: str, span: Span) -> str:
    """The stretch of one line that a span covers."""
    assert span.line == span.end_line
    return text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


def one_document(path: str, text: str, kind: Kind = Kind.OPENAPI) -> Document:
    """The only document of a text that must be readable."""
    loaded = load_text(path, text, kind)
    assert not loaded.problems, loaded.problems
    (document,) = loaded.documents
    return document


def assert_every_key_is_placed(text: str, document: Document) -> None:
    """The key token of every entry, read by itself, is that key."""
    for route in routes(document.data):
        if route and isinstance(route[-1], str):
            token = text_at(text, document.span(route, Token.ANCHOR))
            key = next(iter(yaml.load(f"? {token}\n: 1\n", Loader=yaml.BaseLoader)))
            assert key == route[-1]


@given(DATA)
@settings(deadline=None)
def test_json_places(value: Any) -> None:
    for indent in (None, 2):
        text = json.dumps({"root": value}, indent=indent, ensure_ascii=False)
        document = one_document("a.json", text)
        assert document.data == {"root": value}
        for route in routes(document.data):
            if route and isinstance(route[-1], str):
                assert json.loads(text_at(text, document.span(route, Token.ANCHOR))) == route[-1]
            value_here = document.at(route).value
            if not isinstance(value_here, (dict, list)):
                assert json.loads(text_at(text, document.span(route, Token.VALUE))) == value_here


@given(DATA, st.booleans())
@settings(deadline=None)
def test_yaml_places_in_block_and_flow_style(value: Any, flow: bool) -> None:
    text = yaml.dump(
        {"root": value}, default_flow_style=flow, allow_unicode=True, width=10**9, sort_keys=False
    )
    document = one_document("a.yaml", text)
    assert document.data == {"root": value}
    assert_every_key_is_placed(text, document)


@given(DATA)
@settings(deadline=None)
def test_yaml_reads_json_as_json_does(value: Any) -> None:
    text = json.dumps({"root": value}, indent=1, ensure_ascii=False)
    as_yaml, as_json = one_document("a.yaml", text), one_document("a.json", text)
    assert as_yaml.data == as_json.data
    for route in routes(as_json.data):
        for token in Token:
            assert as_yaml.span(route, token) == as_json.span(route, token)
        assert as_yaml.names(route) == as_json.names(route)


@given(st.lists(DATA, min_size=1, max_size=3))
@settings(deadline=None)
def test_a_stored_document_comes_back_with_its_places(values: list[Any]) -> None:
    text = yaml.dump_all([{"root": value} for value in values], allow_unicode=True, explicit_start=True)
    documents = load_text("a.yaml", text, Kind.DATA).documents
    kept = store(documents)
    for shelf in (Shelf(lambda: kept.data, lambda: kept.marks), Shelf(lambda: None, lambda: "damaged")):
        again = revive("a.yaml", lambda: text, Kind.DATA, len(documents), shelf)
        for before, after in zip(documents, again, strict=True):
            assert before.data == after.data
            for route in routes(before.data):
                assert before.span(route, Token.ANCHOR) == after.span(route, Token.ANCHOR)


PLACES = {
    "anchor and tag": ("a: &x !!str word", ("a",), Token.VALUE, Span(1, 13, 1, 17)),
    "anchored map": ("a: &x\n  b: 1", ("a", "b"), Token.ANCHOR, Span(2, 3, 2, 4)),
    "alias": ("a: &x {b: 1}\nc: *x", ("c", "b"), Token.ANCHOR, Span(1, 8, 1, 9)),
    "merge key": ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2", ("c", "b"), Token.ANCHOR, Span(1, 8, 1, 9)),
    "merge does not win": ("a: &x {b: 1}\nc:\n  b: 3\n  <<: *x", ("c", "b"), Token.VALUE, Span(3, 6, 3, 7)),
    "block scalar": ("a: |-\n  text\n  more\n", ("a",), Token.VALUE, Span(1, 4, 1, 6)),
    "crlf": ("a: 1\r\nb: 2\r\n", ("b",), Token.VALUE, Span(2, 4, 2, 5)),
    "next line character": ("a: 'x\u0085y'\nb: 2\n", ("b",), Token.ANCHOR, Span(2, 1, 2, 2)),
    "beyond the basic plane": ('"\U0001f600": {b: 2}', ("\U0001f600", "b"), Token.ANCHOR, Span(1, 7, 1, 8)),
    "item by its name": ("- image: x\n  name: web\n", (0,), Token.ANCHOR, Span(2, 9, 2, 12)),
    "item by its first key": ("- image: x\n", (0,), Token.ANCHOR, Span(1, 3, 1, 8)),
    "scalar item": ("- one\n- two\n", (1,), Token.ANCHOR, Span(2, 3, 2, 6)),
    "missing key": ("a:\n  b: 1\n", ("a", "c", "d"), Token.ANCHOR, Span(1, 1, 1, 2)),
    "top of a manifest": ("apiVersion: v1\nkind: Pod\n", ("spec",), Token.ANCHOR, Span(2, 7, 2, 10)),
    "object in a list": (
        "kind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n",
        ("items", 0, "spec"),
        Token.ANCHOR,
        Span(4, 9, 4, 12),
    ),
    "flow over lines": ("a: {b: 1,\n    c: 2}\n", ("a", "c"), Token.VALUE, Span(2, 8, 2, 9)),
    "number key": ("200: ok\n", ("200",), Token.ANCHOR, Span(1, 1, 1, 4)),
}


@pytest.mark.parametrize("name", PLACES)
def test_place(name: str) -> None:
    text, route, token, expected = PLACES[name]
    assert one_document("a.yaml", text).span(route, token) == expected


READINGS = [
    ("yes", True, "yes"),
    ("off", False, "off"),
    ("y", True, "y"),
    ("0755", 493, 755),
    ("1_000", 1000, "1_000"),
    ("0x1F", 31, 31),
    ("0o17", 15, 15),
    ("0b11", 3, "0b11"),
    ("1e3", 1000.0, 1000.0),
    ("12:30", "12:30", "12:30"),
    ("2024-01-01", "2024-01-01", "2024-01-01"),
    ("~", None, None),
    ("", None, None),
    ("'yes'", "yes", "yes"),
    ("!!str 12", "12", "12"),
    ("1.2.3", "1.2.3", "1.2.3"),
    ("08", 8.0, 8),
    ("+1", 1, 1),
]


@pytest.mark.parametrize(("text", "kubernetes", "core"), READINGS)
def test_plain_scalars_are_read_as_the_kind_of_document_wants(text: str, kubernetes: Any, core: Any) -> None:
    for kind, expected in ((Kind.KUBERNETES, kubernetes), (Kind.OPENAPI, core)):
        value = one_document("a.yaml", f"a: {text}\n", kind).data["a"]
        assert (type(value), value) == (type(expected), expected)


def test_names_survive_reordering() -> None:
    first = one_document("a.yaml", "items:\n- {name: b, x: 1}\n- {name: a}\n- {z: 1}\n- text\n")
    second = one_document("a.yaml", "items:\n- text\n- {name: a}\n- {z: 1}\n- {x: 1, name: b}\n")
    for before, after in ((0, 3), (1, 1), (2, 2), (3, 0)):
        assert first.names(("items", before)) == second.names(("items", after))


def test_an_object_in_a_list_has_the_names_it_has_alone() -> None:
    alone = one_document("a.yaml", "apiVersion: v1\nkind: Pod\nspec: {a: 1}\n")
    listed = one_document("a.yaml", "kind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec: {a: 1}\n")
    assert alone.names(("spec", "a")) == listed.names(("items", 0, "spec", "a"))
