"""Which contracts of two revisions are compared: what was renamed, what kept its path, what is alike."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.comparison.openapi.pairing import pair_contracts
from archlint.model.openapi import Contract
from tests.oas.worlds import world_of


def shop(title: str, *paths: str) -> dict[str, Any]:
    """A contract that has some paths."""
    got = {"get": {"responses": {"200": {"description": "ok"}}}}
    return {"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": dict.fromkeys(paths, got)}


CARTS, GIFTS = shop("Shop", "/carts", "/sums"), shop("Gifts", "/gifts")
PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, str], set[tuple[str, str]]]] = {
    "a rename is believed": ({"a": CARTS}, {"b": GIFTS, "c": CARTS}, {"b": "a"}, {("a", "b")}),
    "before a path": ({"a": CARTS}, {"a": CARTS, "b": GIFTS}, {"b": "a"}, {("a", "b")}),
    "a path": ({"a": CARTS, "b": GIFTS}, {"a": GIFTS, "b": CARTS}, {}, {("a", "a"), ("b", "b")}),
    "what is alike": ({"a": CARTS, "b": GIFTS}, {"c": GIFTS, "d": CARTS}, {}, {("a", "d"), ("b", "c")}),
    "half of the paths": ({"a": CARTS}, {"b": shop("Other", "/carts", "/x")}, {}, {("a", "b")}),
    "less than half": ({"a": CARTS}, {"b": shop("Other", "/carts", "/x", "/y")}, {}, set()),
    "a title": ({"a": CARTS}, {"b": shop("Shop", "/x")}, {}, {("a", "b")}),
    "each new one once": ({"a": CARTS, "b": shop("Else", "/carts", "/sums")}, {"c": CARTS}, {}, {("a", "c")}),
    "the better one": ({"a": CARTS}, {"b": shop("Shop", "/sums", "/x"), "c": CARTS}, {}, {("a", "c")}),
    "the first of like ones": ({"a": CARTS}, {"c": CARTS, "b": CARTS}, {}, {("a", "b")}),
    "nothing in common": ({"a": CARTS}, {"b": GIFTS}, {}, set()),
}


@pytest.mark.parametrize("name", PAIRS)
def test_contracts_are_compared_with_what_they_were(name: str) -> None:
    old, new, renames, expected = PAIRS[name]
    sides = [world_of({f"{path}.json": each for path, each in side.items()}) for side in (old, new)]
    moved = {f"{path}.json": f"{before}.json" for path, before in renames.items()}
    pairs, gone, added = pair_contracts(*(side.all(Contract) for side in sides), moved)
    told = {(one.document.path[0], other.document.path[0]) for one, other in pairs}
    assert told == expected
    assert {each.document.path[0] for each in gone} == old.keys() - {one for one, _ in expected}
    assert {each.document.path[0] for each in added} == new.keys() - {other for _, other in expected}
