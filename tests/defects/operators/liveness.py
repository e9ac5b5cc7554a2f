"""Liveness probes that ask what a service keeps its data in."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_PATH = "deploy/kubernetes/shelf.yaml"
_SHELF = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: shelf, namespace: shop}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: shelf}}}}
  template:
    metadata: {{labels: {{app: shelf}}}}
    spec:
      containers:
        - name: shelf
          image: registry.example.com/shop/shelf:1.0.0
          env:
            - name: {variable}
              value: {value}
          livenessProbe:
            httpGet:
              path: {path}
              port: 8080
"""
_USED = (
    ("SPRING_DATASOURCE_URL", "jdbc:postgresql://cart-db.shop-data:5432/shelf"),
    ("DATABASE_URL", "postgres://shelf@catalog-db.shop-data.svc.cluster.local:5432/shelf"),
    ("SPRING_DATA_REDIS_URL", "redis://cache.example.com:6379/0"),
    ("SPRING_DATA_MONGODB_URI", "mongodb://documents.example.com:27017/shelf"),
    ("SPRING_RABBITMQ_ADDRESSES", "amqp://queue.example.com:5672"),
)
_PATHS = ("/actuator/health", "/actuator/health/", "/shelf/actuator/health", "/q/health")

_VARIABLE = "MANAGEMENT_ENDPOINT_HEALTH_GROUP_LIVENESS_INCLUDE"


def _shelf(variable: str, value: str, path: str) -> str:
    """A workload with one variable and a liveness probe."""
    return _SHELF.format(variable=variable, value=value, path=path)


@seeds("liveness-depends-on-others")
def everything_is_asked(files: Files) -> Iterator[Defect]:
    """A probe at which everything is asked, in a service that uses a store or a broker."""
    for variable, address in _USED:
        for path in _PATHS:
            text = _shelf(variable, f"{address} #OTHER", f"{path} #HERE")
            yield marked(files, f"{variable} {path}", {_PATH: text})


@seeds("liveness-depends-on-others")
def group_with_outsiders(files: Files) -> Iterator[Defect]:
    """A liveness group with an indicator that asks another system."""
    for value in ("livenessState,db", "livenessState,redis,ping", "'*'", "mongo", "livenessState, rabbit"):
        text = _shelf(_VARIABLE, f"{value} #HERE", "/actuator/health/liveness")
        yield marked(files, value, {_PATH: text})
