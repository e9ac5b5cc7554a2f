"""Releases that are to be brought out step by step, and are not judged, not in steps, or judged by another
service; and shares of traffic that lead to no pods, or to pods that get none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import fronts
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_PATH = "deploy/kubernetes/gradual.yaml"
_NAMES = ("reviews", "stock", "prices", "search", "basket")
_ROLLOUT = """\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: {name}
  namespace: shop
spec:
  replicas: 4
  selector: {{matchLabels: {{app: {name}}}}}
  strategy:
{strategy}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
        - name: {name}
          image: registry.example.com/shop/{name}:1.0.0
"""
_CANARY = """\
apiVersion: flagger.app/v1beta1
kind: Canary
metadata:
  name: {name}
  namespace: shop
spec:
  targetRef: {{apiVersion: apps/v1, kind: Deployment, name: {name}}}
  service: {{port: 8080}}
{analysis}
---
"""
_WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}{edition}
  namespace: shop
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: {name}, edition: x{edition}}}}}
  template:
    metadata: {{labels: {{app: {name}, edition: x{edition}}}}}
    spec:
      containers: [{{name: {name}, image: "registry.example.com/shop/{name}:1.0.0"}}]
---
"""
_SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {name}{edition}
  namespace: shop
spec:
  selector: {{app: {name}{label}}}
  ports: [{{name: http, port: 8080}}]
---
"""


def _rollout(name: str, *lines: str) -> str:
    return _ROLLOUT.format(name=name, strategy="\n".join(f"    {line}" for line in lines)) + "---\n"


def _canary(name: str, *lines: str) -> str:
    return _CANARY.format(name=name, analysis="\n".join(f"  {line}" for line in lines))


def _target(name: str, replicas: object = 2, edition: str = "") -> str:
    return _WORKLOAD.format(name=name, replicas=replicas, edition=edition)


@seeds("release-without-analysis")
def nothing_judges(files: Files) -> Iterator[Defect]:
    """A canary or a pair of blue and green that no analysis ends."""
    steps = ("  steps:", "    - setWeight: 20", "    - pause: {duration: 10m}", "    - setWeight: 60")
    forms: Mapping[str, tuple[str, ...]] = {
        "timed canary": ("canary: #HERE", *steps),
        "canary that waits": ("canary: #HERE", *steps[:2], "    - pause: {}", steps[3]),
        "blue and green": ("blueGreen: #HERE", "  activeService: {name}", "  previewService: {name}-preview"),
    }
    for name, (what, lines) in product(_NAMES, forms.items()):
        text = _rollout(name, *(line.replace("{name}", name) for line in lines))
        yield marked(files, f"{name}: {what}", {_PATH: text})
    flagger: Mapping[str, tuple[str, ...]] = {
        "skipped": ("skipAnalysis: true #HERE", "analysis: {interval: 1m, threshold: 5, stepWeight: 10}"),
        "no analysis": ("progressDeadlineSeconds: 60 #HERE",),
        "no metrics": ("analysis: #HERE", "  interval: 1m", "  threshold: 5", "  stepWeight: 10"),
    }
    for name, (what, lines) in product(_NAMES, flagger.items()):
        text = _canary(name, *lines).replace("spec:\n", "spec: #HERE\n", 1)
        yield marked(files, f"{name}: {what} of Flagger", {_PATH: text + _target(name)})


@seeds("canary-steps-wrong")
def steps_that_do_not_rise(files: Files) -> Iterator[Defect]:
    """Weights that go back, are too high, or never begin."""
    pause = "    - pause: {duration: 5m}"
    weights = (((20, 60, 40), 2), ((10, 5), 1), ((25, 125), 1), ((50, 20, 80), 1), ((10, 30, 101), 2))
    for name, (values, wrong) in product(_NAMES, weights):
        lines = ["canary:", "  steps:"]
        for at, value in enumerate(values):
            lines += [f"    - setWeight: {value}{' #HERE' if at == wrong else ''}", pause]
        yield marked(files, f"{name}: {values}", {_PATH: _rollout(name, *lines)})
    metrics = ("  metrics:", "    - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}")
    forms: Mapping[str, tuple[str, ...]] = {
        "one leap": ("  maxWeight: 20", "  stepWeight: 50 #HERE"),
        "no step": ("  maxWeight: 50",),
        "back": ("  stepWeights: [10, 40, 20] #HERE",),
    }
    for name, (what, lines) in product(_NAMES, forms.items()):
        text = _canary(name, "analysis: #HERE", "  interval: 1m", "  threshold: 5", *lines, *metrics)
        text = text.replace("  targetRef", "  provider: istio\n  targetRef")
        yield marked(files, f"{name}: {what} of Flagger", {_PATH: text + _target(name)})


@seeds("analysis-asks-another-service")
def judged_by_another(files: Files) -> Iterator[Defect]:
    """An analysis whose query was copied from that of another service."""
    queries = (
        'sum(rate(http_requests_total{{service="{0}",code=~"5.."}}[5m]))',
        'sum(rate(istio_requests_total{{destination_service=~"{0}.shop.svc.cluster.local"}}[5m]))',
        'histogram_quantile(0.99, sum by (le) (rate(latency_bucket{{app="{0}"}}[2m]))) < 0.5',
        'sum(rate(container_cpu_usage_seconds_total{{pod=~"{0}-.*"}}[5m]))',
    )
    steps = ("    - setWeight: 20", "    - analysis:", "        templates: [{templateName: judge}]")
    for name, other, query in product(_NAMES[:3], sorted(fronts(files))[:4], queries):
        asked = query.format(other)
        made = _rollout(name, "canary:", "  steps:", *steps)
        made += _template(asked + " #HERE")
        yield marked(files, f"{name} judged by {asked}", {_PATH: made})
        given = ("        args: #HERE", f"          - {{name: service, value: {other}}} #HERE")
        made = _rollout(name, "canary:", "  steps:", *steps, *given)
        made += _template(query.format("{{args.service}}") + " #OTHER", "  args: [{name: service}]\n")
        yield marked(files, f"{name} given {other}: {query}", {_PATH: made})


def _template(query: str, given: str = "") -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\n"
        f"metadata: {{name: judge, namespace: shop}}\nspec:\n{given}"
        "  metrics:\n    - name: judge\n      interval: 1m\n      failureLimit: 2\n      provider:\n"
        "        prometheus:\n          address: http://prometheus.monitoring:9090\n"
        f"          query: |{' #OTHER' if given else ' #HERE'}\n            {query}\n---\n"
    )


_WEIGHED = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec:
  hosts: [{name}]
  http:
    - route:
        - destination: {{host: {name}}}
          weight: {most}
        - destination: {{host: {name}-next}}{mark}
          weight: {least}{mark}
---
"""
_ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: {name}, namespace: shop}}
spec:
  parentRefs: [{{name: shop}}]
  rules:
    - backendRefs:
        - name: {name}
          port: 8080
          weight: {most}
        - name: {name}-next{mark}
          port: 8080{mark}
          weight: {least}{mark}
