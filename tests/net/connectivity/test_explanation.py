"""Explanations say what the engine does, and following their advice has the effect that they promise."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from archlint.model.network.connectivity import ALL, ConnectionSet, Connectivity
from archlint.model.network.connectivity.explanation import Explanation, explained, peers_named
from archlint.model.network.policies import TrafficDirection
from archlint.reports.network.explanation import explanation_text
from tests.net.connectivity.clusters import cluster_of
from tests.net.connectivity.generated import ADDRESSES, Made, Maker
from tests.net.worlds import policy
from tests.support.inside import archlint, said

CLUSTERS = 6


def explanation(found: Connectivity, source: str, destination: str) -> Explanation:
    (one,) = peers_named(found, source, TrafficDirection.INGRESS)
    (other,) = peers_named(found, destination, TrafficDirection.EGRESS)
    return explained(found, one, other)


def pairs(objects: list[Made], maker: Maker) -> list[tuple[str, str]]:
    pods = [
        f"{item['metadata']['namespace']}/{item['metadata']['name']}"
        for item in objects
        if item["kind"] == "Pod"
    ]
    found = [(one, other) for one in pods for other in pods if one != other]
    found += [(maker.pick(ADDRESSES), pod) for pod in pods]
    return maker.chance.sample(found, 12)


def test_both_sides_together_are_the_answer() -> None:
    for seed in range(CLUSTERS):
        maker = Maker(f"sides {seed}")
        objects = maker.cluster()
        found = cluster_of(objects)
        for ends in pairs(objects, maker):
            item = explanation(found, *ends)
            together = ALL
            for side in item.sides:
                together &= side.allowed.taken
            assert together == item.allowed.taken
            for side in item.sides:
                if not side.said:
                    assert side.allowed.taken == ALL


def test_the_advice_to_allow_something_allows_it() -> None:
    followed = 0
    for seed in range(CLUSTERS):
        maker = Maker(f"advice {seed}")
        objects = [*maker.namespaces(), *maker.pods(), *maker.policies(4)]
        found = cluster_of(objects)
        for ends in pairs(objects, maker):
            asked = ConnectionSet.to_port("TCP", 80)
            item = explanation(found, *ends)
            if item.allowed.taken & asked:
                continue
            advised = _advised(explanation_text([("", item)], asked))
            assert advised
            then = explanation(cluster_of([*objects, *advised]), *ends)
            assert then.allowed.taken & asked, (seed, ends)
            followed += 1
    assert followed


def _advised(text: str) -> list[Made]:
    """The manifests in an explanation."""
    _, _, advice = text.partition("To allow it:\n")
    parts = re.split(r"(?m)^(?=  apiVersion)", advice)
    return [
        yaml.safe_load(re.sub(r"(?m)^  ", "", part.split("  and in it")[0])) for part in parts if part.strip()
    ]


SHOP = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: a, image: "a:1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: a, image: "a:1"}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
    - ports: [{port: 5432}]
"""
NOWHERE = SHOP.replace(", namespace: shop", "")


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (("web", "db", "5432"), 0, "NetworkPolicy shop/db (all.yaml:17) allows TCP 5432"),
        (("shop/web", "shop/db[Pod]", "80"), 0, "To allow it:"),
        (("10.0.0.1", "db", "5432/tcp"), 0, "0.0.0.0-255.255.255.255[External] => shop/db[Pod] : TCP 5432"),
        (("web", "10.0.0.1", "53/udp"), 0, "=> 0.0.0.0-255.255.255.255[External] : UDP 53"),
        (("ingress-controller", "db"), 0, "write an Ingress or a route"),
        (("wbe", "db"), 2, "no workload is called 'wbe'"),
        (("web", "ingress-controller"), 2, "no workload is called 'ingress-controller'"),
        (("10.0.0.1", "10.0.0.2"), 2, "both outside of the cluster"),
        (("web", "db", "http"), 2, "'http' is no port"),
        (("web", "db", "70000"), 2, "they go from 1 to 65535"),
    ],
)
def test_the_command(tmp_path: Path, arguments: tuple[str, ...], code: int, expected: str) -> None:
    (tmp_path / "all.yaml").write_text(SHOP)
    ended, output = said("network", "explain", "--no-cache", *arguments, cwd=tmp_path)
    assert (ended, expected in output) == (code, True), output


@pytest.mark.parametrize(("text", "place"), [(SHOP, ", namespace: shop"), (NOWHERE, "")])
def test_the_advice_names_a_namespace_only_where_it_tells_something(
    tmp_path: Path, text: str, place: str
) -> None:
    (tmp_path / "all.yaml").write_text(text)
    done = archlint("network", "explain", "web", "db", "80", cwd=tmp_path)
    assert f"metadata: {{name: allow-db-ingress{place}}}" in done.out
    assert '- from: [{podSelector: {matchLabels: {"app": "web"}}}]' in done.out


WAY_IN = """\
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
"""


def test_what_an_ingress_leads_to_is_denied_there(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(SHOP + WAY_IN)
    done = archlint("network", "explain", "ingress-controller", "web", cwd=tmp_path)
    assert done.out.endswith(
        "To deny it, do one of these:\n"
        "  take it out of the Ingress or the route that leads there\n"
        "  write a NetworkPolicy that restricts the ingress of shop/web[Pod]\n"
    )


def test_editions_of_which_the_same_is_true_stand_together() -> None:
    found = cluster_of([document for document in yaml.safe_load_all(SHOP) if document])
    item, other = explanation(found, "web", "db"), explanation(found, "db", "web")
    text = explanation_text([("asia", item), ("eu", other), ("us", item)], ALL)
    assert [line for line in text.splitlines() if line.startswith("[")] == ["[asia; us]", "[eu]"]
    assert text.count("shop/web[Pod] => shop/db[Pod]") == 1


def test_the_command_as_json(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(SHOP)
    done = archlint("network", "explain", "web", "db", "--format", "json", cwd=tmp_path)
    (found,) = json.loads(done.out)["explanations"]
    assert (found["src"], found["conn"]) == ("shop/web[Pod]", "TCP 5432")
    (rule,) = (rule for side in found["sides"] for rule in side["rules"])
    assert (rule["policy"], rule["action"], rule["line"]) == ("NetworkPolicy shop/db", "allow", 17)


def test_rules_stand_in_the_order_in_which_they_count() -> None:
    admin = {
        "apiVersion": "policy.networking.k8s.io/v1beta1",
        "kind": "ClusterNetworkPolicy",
        "metadata": {"name": "first"},
        "spec": {
            "tier": "Admin",
            "priority": 1,
            "subject": {"namespaces": {}},
            "ingress": [{"action": "Pass", "from": [{"namespaces": {}}]}],
        },
    }
    pods = [item for item in yaml.safe_load_all(SHOP) if item["kind"] == "Pod"]
    found = cluster_of([*pods, policy("db", "shop", ingress=[{}]), admin])
    (side,) = (side for side in explanation(found, "web", "db").sides if side.said)
    assert [(said.policy.base.name, said.action) for said in side.said] == [
        ("first", "pass"),
        ("db", "allow"),
    ]
