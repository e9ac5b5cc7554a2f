"""What the repository shows that something else makes is not missing, whichever rule asks for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.paths.worlds import lay_out
from tests.support.inside import archlint
from tests.support.process import commit_all

POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: shop/web:1.0.0
          env:
            - {name: ORDERS_URL, value: "http://orders-db:8080"}
            - {name: LEVEL, valueFrom: {configMapKeyRef: {name: orders-db, key: level}}}
"""
AROUND = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: direct}
spec: {selector: {app.kubernetes.io/instance: orders-db}, ports: [{port: 8080}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {level: info}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec:
  rules:
    - http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: orders-db, port: {number: 80}}}}
"""
RULES = {"ARCH101", "KUBE504", "KUBE701", "KUBE710"}
"""Each finds that one thing is missing: a called Service, one of an Ingress, pods, and a ConfigMap."""
RELEASE = RULES - {"KUBE504"}
"""What makes no ConfigMap of the name, as far as anybody can tell."""
EVIDENCE = {
    "release": ("install.sh", "helm $VERB --wait orders-db ./charts/db -f x.yaml\n", RELEASE),
    "program": ("Makefile", "install:\n\t$(HELM) upgrade --install orders-db charts/db\n", RELEASE),
    "values": ("deploy/db-values.yaml", "fullnameOverride: orders-db\n", RULES),
    "values of an environment": ("values/live.values.yml", "primary: {host: orders-db}\n", RULES),
    "vendored": ("third_party/db/all.yaml", "kind: Thing\nmetadata: {name: orders-db}\n", RULES),
    "vendored deeper": ("src/vendor/db/all.yml", "- {kind: Thing, metadata: {name: orders-db}}\n", RULES),
}
NONE = {
    "another name": ("deploy/db-values.yaml", "fullnameOverride: orders-dbs\n"),
    "test data": ("testdata/db.yaml", "kind: Thing\nmetadata: {name: orders-db}\n"),
    "no values": ("deploy/invaluable.toml", 'name = "orders-db"\n'),
}


def told(root: Path) -> set[str]:
    done = archlint(
        "check", "--ignore", "ALL", "--select", ",".join(sorted(RULES)), "--format", "json", cwd=root
    )
    return {item["code"] for item in json.loads(done.out)["findings"]}


@pytest.mark.parametrize("case", sorted(EVIDENCE))
def test_what_is_made_elsewhere_is_not_missing(case: str, tmp_path: Path) -> None:
    path, text, made = EVIDENCE[case]
    root = lay_out({"web.yaml": POD, "around.yaml": AROUND}, tmp_path / "shop")
    commit_all(root)
    assert told(root) == RULES
    lay_out({path: text}, root)
    assert told(root) == RULES - made
    (root / path).unlink()
    assert told(root) == RULES


@pytest.mark.parametrize("case", sorted(NONE))
def test_what_shows_nothing_changes_nothing(case: str, tmp_path: Path) -> None:
    root = lay_out({"web.yaml": POD, "around.yaml": AROUND, NONE[case][0]: NONE[case][1]}, tmp_path / "shop")
    commit_all(root)
    assert told(root) == RULES


BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: "NAME"}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: web}]
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [("web", 1), ("web-{{ .Release.Namespace }}", 0), ("${PREFIX}-web", 0), ("web-<team>", 0)],
)
def test_what_another_program_fills_in_may_lack_fields(name: str, expected: int, tmp_path: Path) -> None:
    root = lay_out({"binding.yaml": BINDING.replace("NAME", name)}, tmp_path / "shop")
    done = archlint("check", "--ignore", "ALL", "--select", "KUBE757", "--format", "json", cwd=root)
    assert len(json.loads(done.out)["findings"]) == expected
