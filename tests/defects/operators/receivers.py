"""A collector beside the services of a repository, and services that send to where it takes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, edited, line_of, seeds
from tests.defects.operators.tracing import _deployments
from tests.metamorphic.repositories import Files

PATH = "observability/collector.yaml"
COLLECTOR = """apiVersion: apps/v1
kind: Deployment
metadata: {name: collector, namespace: shop}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: collector}}
  template:
    metadata: {labels: {app.kubernetes.io/name: collector}}
    spec:
      containers: [{name: collector, image: "otel/opentelemetry-collector:0.140.0"}]
      volumes: [{name: config, configMap: {name: collector}}]
---
apiVersion: v1
kind: Service
metadata: {name: collector, namespace: shop}
spec:
  selector: {app.kubernetes.io/name: collector}
  ports: [{name: grpc, port: 4317}, {name: http, port: 4318}, {name: own, port: 55680}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: collector, namespace: shop}
data:
  otel-config.yaml: |
    receivers:
      otlp:
        protocols:
          PROTOCOLS
    exporters: {debug: {}}
    service:
      pipelines:
        traces: {receivers: [otlp], exporters: [debug]}
"""
_CASES = (
    ("grpc: {}", "http://collector:4318", ""),
    ("http: {}", "http://collector.shop.svc:4317", ""),
    ("grpc: {endpoint: '0.0.0.0:55680'}", "http://collector:55680", "http/protobuf"),
    ("http: {endpoint: '0.0.0.0:55680'}", "http://collector:55680", "grpc"),
    ("grpc: {endpoint: '0.0.0.0:55680'}", "http://collector:4317", "grpc"),
)


@seeds("otlp-receiver-missing")
def receiver_not_there(files: Files) -> Iterator[Defect]:
    """The collector takes one protocol, and the service sends the other, or to another port."""
    for path, name, at in _deployments(files):
        for protocols, endpoint, protocol in _CASES:
            text = files[path]
            lines = "            - name: OTEL_EXPORTER_OTLP_ENDPOINT\n"
            lines += f"              value: {endpoint}\n"
            if protocol:
                lines += "            - name: OTEL_EXPORTER_OTLP_PROTOCOL\n"
                lines += f"              value: {protocol}\n"
            made = COLLECTOR.replace("PROTOCOLS", protocols)
            namespace = re.search(r"(?m)^  namespace: (\S+)$", text[text.find("kind: Deployment") :])
            if namespace is None or namespace[1] != "shop":
                continue
            changed = {**edited(files, path, text[:at] + lines + text[at:]), PATH: made}
            place = (path, line_of(text, at) + 1)
            first = line_of(made, made.index("otlp:\n"))
            sides = frozenset((PATH, first + step) for step in range(3))
            yield Defect(f"{name}: {protocols} {endpoint} {protocol}", changed, frozenset({place}), sides)
