"""Laws of paths over generated documents: shortcuts choose what the plain way chooses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.model.rulesets.evaluation import FilterFailed, compile_filter
from archlint.model.rulesets.expressions import parse_expression
from archlint.model.rulesets.jsonpath import compile_path, matches_of_all
from archlint.model.rulesets.values import is_true

NAMES = st.sampled_from(["a", "b", "type", "200", "0"])
SCALARS = st.sampled_from(["a", "object", "", "200", 0, 1, True, False, None])
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
ATOMS = st.sampled_from(
    [
        *(
            "@",
            "@.a",
            "@.type === 'object'",
            "@.type == 'a'",
            "@property == 'a'",
            "@property === '0'",
            "!@.b",
        ),
        *(
            "@.a.b",
            "@.a === 1",
            "@.a == true",
            "@.length",
            "@.a || @.b",
            "@property",
            "@.type != 'a'",
            "@.includes",
        ),
        *("@parentProperty === 'a'", "@.a === undefined", "@.b == null", "@.type == '200'"),
    ]
)
FILTERS = st.lists(ATOMS, min_size=1, max_size=3).map(" && ".join)
TAILS = st.sampled_from(["", ".a", ".*", "[0]", ".type", "~", "^", "[?(@.a)]", "['a','b']"])


def places(document: Any) -> Iterator[tuple[list[str | int], list[Any]]]:
    """All values below a document, by plain recursion."""

    def below(route: list[str | int], values: list[Any]) -> Iterator[tuple[list[str | int], list[Any]]]:
        members = values[-1].items() if isinstance(values[-1], dict) else enumerate(values[-1])
        for key, value in members:
            yield [*route, key], [*values, value]
            if isinstance(value, (dict, list)):
                yield from below([*route, key], [*values, value])

    if isinstance(document, (dict, list)):
        yield from below([], [document])


@given(document=DOCUMENTS, text=FILTERS)
@settings(max_examples=150)
def test_a_filter_anywhere_chooses_what_it_holds_for(document: Any, text: str) -> None:
    test = compile_filter(parse_expression(text))
    expected = set()
    for route, values in places(document):
        try:
            if is_true(test(route, values, len(route))):
                expected.add(tuple(route))
        except FilterFailed:
            pass
    assert {match.route for match in compile_path(f"$..[?({text})]").matches(document)} == expected


@given(document=DOCUMENTS, texts=st.lists(st.tuples(FILTERS, TAILS), min_size=2, max_size=4))
@settings(max_examples=60)
def test_together_and_alone_are_the_same(document: Any, texts: list[tuple[str, str]]) -> None:
    paths = [compile_path(f"$..[?({text})]{tail}") for text, tail in texts]
    paths += [compile_path(path) for path in ("$..a", "$.a..b", "$..type..a", "$..['a','b']", "$..a.*")]
    together = [(number, repr(match)) for number, match in matches_of_all(paths, document)]
    alone = [(number, repr(match)) for number, path in enumerate(paths) for match in path.matches(document)]
    assert sorted(together) == sorted(alone)


@given(parts=st.lists(DOCUMENTS, min_size=1, max_size=3), text=FILTERS, tail=TAILS)
@settings(max_examples=60)
def test_once_is_all_values_at_fewer_places(parts: list[Any], text: str, tail: str) -> None:
    shared: Any = {"a": {"b": parts[0]}, "type": "object", "b": parts}
    document = {"a": shared, "b": [shared, {"type": shared}], "200": {"a": shared}}
    lax = "$..a.*..b"
    paths = [
        compile_path(path) for path in (f"$..[?({text})]{tail}", f"$.b..[?({text})]", lax, "$..a..b", "$..")
    ]
    every = list(matches_of_all(paths, document))
    once = list(matches_of_all(paths, document, once=True))
    assert {(number, match.route) for number, match in once} <= {
        (number, match.route) for number, match in every
    }
    assert {(number, id(match.value)) for number, match in once if isinstance(match.value, (dict, list))} == {
        (number, id(match.value)) for number, match in every if isinstance(match.value, (dict, list))
    }
