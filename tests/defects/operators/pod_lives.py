"""Pods that are given up before they may have started, or ended before their work is done."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import Manifest, fronts, workloads
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_PATH = "deploy/kubernetes/stock.yaml"
_WORKLOAD = """\
apiVersion: {version}
kind: {kind}
metadata: {{name: stock, namespace: shop}}
spec: #HERE
  replicas: 2
  selector: {{matchLabels: {{app: stock}}}}
  {deadline}
  template:
    metadata: {{labels: {{app: stock}}}}
    spec: #HERE
      {grace}
      containers:
        - name: stock
          image: registry.example.com/shop/stock:1.0.0
          {probes}
"""
_DEPLOYMENT = ("apps/v1", "Deployment")
_ROLLOUT = ("argoproj.io/v1alpha1", "Rollout")


def _stock(files: Files, what: str, kind: tuple[str, str], **parts: str) -> Defect:
    filled = {"deadline": "paused: false", "grace": "hostname: stock", "probes": "tty: false", **parts}
    return marked(files, what, {_PATH: _WORKLOAD.format(version=kind[0], kind=kind[1], **filled)})


@seeds("start-outlasts-deadline")
def start_longer_than_deadline(files: Files) -> Iterator[Defect]:
    """Pods that may still be starting, or are not yet asked, when the deadline of the rollout is over."""
    tcp = "tcpSocket: {port: 8080}"
    probes = (
        ("60", f"startupProbe: {{failureThreshold: 30, periodSeconds: 10, {tcp}}} #OTHER"),
        (
            "60",
            f"startupProbe: {{initialDelaySeconds: 40, failureThreshold: 5, periodSeconds: 5, {tcp}}} #OTHER",
        ),
        ("119", f"startupProbe: {{failureThreshold: 12, {tcp}}} #OTHER"),
        ("30", f"readinessProbe: {{initialDelaySeconds: 45, {tcp}}} #OTHER"),
        ("600", f"startupProbe: {{failureThreshold: 61, {tcp}}} #OTHER"),
        (None, f"startupProbe: {{failureThreshold: 90, periodSeconds: 10, {tcp}}} #HERE"),
        (None, f"startupProbe: {{failureThreshold: 1000, periodSeconds: 1, {tcp}}} #HERE"),
    )
    for kind in (_DEPLOYMENT, _ROLLOUT):
        for limit, probe in probes:
            deadline = "paused: false" if limit is None else f"progressDeadlineSeconds: {limit} #HERE"
            for order in (probe, f"env: [{{name: A, value: b}}]\n          {probe}"):
                yield _stock(files, f"{kind[1]} {limit} {order}", kind, deadline=deadline, probes=order)


@seeds("liveness-ends-start")
def liveness_before_readiness(files: Files) -> Iterator[Defect]:
    """A liveness probe that gives up before the readiness probe asks for the first time."""
    forms = ("httpGet: {path: /health, port: 8080}", "tcpSocket: {port: 8080}", "grpc: {port: 8080}")
    times = (
        "periodSeconds: 5",
        "periodSeconds: 10, failureThreshold: 3",
        "initialDelaySeconds: 5",
        "failureThreshold: 1",
    )
    for form in forms:
        for live in times:
            for first in (45, 90):
                probes = f"livenessProbe: {{{live}, {form}}} #HERE\n"
                probes += f"          readinessProbe: {{initialDelaySeconds: {first}, {form}}} #OTHER"
                yield _stock(files, f"{live} {first} {form}", _DEPLOYMENT, probes=probes)


_SLEEPS = (
    'exec: {{command: [sh, -c, "sleep {0}"]}}',
    'exec: {{command: ["/bin/sleep", "{0}"]}}',
    'exec: {{command: [/bin/bash, -c, "echo bye && sleep {0}"]}}',
    "sleep: {{seconds: {0}}}",
)


@seeds("pre-stop-outlasts-grace")
def sleeps_too_long(files: Files) -> Iterator[Defect]:
    """A hook that sleeps for as long as the pod has to stop, or longer."""
    for form in _SLEEPS:
        for grace, seconds in (
            ("hostname: stock", 45),
            ("hostname: stock", 30),
            ("20", 25),
            ("60", 60),
            ("5", 10),
        ):
            said = grace if ":" in grace else f"terminationGracePeriodSeconds: {grace} #HERE #OTHER"
            hook = f"lifecycle: {{preStop: {{{form.format(seconds)}}}}} #HERE"
            yield _stock(files, f"{grace} {hook}", _DEPLOYMENT, grace=said, probes=hook)


def _with_hook(item: Manifest, grace: int | None, seconds: int) -> str:
    """A workload whose pods sleep before they stop, with marks."""
    lines = []
    for line in item.text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        if line.strip() == "containers:" and grace is not None:
            lines.append(f"{indent}terminationGracePeriodSeconds: {grace} #HERE")
        lines.append(f"{line} #HERE" if line.strip() == "spec:" else line)
        if line.strip().startswith("image: "):
            lines.append(f"{indent}lifecycle: {{preStop: {{sleep: {{seconds: {seconds}}}}}}} #HERE")
    return "\n".join(lines)


_PATIENT = "deploy/mesh-of-tests/patient.yaml"


@seeds("grace-shorter-than-requests")
def requests_cut_off(files: Files) -> Iterator[Defect]:
    """Requests that may take longer than is left when the hook of a pod is done."""
    known = fronts(files)
    for item in (each for each in workloads(files) if each.name in known):
        for grace, seconds, timeout in (
            (None, 20, "15s"),
            (40, 10, "31s"),
            (60, 15, "2m"),
            (None, 10, "25s"),
        ):
            head = f"metadata: {{name: patient, namespace: {item.namespace}}}\nspec:\n"
            text = f"apiVersion: networking.istio.io/v1\nkind: VirtualService\n{head}"
            text += f"  hosts: [{item.name}]\n  http:\n"
            text += (
                f"    - route: [{{destination: {{host: {item.name}}}}}]\n      timeout: {timeout} #OTHER\n"
            )
            own = item.with_text(files, _with_hook(item, grace, seconds))[item.path]
            yield marked(files, f"{item.name} {grace} {seconds} {timeout}", {item.path: own, _PATIENT: text})


_FRONT = """\
apiVersion: v1
kind: Service #OTHER
metadata: {{name: shelf, namespace: {namespace}}}
spec: {{type: {type}, selector: {{app: shelf}}, ports: [{{port: 8080}}]}}
---
apiVersion: apps/v1
kind: {kind}
metadata: {{name: shelf, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: shelf}}}}
  template:
    metadata: {{labels: {{app: shelf}}}}
    spec:
      {more}
      containers:
        - name: shelf #HERE
          image: registry.example.com/shop/shelf:1.0.0
"""


@seeds("pre-stop-missing")
def stops_at_once(files: Files) -> Iterator[Defect]:
    """A pod that a Service sends traffic to, without a hook before it stops."""
    for namespace in ("shop", "shop-data"):
        for kind in ("Deployment", "StatefulSet", "DaemonSet"):
            for form in ("ClusterIP", "NodePort", "LoadBalancer"):
                for more in ("hostname: shelf", "terminationGracePeriodSeconds: 60"):
                    text = _FRONT.format(namespace=namespace, type=form, kind=kind, more=more)
                    yield marked(files, f"{namespace} {kind} {form} {more}", {_SHELF: text})


_SHELF = "deploy/kubernetes/shelf.yaml"
