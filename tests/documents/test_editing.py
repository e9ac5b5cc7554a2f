"""Edits change what they say and leave the rest of the text as it is, or are not made."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents import load_text
from archlint.documents.editing import (
    removed,
    renamed_key,
    with_first_key,
    with_named_items,
    with_setting,
)
from archlint.files import Kind, LineIndex
from archlint.finding import Fix
from tests.support.sampling import usually


def root(text: str, path: str = "a.yaml"):
    return load_text(path, text, Kind.OPENAPI).documents[0].root


def applied(text: str, fix: Fix | None) -> str | None:
    if fix is None:
        return None
    lines = LineIndex(text)
    for edit in sorted(fix.edits, key=lambda edit: (edit.line, edit.column), reverse=True):
        start, end = lines.offset(edit.line, edit.column), lines.offset(edit.end_line, edit.end_column)
        text = text[:start] + edit.text + text[end:]
    return text


def test_an_entry_goes_with_its_comment_and_one_blank_line() -> None:
    text = "a:\n  # about x\n  x:\n    k: |\n      text\n\n      more\n\n  # about y\n  y: 1  # why\n# end\n"
    assert applied(text, removed(root(text).get("a", "x"))) == "a:\n  # about y\n  y: 1  # why\n# end\n"
    assert applied(text, removed(root(text).get("a", "y"))) == text[: text.index("  # about y")] + "# end\n"


def test_maps_that_would_be_left_empty_go_as_well() -> None:
    text = "# head\nz: 1\n# about a\na:\n  # about b\n  b:\n    c: 1\n\nd: 2\n"
    assert applied(text, removed(root(text).get("a", "b", "c"))) == "# head\nz: 1\n\nd: 2\n"
    text = "# head\na:\n  b: 1\nc: 2\n"
    assert applied(text, removed(root(text).get("a", "b"))) == "# head\nc: 2\n"


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("a:\n  x: 1\n", ("a", "x")),  # nothing would be left of the document
        ("a: {x: 1, y: 2}\n", ("a", "x")),
        ('a:\n  x: "one\n two"\n  y: 1\n', ("a", "x")),  # where the value ends does not show in the layout
        ("a:\n  x: &x {k: 1}\n  y: *x\n", ("a", "x")),
        ("a:\n  x: {k: &k 1}\n  y: *k\n", ("a", "x")),
        ("b: &b\n  x: 1\n  y: 2\na: *b\n", ("a", "x")),
        ("b: &b\n  x: 1\n  y: 2\na:\n  <<: *b\n  z: 3\n", ("a", "x")),
    ],
)
def test_what_cannot_be_cut_for_certain_is_not_cut(text: str, route: tuple[str, ...]) -> None:
    assert removed(root(text).get(*route)) is None


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ('{"a": {"x": 1, "y": 2}}', "x", '{"a": {"y": 2}}'),
        ('{"a": {"x": 1, "y": 2}}', "y", '{"a": {"x": 1}}'),
        ('{\n  "a": {\n    "x": {"k": ["}"]},\n    "y": 2\n  }\n}', "x", '{\n  "a": {\n    "y": 2\n  }\n}'),
    ],
)
def test_an_entry_of_json_goes_with_its_comma(text: str, name: str, expected: str) -> None:
    assert applied(text, removed(root(text, "a.json").get("a", name))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n  get:\n    x: 1\n", "a:\n  get:\n    id: v\n    x: 1\n"),
        ("a:\n  get: # c\n    # d\n    x: 1\n", "a:\n  get: # c\n    id: v\n    # d\n    x: 1\n"),
        ("a:\r\n  get:\r\n    x: 1\r\n", "a:\r\n  get:\r\n    id: v\r\n    x: 1\r\n"),
        ("a:\n  get: {x: 1}\n", None),
        ("a:\n  get: {\n    x: 1\n  }\n", None),
        ("a:\n  get: &g\n    x: 1\n  put: *g\n", None),
        ("b: &b\n  y: 2\na:\n  get:\n    <<: *b\n    x: 1\n",
         "b: &b\n  y: 2\na:\n  get:\n    id: v\n    <<: *b\n    x: 1\n"),
        ("a:\n  get: {}\n", None),
    ],
)  # fmt: skip
def test_a_first_key_is_put_behind_the_key_of_its_map(text: str, expected: str | None) -> None:
    assert applied(text, with_first_key(root(text).get("a", "get"), "id", "v", safe=True)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"get": {"x": 1}}', '{"get": {"id": "v", "x": 1}}'),
        ('{"get": {\n  "x": 1}}', '{"get": {\n  "id": "v",\n  "x": 1}}'),
    ],
)
def test_a_first_key_of_json(text: str, expected: str) -> None:
    assert applied(text, with_first_key(root(text, "a.json").get("get"), "id", "v", safe=True)) == expected


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.yaml", "o: 3\n# paths\npaths: {}\n",
         "o: 3\ntags:\n  - name: a b\n  - name: \"'\"\n# paths\npaths: {}\n"),
        ("a.yaml", "# head\npaths: {}\n", "# head\ntags:\n  - name: a b\n  - name: \"'\"\npaths: {}\n"),
        ("a.yaml", "tags:\n- name: x\n  d: y\n# end\npaths: {}\n",
         "tags:\n- name: x\n  d: y\n- name: a b\n- name: \"'\"\n# end\npaths: {}\n"),
        ("a.yaml", "tags:\n  - name: x", "tags:\n  - name: x\n  - name: a b\n  - name: \"'\"\n"),
        ("a.yaml", "tags: [{name: x}]\npaths: {}\n", None),
        ("a.yaml", "tags: []\npaths: {}\n", None),
        ("a.json", '{"o": 3, "paths": {}}',
         '{"o": 3, "tags": [{"name": "a b"}, {"name": "\'"}], "paths": {}}'),
        ("a.json", '{"tags": [\n {"name": "x"}\n], "paths": {}}',
         '{"tags": [\n {"name": "x"},\n {"name": "a b"},\n {"name": "\'"}\n], "paths": {}}'),
    ],
)  # fmt: skip
def test_items_are_added_in_the_layout_of_the_list(path: str, text: str, expected: str | None) -> None:
    assert applied(text, with_named_items(root(text, path), "tags", ["a b", "'"], "paths")) == expected


def test_a_key_keeps_its_quotes() -> None:
    for quote in ("", "'", '"'):
        text = f"paths:\n  {quote}/a/{quote}: 1  # c\n"
        fix = renamed_key(root(text).get("paths", "/a/"), "/a", safe=False)
        assert applied(text, fix) == f"paths:\n  {quote}/a{quote}: 1  # c\n"
        assert fix is not None
        assert not fix.safe


NAMES = st.text("ab:#'\" &*-é", min_size=1, max_size=5)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), NAMES, st.just("one\ntwo\n\nthree\n")),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=3),
    max_leaves=8,
)
MAPS = st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, min_size=1, max_size=4), min_size=1, max_size=3)
STYLES = st.sampled_from([None, False, True])


@settings(max_examples=usually(120, 2000), deadline=None)
@given(MAPS, STYLES, st.integers(2, 4), st.booleans(), st.data())
def test_only_what_is_meant_changes(
    data: dict[str, Any], flow: bool | None, indent: int, is_json: bool, draw: Any
) -> None:
    """Cutting an entry, naming a map and adding items change that in the data, and nothing else."""
    home = draw.draw(st.sampled_from(sorted(data)))
    name = draw.draw(st.sampled_from(sorted(data[home])))
    data = {**data, "paths": {}}
    if is_json:
        text = json.dumps(data, indent=draw.draw(st.sampled_from([None, 1, 2])), ensure_ascii=False)
    else:
        text = yaml.safe_dump(
            data, default_flow_style=flow, indent=indent, allow_unicode=True, sort_keys=False
        )
        text = text.replace("\n", "  # note\n", 1) if text.startswith(("a:\n", "b:\n")) else text
    path = "a.json" if is_json else "a.yaml"

    def read(changed: str) -> Any:
        loaded = load_text(path, changed, Kind.OPENAPI)
        assert not loaded.problems
        return loaded.documents[0].data

    top = root(text, path)
    old = top.value
    cut = applied(text, removed(top.get(home, name)))
    if cut is not None:
        rest = {key: value for key, value in old[home].items() if key != name}
        assert read(cut) == {key: value for key, value in {**old, home: rest}.items() if value or key != home}
    named = applied(text, with_first_key(top.get(home), "operationId", "getIt", safe=True))
    if named is not None:
        assert read(named) == {**old, home: {**old[home], "operationId": "getIt"}}
        assert next(iter(read(named)[home])) == "operationId"
    tagged = applied(text, with_named_items(top, "tags", [name], "paths"))
    if tagged is not None:
        assert read(tagged) == {**old, "tags": [{"name": name}]}
    if is_json:
        assert cut is not None
        assert named is not None
        assert tagged is not None


_NAMES = st.sampled_from(["name", "image", "securityContext", "capabilities", "ports", "x"])
_SCALARS = st.sampled_from(["a", "true", 1, True, False, "two words", "two\nlines", "- no list", "#", "on"])
_MAPS = st.recursive(
    st.dictionaries(_NAMES, _SCALARS, min_size=1, max_size=3),
    lambda below: st.dictionaries(
        _NAMES, _SCALARS | below | st.lists(below, max_size=2), min_size=1, max_size=3
    ),
    max_leaves=8,
)
_ROUTES = st.lists(_NAMES, min_size=1, max_size=3).map(tuple)


def written(data: Any, style: str) -> str:
    """The data as text, with a comment above each line of block style unless its texts take several lines."""
    if style == "json":
        return json.dumps(data, indent=1)
    is_flow = {"flow": True, "folded flow": True, "block": False, "folded block": False, "mixed": None}[style]
    text = yaml.safe_dump(data, default_flow_style=is_flow, width=4 if "folded" in style else 80)
    takes_lines = "folded" in style or "\\n" in json.dumps(data)
    return text if is_flow or takes_lines else "".join(f"# above\n{line}" for line in text.splitlines(True))


def with_it(data: Any, route: tuple[str, ...], value: Any) -> Any:
    """A copy of some data with a setting at a route."""
    rest = with_it(data.get(route[0], {}), route[1:], value) if len(route) > 1 else value
    return {**data, route[0]: rest}


@settings(max_examples=usually(150, 2000))
@given(
    _MAPS,
    _ROUTES,
    st.sampled_from(["block", "folded block", "mixed", "flow", "folded flow", "json"]),
    st.sampled_from(["true", "Always", '["ALL"]']),
)
def test_a_setting_is_given_and_nothing_else_changes(
    data: dict[str, Any], route: tuple[str, ...], style: str, value: str
) -> None:
    whole = {"spec": {"containers": [data, {"name": "other"}]}, "z": 1}
    text = written(whole, style)
    path = "a.json" if style == "json" else "a.yaml"
    made = applied(text, with_setting(root(text, path).get("spec", "containers", 0), route, value, safe=True))
    if made is None:
        return
    expected = with_it(data, route, yaml.safe_load(value))
    read = (json.loads if style == "json" else yaml.safe_load)(made)
    # a text stays one: what is written in quotes is no longer a boolean or a list
    seen = read["spec"]["containers"][0]
    assert {**read, "spec": {"containers": [expected, {"name": "other"}]}} == {
        **whole,
        "spec": {"containers": [expected, {"name": "other"}]},
    }
    assert read["spec"]["containers"][1:] == [{"name": "other"}]
    assert seen == expected or _as_text(seen, route) == value
    assert text.count("# above") == made.count("# above")


def _as_text(data: Any, route: tuple[str, ...]) -> Any:
    for key in route:
        data = data[key]
    return data


@pytest.mark.parametrize(
    ("text", "route", "value", "expected"),
    [
        (
            "c:\n  - name: a  # why\n    image: b\n# end\n",
            ("x",),
            "true",
            "c:\n  - name: a  # why\n    image: b\n    x: true\n# end\n",
        ),
        (
            "c:\n  - k: a\n    s:\n      # about\n      r: 1\n\n  - k: b\n",
            ("s", "c", "d"),
            '["ALL"]',
            'c:\n  - k: a\n    s:\n      # about\n      r: 1\n      c:\n        d: ["ALL"]\n\n  - k: b\n',
        ),
        ("c:\n  - name: a", ("s", "x"), "true", "c:\n  - name: a\n    s:\n      x: true\n"),
        ("c:\n  - {name: a}\n", ("s", "x"), "true", "c:\n  - {s: {x: true}, name: a}\n"),
        ("c:\n  - s: {x: false}\n", ("s", "x"), "true", "c:\n  - s: {x: true}\n"),
        (
            "c:\r\n  - s:\r\n      y: 1\r\n",
            ("s", "x"),
            "true",
            "c:\r\n  - s:\r\n      y: 1\r\n      x: true\r\n",
        ),
    ],
)
def test_where_a_setting_is_written(text: str, route: tuple[str, ...], value: str, expected: str) -> None:
    assert applied(text, with_setting(root(text).get("c", 0), route, value, safe=True)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "c:\n  - &a\n    name: a\n  - *a\n",
        "b: &b {x: 1}\nc:\n  - <<: *b\n    s: *b\n",
        "c:\n  - {}\n",
        "c:\n  - s:\n",
    ],
)
def test_a_setting_is_not_given_where_others_would_get_it(text: str) -> None:
    assert with_setting(root(text).get("c", 0), ("s", "y"), "true", safe=True) is None


@given(
    st.sampled_from(["!!str", "!x", "!"]),
    st.sampled_from(["", " 5", " a", " 'a\n  b'"]),
    st.sampled_from(["", "\n", "\nb: 1\n"]),
)
def test_what_has_a_tag_is_left_as_it_is(tag: str, value: str, after: str) -> None:
    fix = with_setting(root(f"x: 1\na: {tag}{value}{after}"), ("a",), "true", safe=True)
    assert fix is None
