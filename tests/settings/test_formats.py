"""Files of settings are read as their programs read them, with the place of every value."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.appconfig import dotenv, ini, properties, toml_texts
from archlint.model.appconfig.placed import PlacedText
from archlint.model.appconfig.settings import Setting, of_tree
from tests.settings.texts import documents, marked, placed


def properties_of(text: PlacedText) -> Iterator[Setting]:
    for document in properties.documents_of(text):
        yield from document


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a=b", [("a", "b")]),
        ("a = b c ", [("a", "b c ")]),
        ("a: b", [("a", "b")]),
        ("a b", [("a", "b")]),
        ("  a.b\t=\tc", [("a.b", "c")]),
        ("a\\:b=c", [("a:b", "c")]),
        ("a=b\\\n   c", [("a", "bc")]),
        ("a=b\\\r\n   c\r\nd=e", [("a", "bc"), ("d", "e")]),
        ("# a=b\n! c=d\n\ne=f", [("e", "f")]),
        ("a=\\u0062\\t", [("a", "b\t")]),
        ("a=\\ud800", [("a", "\ufffd")]),
        ("a=http\\://cart\\:80", [("a", "http://cart:80")]),
        ("a", [("a", "")]),
        ("=b", [("", "b")]),
        ("a==b", [("a", "=b")]),
        ("a=b\\", [("a", "b")]),
    ],
)
def test_properties_are_read_as_java_reads_them(written: str, read: list[tuple[str, str]]) -> None:
    assert [(item.key, item.value) for item in properties_of(placed(written))] == read


def test_properties_hold_several_documents() -> None:
    text = placed("a=1\n#---\nspring.config.activate.on-profile=docker\na=2\n")
    assert [[item.value for item in document] for document in properties.documents_of(text)] == [
        ["1"],
        ["docker", "2"],
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("A=b", [("A", "b")]),
        ("export A=b", [("A", "b")]),
        ("A='b # c'", [("A", "b # c")]),
        ('A="b\nc"\nD=e', [("A", "b\nc"), ("D", "e")]),
        ("A=b # c", [("A", "b")]),
        ("A=http://x/#y", [("A", "http://x/#y")]),
        ("# A=b", []),
        ("A=", [("A", "")]),
        ("A=b\r\nC=d\r\n", [("A", "b"), ("C", "d")]),
    ],
)
def test_environment_files_are_read(written: str, read: list[tuple[str, str]]) -> None:
    assert [(item.key, item.value) for item in dotenv.settings_of(placed(written))] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[db]\nhost = cart-db\n", [("db.host", "cart-db")]),
        ("host: cart ; why\n", [("host", "cart")]),
        ('[a]\nb = "c"\n', [("a.b", "c")]),
        ("# a = b\n; c = d\n", []),
        ("[a] # why\nb=c\r\n", [("a.b", "c")]),
    ],
)
def test_sections_are_read(written: str, read: list[tuple[str, str]]) -> None:
    assert [(item.key, item.value) for item in ini.settings_of(placed(written))] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('a = "b"\n', [("a", "b")]),
        ('[orders]\nhost = "o" # why\nport = 80\n', [("orders.host", "o"), ("orders.port", "80")]),
        ("a.b.\"c d\" = 'e'\n", [("a.b.c d", "e")]),
        ('a = ["b", # x\n "c"]\n', [("a[0]", "b"), ("a[1]", "c")]),
        ('a = {b = "c", d = ["e"]}\nf = "g"\n', [("a.b", "c"), ("a.d[0]", "e"), ("f", "g")]),
        (
            '[[a]]\nb = "c"\n[[a]]\nb = "d"\n[a.e]\nf = "g"\n',
            [("a[0].b", "c"), ("a[1].b", "d"), ("a[1].e.f", "g")],
        ),
        ('a = """\nb = "c\n"""\nd = "e"\n', [("a", 'b = "c\n'), ("d", "e")]),
        ('a = true\nb = 1.5\nc = "d"\n', [("c", "d")]),
        ('a = [[1, 2], ["b"]]\n', [("a[0][0]", "1"), ("a[0][1]", "2"), ("a[1][0]", "b")]),
        ("a = \n", []),
    ],
)
def test_toml_is_read(written: str, read: list[tuple[str, str]]) -> None:
    assert [(item.key, item.value) for item in toml_texts.settings_of(placed(written))] == read


TOML_KEY = st.from_regex("[a-z]{2,5}", fullmatch=True)
TOML_VALUE = st.from_regex("[a-z:/]{3,9}", fullmatch=True)
TOML_FORMS = ('{k} = "{v}"', "{k}='{v}' # {v}", '[{k}]{end}x = [ "{v}" ]')


@given(
    st.lists(st.tuples(TOML_KEY, TOML_VALUE), unique_by=lambda pair: pair[0]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(TOML_FORMS),
)
def test_places_in_toml_lead_to_values(pairs: list[tuple[str, str]], end: str, form: str) -> None:
    text = end.join(form.format(k=key, v=value, end=end) for key, value in pairs)
    found = list(toml_texts.settings_of(placed(text)))
    assert [item.value for item in found] == [value for _, value in pairs]
    assert [marked(text, item.place(0, len(item.value))) for item in found] == [value for _, value in pairs]


@given(st.text("ab=.[]{}\"'# \n,1", max_size=200))
def test_any_text_is_scanned(written: str) -> None:
    for way, start, end in toml_texts._Scan(written).values():
        assert written[start:end]
        assert all(isinstance(step, (str, int)) for step in way)


READERS: list[Callable[[PlacedText], Iterator[Setting]]] = [
    properties_of,
    dotenv.settings_of,
    ini.settings_of,
]
LINE = st.tuples(
    st.from_regex(r"[a-zA-Z]{1,6}", fullmatch=True), st.from_regex(r"[a-z]{3,8}", fullmatch=True)
)


@pytest.mark.parametrize("reader", READERS)
@given(st.lists(st.one_of(LINE, st.just("")), max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_places_lead_to_values(
    reader: Callable[[PlacedText], Iterator[Setting]],
    lines: list[tuple[str, str] | str],
    end: str,
    spaced: bool,
) -> None:
    sign = " = " if spaced else "="
    text = end.join("# note" if isinstance(line, str) else sign.join(line) for line in lines)
    found = list(reader(placed(text)))
    assert [(item.key, item.value) for item in found] == [line for line in lines if not isinstance(line, str)]
    for item in found:
        assert marked(text, item.place(0, len(item.value))) == item.value


@pytest.mark.parametrize("reader", READERS)
@given(st.text("ab=:#![]\\'\" \n\r\t\u2028", max_size=300))
def test_any_text_is_read(reader: Callable[[PlacedText], Iterator[Setting]], written: str) -> None:
    for item in reader(placed(written)):
        span = item.place(0, len(item.value)).span()
        assert span.line >= 1
        assert span.end_column >= span.column >= 1


YAML = """\
# where things are
spring:
  datasource: {url: 'jdbc:mysql://cart-db/cart'}
  hosts:
    - "a:1"
    - plain   # note
  port: 80
"""


def test_yaml_gives_keys_with_dots() -> None:
    found = list(of_tree(documents(YAML)[0].root))
    assert [(item.key, item.value) for item in found] == [
        ("spring.datasource.url", "jdbc:mysql://cart-db/cart"),
        ("spring.hosts[0]", "a:1"),
        ("spring.hosts[1]", "plain"),
        ("spring.port", "80"),
    ]
    assert [marked(YAML, item.place(0, len(item.value))) for item in found] == [
        "jdbc:mysql://cart-db/cart",
        "a:1",
        "plain",
        "80",
    ]
