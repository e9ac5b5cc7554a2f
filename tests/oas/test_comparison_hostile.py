"""Contracts of any shape can be compared: what is not what it should be is taken for missing."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from tests.oas.element_edits import edits
from tests.oas.test_comparison_shared import document
from tests.oas.test_comparison_versions import CONTRACTS
from tests.oas.worlds import said_of, world_of

JUNK: list[Any] = [
    None,
    [],
    {},
    "x",
    7,
    True,
    [None],
    [[]],
    {"$ref": "#/nowhere"},
    {"$ref": 3},
    {"": {}},
    {"get": []},
]


def places(value: Any, route: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The routes of all parts of some data."""
    found = [route] if route else []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        found += places(part, (*route, key))
    return found


def spoiled(whole: Any, chance: random.Random) -> Any:
    """A copy in which one or two parts are something else."""
    made = copy.deepcopy(whole)
    for _ in range(chance.randint(1, 2)):
        route = chance.choice(places(made))
        home = made
        for step in route[:-1]:
            home = home[step]
        home[route[-1]] = copy.deepcopy(chance.choice(JUNK))
    return made


def samples() -> list[Any]:
    """Contracts that have everything between them."""
    several = [side for name, pair in edits().items() if "reversed" not in name for side in pair]
    return [document(), *CONTRACTS.values(), *several]


@pytest.mark.parametrize("seed", range(8))
def test_no_shape_stops_a_comparison(seed: int) -> None:
    chance = random.Random(seed)
    given = samples()
    for _ in range(40):
        whole = chance.choice(given)
        base = world_of({"a.json": chance.choice([whole, spoiled(whole, chance)])}, "base")
        said_of(base, world_of({"a.json": spoiled(whole, chance)}))
