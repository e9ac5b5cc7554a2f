"""Production that lacks what the environment before it has."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_NAMES = ("reviews", "stock", "prices")
_FOLDERS = (("staging", "production"), ("qa", "prod"), ("test", "live"))
_POLICY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy #OTHER
metadata: {{name: {name}}} #OTHER
spec: {{podSelector: {{matchLabels: {{app: {name}}}}}, policyTypes: [Ingress]}}
"""
_BUDGET = """\
---
apiVersion: policy/v1
kind: PodDisruptionBudget #OTHER
metadata: {{name: {name}}} #OTHER
spec: {{maxUnavailable: 1, selector: {{matchLabels: {{app: {name}}}}}}}
"""
_WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name} #HERE #OTHER
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
        - name: {name} #HERE #OTHER
          image: registry.example.com/shop/{name}:1.0.0
{fields}"""
_PROBE = "          readinessProbe: {tcpSocket: {port: 8080}} #OTHER\n"
_LIMIT = "          resources: {limits: {memory: 256Mi}} #OTHER\n"
_WITHOUT = {
    "replicas": (_PROBE + _LIMIT, "1 #HERE", _BUDGET + _POLICY),
    "probe": (_LIMIT, "3", _BUDGET + _POLICY),
    "limit": (_PROBE, "3", _BUDGET + _POLICY),
    "budget": (_PROBE + _LIMIT, "3", _POLICY),
    "policy": (_PROBE + _LIMIT, "3", _BUDGET),
}
"""What production has, by what it lacks."""


@seeds("production-weaker")
def left_out_of_production(files: Files) -> Iterator[Defect]:
    """One safeguard that the folder of production lacks, of plain manifests and of kustomizations."""
    for name, (trial, real), (what, parts) in product(_NAMES, _FOLDERS, _WITHOUT.items()):
        fields, replicas, objects = parts
        whole = _WORKLOAD.format(name=name, replicas="3 #OTHER", fields=_PROBE + _LIMIT)
        whole += (_BUDGET + _POLICY).format(name=name)
        less = _WORKLOAD.format(name=name, replicas=replicas, fields=fields) + objects.format(name=name)
        home = f"deploy/{name}-parts"
        made = {
            f"{home}/{trial}/all.yaml": whole.replace(" #HERE", ""),
            f"{home}/{real}/all.yaml": less.replace(" #OTHER", ""),
        }
        yield marked(files, f"{name}: no {what} in {real}", made)
        built = {
            f"{home}/{each}/kustomization.yaml": "resources: #HERE\n  - all.yaml\n" for each in (trial, real)
        }
        built[f"{home}/{trial}/kustomization.yaml"] = "resources:\n  - all.yaml\n"
        yield marked(files, f"{name}: no {what} in {real}, built", {**made, **built})
