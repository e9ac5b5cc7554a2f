"""Collectors of telemetry: one for the services of a repository is made, and then spoilt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.defects.defects import Defect, Line, line_of, seeds
from tests.metamorphic.repositories import Files

PATH = "observability/collector.yaml"
CONFIG = """receivers:
  otlp:
    protocols:
      grpc: {endpoint: "0.0.0.0:4317"}
      http: {endpoint: "0.0.0.0:4318"}
  hostmetrics:
    scrapers: {load: {}}
processors:
  memory_limiter: {check_interval: 1s, limit_percentage: 80}
  batch: {}
exporters:
  otlp/traces: {endpoint: "tempo.monitoring.svc:4317"}
  otlphttp/logs: {endpoint: "https://loki.example.com/otlp"}
  prometheusremotewrite: {endpoint: "https://metrics.example.com/api/v1/push"}
connectors:
  spanmetrics: {}
extensions:
  health_check: {endpoint: "0.0.0.0:13133"}
  pprof: {}
service:
  extensions: [health_check, pprof]
  pipelines:
    traces:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [otlp/traces, spanmetrics]
    metrics:
      receivers: [otlp, hostmetrics, spanmetrics]
      processors: [memory_limiter, batch]
      exporters: [prometheusremotewrite]
    logs:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [otlphttp/logs]
"""
_USED = re.compile(r"(?m)^ +(?:receivers|processors|exporters|extensions): \[(?P<names>.+)\]$")
_NAME = re.compile(r"[\w/]+")
_DEFINED = re.compile(r"(?m)^  (?P<name>[\w/]+): ?(?:\{.*\})?\n(?:    .*\n)*")


def as_file(config: str) -> tuple[str, int]:
    """A file of its own, and the lines before the configuration."""
    return config, 0


def as_config_map(config: str) -> tuple[str, int]:
    """An entry of a ConfigMap."""
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: collector}\ndata:\n  config.yaml: |\n"
    return head + re.sub(r"(?m)^(?=.)", "    ", config), 5


def as_resource(config: str) -> tuple[str, int]:
    """An object of the operator."""
    head = (
        "apiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\n"
        "metadata: {name: shop}\nspec:\n  config:\n"
    )
    return head + re.sub(r"(?m)^(?=.)", "    ", config), 5


FORMS: tuple[Callable[[str], tuple[str, int]], ...] = (as_file, as_config_map, as_resource)


def uses() -> Iterator[tuple[str, int, int]]:
    """Each name in a list, with where it begins and ends."""
    for match in _USED.finditer(CONFIG):
        for name in _NAME.finditer(match["names"]):
            yield name[0], match.start("names") + name.start(), match.start("names") + name.end()


def _lines(config: str, wanted: str, shift: int) -> frozenset[Line]:
    """The lines of lists that name a component."""
    found = (match for match in _USED.finditer(config) if wanted in _NAME.findall(match["names"]))
    return frozenset((PATH, line_of(config, match.start("names")) + shift) for match in found)


@seeds("collector-component-undefined")
def component_misspelt(files: Files) -> Iterator[Defect]:
    """A pipeline names what is called otherwise."""
    for name, start, end in uses():
        for wrong in (f"{name}s", f"{name}/other", name[:-2] + name[-1]):
            config = CONFIG[:start] + wrong + CONFIG[end:]
            for form in FORMS:
                text, shift = form(config)
                places = frozenset({(PATH, line_of(config, start) + shift)})
                yield Defect(f"{form.__name__} {start} {name} -> {wrong}", {**files, PATH: text}, places)


@seeds("collector-component-undefined")
def component_removed(files: Files) -> Iterator[Defect]:
    """A component is taken out, and the pipelines still name it."""
    for match in _DEFINED.finditer(CONFIG.partition("service:")[0]):
        config = CONFIG[: match.start()] + CONFIG[match.end() :]
        for form in FORMS:
            text, shift = form(config)
            places = _lines(config, match["name"], shift)
            yield Defect(f"{form.__name__} without {match['name']}", {**files, PATH: text}, places)


@seeds("collector-component-unused")
def component_forgotten(files: Files) -> Iterator[Defect]:
    """A component is defined, and taken out of every pipeline."""
    for name in dict.fromkeys(name for name, _, _ in uses()):
        config = CONFIG
        for found, start, end in sorted(uses(), key=lambda item: -item[1]):
            if found == name:
                config = config[:start] + config[end:].removeprefix(", ")
        config = config.replace(", ]", "]")
        defined = re.search(rf"(?m)^  {name}:", config)
        if defined is None:
            continue
        for form in FORMS:
            text, shift = form(config)
            places = frozenset({(PATH, line_of(config, defined.start()) + shift)})
            yield Defect(f"{form.__name__} {name} in no pipeline", {**files, PATH: text}, places)
