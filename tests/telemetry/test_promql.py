"""Selectors are read out of expressions of any shape, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.telemetry.promql import exact_values, selectors_of
from tests.support.limits import within

EXPRESSIONS = {
    'up{job="cart"} == 0': ["up{job=cart}"],
    "sum by (job, le) (rate(calls_total[5m]))": ["calls_total{}"],
    "sum(rate(calls_total[5m])) by (job) / on (job) group_left (team) owners": ["calls_total{}", "owners{}"],
    'a{x!="1", y=~"b|c"} and b unless c{d!~`e"f`}': ["a{x!=1,y=~b|c}", "b{}", 'c{d!~e"f}'],
    "histogram_quantile(0.95, sum by (le) (shop:seconds:rate5m)) > 2": ["shop:seconds:rate5m{}"],
    '{__name__="up", job="x"}': ["up{__name__=up,job=x}"],
    '{"http.server.duration", job="x"}': ["http.server.duration{job=x}"],
    "up offset 5m # up of {everything}\n > bool 1e3": ["up{}"],
    "max_over_time(up[1h:5m] @ end()) + Inf": ["up{}"],
    'count(a{b="}{"}) > 2': ["a{b=}{}"],
    'rate(http{ns="$namespace", pod=~"[[pod]]"}[$__rate_interval])': ["http{ns=$namespace,pod=~[[pod]]}"],
    "sum(count) by (sum)": ["count{}"],
    '{app="cart"} |= "error" | json': ["{app=cart}", "json{}"],
    "vector(1)": [],
    "": [],
}


def written(expression: str) -> list[str]:
    return [
        item.name + "{" + ",".join(f"{m.label}{m.operator}{m.value}" for m in item.matchers) + "}"
        for item in selectors_of(expression)
    ]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_selectors_of_known_expressions(expression: str) -> None:
    assert written(expression) == EXPRESSIONS[expression]


def test_alternatives_are_values_and_patterns_are_none() -> None:
    def values(expression: str) -> list[str]:
        return [
            value for item in selectors_of(expression) for m in item.matchers for value, _ in exact_values(m)
        ]

    assert values('a{b="cart",c=~"cart|orders",d=~"(x|y)"}') == ["cart", "cart", "orders", "x", "y"]
    assert values('a{b!="cart",c=~"cart.*",d=~"[a]|b",e="$e",f=~"a.b"}') == []


NAMES = st.from_regex(r"[a-z_:][a-z0-9_:]{0,8}", fullmatch=True)
VALUES = st.text("abc-|{}[]()=\"'`\\ \n#,", max_size=8)


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


SELECTORS = st.builds(
    lambda name, labels: (name, labels),
    NAMES.filter(lambda name: name not in {"and", "or", "on", "by", "inf", "nan", "bool", "end", "start"}),
    st.dictionaries(st.from_regex(r"[a-z_]{1,6}", fullmatch=True), VALUES, min_size=1, max_size=3),
)


@given(
    st.lists(SELECTORS, min_size=1, max_size=4),
    st.sampled_from([" + ", " and on (a, b) ", " / ignoring(x) "]),
)
def test_what_is_written_is_read(parts: list[tuple[str, dict[str, str]]], between: str) -> None:
    texts = [
        f"sum by (le) (rate({name}{{{', '.join(f'{k}={quoted(v)}' for k, v in labels.items())}}}[5m]))"
        for name, labels in parts
    ]
    found = selectors_of(between.join(texts))
    assert [(item.name, {m.label: m.value for m in item.matchers}) for item in found] == parts


@given(st.text("ab{}()[]=~!\"'`\\,$:|#\n 1.", max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for item in selectors_of(text):
        assert 0 <= item.start <= item.end <= len(text)
        for matcher in item.matchers:
            assert all(text[at : at + len(value)] == value for value, at in exact_values(matcher))


@pytest.mark.parametrize("part", ['a{b="c"}+', '"\\', "{", "[[", "(", "a", "`", "${", "a{b="])
def test_long_expressions_cost_their_length(part: str) -> None:
    within(5, lambda: selectors_of((part * 50_000)[:50_000]))
