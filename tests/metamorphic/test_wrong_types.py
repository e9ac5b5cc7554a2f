"""Whatever stands where something else is expected, no rule, no comparison and no graph fails, and messages
show it as documents have it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from archlint.engine.reading import read_world
from archlint.model.graph import service_graph
from tests.metamorphic.repositories import MemoryTree, all_rules, changes_between, findings_in, shop
from tests.metamorphic.yaml_data import documents_of
from tests.support.sampling import usually
from tests.support.wording import speaking_python

RULES = all_rules()
SHAPES = st.sampled_from(
    [
        *(
            None,
            True,
            0,
            -7,
            1.5,
            10**30,
            "",
            "text",
            "$(X)",
            "{}",
            "*",
            "0.0.0.0/0",
            "a:b:c",
            "http://[",
            "\x00",
        ),
        *([], {}, [None], [[]], {"": None}, {"name": []}, {"$ref": 7}, {"$ref": "#"}, [{"name": {}}]),
        *({"odd": None}, {"odd": True}, ["odd", False], [True]),
    ]
)
HITS = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), SHAPES), min_size=1, max_size=60)


@cache
def manifests(variant: str) -> dict[str, list[Any]]:
    """The data of all YAML and JSON files of the shop, save those of the chart."""
    return {
        path: documents_of(path, text)
        for path, text in shop(variant, ".yaml", ".json").items()
        if "/helm/" not in path
    }


def containers(value: Any) -> Iterator[Any]:
    """Every map and list of some data that has an entry."""
    if isinstance(value, (dict, list)) and value:
        yield value
        for entry in value.values() if isinstance(value, dict) else value:
            yield from containers(entry)


def damaged(variant: str, hits: list[tuple[int, int, Any]]) -> dict[str, str]:
    """The files of the shop, each hit one value in one file, as JSON in files that keep their names."""
    data = copy.deepcopy(manifests(variant))
    for file, place, shape in hits:
        path = sorted(data)[file % len(data)]
        holders = list(containers(data[path]))
        if holders:
            holder = holders[place % len(holders)]
            keys = list(holder) if isinstance(holder, dict) else range(len(holder))
            holder[keys[place // len(holders) % len(keys)]] = copy.deepcopy(shape)
    return {
        path: "\n---\n".join(json.dumps(document, indent=1) for document in documents)
        for path, documents in data.items()
    }


@given(HITS)
@settings(deadline=None, max_examples=usually(15, 200), phases=[Phase.generate])
def test_no_rule_fails(hits: list[tuple[int, int, Any]]) -> None:
    files = damaged("broken", hits)
    assert speaking_python(each.message for each in findings_in(files, RULES)) == []
    service_graph(read_world(MemoryTree(files), sorted(files)))


@given(HITS, HITS)
@settings(deadline=None, max_examples=usually(15, 200), phases=[Phase.generate])
def test_no_comparison_fails(before: list[tuple[int, int, Any]], after: list[tuple[int, int, Any]]) -> None:
    changes_between(damaged("clean", before), damaged("clean", after), RULES)
