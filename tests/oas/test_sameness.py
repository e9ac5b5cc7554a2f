"""What is the same JSON: numbers that are equal, and never ``true`` for 1."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archlint.comparison.openapi.sameness import is_same_data
from tests.oas.worlds import breaks_of, world_of

SCALARS = st.sampled_from([0, 1, 2, True, False, None, "", "a", 1.0, 0.5])
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


def written(value: Any) -> str:
    """JSON in one form: whole numbers as integers, keys in order."""
    whole = json.loads(
        json.dumps(value), parse_float=lambda text: float(text) if float(text) % 1 else int(float(text))
    )
    return json.dumps(whole, sort_keys=True)


@given(DATA, DATA)
def test_data_is_the_same_if_it_is_the_same_json(one: Any, other: Any) -> None:
    assert is_same_data(one, other) is (written(one) == written(other))
    assert is_same_data(one, json.loads(json.dumps(one)))


def test_a_list_of_numbers_that_became_one_of_booleans_is_told() -> None:
    def contract(values: list[object]) -> dict[str, Any]:
        body = {"required": True, "content": {"application/json": {"schema": {"enum": values}}}}
        operation = {"requestBody": body, "responses": {"204": {"description": "done"}}}
        paths = {"/v1/orders": {"post": operation}}
        return {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": paths}

    base, revision = contract([0, 1]), contract([False, True])
    assert breaks_of(world_of({"a.json": base}, "base"), world_of({"a.json": revision}))
