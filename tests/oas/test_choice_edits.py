"""A choice that is written in another way, or came about, is told by what became of its branches."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import pytest

from archlint.finding import Finding
from tests.oas.worlds import contract, news_of, world_of

NAMES = "ABC"
SOME = ("AB", "ABC", "BC", "AC")


def one(name: str) -> dict[str, Any]:
    """A schema that no other is like."""
    return {"type": "object", "required": [name], "properties": {name: {"type": "string"}}}


def told(
    old: dict[str, Any], new: dict[str, Any], shared: tuple[dict[str, Any], dict[str, Any]], home: str
) -> list[Finding]:
    """What is told of an edit of a property; shared schemas stand in the contract, or in a file beside it."""
    sides = []
    for schema, schemas in zip((old, new), shared, strict=True):
        made = contract({"type": "object", "properties": {"p": schema}}, "3.1.0")
        files = {"a.json": made}
        if home.startswith("#"):
            made["components"]["schemas"] |= schemas
        else:
            files["parts.json"] = {"definitions": schemas}
        sides.append(files)
    found = news_of(world_of(sides[0], "base"), world_of(sides[1]))
    return [each for each in found if each.rule != "contract-version-kept"]


@pytest.mark.parametrize(("old", "new"), list(product(SOME, SOME)))
@pytest.mark.parametrize(("before", "after"), list(permutations(("oneOf", "anyOf"))))
def test_another_keyword_is_told_only_of_the_same_branches(
    before: str, after: str, old: str, new: str
) -> None:
    home = "#/components/schemas/"
    sides = [
        {word: [{"$ref": home + name} for name in names]} for word, names in ((before, old), (after, new))
    ]
    shared = {name: one(name) for name in NAMES}
    messages = [each.message for each in told(sides[0], sides[1], (shared, shared), home)]
    is_told = [f" are in {after} now" in text or f" now ({after})" in text for text in messages]
    assert any(is_told) is (old == new), messages
    assert all(any(f" {name} " in text for text in messages) for name in set(old) ^ set(new)), messages


@pytest.mark.parametrize("home", ["#/components/schemas/", "parts.json#/definitions/"])
@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize("is_new", [True, False])
def test_a_schema_that_becomes_a_branch_is_the_branch_of_its_name(
    home: str, keyword: str, *, is_new: bool
) -> None:
    """What changed in it is told of the branch, wherever shared schemas stand."""
    alone, choice = {"$ref": f"{home}A"}, {keyword: [{"$ref": home + name} for name in "AB"]}
    shared = {name: one(name) for name in NAMES}
    edited = shared | {"A": {**one("A"), "properties": {"A": {"type": "string"}, "z": {"type": "number"}}}}
    sides = (alone, choice) if is_new else (choice, alone)
    messages = [each.message for each in told(*sides, (shared, edited), home)]
    assert any("B" in text.split(".p ")[-1] for text in messages), messages
    assert any("'z'" in text for text in messages), messages
    assert not any("alternative A" in text or " be A " in text for text in messages), messages
