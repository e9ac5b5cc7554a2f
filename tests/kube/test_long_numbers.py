"""Numbers longer than any machine counts with: no rule raises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kube.worlds import world_of
from tests.support.rules import own_rules
from tests.support.runners import found_in

WORLD = """\
apiVersion: v1
kind: ResourceQuota
metadata: {name: all, namespace: shop}
spec: {hard: {requests.memory: 1Gi, requests.cpu: "1", pods: "3", count/pods: NUMBER}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  replicas: NUMBER
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      terminationGracePeriodSeconds: NUMBER
      containers:
        - name: cart
          image: shop/cart:1.0.0
          ports: [{containerPort: NUMBER}]
          resources: {requests: {memory: 10Gi, cpu: "15"}, limits: {memory: NUMBER}}
          env: [{name: DB_POOL_SIZE, value: "40"}, {name: DATABASE_URL, value: "postgres://db:5432/x"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: orders, namespace: shop}
spec:
  minReplicas: 2
  maxReplicas: NUMBER
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      containers:
        - {name: orders, image: "shop/orders:1.0.0", resources: {requests: {memory: 1Gi, cpu: "1"}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: "postgres:16"}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432, targetPort: NUMBER}]}
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: db, namespace: shop}
spec: {instances: NUMBER, postgresql: {parameters: {max_connections: NUMBER}}}
---
apiVersion: loki.grafana.com/v1
kind: LokiStack
metadata: {name: logs, namespace: shop}
spec: {limits: {global: {retention: {days: NUMBER}}}}
"""
OBJECTIVES = """\
version: prometheus/v1
service: cart
slos: [{name: good, objective: NUMBER}]
"""
NUMBERS = {
    "400 digits": "1" + "0" * 400,
    "the most digits of a number": "9" * 4_299,
    "more digits": "9" * 5_000,
    "an exponent": "1e400",
    "a negative one": "-1" + "0" * 400,
    "of base 16": "0x" + "f" * 3_000,
    "a text": '"' + "9" * 5_000 + '"',
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_no_rule_fails_at_a_long_number(kind: str, tmp_path: Path) -> None:
    texts = {"world.yaml": WORLD, "objectives.yaml": OBJECTIVES}
    world = world_of(tmp_path, {path: text.replace("NUMBER", NUMBERS[kind]) for path, text in texts.items()})
    found_in(world, own_rules())
