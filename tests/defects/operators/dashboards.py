"""Dashboards of Grafana and their datasources: made, and then spoilt."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from tests.defects.defects import Defect, line_of, seeds
from tests.metamorphic.repositories import Files

FOLDER = "observability/grafana"
SOURCES = f"{FOLDER}/provisioning/datasources.yaml"
PROVISIONED = """apiVersion: 1
datasources:
  - {name: Metrics, type: prometheus, uid: metrics, url: "http://prometheus:9090"}
  - {name: Logs, type: loki, url: "http://loki:3100"}
"""
RULES = f"{FOLDER}/rules.yaml"
RECORDS = """groups:
  - name: dashboards
    rules:
      - record: job:calls:rate5m
        expr: sum by (job) (rate(calls_total[5m]))
"""
NAMES = ("cart", "orders", "catalog", "payments", "shipping", "storefront", "notifications")


def dashboard(name: str, uid: str, source: str, query: str) -> str:
    """A dashboard with one panel."""
    target = {"datasource": {"type": "prometheus", "uid": source}, "expr": query, "refId": "A"}
    panel = {"id": 1, "title": "Calls", "type": "timeseries", "targets": [target]}
    made = {"uid": uid, "title": f"The {name}", "schemaVersion": 39, "panels": [panel]}
    return json.dumps(made, indent=2) + "\n"


def as_files(made: dict[str, str]) -> dict[str, tuple[str, str, int]]:
    """Each dashboard as a file: its path, the text of the file, and the lines before it."""
    return {name: (f"{FOLDER}/dashboards/{name}.json", text, 0) for name, text in made.items()}


def as_config_map(made: dict[str, str]) -> dict[str, tuple[str, str, int]]:
    """All of them as entries of one ConfigMap."""
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: dashboards}\ndata:\n"
    starts = {}
    for name, own in made.items():
        text += f"  {name}.json: |\n"
        starts[name] = text.count("\n")
        text += re.sub(r"(?m)^(?=.)", "    ", own)
    path = f"{FOLDER}/dashboards.yaml"
    return {name: (path, text, start) for name, start in starts.items()}


FORMS: tuple[Callable[[dict[str, str]], dict[str, tuple[str, str, int]]], ...] = (as_files, as_config_map)


def _made(**wrong: str) -> dict[str, str]:
    """Dashboards of all services, with what is wrong of one of them."""
    name = wrong.pop("name")
    found = {}
    for each in NAMES:
        right = {"uid": f"uid-{each}", "source": "metrics", "query": f'job:calls:rate5m{{job="{each}"}}'}
        found[each] = dashboard(each, **({**right, **wrong} if each == name else right))
    return found


def _spoilt(files: Files, wrong: dict[str, str], text: str, side: tuple[str, str] | None) -> Iterator[Defect]:
    """The dashboards with something wrong in one, in each form."""
    for form in FORMS:
        placed = form(_made(**wrong))
        own = _made(**wrong)[wrong["name"]]
        path, _, start = placed[wrong["name"]]
        place = (path, start + line_of(own, own.index(text)))
        changed = {**files, SOURCES: PROVISIONED, RULES: RECORDS, **{p: t for p, t, _ in placed.values()}}
        sides = [(side[0], line_of(changed[side[0]], changed[side[0]].index(side[1])))] if side else []
        yield Defect(f"{form.__name__} {wrong}", changed, frozenset({place}), frozenset(sides))


@seeds("dashboard-datasource-undefined")
def datasource_misspelt(files: Files) -> Iterator[Defect]:
    """A panel asks a datasource that nothing provisions."""
    for name in NAMES:
        for source in ("metric", "Pabc0123456789abcd", "prometheus"):
            if any(source in text and "datasource" in text for text in files.values()):
                continue  # what else is set up there may have that name
            wrong = {"name": name, "source": source}
            yield from _spoilt(files, wrong, f'"{source}"\n', (SOURCES, "datasources:"))


@seeds("dashboard-metric-undefined")
def record_misspelt(files: Files) -> Iterator[Defect]:
    """A panel asks for what is recorded under another name."""
    for name in NAMES:
        for metric in ("job:calls:rate1m", "job:callss:rate5m"):
            wrong = {"name": name, "query": f'sum({metric}{{job="{name}"}})'}
            yield from _spoilt(files, wrong, metric, (RULES, "record:"))


@seeds("dashboard-uid-duplicate")
def uid_copied(files: Files) -> Iterator[Defect]:
    """A dashboard is copied, and keeps the uid of the first."""
    for name in NAMES:
        for other in NAMES[:3]:
            if other == name:
                continue
            for form in FORMS:
                made = _made(name=name, uid=f"uid-{other}")
                placed = form(made)
                lines = frozenset(
                    (placed[each][0], placed[each][2] + line_of(made[each], made[each].index('"uid": "uid-')))
                    for each in (name, other)
                )
                changed = {**files, **{path: text for path, text, _ in placed.values()}}
                yield Defect(f"{form.__name__} {name} has that of {other}", changed, lines, lines)
