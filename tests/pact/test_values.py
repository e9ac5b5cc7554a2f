"""What a consumer reads as sets of values: each matcher of each version, and the laws of all of them."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.documents import Node, load_text
from archlint.files import Kind
from archlint.model.evidence.pact_rules import MatchingRules, steps_of_path
from archlint.model.evidence.pact_values import Expected, expected_of
from tests.support.sampling import usually


def node_of(value: Any) -> Node:
    """A value as it stands in a file."""
    return Node(load_text("pact.json", "{}", Kind.PACT).documents[0], (), value)


def expected(example: Any, rules: Any) -> Expected:
    return expected_of(node_of(example), MatchingRules(node_of(rules)).of("body"))


def takes(example: Any, rules: Any, value: Any) -> bool:
    """Whether a value is among those that are expected."""
    return jsonschema_rs.Draft202012Validator(dict(expected(example, rules).least())).is_valid(value)


def one(matcher: dict[str, Any], path: str = "$.a") -> dict[str, Any]:
    return {"body": {path: {"matchers": [matcher]}}}


MATCHERS = [
    ({"match": "type"}, "x", ["", "y"], [1, None, ["x"], True]),
    ({"match": "type"}, 1, [2, 1.5], ["1", True, None]),
    ({"match": "type"}, None, [None], ["x", 0]),
    ({"match": "regex", "regex": r"^\d{2}$"}, "12", ["99"], ["1", "abc", 12]),
    ({"match": "integer"}, 1, [2, -3], [1.5, "1", None]),
    ({"match": "decimal"}, 1.5, [2.25], ["1.5", None]),
    ({"match": "number"}, 1, [2, 1.5], ["1"]),
    ({"match": "boolean"}, True, [False], ["x", 1]),
    ({"match": "null"}, None, [None], [0, "null"]),
    ({"match": "equality"}, "x", ["x"], ["y", 1]),
    ({"match": "include", "value": "a.b"}, "a.b", ["xa.by"], ["axb", "ab"]),
    ({"match": "date", "format": "yyyy-MM-dd"}, "2020-01-02", ["1999-12-31"], ["31.12.1999", 5]),
    ({"match": "date", "date": "dd.MM.yy"}, "02.01.20", ["31.12.99"], ["1999-12-31"]),
    ({"match": "time", "format": "HH:mm"}, "10:00", ["23:59"], ["10:00:00"]),
    (
        {"match": "timestamp", "timestamp": "yyyy-MM-dd'T'HH:mm:ssX"},
        "2020-01-02T10:00:00Z",
        ["2021-01-02T10:00:00+01"],
        ["2020-01-02"],
    ),
    ({"match": "datetime", "format": "EEEE d MMM"}, "Monday 5 May", ["anything"], [5]),
    ({"match": "semver"}, "1.2.3", ["0.0.1-rc.1"], ["1.2", 1]),
    ({"match": "notEmpty"}, "x", ["y"], ["", 1]),
    ({"match": "type", "min": 1}, ["x"], [["y"], ["y", "z"]], [[], [1], ["y", 2]]),
    ({"match": "type", "min": 1, "max": 2}, ["x"], [["y"]], [["a", "b", "c"]]),
    ({"match": "values"}, {"k": 1}, [{"z": 1}], [[], {"z": "x"}]),
    ({"match": "eachKey", "rules": [{"match": "regex", "regex": "k"}]}, {"k": 1}, [{"k": 2}], ["k"]),
    ({"match": "eachValue", "rules": [{"match": "integer"}]}, {"k": 1}, [{"z": 9}], [{"z": "x"}]),
    (
        {"match": "arrayContains", "variants": [{"index": 0, "rules": {"$.n": {"match": "type"}}}]},
        [{"n": "x"}],
        [[1, {"n": "z"}]],
        [[{"n": 1}], [], {"n": "x"}],
    ),
    ({"match": "of-a-plugin"}, "x", ["y", 1], []),
]


@pytest.mark.parametrize(("matcher", "example", "good", "bad"), MATCHERS, ids=lambda item: str(item)[:40])
def test_each_matcher_is_a_set_of_values(
    matcher: dict[str, Any], example: Any, good: list[Any], bad: list[Any]
) -> None:
    rules = one(matcher)
    assert [value for value in [example, *good] if not takes({"a": example}, rules, {"a": value})] == []
    assert [value for value in bad if takes({"a": example}, rules, {"a": value})] == []


def test_the_versions_say_the_same_in_their_own_ways() -> None:
    example = {"items": [{"name": "x", "n": 1}]}
    second = {"$.body.items": {"min": 1, "match": "type"}, "$.body.items[*].*": {"match": "type"}}
    third = {
        "body": {
            "$.items": {"matchers": [{"match": "type", "min": 1}]},
            "$['items'][*].*": {"matchers": [{"match": "type"}], "combine": "AND"},
        }
    }
    for rules in (second, third):
        assert takes(example, rules, {"items": [{"name": "y", "n": 2, "more": None}]})
        assert not takes(example, rules, {"items": [{"name": "y", "n": "2"}]})
        assert not takes(example, rules, {"items": [{"name": "y"}]})
        assert not takes(example, rules, {"items": []})


def test_the_rule_that_names_more_wins() -> None:
    rules = {
        "body": {
            "$": {"matchers": [{"match": "type"}]},
            "$.*": {"matchers": [{"match": "integer"}]},
            "$.a": {"matchers": [{"match": "equality"}]},
        }
    }
    assert takes({"a": 1, "b": 1}, rules, {"a": 1, "b": 2})
    assert not takes({"a": 1, "b": 1}, rules, {"a": 2, "b": 2})
    assert not takes({"a": 1, "b": 1}, rules, {"a": 1, "b": 1.5})


def test_several_matchers_are_combined() -> None:
    both = [{"match": "type"}, {"match": "regex", "regex": "^a"}]
    either = [{"match": "integer"}, {"match": "null"}]
    assert not takes({"a": "ab"}, {"body": {"$.a": {"matchers": both}}}, {"a": "b"})
    assert takes({"a": 1}, {"body": {"$.a": {"matchers": either, "combine": "OR"}}}, {"a": None})


def test_paths_are_read_or_refused_in_linear_time() -> None:
    assert steps_of_path("$.a['b c'][0][*].*[\"d\"]") == ("a", "b c", 0, "*", "*", "d")
    assert steps_of_path("$") == ()
    assert steps_of_path("$.a[?(@.x)]") is None
    assert steps_of_path("a.b") is None
    assert steps_of_path("$" + ".a" * 100_000) is None
    assert steps_of_path("$['" + "\\" * 1_500) is None


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from([0.5, -2.25])
    | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
PATHS = st.lists(st.sampled_from([".a", ".b", "[*]", ".*", "[0]"]), max_size=3).map(
    lambda parts: "$" + "".join(parts)
)
MATCHED = st.sampled_from([{"match": "type"}, {"match": "equality"}, {"match": "type", "min": 0}])


@settings(max_examples=usually(60, 2000))
@given(VALUES, st.dictionaries(PATHS, MATCHED.map(lambda each: {"matchers": [each]}), max_size=3))
def test_an_example_is_among_what_it_stands_for(example: Any, rules: dict[str, Any]) -> None:
    """Unless a list of unlike items is said to be like the first one, which Pact files get by hand alone."""
    found = expected(example, {"body": rules})
    if not _is_mixed(example):
        assert jsonschema_rs.Draft202012Validator(dict(found.least())).is_valid(example)


def _is_mixed(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) != 1 or _is_mixed(value[0])
    return isinstance(value, dict) and any(map(_is_mixed, value.values()))


LEAVES: list[tuple[dict[str, Any], Any, st.SearchStrategy[Any], st.SearchStrategy[Any]]] = [
    ({"match": "type"}, "x", st.text("ab"), st.none() | st.integers()),
    ({"match": "type"}, 1, st.integers() | st.sampled_from([0.5]), st.booleans() | st.text("1")),
    ({"match": "equality"}, "x", st.just("x"), st.text("ab") | st.none()),
    ({"match": "regex", "regex": "^a+$"}, "a", st.text("a", min_size=1), st.text("b") | st.integers()),
    ({"match": "integer"}, 1, st.integers(), st.sampled_from([0.5, "1", None])),
    ({"match": "boolean"}, True, st.booleans(), st.sampled_from([0, "x", None])),
    ({"match": "include", "value": "a.b"}, "a.b", st.text("c").map("a.b{}".format), st.text("ab")),
]
"""A matcher, its example, and values inside and outside of what it means."""
Made = tuple[Any, dict[tuple[str | None, ...], dict[str, Any]], Any, Any]
"""An example, the rules by path (``None`` is any item), a value that they mean and one that they do not."""


@st.composite
def made(draw: st.DrawFn, depth: int = 2) -> Made:
    """Rules whose meaning is known because they are made from it."""
    form = draw(st.sampled_from(["leaf", "map", "list"] if depth else ["leaf"]))
    if form == "leaf":
        matcher, leaf, inside, outside = draw(st.sampled_from(LEAVES))
        return leaf, {(): matcher}, draw(inside), draw(outside)
    if form == "map":
        names = draw(st.lists(st.sampled_from(["a", "a b", "b.c", "it's"]), min_size=1, unique=True))
        parts = {name: draw(made(depth - 1)) for name in names}
        rules = {(name, *way): rule for name, part in parts.items() for way, rule in part[1].items()}
        good = {name: part[2] for name, part in parts.items()}
        wrong = draw(st.sampled_from(names))
        lacking = {name: value for name, value in good.items() if name != wrong}
        bad = draw(st.sampled_from([good | {wrong: parts[wrong][3]}, lacking]))
        return {name: part[0] for name, part in parts.items()}, rules, good | {"more": 1}, bad
    inner, below, good, bad = draw(made(depth - 1))
    least = draw(st.integers(1, 3))
    rules = {(): {"match": "type", "min": least}} | {(None, *way): rule for way, rule in below.items()}
    few, wrong_item = [good] * (least - 1), [*[good] * least, bad]
    return [inner] * least, rules, [good] * (least + 1), draw(st.sampled_from([few, wrong_item]))


def _path(way: tuple[str | None, ...], quote: str) -> str:
    steps = (
        "[*]" if step is None else f"[{quote}{step.replace(quote, chr(92) + quote)}{quote}]" for step in way
    )
    return "".join(steps)


@settings(max_examples=usually(60, 2000))
@given(made())
def test_rules_mean_what_they_were_made_from_in_every_version(case: Made) -> None:
    example, rules, good, bad = case
    second = {"$.body" + _path(way, "'"): rule for way, rule in rules.items()}
    third = {"$" + _path(way, "'"): {"matchers": [rule]} for way, rule in rules.items()}
    fourth = {"$" + _path(way, '"'): {"matchers": [rule], "combine": "AND"} for way, rule in rules.items()}
    schemas = [dict(expected(example, said).least()) for said in (second, {"body": third}, {"body": fourth})]
    assert schemas[0] == schemas[1] == schemas[2]
    validator = jsonschema_rs.Draft202012Validator(schemas[0])
    assert validator.is_valid(example)
    assert validator.is_valid(good)
    assert not validator.is_valid(bad)
