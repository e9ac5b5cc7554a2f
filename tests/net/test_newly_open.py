"""What a change newly opens, held against asking for each pair of both clusters."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

from archlint.comparison.openings import opened_connections
from archlint.model.network.connectivity import Bound, Connectivity
from tests.net.connectivity.clusters import cluster_of, namespace, pod
from tests.net.connectivity.generated import Made, Maker
from tests.net.worlds import policy
from tests.support.inside import archlint

CLUSTERS = int(os.environ.get("ARCHLINT_CLUSTERS", "40")) * 2
Pair = tuple[str, str]


def _numbers(found: Connectivity) -> dict[str, int]:
    return {group.name: item.number for item in found.pods.classes[:-1] for group in item.members}


def opened_pairs(before: Connectivity, now: Connectivity) -> set[Pair]:
    """A second statement, pair by pair."""
    old, new = _numbers(before), _numbers(now)
    found = set()
    for one in old.keys() & new.keys():
        for other in old.keys() & new.keys():
            allowed = now.between(new[one], new[other], Bound.SURE)
            was = before.between(old[one], old[other], Bound.POSSIBLE)
            if new[one] != new[other] and allowed - was:
                found.add((one, other))
    return found


def told_pairs(before: Connectivity, now: Connectivity) -> set[Pair]:
    return {
        (one, other)
        for item in opened_connections([before], [now])
        for reached in item.opened.let.reached
        for one in _names(now, reached.sources)
        for other in _names(now, reached.destinations)
    }


def _names(found: Connectivity, bits: int) -> list[str]:
    return [group.name for item in found.pods.classes[:-1] if bits & item.bit for group in item.members]


def test_each_pair_that_is_opened_has_a_cause_and_no_other_has_one() -> None:
    met = 0
    for seed in range(CLUSTERS):
        maker = Maker(f"opened {seed}")
        base = [*maker.namespaces(), *maker.pods(), *maker.policies(3), *maker.admin_policies(1)]
        revision = _changed(base, maker)
        before, now = cluster_of(base), cluster_of(revision)
        classes = {group.name: len(item.members) for item in now.pods.classes for group in item.members}
        wanted = {pair for pair in opened_pairs(before, now) if all(classes[name] == 1 for name in pair)}
        told = {pair for pair in told_pairs(before, now) if all(classes[name] == 1 for name in pair)}
        assert told == wanted, seed
        met += len(wanted)
        for item in opened_connections([before], [now]):
            assert item.example[2]
            assert item.count
            assert item.node.place().span().line == 1
    assert met


def _changed(base: list[Made], maker: Maker) -> list[Made]:
    """A policy less, and others more."""
    policies = [item for item in base if item["kind"].endswith("Policy")]
    gone = maker.chance.sample(policies, min(len(policies), 1))
    added = [
        {**item, "metadata": {**item["metadata"], "name": f"new-{number}"}}
        for number, item in enumerate(maker.policies(2))
    ]
    return [*(item for item in base if item not in gone), *added]


def test_nothing_is_opened_without_a_change() -> None:
    for seed in range(CLUSTERS // 4):
        objects = Maker(f"same {seed}").cluster()
        assert not list(opened_connections([cluster_of(objects)], [cluster_of(objects)]))


def test_workloads_that_are_new_open_nothing() -> None:
    shut = policy("shut", "shop", selector={"app": "db"}, policyTypes=["Ingress"])
    base = [namespace("shop"), pod("db"), shut]
    assert not list(opened_connections([cluster_of(base)], [cluster_of([*base, pod("web")])]))


def test_a_pod_that_gets_a_label_is_told_at_the_rule_that_lets_it_in() -> None:
    peers = [{"podSelector": {"matchLabels": {"a": "b"}}}]
    let = policy("db", "shop", selector={"app": "db"}, ingress=[{"from": peers}])
    base = [namespace("shop"), pod("db"), pod("web"), let]
    revision = [namespace("shop"), pod("db"), pod("web", labels={"a": "b"}), let]
    (found,) = opened_connections([cluster_of(base)], [cluster_of(revision)])
    assert found.example[:2] == ("shop/web[Pod]", "shop/db[Pod]")
    assert found.title == "NetworkPolicy shop/db"


def test_a_thousand_workloads_with_a_thousand_policies_take_a_second() -> None:
    def made(shift: int) -> Connectivity:
        objects = [namespace("shop")]
        for number in range(1000):
            objects.append(pod(f"p{number}", labels={"app": f"p{number}", "tier": f"t{number % 10}"}))
            peers = [{"podSelector": {"matchLabels": {"tier": f"t{(number + shift) % 7}"}}}]
            own = {"app": f"p{number}"}
            objects.append(policy(f"p{number}", "shop", selector=own, ingress=[{"from": peers}]))
        return cluster_of(objects)

    before, now = made(0), made(1)
    assert before.rows(Bound.POSSIBLE)
    assert now.rows(Bound.SURE)
    start = time.process_time()
    found = list(opened_connections([before], [now]))
    assert len(found) == 1000
    assert all(item.count for item in found)
    assert time.process_time() - start < 6, "0.3 s where it was written"


def test_what_opens_to_the_outside_is_told_once() -> None:
    def egress(block: str) -> Made:
        return policy("out", "shop", policyTypes=["Egress"], egress=[{"to": [{"ipBlock": {"cidr": block}}]}])

    pods = [namespace("shop"), pod("a"), pod("b")]
    before, now = cluster_of([*pods, egress("10.0.0.0/8")]), cluster_of([*pods, egress("0.0.0.0/0")])
    (found,) = opened_connections([before], [now])
    assert found.example[1] == "addresses outside of the cluster"
    assert found.count == 2
    assert not list(opened_connections([now], [before]))


def test_one_cause_in_several_clusters_is_told_once() -> None:
    """By the rule that both take from one base, at the cluster in which it opens most."""
    shut = policy("db", "shop", selector={"app": "db"})
    let = policy("db", "shop", selector={"app": "db"}, ingress=[{"from": [{"podSelector": {}}]}])

    def clusters(rules: Made) -> list[Connectivity]:
        few = [namespace("shop"), pod("web"), pod("db"), rules]
        found = [cluster_of(few), cluster_of([*few, pod("more")])]
        for number, each in enumerate(found):
            each.name = f"cluster {number}"
        return found

    (found,) = opened_connections(clusters(shut), clusters(let))
    assert found.count == 2
    assert found.found.name == "cluster 1"


CHART = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, image: "shop/web:1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec: {containers: [{name: main, image: "shop/cart:1"}]}
---
{{- if not .Values.open }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart, namespace: shop}
spec: {podSelector: {matchLabels: {app: cart}}}
{{- end }}
"""


