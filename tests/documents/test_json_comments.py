"""JSON with comments: settings have it, contracts do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.documents import Document, Shelf, load_text, revive
from archlint.documents.json import without_comments
from archlint.engine.reading import read_world
from archlint.files import Kind, WorkingTree
from archlint.finding import Token
from archlint.model.reading import UnreadableFile

_SETTINGS = """\
{
  // what the service calls
  "Urls": "http://orders/*x*/", /* not
  "Old": "http://old", */
  "List": [1, 2, /* last */ ],
}
"""
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def _told(folder: Path, name: str, text: str, *, named: bool = False) -> list[bool]:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    world = read_world(WorkingTree(folder), [name], frozenset([name] if named else ()))
    return [item.matters for item in UnreadableFile.all(world)]


@given(_values)
def test_json_without_comments_stays_as_it_is(value: object) -> None:
    """Strings that look like comments, or end in a comma, are strings."""
    text = json.dumps(value, indent=1, ensure_ascii=False)

    assert without_comments(text) == text


def test_comments_go_and_offsets_stay() -> None:
    plain = without_comments(_SETTINGS)

    assert json.loads(plain) == {"Urls": "http://orders/*x*/", "List": [1, 2]}
    assert [len(line) for line in plain.split("\n")] == [len(line) for line in _SETTINGS.split("\n")]


_NAMES = ("appsettings.json", "tsconfig.json", ".vscode/launch.json", ".devcontainer/devcontainer.json")


@pytest.mark.parametrize("name", _NAMES)
@pytest.mark.parametrize("named", [False, True])
def test_settings_with_comments_are_read(tmp_path: Path, name: str, named: bool) -> None:
    assert not _told(tmp_path, name, _SETTINGS, named=named)
    document: Document = load_text(name, _SETTINGS, Kind.DATA).documents[0]
    again = revive(name, lambda: _SETTINGS, Kind.DATA, 1, Shelf(lambda: None, lambda: None))[0]
    for one in (document, again):
        assert one.root.get("List", 1).value == 2
        assert one.span(("List",), Token.ANCHOR).line == 5


def test_what_is_neither_contract_nor_manifest_is_not_complained_about(tmp_path: Path) -> None:
    """Lines of JSON, JSON5 and inputs of tests are counted as unread."""
    for number, text in enumerate(("{'a': 1}", '{"a": 1}\n{"a": 2}', "{", "NaN", "{a: 1}")):
        assert not _told(tmp_path, f"{number}.json", text)
        assert _told(tmp_path, f"{number}.json", text, named=True) == [True]


@pytest.mark.parametrize("head", ['"openapi": "3.0.3"', '"apiVersion": "v1", "kind": "Pod"'])
def test_contracts_and_manifests_take_no_comments(tmp_path: Path, head: str) -> None:
    """Their readers refuse them."""
    assert _told(tmp_path, "a.json", "{" + head + ', // why\n "info": {}}') == [True]


_KEYS = (
    '"openapi": "3.1.0", "info": {}',
    '"asyncapi": "3.0.0"',
    '"kind": "Pod", "apiVersion": "v1"',
    '"$schema": "http://json-schema.org/draft-07/schema#"',
    '"consumer": {}, "provider": {}, "interactions": []',
)


@pytest.mark.parametrize("keys", _KEYS)
def test_contracts_that_cannot_be_read_are_told_in_whatever_order_their_keys_are(
    tmp_path: Path, keys: str
) -> None:
    laid_out = keys.replace(", ", ",\n ")
    for number, text in enumerate((f'{{"x": [1 2], {keys}}}', f'{{\n "x": 1\n {laid_out}\n}}')):
        assert _told(tmp_path, f"{number}.json", text) == [True]


@pytest.mark.parametrize("text", ["{", "[" * 300 + "]" * 300, '{"a": 1 "b": 2}', "\0\1\2"])
def test_what_is_called_a_schema_is_told_if_it_cannot_be_read(tmp_path: Path, text: str) -> None:
    for name in ("order.schema.json", "order.schema.yaml", "Order.Schema.JSON"):
        if name.endswith("json") or text != "\0\1\2":
            assert _told(tmp_path, name, text) == [True], name
    assert _told(tmp_path, "tests/order.schema.json", text) == []
