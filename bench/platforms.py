"""Writes an invented platform: services that call one another, and a folder of source."""

from __future__ import annotations

from pathlib import Path

DOCUMENTS = 10
"""Documents of one service."""
_PLACES = 5
"""Each service calls so many others and databases at most."""
_SERVICE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop, labels: {{app: {name}}}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
        - name: {name}
          image: shop/{name}:1.0.0
          ports: [{{containerPort: 8080}}]
          env:
            - {{name: DB_URL, value: "postgres://db{database}:5432/{name}"}}
{calls}---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec: {{selector: {{app: {name}}}, ports: [{{port: 8080, name: http}}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: shop}}
data: {{first: "http://{first}:8080/x"}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: {name}, namespace: shop}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: {name}, namespace: shop}}
spec: {{minAvailable: 1, selector: {{matchLabels: {{app: {name}}}}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: shop}}
spec:
  podSelector: {{matchLabels: {{app: {name}}}}}
  ingress: [{{from: [{{podSelector: {{matchLabels: {{app: {first}}}}}}}]}}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: {name}, namespace: shop}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {name}}}
  minReplicas: 2
  maxReplicas: 5
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: {name}, namespace: shop}}
spec:
  rules:
    - http:
        paths:
          - path: /{name}
            pathType: Prefix
            backend: {{service: {{name: {name}, port: {{number: 8080}}}}}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec: {{hosts: [{name}], http: [{{timeout: 2s, route: [{{destination: {{host: {name}}}}}]}}]}}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {{name: {name}, namespace: shop}}
spec: {{selector: {{matchLabels: {{app: {name}}}}}, endpoints: [{{port: http}}]}}
"""
_CALL = '            - {{name: {variable}_URL, value: "http://{name}:8080"}}\n'
_LINE = "export function f{0}(a, b) {{ const name = 'item {0}'; return a.value + b[{0}] + name; }}\n"
_LINES = 260
_ADDRESS = "const cart = fetch('http://cart:8080/items');\n"
_COMPOSE = "services:\n  shop: {build: shop}\n  cart: {image: x/cart:1}\n"


def write_platform(folder: Path, count: int) -> None:
    """Write services with all that each is deployed with, a file for each."""
    home = folder / "deploy"
    home.mkdir(parents=True)
    for number in range(count):
        others = [f"s{(number * 7 + step * step + 1) % count}" for step in range(number % _PLACES + 1)]
        calls = "".join(_CALL.format(variable=other.upper(), name=other) for other in others)
        text = _SERVICE.format(name=f"s{number}", database=number % 20, first=others[0], calls=calls)
        (home / f"s{number}.yaml").write_text(text, "utf-8")


def write_source(folder: Path, count: int) -> int:
    """Write a service of so many files, each with an address in the middle; the number of characters."""
    home = folder / "shop"
    home.mkdir(parents=True)
    (folder / "compose.yaml").write_text(_COMPOSE, "utf-8")
    (home / "Dockerfile").write_text("FROM node:22\n", "utf-8")
    lines = [_LINE.format(number) for number in range(_LINES)]
    text = "".join([*lines[: _LINES // 2], _ADDRESS, *lines[_LINES // 2 :]])
    for number in range(count):
        (home / f"m{number}.ts").write_text(text, "utf-8")
    return count * len(text)
