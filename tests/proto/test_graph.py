"""Orders, cycles and reachability of imports."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archlint.documents.proto.graph import components, dependents, ordered, reachable

NODES = [str(number) for number in range(8)]
GRAPHS = st.dictionaries(st.sampled_from(NODES), st.lists(st.sampled_from(NODES), max_size=4)).map(
    lambda edges: {node: edges.get(node, []) for node in NODES}
)


@given(GRAPHS)
def test_every_node_follows_what_it_points_to(edges: dict[str, list[str]]) -> None:
    order, cycles = ordered(edges)
    assert sorted(order) == NODES
    position = {node: at for at, node in enumerate(order)}
    in_cycle = {node: number for number, cycle in enumerate(cycles) for node in cycle}
    for node, targets in edges.items():
        for target in targets:
            together = node in in_cycle and in_cycle[node] == in_cycle.get(target)
            assert together or position[target] < position[node]


@given(GRAPHS)
def test_cycles_are_the_nodes_that_reach_themselves(edges: dict[str, list[str]]) -> None:
    _, cycles = ordered(edges)
    looping = {node for node in NODES if node in reachable(edges, edges[node])}
    assert {node for cycle in cycles for node in cycle} == looping
    assert all(set(cycle) <= reachable(edges, (cycle[0],)) for cycle in cycles)


@given(GRAPHS, st.sampled_from(NODES))
def test_dependents_are_those_that_reach(edges: dict[str, list[str]], node: str) -> None:
    expected = {other for other in NODES if other != node and node in reachable(edges, (other,))}
    assert dependents(edges, (node,)) == expected


@given(GRAPHS)
def test_components_part_the_nodes(edges: dict[str, list[str]]) -> None:
    parts = components(edges)
    assert sorted(node for part in parts for node in part) == NODES
    of = {node: number for number, part in enumerate(parts) for node in part}
    assert all(of[node] == of[target] for node, targets in edges.items() for target in targets)


def test_long_chains_do_not_overflow() -> None:
    edges = {str(number): [str(number + 1)] for number in range(50_000)} | {"50000": []}
    order, cycles = ordered(edges)
    assert (order[0], order[-1], cycles) == ("50000", "0", [])
