"""Whatever stands in a policy, a pod or a route, there is an answer; a broken part allows nothing more."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

from archlint.comparison.connections import connection_changes
from archlint.model.network.connectivity import Connectivity
from archlint.model.network.connectivity.explanation import explained
from archlint.model.network.connectivity.listing import connections, listed
from archlint.reports.network.explanation import ALL, explanation_json, explanation_text
from archlint.reports.network.listing import list_json, list_text
from tests.net.connectivity.clusters import cluster_of, namespace, pod, shown
from tests.net.connectivity.generated import Made, Maker
from tests.net.worlds import policy

CLUSTERS = 20
JUNK: tuple[Any, ...] = (
    *(None, True, 0, -1, 70000, 1.5, "", "x", "80", "10.0.0.0/33", "::/0", "-", "In", "\x00", "a" * 300),
    *([], {}, [None], [[]], {"a": None}, {"": {}}, {"matchLabels": []}, {"matchExpressions": [{}]}),
)


def broken(objects: list[Made], chance: Random) -> list[Made]:
    """The objects with some parts replaced by something else."""
    found = copy.deepcopy(objects)
    for _ in range(chance.randint(1, 6)):
        node: Any = chance.choice(found)["spec" if chance.random() < 0.8 else "metadata"]
        while isinstance(node, dict | list) and node:
            key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
            if chance.random() < 0.4 or not isinstance(node[key], dict | list):
                node[key] = copy.deepcopy(chance.choice(JUNK))
                break
            node = node[key]
    return found


def routes() -> list[Made]:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "a"}}
    service["spec"] = {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": "api"}]}
    backend = {"service": {"name": "s", "port": {"number": 80}}}
    spec = {"rules": [{"http": {"paths": [{"backend": backend}]}}]}
    ingress = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "spec": spec}
    return [service, {**ingress, "metadata": {"name": "i", "namespace": "a"}}]


def test_there_is_always_an_answer() -> None:
    for seed in range(CLUSTERS):
        maker = Maker(f"junk {seed}")
        objects = [item for item in [*maker.cluster(), *routes()] if "spec" in item]
        whole, found = cluster_of(objects), cluster_of(broken(objects, maker.chance))
        text, data = list_text(listed([found])), list_json(listed([found]))
        told = json.loads(data)
        assert text.count(" => ") >= len(told["connections"]) + len(told["undecided"])
        assert connection_changes(whole, found) is not None
        for item in list(connections(found))[:3]:
            _explain(found, item.source, item.destination)
            assert not item.bounds.surely - item.bounds.possibly


def _explain(found: Connectivity, source: Any, destination: Any) -> None:
    item = [("", explained(found, source, destination))]
    assert explanation_text(item, ALL) and explanation_json(item, ALL)


def test_what_the_api_server_refuses_opens_nothing() -> None:
    """A part of a rule that is refused selects nobody, and the rule gets no wider."""
    pods = [namespace("shop"), pod("web"), pod("db"), pod("far", "bank"), namespace("bank")]
    peers: list[Any] = [
        {},
        {"ipBlock": {"cidr": "10.0.0.0"}},
        {"ipBlock": {"cidr": "10.0.0.0/33"}},
        {"ipBlock": {}},
        {"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}},
        {"podSelector": {"matchLabels": {"app": 1}}},
        {"podSelector": {"matchLabels": ["app"]}},
        {"podSelector": {"matchExpressions": [{"key": "app", "operator": "in", "values": ["web"]}]}},
        {"podSelector": {"matchExpressions": [{"key": "app", "operator": "NotIn"}]}},
        {"podSelector": {"matchExpressions": [{"operator": "Exists"}]}},
        {"podSelector": "web"},
        {"namespaceSelector": "shop"},
    ]
    ports: list[Any] = [{"port": number} for number in (0, 65536, -1, 1.5, [])]
    ports += ["80", {"protocol": "tcp"}]
    rules = [*({"from": [peer]} for peer in peers), *({"ports": [port]} for port in ports)]
    for rule in rules:
        found = shown(cluster_of([*pods, policy("db", "shop", selector={"app": "db"}, ingress=[rule])]))
        assert not [ends for ends in found if ends[1] == "shop/db[Pod]"], rule
