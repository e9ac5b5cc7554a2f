"""A Prometheus and a collector that name the Services of a repository: they are made, and then spoilt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import yaml

from tests.defects.defects import Defect, Line, line_of, seeds
from tests.defects.manifests import SAFE
from tests.metamorphic.repositories import Files

PATH = "observability/watching.yaml"
Target = tuple[str, str, int, Line]
"""Name, namespace and port of a Service, and the line where its ports begin."""

_RUN = """apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app.kubernetes.io/name: {name}}}}}
  template:
    metadata: {{labels: {{app.kubernetes.io/name: {name}}}}}
    spec:
      containers: [{{name: {name}, image: "{image}"}}]
      volumes: [{{name: config, configMap: {{name: {name}}}}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: shop}}
data:
  {file}: |
"""


def _targets(files: Files) -> list[Target]:
    found: dict[tuple[str, str], Target] = {}
    for path, text in sorted(files.items()):
        if not path.endswith(".yaml") or "/templates/" in path:
            continue
        for match in re.finditer(r"(?m)^apiVersion: v1\nkind: Service\n(?:(?!---).*\n?)*", text):
            item = yaml.load(match[0], SAFE)
            about, spec = item["metadata"], item.get("spec") or {}
            if about.get("namespace") and spec.get("ports") and spec.get("clusterIP") != "None":
                line = line_of(text, match.start() + match[0].index("  ports:"))
                port = spec["ports"][0]["port"]
                key = (about["namespace"], about["name"])
                found.setdefault(key, (about["name"], about["namespace"], port, (path, line)))
    return list(found.values())


def prometheus(addresses: list[str]) -> str:
    """A Prometheus that scrapes some addresses."""
    text = _RUN.format(name="prometheus", image="prom/prometheus:v3.5.0", file="prometheus.yml")
    text += "    scrape_configs:\n"
    for number, address in enumerate(addresses):
        text += (
            f"      - job_name: job{number}\n        static_configs:\n          - targets: ['{address}']\n"
        )
    return text


def collector(addresses: list[str]) -> str:
    """A collector that exports to some addresses."""
    image = "otel/opentelemetry-collector:0.140.0"
    text = _RUN.format(name="collector", image=image, file="otel-collector.yaml") + "    exporters:\n"
    for number, address in enumerate(addresses):
        text += f"      otlp/{number}:\n        endpoint: {address}\n"
    names = ", ".join(f"otlp/{number}" for number in range(len(addresses)))
    return text + (
        "    receivers:\n      otlp: {}\n    service:\n      pipelines:\n        traces:\n"
        f"          receivers: [otlp]\n          exporters: [{names}]\n"
    )


MAKERS: tuple[Callable[[list[str]], str], ...] = (prometheus, collector)


def _address(target: Target) -> str:
    name, namespace, port, _ = target
    return f"{name}.{namespace}.svc:{port}"


def _spoilt(files: Files, wrong: Callable[[Target], Iterator[str]], *, is_shown: bool) -> Iterator[Defect]:
    targets = _targets(files)
    for at, target in enumerate(targets):
        for address in wrong(target):
            for maker in MAKERS:
                text = maker([address if item is target else _address(item) for item in targets])
                line = line_of(text, text.index(address))
                sides = frozenset({target[3]}) if is_shown else frozenset()
                what = f"{maker.__name__} {at} {_address(target)} -> {address}"
                yield Defect(what, {**files, PATH: text}, frozenset({(PATH, line)}), sides)


@seeds("telemetry-target-undefined")
def target_misspelt(files: Files) -> Iterator[Defect]:
    """A scrape job or an exporter with the name of a Service that is not there."""

    def wrong(target: Target) -> Iterator[str]:
        name, namespace, port, _ = target
        yield f"{name}s.{namespace}.svc:{port}"
        yield f"{name[:-2]}{name[-1]}.{namespace}.svc.cluster.local:{port}"
        yield f"old-{name}.{namespace}.svc:{port}"

    return _spoilt(files, wrong, is_shown=False)


@seeds("telemetry-port-undefined")
def port_moved(files: Files) -> Iterator[Defect]:
    """A scrape job or an exporter with a port that the Service does not have."""

    def wrong(target: Target) -> Iterator[str]:
        name, namespace, port, _ = target
        yield f"{name}.{namespace}.svc:{port + 1000}"
        yield f"{name}.{namespace}.svc:19999"

    return _spoilt(files, wrong, is_shown=True)