def test_what_charts_deployed_at_the_base_is_compared(tmp_path: Path) -> None:
    """The values open it; a chart that cannot be rendered any more opens nothing."""
    templates = tmp_path / "chart" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n", "utf-8")
    values = tmp_path / "chart" / "values.yaml"
    values.write_text("open: false\n", "utf-8")
    (templates / "all.yaml").write_text(CHART, "utf-8")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "base")):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)

    def told() -> list[str]:
        rules = ("--select", "NET133", "--no-cache", "--format", "json")
        done = archlint("check", ".", "--base", "HEAD", *rules, cwd=tmp_path)
        return [item["message"] for item in json.loads(done.out)["findings"] if item["code"] == "NET133"]

    assert told() == []
    values.write_text("open: true\n", "utf-8")
    (message,) = told()
    assert message.startswith("NetworkPolicy shop/cart is gone")
    (templates / "all.yaml").write_text(CHART + "---\n{{ fail .Values.open }}\n", "utf-8")
    assert told() == []


def test_charts_that_cannot_be_rendered_at_the_base_are_told(tmp_path: Path) -> None:
    """Nobody knows what was shut there; what cannot be rendered now either is told as unread alone."""
    templates = tmp_path / "chart" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: shop\nversion: 1.0.0\n", "utf-8")
    (tmp_path / "chart" / "values.yaml").write_text("open: true\n", "utf-8")
    broken = CHART + "---\n{{ fail .Values.open }}\n"
    (templates / "all.yaml").write_text(broken, "utf-8")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "base")):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)

    def told(rule: str) -> list[str]:
        done = archlint("check", ".", "--base", "HEAD", "--select", rule, "--no-cache", cwd=tmp_path)
        return [line for line in done.err.splitlines() if "at the base" in line]

    assert told("NET133") == []
    (templates / "all.yaml").write_text(CHART, "utf-8")
    (line,) = told("NET133")
    assert "chart/Chart.yaml" in line
    assert "what the change opens in it is not told" in line
    assert told("NET101") == []
