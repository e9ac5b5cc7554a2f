"""What the gate tells of the way back of all that is no workload and no database schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gate.releases import DEPLOYMENT, MANIFEST, Repository
from tests.gate.test_gate import gate, part

VIRTUAL = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], http: [{timeout: 3s, route: [{destination: {host: cart}}]}]}
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec: {hostnames: [shop.example.com], rules: [{backendRefs: [{name: cart, port: 8080}]}]}
"""
TOPIC = """\
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaTopic
metadata: {name: carts, namespace: shop, labels: {strimzi.io/cluster: main}}
spec: {partitions: 3, replicas: 3, config: {retention.ms: 604800000}}
"""
CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: photos, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""
SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: cart, namespace: shop}
data: {LEVEL: info}
"""
KONG = "_format_version: '3.0'\nservices:\n  - {name: cart, url: 'http://cart:8080'}\n"
RABBIT = '{"rabbit_version": "3.13.0", "vhosts": [{"name": "/"}], "queues": []}\n'
FILES = {
    "deploy/mesh.yaml": VIRTUAL,
    "deploy/route.yaml": ROUTE,
    "deploy/topic.yaml": TOPIC,
    "deploy/claim.yaml": CLAIM,
    "deploy/settings.yaml": SETTINGS,
    "gateway/kong.yaml": KONG,
    "broker/definitions.json": RABBIT,
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "shop", **FILES)
    reader = DEPLOYMENT.replace("image:", "envFrom: [{configMapRef: {name: cart}}]\n          image:", 1)
    made.write(MANIFEST, reader)
    made.commit()
    return made


def told_of(repository: Repository) -> list[str]:
    """What the part about the way back says of the last commit."""
    repository.commit()
    found = part(gate(repository, base="HEAD~1"), "rollback")
    return [*found["told"], *found["unknown"]]


EDITS = (
    ("deploy/mesh.yaml", "3s", "9s", "the mesh changes (VirtualService shop/cart), and no cluster keeps"),
    ("deploy/route.yaml", "8080", "8081", "routes and gateways change (HTTPRoute shop/cart)"),
    ("deploy/topic.yaml", "partitions: 3", "partitions: 9", "from 3 to 9 partitions, and Kafka never takes"),
    ("deploy/topic.yaml", "604800000", "3600000", "has retention.ms 3600000 and had 604800000"),
    ("deploy/claim.yaml", CLAIM, "", "PersistentVolumeClaim shop/photos is deleted, and its data goes"),
    ("deploy/settings.yaml", "info", "debug", "run 'kubectl rollout restart deployment/cart'"),
    ("gateway/kong.yaml", "8080", "9090", "gateway/kong.yaml is loaded into the gateway"),
    ("broker/definitions.json", "[]", '[{"name": "carts"}]', "which deletes nothing"),
)


def test_each_family_has_its_way_back(repository: Repository) -> None:
    for path, old, new, _ in EDITS:
        repository.edit(path, old, new)
    told = told_of(repository)
    for *_, said in EDITS:
        assert sum(said in line for line in told) == 1, (said, told)


def test_what_does_not_change_needs_no_way_back(repository: Repository) -> None:
    repository.write("README.md", "The shop.\n")
    assert not told_of(repository)


def test_a_topic_takes_its_messages_along(repository: Repository) -> None:
    repository.edit("deploy/topic.yaml", TOPIC, "")
    assert told_of(repository) == ["KafkaTopic shop/carts is deleted, and its messages go with it"]


def test_what_would_show_that_going_back_has_worked(repository: Repository) -> None:
    rule = """{{alert: {}, expr: 'rate(http_requests_total{{job="{}",code=~"5.."}}[5m]) > 1'}}"""
    alerts = "groups: [{{name: shop, rules: [{}]}}]\n"
    repository.write("alerts.yaml", alerts.format(rule.format("CartErrors", "cart")))
    repository.edit(MANIFEST, "cart:1.4.0", "cart:1.5.0")
    told = told_of(repository)
    assert "no alert on latency shows whether going back has worked: Deployment shop/cart" in told
    assert not any("no alert on errors" in line for line in told)
