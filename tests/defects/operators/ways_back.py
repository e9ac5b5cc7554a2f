"""Workloads that take long to go back: many pods, few at a time, each of which waits."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_PATH = "deploy/kubernetes/stock.yaml"
_WORKLOAD = """\
apiVersion: apps/v1
kind: {kind}
metadata: #HERE
  name: stock #HERE
  namespace: shop
spec: #HERE
  {replicas}
  selector: {{matchLabels: {{app: stock}}}}
  {strategy}
  template:
    metadata: {{labels: {{app: stock}}}}
    spec:
      containers:
        - name: stock
          image: registry.example.com/shop/stock:1.0.0
          {waits}
"""
_SCALER = """\
---
apiVersion: {version}
kind: {kind}
metadata: {{name: stock, namespace: shop}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: stock}}
  {most}: 60 #OTHER
"""
_ROLLING = (
    "strategy: #HERE\n    rollingUpdate: #HERE\n      maxSurge: 1 #HERE\n      maxUnavailable: 0 #HERE",
    "strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0, maxUnavailable: 2}} #HERE",
    "strategy: {rollingUpdate: {maxSurge: 5%, maxUnavailable: 0}} #HERE",
)
_WAITS = (
    "readinessProbe: {initialDelaySeconds: 60, tcpSocket: {port: 8080}} #OTHER",
    "startupProbe: {initialDelaySeconds: 90, tcpSocket: {port: 8080}} #OTHER",
    "readinessProbe: {successThreshold: 10, periodSeconds: 10, tcpSocket: {port: 8080}} #OTHER",
)


def _stock(files: Files, what: str, kind: str, spec: tuple[str, str, str]) -> Defect:
    replicas, strategy, waits = spec
    text = _WORKLOAD.format(kind=kind, replicas=replicas, strategy=strategy, waits=waits)
    return marked(files, what, {_PATH: text})


@seeds("rollback-slow")
def many_pods_one_after_the_other(files: Files) -> Iterator[Defect]:
    """A Deployment whose pods are replaced by ones and twos."""
    for count in (16, 40):
        for strategy in _ROLLING:
            for waits in _WAITS:
                replicas = f"replicas: {count} #OTHER"
                yield _stock(
                    files, f"{count} of {strategy}: {waits}", "Deployment", (replicas, strategy, waits)
                )


@seeds("rollback-slow")
def a_stateful_set_that_waits(files: Files) -> Iterator[Defect]:
    """A StatefulSet of some pods, each of which waits."""
    for count in (8, 12):
        for waits in _WAITS:
            replicas = f"replicas: {count} #OTHER"
            strategy = "serviceName: stock"
            yield _stock(files, f"{count} in turn: {waits}", "StatefulSet", (replicas, strategy, waits))


@seeds("rollback-slow")
def as_many_as_the_autoscaler_allows(files: Files) -> Iterator[Defect]:
    """A Deployment of few pods by itself, and of many on a bad day."""
    for version, kind, most in (
        ("autoscaling/v2", "HorizontalPodAutoscaler", "maxReplicas"),
        ("keda.sh/v1alpha1", "ScaledObject", "maxReplicaCount"),
    ):
        for strategy in _ROLLING:
            for waits in _WAITS:
                text = _WORKLOAD.format(
                    kind="Deployment", replicas="paused: false", strategy=strategy, waits=waits
                )
                scaler = _SCALER.format(version=version, kind=kind, most=most)
                yield marked(files, f"{kind} {strategy}: {waits}", {_PATH: text + scaler})


@seeds("rollback-may-be-slow")
def a_long_time_to_start(files: Files) -> Iterator[Defect]:
    """A Deployment whose pods may take minutes to start, one after the other."""
    for probe in ("startupProbe", "livenessProbe"):
        for failures, period in ((30, 10), (60, 5), (120, 2)):
            for count in (4, 6):
                for strategy in _ROLLING[:2]:
                    slow = f"failureThreshold: {failures}, periodSeconds: {period}"
                    waits = f"{probe}: {{{slow}, tcpSocket: {{port: 8080}}}}"
                    replicas = f"replicas: {count} #OTHER"
                    what = f"{count} of {probe} {failures} x {period}: {strategy}"
                    yield _stock(files, what, "Deployment", (replicas, strategy, waits))
