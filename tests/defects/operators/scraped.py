"""What Prometheus is told to scrape: paths that the application does not have, and services left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import Manifest, canaries_of, fronts, workloads
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_SETTINGS = {
    "base": "management.endpoints.web:\n  exposure.include: prometheus\n  base-path: /manage #OTHER\n",
    "mapped": "management:\n  endpoints:\n    web:\n      exposure: {include: '*'}\n"
    "      path-mapping: {prometheus: figures} #OTHER\n",
    "open": "management.endpoints.web.exposure.include: health,prometheus #OTHER\n",
    "shut": "management.endpoints.web.exposure.include: health,info #HERE #OTHER\n",
    "within": "server.servlet.context-path: /shop #OTHER\n"
    "management.endpoints.web.exposure.include: prometheus\n",
}
_CASES = (
    ("base", "/actuator/prometheus"),
    ("base", "/metrics"),
    ("mapped", "/actuator/prometheus"),
    ("open", "/metrics"),
    ("open", "/prometheus"),
    ("shut", "/actuator/prometheus"),
    ("within", "/actuator/prometheus"),
)
_MONITOR = """apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app.kubernetes.io/name: {name}}}}}
  endpoints:
    - port: {port}
      path: {path} #HERE #OTHER
"""
_OF_PODS = """apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app.kubernetes.io/name: {name}}}}}
  podMetricsEndpoints:
    - path: {path} #HERE #OTHER
"""
_CONFIG = """apiVersion: monitoring.coreos.com/v1alpha1
kind: ScrapeConfig
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  metricsPath: {path} #HERE #OTHER
  staticConfigs:
    - targets: ["{name}:{number}"]
"""


def _answering(files: Files) -> list[tuple[Manifest, Manifest]]:
    """Workloads with a Service of their name that has the labels by which they are chosen."""
    known = fronts(files)
    return [
        (item, known[item.name])
        for item in workloads(files)
        if item.kind == "Deployment" and item.name in known and _labels(known[item.name])
    ]


def _labels(front: Manifest) -> bool:
    return front.data["metadata"].get("labels", {}).get("app.kubernetes.io/name") == front.name


def _given(item: Manifest, front: Manifest, template: str, path: str) -> str:
    port = front.data["spec"]["ports"][0]
    return template.format(
        name=item.name,
        namespace=item.namespace or "shop",
        port=port.get("name", port["port"]),
        number=port["port"],
        path=path,
    )


def _settings(item: Manifest, front: Manifest, which: str) -> str:
    """The settings of an application that listens on the port to which its Service leads first."""
    port = front.data["spec"]["ports"][0]
    target = port.get("targetPort", port["port"])
    containers = item.data["spec"]["template"]["spec"]["containers"]
    numbers = {each.get("name"): each["containerPort"] for one in containers for each in one.get("ports", ())}
    return f"{_SETTINGS[which]}server.port: {numbers.get(target, target)}\n"


@seeds("scrape-path-undefined")
def path_that_settings_contradict(files: Files) -> Iterator[Defect]:
    """An application of Spring shows its figures elsewhere than where they are asked for, or not at all."""
    for item, front in _answering(files):
        for number, (settings, path) in enumerate(_CASES):
            template = (_MONITOR, _OF_PODS, _CONFIG)[number % 3]
            made = {
                f"services/{item.name}/Dockerfile": "FROM eclipse-temurin:21\n",
                f"services/{item.name}/src/main/resources/application.yaml": _settings(item, front, settings),
                "observability/scraping.yaml": _given(item, front, template, path),
            }
            yield marked(files, f"{item.name}: {path} and {settings}", made)


@seeds("scrape-path-undefined")
def path_in_an_annotation(files: Files) -> Iterator[Defect]:
    """The same, where pods say themselves what is to be scraped."""
    for item, front in _answering(files):
        template = re.search(r"(?m)^  template:\n    metadata:\n", item.text)
        if template is None or "annotations:" in item.text:
            continue
        for settings, path in _CASES[:5]:
            notes = (
                '      annotations:\n        prometheus.io/scrape: "true"\n'
                f'        prometheus.io/path: "{path}" #HERE\n'
            )
            text = item.text[: template.end()] + notes + item.text[template.end() :]
            made = {
                f"services/{item.name}/Dockerfile": "FROM eclipse-temurin:21\n",
                f"services/{item.name}/src/main/resources/application.yaml": _settings(item, front, settings),
                item.path: item.with_text(files, text)[item.path],
            }
            yield marked(files, f"{item.name}: {path} noted and {settings}", made)


_SCRAPED = """apiVersion: monitoring.coreos.com/v1
kind: {kind}
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app.kubernetes.io/name: {name}}}}}
  {ends}
"""
_ALL = "observability/all.yaml"


@seeds("service-not-scraped")
def one_that_is_left_out(files: Files) -> Iterator[Defect]:
    """Monitors choose all services of a repository but one."""
    known = [item for item in workloads(files) if "app.kubernetes.io/name" in item.pod_labels]
    canaries = canaries_of(files)
    for left in (item for item in known if item.kind == "Deployment" and item.name not in canaries):
        for kind, ends in (
            ("PodMonitor", "podMetricsEndpoints: [{path: /metrics}]"),
            ("PodMonitor", "podMetricsEndpoints: [{port: http}, {port: grpc}, {port: metrics}]"),
            ("ServiceMonitor", "endpoints: [{port: http}, {port: metrics}, {port: grpc}]"),
        ):
            made = "---\n".join(
                _SCRAPED.format(kind=kind, name=item.name, namespace=item.namespace or "shop", ends=ends)
                for item in known
                if left.name not in (item.name, canaries.get(item.name))
            )
            name = re.search(rf"(?m)^  name: {re.escape(left.name)}$", left.text)
            if name is None:
                continue
            place = (left.path, left.first + left.text.count("\n", 0, name.start()))
            sides = frozenset((_ALL, number) for number in range(1, made.count("\n") + 2))
            changed = {**files, _ALL: made}
            yield Defect(f"{left.name} without {kind} ({ends})", changed, frozenset({place}), sides)
