"""Writes the manifests of an invented platform: services of ten Kubernetes documents each."""

from __future__ import annotations

from pathlib import Path

DOCUMENTS = 10
"""Documents of one service."""

_SERVICE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: platform
  labels: {{app.kubernetes.io/name: {name}, team: team-{team}}}
spec:
  replicas: 3
  selector:
    matchLabels: {{app: {name}}}
  template:
    metadata:
      labels: {{app: {name}, version: v1}}
    spec:
      serviceAccountName: {name}
      containers:
        - name: server
          image: registry.example.com/platform/{name}:1.{number}.0
          ports:
            - {{name: http, containerPort: 8080}}
            - {{name: metrics, containerPort: 9090}}
          env:
            - name: LOG_LEVEL
              valueFrom: {{configMapKeyRef: {{name: {name}, key: LOG_LEVEL}}}}
            - {{name: UPSTREAM_URL, value: "http://{upstream}.platform.svc.cluster.local:80"}}
            - {{name: TIMEOUT, value: "5s"}}
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits: {{cpu: 500m, memory: 256Mi}}
          readinessProbe:
            httpGet: {{path: /ready, port: http}}
            periodSeconds: 5
          livenessProbe:
            httpGet: {{path: /live, port: http}}
            periodSeconds: 10
          securityContext:
            runAsNonRoot: true
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
        - name: proxy
          image: registry.example.com/platform/proxy:2.4.1
          args: ["--listen=:15001", "--upstream=127.0.0.1:8080"]
          resources:
            requests: {{cpu: 50m, memory: 64Mi}}
            limits: {{memory: 128Mi}}
      volumes:
        - name: config
          configMap: {{name: {name}}}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: platform}}
spec:
  selector: {{app: {name}}}
  ports:
    - {{name: http, port: 80, targetPort: http}}
    - {{name: metrics, port: 9090, targetPort: metrics}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: {name}, namespace: platform}}
automountServiceAccountToken: false
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: platform}}
data:
  LOG_LEVEL: info
  settings.yaml: |
    cache: {{size: 100, ttl: 60s}}
    features: [search, suggestions]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: {name}, namespace: platform}}
spec:
  minAvailable: 1
  selector:
    matchLabels: {{app: {name}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: {name}, namespace: platform}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {name}}}
  minReplicas: 3
  maxReplicas: 10
  metrics:
    - type: Resource
      resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 70}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: platform}}
spec:
  podSelector:
    matchLabels: {{app: {name}}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - podSelector: {{matchLabels: {{app: {downstream}}}}}
      ports: [{{protocol: TCP, port: 8080}}]
  egress:
    - to:
        - podSelector: {{matchLabels: {{app: {upstream}}}}}
      ports: [{{protocol: TCP, port: 8080}}]
    - to:
        - namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: kube-system}}}}
      ports: [{{protocol: UDP, port: 53}}, {{protocol: TCP, port: 53}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: {name}, namespace: platform}}
rules:
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [{name}]
    verbs: [get, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: {name}, namespace: platform}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: {name}}}
subjects:
  - {{kind: ServiceAccount, name: {name}, namespace: platform}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: platform}}
spec:
  hosts: [{name}]
  http:
    - timeout: 5s
      route:
        - destination: {{host: {name}, port: {{number: 80}}}}
"""


def write_services(folder: Path, count: int, *, one_file_each: bool) -> None:
    """Write the documents of ``count`` services, a file for each service or for each document."""
    for number in range(count):
        text = _SERVICE.format(
            name=_name(number, count),
            upstream=_name(number + 1, count),
            downstream=_name(number - 1, count),
            team=number % 7,
            number=number,
        )
        documents = text.split("---\n")
        parts = documents if one_file_each else [text]
        for index, part in enumerate(parts):
            path = folder / _name(number, count) / f"{index}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(part, "utf-8")


def _name(number: int, count: int) -> str:
    return f"service-{number % count:03}"
