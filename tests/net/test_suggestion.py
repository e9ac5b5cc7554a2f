"""Suggested policies, held against what the generator of a repository knows about who calls whom."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from archlint.documents import load_text
from archlint.files import Kind, WorkingTree
from archlint.files.tree import Overlay
from archlint.model.kubernetes.objects import objects_of
from archlint.model.network import NetworkPolicy
from archlint.model.network.connectivity import Bound, Connectivity
from archlint.model.network.connectivity.connections import NONE, ConnectionSet
from archlint.model.network.connectivity.connectivity import connectivities_with
from archlint.model.network.policies import TrafficDirection
from archlint.model.network.suggestion import DNS, Suggestion, suggested
from archlint.model.world import World
from archlint.reports.network.suggestion import policies_yaml, suggestion_json, suggestion_yaml
from tests.net.worlds import findings_of, policy
from tests.support.process import archlint

WORLDS = int(os.environ.get("ARCHLINT_CLUSTERS", "40"))
_NO_FILES = WorkingTree(Path("/nowhere"), ())
Made = dict[str, Any]
_EXPECTED = {"ingress-open-to-all", "namespace-undefined"}
"""What rules may say of such policies: what leads in from outside is open to everybody."""


def world_of_objects(objects: list[Made]) -> World:
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    loaded = load_text("all.json", text, Kind.KUBERNETES)
    return World(Overlay(_NO_FILES, {}), {"all.json": Kind.KUBERNETES}, {"all.json": loaded.documents})


def read(manifests: Any) -> list[NetworkPolicy]:
    documents = load_text("suggested.yaml", policies_yaml(manifests), Kind.KUBERNETES).documents
    return [NetworkPolicy(item) for document in documents for item in objects_of(document)]


def suggestion_for(world: World) -> Suggestion:
    return suggested(
        world, lambda group: True, read, lambda added: connectivities_with(world, policies=added)
    )


def after(world: World, found: Suggestion) -> Connectivity:
    """What is allowed once the policies are added."""
    policies = read([item.manifest for item in found.policies])
    return connectivities_with(world, policies=policies)[0]


def app(name: str, space: str, calls: tuple[str, ...] = (), **more: Any) -> list[Made]:
    """A Deployment and its Service; ``calls`` are URLs."""
    labels = {"app": name}
    env = [{"name": f"PEER_{number}_URL", "value": url} for number, url in enumerate(calls)]
    port = {"name": "web", "containerPort": 8080}
    container = {"name": name, "image": f"{name}:1", "env": env, "ports": [port]}
    metadata = {"labels": labels, "annotations": more.get("annotations", {})}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": space},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": metadata, "spec": {"containers": [container], **more.get("spec", {})}},
        },
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": space},
        "spec": {
            "type": more.get("type", "ClusterIP"),
            "selector": labels,
            "ports": [{"port": 80, "targetPort": more.get("target", "web")}],
        },
    }
    return [deployment, service]


def ingress(name: str, space: str) -> Made:
    backend = {"service": {"name": name, "port": {"number": 80}}}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": name, "namespace": space},
        "spec": {"defaultBackend": backend},
    }


class Chance:
    """A repository of a few services, with all that it knows about their connections."""

    def __init__(self, seed: int) -> None:
        chance = Random(seed)
        self.names = [f"s{number}" for number in range(chance.randint(2, 7))]
        self.space = {name: chance.choice(["shop", "shop", "data"]) for name in self.names}
        self.calls = {
            (one, other)
            for one in self.names
            for other in self.names
            if one != other and chance.random() < 0.3
        }
        self.outside = {name for name in self.names if chance.random() < 0.2}
        self.entered = {name for name in self.names if chance.random() < 0.3}
        self.scraped = {name for name in self.names if chance.random() < 0.3}
        self.balanced = {name for name in self.names if chance.random() < 0.15}
        self.vague = {name for name in self.names if chance.random() < 0.15}
        self.objects: list[Made] = []
        for name in self.names:
            urls = [self._url(name, other, chance) for one, other in sorted(self.calls) if one == name]
            urls += ["https://api.example.com"] if name in self.outside else []
            urls += ["http://nobody-knows:80"] if name in self.vague else []
            notes = {"prometheus.io/scrape": "true", "prometheus.io/port": "9090"}
            self.objects += app(
                name,
                self.space[name],
                tuple(urls),
                annotations=notes if name in self.scraped else {},
                type="LoadBalancer" if name in self.balanced else "ClusterIP",
                target=chance.choice(["web", 8080]),
            )
            if name in self.entered:
                self.objects.append(ingress(name, self.space[name]))
        if chance.random() < 0.3:
            self.objects.append(policy("deny", "data", policyTypes=["Ingress"]))

    def _url(self, one: str, other: str, chance: Random) -> str:
        space = self.space[other]
        forms = [f"http://{other}.{space}.svc.cluster.local", f"http://{other}.{space}:80"]
        return chance.choice([*forms, f"http://{other}"] if self.space[one] == space else forms[:1])


WEB = ConnectionSet.to_port("TCP", 8080)
METRICS = ConnectionSet.to_port("TCP", 9090)
HTTPS = ConnectionSet.to_port("TCP", 443)


def number_of(found: Connectivity, name: str) -> int:
    return next(
        item.number
        for item in found.pods.classes
        for group in item.members
        if group.name.partition("[")[0].endswith(f"/{name}")
    )


def test_all_that_is_needed_passes_and_nothing_else_does() -> None:
    met = 0
    for seed in range(WORLDS * 3):
        made = Chance(seed)
        world = world_of_objects(made.objects)
        suggestion = suggestion_for(world)
        found = after(world, suggestion)
        names = {item.workload.partition("/")[2].partition("[")[0]: item for item in suggestion.policies}
        left = {item.workload.partition("/")[2].partition("[")[0] for item in suggestion.left_out}
        assert names.keys() | left == set(made.names)
        assert made.vague <= left
        met += len(names)
        for name, item in names.items():
            own = number_of(found, name)
            anybody = WEB if name in made.entered | made.balanced else NONE
            pods = METRICS if name in made.scraped else NONE
            for other in made.names:
                if other != name:
                    wanted = anybody | pods | (WEB if (other, name) in made.calls else NONE)
                    allowed = found.judge(TrafficDirection.INGRESS, as_taken=False)
                    bounds = allowed.allowed_for(own, number_of(found, other))
                    assert bounds.surely == bounds.possibly == wanted, (seed, other, name)
                    if (other, name) in made.calls:
                        assert not WEB - found.between(number_of(found, other), own, Bound.SURE), seed
            outside = found.judge(TrafficDirection.INGRESS).allowed_for(own, len(found.pods.classes))
            assert outside.surely == anybody, (seed, name)
            if TrafficDirection.EGRESS in item.ways:
                sent = found.judge(TrafficDirection.EGRESS, as_taken=False)
                for other in made.names:
                    if other != name:
                        wanted = DNS | (WEB if (name, other) in made.calls else NONE)
                        assert sent.allowed_for(own, number_of(found, other)).possibly == wanted, seed
                metadata = found.external[TrafficDirection.EGRESS].holding("169.254.169.254")
                assert metadata is not None
                at = found.number_of(metadata, TrafficDirection.EGRESS)
                assert sent.allowed_for(own, at).possibly == DNS
                start = len(found.pods.classes)
                assert sent.allowed_for(own, start).surely == DNS | (HTTPS if name in made.outside else NONE)
            else:
                assert name not in {one for one, _ in made.calls} | made.outside
    assert met > WORLDS


def test_what_is_suggested_is_accepted_by_the_schemas_and_the_rules(tmp_path: Path) -> None:
    for seed in range(10):
        found = suggestion_for(world_of_objects(Chance(seed).objects))
        text = suggestion_yaml(found)
        loaded = load_text("all.yaml", text, Kind.KUBERNETES)
        assert not loaded.problems
        world = World(Overlay(_NO_FILES, {}), {"all.yaml": Kind.KUBERNETES}, {"all.yaml": loaded.documents})
        told = {"object-invalid", "field-unknown", "policy-types-omit-rules", "egress-blocks-dns"}
        assert not [
            item
            for item in findings_of(world, "KUBE", "NET")
            if item.severity.label == "error" and item.rule in told
        ]
        assert len(read([item.manifest for item in found.policies])) == len(found.policies)
        assert json.loads(suggestion_json(found))["version"] == 1


@pytest.mark.parametrize(
    ("objects", "reason"),
    [
        (app("a", "shop"), "a Service leads to it, and nothing is known to call that"),
        (
            [*app("a", "shop", ("http://b",)), *app("b", "shop", spec={"hostNetwork": True})],
            "its pods are on the network of their node",
        ),
        (
            [*app("a", "shop", ("http://b",), spec={"hostNetwork": True}), *app("b", "shop")],
            "calls it from the network of its node",
        ),
        ([*app("a", "shop", ("http://b:81",)), *app("b", "shop")], "to which port of its pods port 81"),
        (
            [*app("a", "shop", ("http://db.data.svc",))],
            "'PEER_0_URL=db.data.svc', and no file describes that",
        ),
        (
            [*app("a", "shop", ("http://b",)), *app("b", "shop"), policy("b", "shop", selector={"app": "b"})],
            "policies that are there cut",
        ),
    ],
)
def test_what_is_not_known_is_said(objects: list[Made], reason: str) -> None:
    if reason.startswith("policies that are there"):
        objects = [*objects, _denial()]
    found = suggestion_for(world_of_objects(objects))
    assert any(reason in said for item in found.left_out for said in item.reasons), found.left_out


def _denial() -> Made:
    """What no NetworkPolicy can open again."""
    return {
        "apiVersion": "policy.networking.k8s.io/v1alpha1",
        "kind": "AdminNetworkPolicy",
        "metadata": {"name": "deny"},
        "spec": {
            "priority": 1,
            "subject": {"namespaces": {}},
            "ingress": [{"name": "all", "action": "Deny", "from": [{"namespaces": {}}]}],
        },
    }


def test_a_policy_that_is_there_keeps_its_name_and_is_not_widened() -> None:
    shut = policy("b", "shop", selector={"app": "b"}, ingress=[{"from": [{"podSelector": {}}]}])
    objects = [*app("a", "shop", ("http://b",)), *app("b", "shop"), shut]
    found = suggestion_for(world_of_objects(objects))
    assert any(
        "policies restrict its pods already" in said for each in found.left_out for said in each.reasons
    )
    other = policy("b", "shop", selector={"app": "x"})
    objects = [*app("a", "shop", ("http://b",)), *app("b", "shop"), other]
    names = [item.manifest["metadata"]["name"] for item in suggestion_for(world_of_objects(objects)).policies]
    assert names == ["b-suggested"]


def test_pods_that_ask_the_api_server_may_connect_to_what_they_do() -> None:
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "a", "namespace": "shop"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "a"},
        "subjects": [{"kind": "ServiceAccount", "name": "a"}],
    }
    sender = app("a", "shop", ("http://b",), type="LoadBalancer", spec={"serviceAccountName": "a"})
    found = suggestion_for(world_of_objects([*sender, *app("b", "shop"), binding]))
    (own,) = (item for item in found.policies if item.workload == "shop/a[Deployment]")
    assert own.ways == [TrafficDirection.INGRESS]
    assert any("API server" in remark for remark in own.remarks)


def test_the_command_prints_manifests_that_can_be_applied(tmp_path: Path) -> None:
    objects = [*app("a", "shop", ("http://b",), type="LoadBalancer"), *app("b", "shop", ("http://nobody:1",))]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": objects})
    (tmp_path / "all.json").write_text(text, "utf-8")
    done = archlint("network", "suggest", ".", cwd=tmp_path)
    assert done.code == 0
    assert "# * shop/b[Deployment]\n#     it is given 'PEER_0_URL=nobody:1'" in done.out
    assert "name: a\n" in done.out
    assert "1 workload is left as it is" in done.err
    (tmp_path / "policies.yaml").write_text(done.out, "utf-8")
    listed = archlint("network", "list", ".", cwd=tmp_path)
    assert "shop/a[Deployment] => shop/b[Deployment] : TCP 53,8080,UDP 53" in listed.out
    again = archlint("network", "suggest", "policies.yaml", "--format", "json", cwd=tmp_path)
    assert json.loads(again.out) == {"version": 1, "policies": [], "left_out": []}
