"""What is told to change nothing changes nothing: tried on random clusters with the second opinion."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from archlint.model.network import NetworkPolicy
from archlint.model.network.exceptions import void_exceptions
from archlint.model.network.label_spaces import PodTerm, are_all_in, requirements
from archlint.model.network.neighbours import policy_neighbours
from archlint.model.network.openness import Openness
from archlint.model.network.redundancy import redundant_parts, redundant_policies
from archlint.model.network.stated import stated_policies
from archlint.model.network.unions import union_openings
from archlint.model.world import World
from tests.net.connectivity.clusters import pod, world_in
from tests.net.connectivity.generated import LABELS, SPACES, Made, Maker
from tests.net.connectivity.reference import Packet, Reference, selects
from tests.net.worlds import policy

CLUSTERS = int(os.environ.get("ARCHLINT_CLUSTERS", "40")) * 2
"""So many are tried for each law."""
PACKETS = 60


def _clusters(law: str) -> Iterator[tuple[Maker, list[Made], World]]:
    """Clusters whose policies meet often: all in one namespace, some with parts of others."""
    for seed in range(CLUSTERS):
        maker = Maker(f"{law} {seed}")
        objects = [*maker.namespaces(), *maker.pods(), *maker.policies(5)]
        policies = [item for item in objects if item["kind"] == "NetworkPolicy"]
        for number, item in enumerate(policies):
            item["metadata"] = {"name": f"np{number}", "namespace": "a"}
            if number and maker.often(0.4):
                item["spec"]["podSelector"] = copy.deepcopy(policies[0]["spec"]["podSelector"])
            for direction in ("ingress", "egress"):
                if number and maker.often(0.4) and policies[0]["spec"].get(direction):
                    rules = item["spec"].setdefault(direction, [])
                    rules.insert(0, copy.deepcopy(maker.pick(policies[0]["spec"][direction])))
        yield maker, objects, world_in(objects)


def _without(objects: Sequence[Made], routes: Sequence[tuple[Any, ...]]) -> list[Made]:
    """The objects without what stands at some routes of their list; later entries first."""
    document: Any = {"items": copy.deepcopy(list(objects))}
    for route in sorted(routes, key=_order, reverse=True):
        holder = document
        for step in route[:-1]:
            holder = holder[step]
        del holder[route[-1]]
    found: list[Made] = document["items"]
    return found


def _order(route: tuple[Any, ...]) -> tuple[tuple[bool, Any], ...]:
    return tuple((isinstance(step, str), step) for step in route)


def _assert_same(maker: Maker, objects: list[Made], changed: list[Made]) -> None:
    before, after = Reference(objects), Reference(changed)
    for packet in maker.packets(objects, PACKETS):
        assert before.passes(packet) == after.passes(packet), packet


def test_all_parts_that_are_told_may_be_taken_out_at_once() -> None:
    told = 0
    for maker, objects, world in _clusters("parts"):
        found = [part for item in world.fact(stated_policies).values() for part in redundant_parts(item)]
        told += len(found)
        _assert_same(maker, objects, _without(objects, [part.node.route for part in found]))
    assert told > CLUSTERS / 4


def test_all_policies_that_are_told_may_be_taken_out_at_once() -> None:
    told = 0
    for maker, objects, world in _clusters("policies"):
        found = redundant_policies(world.fact(policy_neighbours))
        told += len(found)
        routes = [item.policy.policy.base.node.route for item in found]
        _assert_same(maker, objects, _without(objects, routes))
    assert told > CLUSTERS / 20


def test_a_void_exception_may_be_taken_out() -> None:
    told = 0
    for maker, objects, world in _clusters("exceptions"):
        neighbours = world.fact(policy_neighbours)
        for item in neighbours.policies:
            for void in void_exceptions(item, neighbours):
                told += 1
                _assert_same(maker, objects, _without(objects, [void.node.route]))
    assert told


def _splitting(maker: Maker) -> Made:
    """A rule for ingress whose peers split everybody by one label, or nearly."""
    key, of = maker.pick([*LABELS, "team"]), maker.pick(("podSelector", "namespaceSelector"))
    values = [maker.pick(("web", "in", "x"))]
    halves = maker.pick(
        (
            [("Exists", None), ("DoesNotExist", None)],
            [("In", values), ("NotIn", values)],
            [("NotIn", values), ("Exists", None)],
            [("NotIn", values), ("NotIn", ["z"])],
            [("NotIn", values), ("In", ["z"])],
            [("NotIn", values), ("DoesNotExist", None)],
        )
    )
    peers = []
    for operator, listed in halves:
        asked = {"key": key, "operator": operator, **({"values": listed} if listed else {})}
        peers.append(
            {of: {"matchExpressions": [asked]}, **({"namespaceSelector": {}} if of[0] == "p" else {})}
        )
    return {"from": peers}


def test_what_is_told_as_open_together_lets_every_pod_in() -> None:
    told = 0
    for seed in range(CLUSTERS * 2):
        maker = Maker(f"open {seed}")
        pods = [pod(f"p{number}", maker.pick(SPACES), maker.labels()) for number in range(6)]
        rule = _splitting(maker)
        rules = [[rule]] if maker.often() else [[{"from": [peer]}] for peer in rule["from"]]
        policies = [policy(f"np{at}", "a", ingress=own) for at, own in enumerate(rules)]
        objects = [*maker.namespaces(), *pods, *policies]
        world = world_in(objects)
        openings = [one for those in world.fact(union_openings).values() for one in those]
        reference = Reference(objects)
        for opening in openings:
            told += 1
            assert opening.reach is Openness.CLUSTER
            (target,) = (item for item in pods if item["metadata"]["name"] == opening.workload.name)
            assert all(
                reference.passes(Packet(source, target, "TCP", port))
                for source in pods
                for port in (1, 80, 65535)
                if source is not target
            )
    assert told > CLUSTERS / 10


def _selector(maker: Maker) -> Made:
    return {"matchExpressions": [_expression(maker) for _ in range(maker.chance.randint(0, 2))]}


def _expression(maker: Maker) -> Made:
    operator = maker.pick(("In", "NotIn", "Exists", "DoesNotExist"))
    values = {"values": sorted({maker.pick("xyz") for _ in range(2)})} if "In" in operator else {}
    return {"key": maker.pick("ab"), "operator": operator, **values}


def test_containment_of_selectors_is_exact() -> None:
    """Held against all labels that selectors can tell from each other: two keys, their values and another."""
    every = [
        {key: value for key, value in zip("ab", chosen, strict=True) if value}
        for chosen in product(("x", "y", "z", "other", None), repeat=2)
    ]
    answers = set()
    for seed in range(CLUSTERS * 10):
        maker = Maker(f"selectors {seed}")
        one, *others = (_selector(maker) for _ in range(maker.chance.randint(2, 4)))
        wanted = all(
            any(selects(each, labels) for each in others) for labels in every if selects(one, labels)
        )
        assert are_all_in(_term(one), list(map(_term, others))) is wanted, (one, others)
        answers.add(wanted)
    assert len(answers) == 2


def _term(selector: Made) -> PodTerm:
    item = policy("np", "a")
    item["spec"]["podSelector"] = selector
    (found,) = world_in([item]).all(NetworkPolicy)
    asked = requirements(found.pod_selector, "pod")
    assert asked is not None
    return PodTerm(asked)
