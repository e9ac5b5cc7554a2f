"""Writes the kustomizations of an invented platform: bases, and overlays that each change one of them."""

from __future__ import annotations

from pathlib import Path

_BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels: {{app.kubernetes.io/name: {name}}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}}}
    spec:
      serviceAccountName: {name}
      containers:
        - name: server
          image: registry.example.com/platform/{name}
          ports:
            - {{name: http, containerPort: 8080}}
          env:
            - name: LOG_LEVEL
              valueFrom: {{configMapKeyRef: {{name: {config}, key: LOG_LEVEL}}}}
            - {{name: TIMEOUT, value: "5s"}}
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits: {{memory: 256Mi}}
          readinessProbe:
            httpGet: {{path: /ready, port: http}}
          securityContext:
            runAsNonRoot: true
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec:
  selector: {{app: {name}}}
  ports:
    - {{name: http, port: 80, targetPort: http}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: {name}}}
automountServiceAccountToken: false
"""
_BASE_KUSTOMIZATION = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [app.yaml]
configMapGenerator:
  - name: {name}
    literals: [LOG_LEVEL=info]
"""
_OVERLAY = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../../../bases/{name}]
namespace: {stage}
namePrefix: {stage}-
labels:
  - pairs: {{stage: {stage}}}
    includeSelectors: true
images:
  - name: registry.example.com/platform/{name}-web
    newTag: "1.{number}.0"
patches:
  - path: replicas.yaml
"""
_PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}-web}}
spec:
  replicas: {number}
  template:
    spec:
      containers:
        - name: server
          resources:
            requests: {{cpu: 200m}}
"""


OBJECTS = 10
"""Objects that one base builds."""
_APPS = ("web", "worker", "cache")


def write_kustomizations(folder: Path, bases: int, overlays: int) -> None:
    """Write ``bases`` of ten objects each, and ``overlays`` that take them in by turns."""
    for number in range(bases):
        name = f"service-{number:03}"
        apps = "---\n".join(_BASE.format(name=f"{name}-{app}", config=name) for app in _APPS)
        _write(folder / "bases" / name / "app.yaml", apps)
        _write(folder / "bases" / name / "kustomization.yaml", _BASE_KUSTOMIZATION.format(name=name))
    for number in range(overlays):
        name, stage = f"service-{number % bases:03}", f"stage-{number // bases}"
        place = folder / "overlays" / stage / name
        said = {"name": name, "stage": stage, "number": 2 + number // bases}
        _write(place / "kustomization.yaml", _OVERLAY.format(**said))
        _write(place / "replicas.yaml", _PATCH.format(**said))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
