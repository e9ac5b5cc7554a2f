"""What is only written otherwise is no change."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.comparison.openapi.media import is_same, listed, match_media
from tests.oas.worlds import news_of, world_of

TOKENS = st.text("abcXYZ019-._", min_size=1, max_size=6)
VALUES = st.text('aZ0-; ,"\\=', max_size=8)


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(st.dictionaries(TOKENS.map(str.lower), VALUES, max_size=3), st.randoms(use_true_random=False))
def test_spellings_of_a_media_type_are_one(parameters: dict[str, str], chance: Any) -> None:
    def spelled() -> str:
        text = chance.choice(["text/csv", "Text/CSV", "TEXT/csv"])
        for key in chance.sample(sorted(parameters), len(parameters)):
            value = parameters[key]
            is_token = value.isascii() and value.replace("-", "").isalnum()
            written = value if is_token and chance.random() < 0.5 else quoted(value)
            spaces = [chance.choice(["", " ", "\t"]) for _ in range(2)]
            text += f"{spaces[0]};{spaces[1]}{chance.choice([key, key.upper()])}={written}"
        return text

    one, other = spelled(), spelled()
    assert is_same(one, other)
    assert match_media([one], [other]).pairs == ((one, other),)
    assert listed(f"{one}, a/b") == listed(f"{other},A/B")
    for key, value in parameters.items():
        changed = dict(parameters, **{key: value + "+"})
        text = "text/csv" + "".join(f";{name}={quoted(each)}" for name, each in changed.items())
        assert not is_same(one, text)


def test_media_types_that_differ_in_parameters_are_matched_by_them() -> None:
    old, new = ("a/b; v=1", "a/b; v=2"), ('a/b;V="2"', 'a/b;v="1"')
    assert set(match_media(old, new).pairs) == {(old[0], new[1]), (old[1], new[0])}


def contract_of(content: dict[str, Any], mapping: dict[str, str] | None = None) -> dict[str, Any]:
    branches = [{"$ref": f"#/components/schemas/{name}"} for name in ("A", "B.json")]
    discriminator: dict[str, Any] = {"propertyName": "kind"}
    if mapping is not None:
        discriminator["mapping"] = mapping
    schema = {"oneOf": branches, "discriminator": discriminator}
    for media in content.values():
        media.setdefault("schema", schema)
    branch = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    answer = {"description": "d", "headers": {"H": {"content": content}}, "content": content}
    post = {
        "parameters": [{"name": "q", "in": "query", "content": content}],
        "requestBody": {"content": content},
        "responses": {"200": answer},
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {"/v1/a": {"post": post}},
        "components": {"schemas": {"A": branch, "B.json": branch}},
    }


def news(old: Any, new: Any) -> list[str]:
    return [each.message for each in news_of(world_of({"a.json": old}, "base"), world_of({"a.json": new}))]


def test_quoted_parameters_of_media_types_are_no_change_anywhere() -> None:
    spellings = ["text/csv; charset=utf-8", 'text/csv;charset="UTF-8"', 'Text/CSV ; Charset="ut\\f-8"']
    for one, other in permutations(spellings, 2):
        sides = [contract_of({name: {"schema": {"type": "string"}}}) for name in (one, other)]
        assert news(*sides) == []


MAPPINGS: list[dict[str, str] | None] = [
    {"ay": "A", "bee": "B.json"},
    {"ay": "#/components/schemas/A", "bee": "#/components/schemas/B.json"},
    {"bee": "a.json#/components/schemas/B.json", "ay": "./a.json#/components/schemas/A"},
]
PLAIN: list[dict[str, str] | None] = [None, {}, {"A": "A"}, {"A": "#/components/schemas/A"}]


@pytest.mark.parametrize("group", [MAPPINGS, PLAIN])
def test_equal_mappings_are_no_change(group: list[dict[str, str] | None]) -> None:
    for one, other in permutations(group, 2):
        sides = [contract_of({"application/json": {}}, mapping) for mapping in (one, other)]
        assert news(*sides) == []


def test_other_mappings_are_told() -> None:
    for one, other in (
        ({"ay": "A"}, {"ay": "B.json"}),
        ({"ay": "A"}, {"ay": "A", "A": "A"}),
        (None, {"ay": "A"}),
    ):
        sides = [contract_of({"application/json": {}}, mapping) for mapping in (one, other)]
        assert any("mapping" in message for message in news(*sides))


@pytest.mark.parametrize(
    ("version", "words"),
    [("1", "still is 1"), ("", "is empty"), (" ", "is empty"), (1.5, "still is 1.5"), (None, ""), ({}, "")],
)
def test_a_version_that_is_kept_is_told_as_it_is_written(version: Any, words: str) -> None:
    sides = [contract_of({"application/json": {"schema": {"type": kind}}}) for kind in ("string", "integer")]
    for side in sides:
        side["info"]["version"] = version
    kept = [message for message in news(*sides) if "version" in message]
    assert len(kept) == bool(words)
    assert all(words in message for message in kept)