---
"""


def _shared(name: str, replicas: object) -> str:
    made = _target(name) + _SERVICE.format(name=name, edition="", label=", edition: x")
    made += _target(name, replicas, "-next")
    return made + _SERVICE.format(name=name, edition="-next", label=", edition: x-next")


@seeds("traffic-to-no-pods")
def share_to_nothing(files: Files) -> Iterator[Defect]:
    """A share of the traffic that leads to a workload with no pods."""
    for name, least, form in product(_NAMES, (1, 10, 50), (_WEIGHED, _ROUTE)):
        route = form.format(name=name, most=100 - least, least=least, mark=" #HERE")
        made = _shared(name, "0 #OTHER")
        kind = "HTTPRoute" if form is _ROUTE else "VirtualService"
        yield marked(files, f"{name}: {least} of a {kind}", {_PATH: made + route})


@seeds("canary-abandoned")
def pods_without_share(files: Files) -> Iterator[Defect]:
    """Pods of a canary that a route gives nothing."""
    for name, replicas, form in product(_NAMES, (1, 3), (_WEIGHED, _ROUTE)):
        route = form.format(name=name, most=100, least=0, mark=" #HERE")
        made = _shared(name, replicas)
        at = made.index(f"  name: {name}-next\n")
        made = made[:at] + made[at:].replace(f"name: {name}-next\n", f"name: {name}-next #OTHER\n", 1)
        kind = "HTTPRoute" if form is _ROUTE else "VirtualService"
        yield marked(files, f"{name}: {replicas} pods, {kind}", {_PATH: made + route})
