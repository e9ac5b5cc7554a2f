"""To whom pods are open that no file describes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from archlint.model.network.connectivity.exposure import exposures, network_exposure
from tests.net.connectivity.clusters import cluster_of, namespace, pod, shown
from tests.net.connectivity.generated import Made, Maker
from tests.net.worlds import policy
from tests.support.inside import archlint, said

CLUSTERS = 40
EVERYWHERE = "0.0.0.0-255.255.255.255[External]"
ALL = "All Connections"


def exposed(*objects: Made) -> set[tuple[str, str, str, str]]:
    found = network_exposure([cluster_of(objects)])
    return {row[:4] for row in found.exposures}


def web(**rule: Any) -> set[tuple[str, str]]:
    """Who else reaches a pod under one rule, and how."""
    objects = (
        namespace("shop"),
        pod("web"),
        pod("db"),
        policy("web", "shop", selector={"app": "web"}, ingress=[rule]),
    )
    return {
        (peer, what)
        for direction, name, peer, what in exposed(*objects)
        if name == "shop/web[Pod]" and direction == "ingress"
    }


def test_selectors_stand_for_pods_that_no_file_describes() -> None:
    ports = [{"port": 80}]
    labels = {"matchLabels": {"app": "new"}}
    several = {
        "matchLabels": {"b": "1", "a": "2"},
        "matchExpressions": [
            {"key": "tier", "operator": "In", "values": ["y", "x"]},
            {"key": "env", "operator": "Exists"},
        ],
    }
    assert web(ports=ports, **{"from": [{"podSelector": labels}]}) == {
        ("shop/[pod with {app=new}]", "TCP 80")
    }
    assert web(**{"from": [{"namespaceSelector": {}}]}) == {("entire-cluster", ALL)}
    assert web(**{"from": [{"namespaceSelector": labels}]}) == {
        ("[namespace with {app=new}]/[all pods]", ALL)
    }
    written = "a=2,b=1,{Key:env,Operator:Exists,Values:[],},{Key:tier,Operator:In,Values:[y x],}"
    assert web(**{"from": [{"namespaceSelector": {}, "podSelector": several}]}) == {
        (f"[all namespaces]/[pod with {{{written}}}]", ALL)
    }
    assert web(**{"from": [{"podSelector": {"matchLabels": {"app": "db"}}}]}) == set()
    assert web() == {
        ("entire-cluster", ALL),
        (EVERYWHERE, ALL),
    }


def test_port_names_mean_something_else_in_each_pod() -> None:
    egress = [
        {"to": [{"namespaceSelector": {}}], "ports": [{"port": "api"}, {"port": 53, "protocol": "UDP"}]}
    ]
    rules = policy("web", "shop", policyTypes=["Egress"], egress=egress)
    found = exposed(pod("web"), rules)
    assert ("egress", "shop/web[Pod]", "entire-cluster", "TCP api,UDP 53") in found


def test_a_pod_with_just_these_labels_is_reached_as_it_is_told() -> None:
    """Each stranger of whom labels alone are asked is made, and the engine asked."""
    tried = 0
    for seed in range(CLUSTERS):
        maker = Maker(f"strangers {seed}")
        objects = [*maker.namespaces(), *maker.pods(), *maker.policies(4)]
        for item in exposures(cluster_of(objects)):
            made = _stranger(item.peer)
            if made is None:
                continue
            found = shown(cluster_of([*objects, *made]))
            own = item.pods.members[0].name
            ends = ("s/stranger[Pod]", own) if item.direction == "ingress" else (own, "s/stranger[Pod]")
            told = set(str(item.connections).split(","))
            assert told == {"No Connections"} or ends in found, (seed, item.peer)
            tried += 1
    assert tried


def _stranger(peer: str) -> list[Made] | None:
    """A pod in a namespace of its own, as an exposure describes it."""
    spaces, _, pods = peer.partition("]/")
    if "{Key" in peer or "[namespace with" not in spaces or "kubernetes.io" in peer:
        return None
    return [namespace("s", **_labels(spaces)), pod("stranger", "s", _labels(pods))]


def _labels(text: str) -> dict[str, str]:
    inside = text.partition("{")[2].partition("}")[0]
    return dict(part.split("=") for part in inside.split(",") if part)


def test_the_flag(tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text(json.dumps(pod("web")))
    done = archlint("network", "list", "--exposure", "--format", "json", cwd=tmp_path)
    found = json.loads(done.out)
    peers = {EVERYWHERE, "entire-cluster"}
    assert {(item["dir"], item["peer"]) for item in found["exposure"]} == {
        (direction, peer) for direction in ("ingress", "egress") for peer in peers
    }
    assert {item["dir"] for item in found["unprotected"]} == {"ingress", "egress"}
    text = archlint("network", "list", "--exposure", cwd=tmp_path).out
    assert "shop/web[Pod] <= entire-cluster : All Connections" in text


def test_a_drawing_does_not_show_it(tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text(json.dumps(pod("web")))
    code, output = said("network", "list", "--exposure", "--format", "svg", cwd=tmp_path)
    assert (code, "take --format html" in output) == (2, True), output
