"""Rules of the configuration about who may connect to whom, held against asking for each pair by itself."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from archlint.config.errors import ConfigurationError
from archlint.config.loading import load_settings
from archlint.config.reading import read_configuration
from archlint.documents import load_text
from archlint.files import Kind, WorkingTree
from archlint.files.tree import Overlay
from archlint.finding import Finding
from archlint.model.network.connectivity import Bound, Connectivity, connectivities
from archlint.model.network.team_requirements import RequiredCut
from archlint.model.network.team_rules import TeamRule
from archlint.model.network.team_verdicts import EmptyPattern, ForbiddenOpening
from archlint.model.world import World
from tests.net.connectivity.clusters import namespace, pod
from tests.net.connectivity.generated import Made, Maker
from tests.net.worlds import findings_of, policy
from tests.support.rules import registry

CLUSTERS = int(os.environ.get("ARCHLINT_CLUSTERS", "40")) * 2
_NO_FILES = WorkingTree(Path("/nowhere"), ())


def rules_in(folder: Path, network: dict[str, Any]) -> tuple[TeamRule, ...]:
    """What a configuration says."""
    file = folder / "archlint.yaml"
    file.write_text(json.dumps({"network": network}), "utf-8")
    return load_settings(read_configuration(file, folder), registry()).network_rules


def world_with(objects: list[Made], rules: tuple[TeamRule, ...]) -> World:
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    loaded = load_text("all.json", text, Kind.KUBERNETES)
    world = World(Overlay(_NO_FILES, {}), {"all.json": Kind.KUBERNETES}, {"all.json": loaded.documents})
    world.team_rules = rules
    return world


def _side(chance: Random) -> dict[str, Any]:
    side: dict[str, Any] = {}
    if chance.random() < 0.5:
        side["labels"] = {"app": chance.sample(["web", "db", "job"], chance.randint(1, 2))}
    if chance.random() < 0.4:
        side["namespaces"] = chance.sample(["a", "b", "c"], chance.randint(1, 2))
    if chance.random() < 0.2:
        side["except"] = {"labels": {"tier": "in"}}
    return side


def _is_meant(labels: dict[str, str], space: str, side: dict[str, Any]) -> bool:
    """A second statement of what a side means."""
    wanted = side.get("labels", {})
    if any(labels.get(key) not in values for key, values in wanted.items()):
        return False
    if "namespaces" in side and space not in side["namespaces"]:
        return False
    return not ("except" in side and labels.get("tier") == "in")


def _pairs(found: Connectivity, rule: dict[str, Any]) -> list[tuple[str, str, int, int]]:
    """The names and numbers of all pairs of different pods that a rule means."""
    ends = []
    for side in ("from", "to"):
        ends.append(
            [
                (group.name, item.number)
                for item in found.pods.classes[:-1]
                for group in item.members
                if _is_meant(dict(item.labels), item.namespace, rule.get(side, {}))
            ]
        )
    return [(s, t, one, other) for s, one in ends[0] for t, other in ends[1] if s != t]


def test_what_is_forbidden_is_found_exactly_where_a_pair_is_open(tmp_path: Path) -> None:
    for seed in range(CLUSTERS):
        maker = Maker(f"forbid {seed}")
        objects = maker.cluster()
        rule = {"from": _side(maker.chance), "to": _side(maker.chance), "ports": [80]}
        world = world_with(objects, rules_in(tmp_path, {"forbid": [rule]}))
        found = world.fact(connectivities)[0]
        rows = [
            (source, target)
            for source, target, one, other in _pairs(found, rule)
            if found.between(one, other, Bound.SURE).has("TCP", 80)
        ]
        openings = world.all(ForbiddenOpening)
        told = {
            (source, target)
            for opening in openings
            for item in opening.opening.reached
            for source in opening.ends.sources.names(item.sources)
            for target in opening.ends.targets.names(item.destinations)
            if source != target
        }
        assert told == set(rows), (seed, rule)
        for opening in openings:
            source, target, connections = opening.example
            assert (source, target) in told
            assert str(connections) == "TCP 80"
            assert opening.count >= 1
            assert opening.node.place().span().line == 1


def test_what_is_required_is_found_exactly_where_a_pair_is_cut(tmp_path: Path) -> None:
    for seed in range(CLUSTERS):
        maker = Maker(f"require {seed}")
        objects = maker.cluster()
        rule = {"from": _side(maker.chance), "to": _side(maker.chance), "ports": ["53/UDP", 80]}
        world = world_with(objects, rules_in(tmp_path, {"require": [rule]}))
        found = world.fact(connectivities)[0]
        cut = {
            (source, target)
            for source, target, one, other in _pairs(found, rule)
            if not (
                found.between(one, other, Bound.POSSIBLE).has("TCP", 80)
                and found.between(one, other, Bound.POSSIBLE).has("UDP", 53)
            )
        }
        told = {
            (source, target)
            for each in world.all(RequiredCut)
            for item in each.side.reached
            for source in each.ends.sources.names(item.sources)
            for target in each.ends.targets.names(item.destinations)
            if source != target
        }
        assert told == cut, (seed, rule)


def test_each_cause_is_one_finding_however_many_connections_there_are(tmp_path: Path) -> None:
    webs = [pod(f"web{number}", labels={"tier": "web", "n": str(number)}) for number in range(30)]
    stores = [pod(f"db{number}", labels={"tier": "db", "n": str(number)}) for number in range(20)]
    wide = policy("db", "shop", selector={"tier": "db"}, ingress=[{"from": [{"podSelector": {}}]}])
    rule = {"from": {"labels": {"tier": "web"}}, "to": {"labels": {"tier": "db"}}}
    world = world_with([*webs, *stores, wide], rules_in(tmp_path, {"forbid": [rule]}))
    (found,) = _of(world, "forbidden-connection-open")
    assert "and 599 more connections" in found.message


def test_the_ingress_controller_is_among_everybody(tmp_path: Path) -> None:
    objects = [
        pod("web", labels={"app": "web"}),
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]},
        },
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}},
        },
        policy("web", "shop", ingress=[{"from": [{"namespaceSelector": {}}], "ports": [{"port": 8080}]}]),
    ]
    rule = {"from": {"anywhere": True}, "to": {"names": ["web"]}}
    (found,) = _of(world_with(objects, rules_in(tmp_path, {"forbid": [rule]})), "forbidden-connection-open")
    assert "'{ingress-controller}'" in found.message


def test_pods_of_a_namespace_that_no_file_describes_are_judged_by_their_labels(tmp_path: Path) -> None:
    shut = policy("all", "shop", policyTypes=["Egress"], egress=[{"ports": [{"port": 53}]}])
    asked = {"to": {"namespaces": ["dns"], "labels": {"app": "dns"}}, "ports": ["53/UDP"]}
    world = world_with([pod("cart"), shut], rules_in(tmp_path, {"require": [asked]}))
    (cut,) = world.all(RequiredCut)
    assert cut.example[1] == "dns/[app=dns]"
    assert not world.all(EmptyPattern)
    shown = {name for item in world.fact(connectivities)[0].pods.classes for name in (item.members[0].name,)}
    assert shown == {"shop/cart[Pod]", "{ingress-controller}"}, "the lists do not show such pods"


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ({"forbd": []}, "unknown key 'forbd' in 'network'; did you mean 'forbid'?"),
        ({"forbid": [{"form": {}}]}, "unknown key 'form' in 'forbid[0]'; did you mean 'from'?"),
        ({"forbid": [{"to": {"label": {}}}]}, "unknown key 'label' in 'to'; did you mean 'labels'?"),
        ({"forbid": [{"ports": [80]}]}, "a rule below 'forbid' needs 'from' or 'to'"),
        ({"forbid": [{"to": {}, "ports": ["http"]}]}, "is 'http', which is no port such as 8080, 53/UDP"),
        ({"forbid": [{"to": {}, "ports": ["90-80"]}]}, "the first not above the last"),
        ({"forbid": [{"to": {}, "ports": ["99999"]}]}, "they go from 1 to 65535"),
        ({"forbid": [{"to": {"addresses": ["10.0.0.1/8"]}}]}, "10.0.0.1/8 has host bits set"),
        ({"forbid": [{"to": {"addresses": ["db"]}}]}, "does not appear to be an IPv4 or IPv6 network"),
        ({"require": [{"to": {"addresses": ["10.0.0.0/8"], "names": ["a"]}}]}, "'addresses' stands alone"),
        ({"require": [{"to": {"anywhere": False}}]}, "'anywhere' is false; write"),
        ({"require": {}}, "'require' must be a list"),
    ],
)
def test_what_is_wrong_in_the_configuration_is_told(network: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as error:
        rules_in(tmp_path, network)
    assert said in str(error.value)


def test_a_thousand_workloads_with_a_thousand_policies_take_seconds(tmp_path: Path) -> None:
    """About 2.5 s; pairs one by one take minutes."""
    count = 1000
    objects: list[Made] = [namespace("shop")]
    for number in range(count):
        objects.append(pod(f"p{number}", labels={"app": f"p{number}", "tier": f"t{number % 10}"}))
        peers = [{"podSelector": {"matchLabels": {"tier": f"t{number % 7}"}}}]
        objects.append(
            policy(f"p{number}", "shop", selector={"app": f"p{number}"}, ingress=[{"from": peers}])
        )
    rules = [
        {"from": {"labels": {"tier": f"t{one}"}}, "to": {"labels": {"tier": f"t{other}"}}}
        for one in range(5)
        for other in range(4)
    ]
    world = world_with(objects, rules_in(tmp_path, {"forbid": rules, "require": rules}))
    assert len(world.fact(connectivities)) == 1
    start = time.process_time()
    openings, cuts = world.all(ForbiddenOpening), world.all(RequiredCut)
    assert all(item.count and item.example for item in openings)
    assert all(item.count and item.example for item in cuts)
    assert openings
    assert cuts
    assert time.process_time() - start < 20


def _of(world: World, rule: str) -> list[Finding]:
    return [finding for finding in findings_of(world, "NET") if finding.rule == rule]
