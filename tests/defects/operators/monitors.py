"""Monitors of Prometheus: one for each Service of a repository is made, and then spoilt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.defects.manifests import SAFE, is_tool
from tests.metamorphic.repositories import Files

PATH = "observability/monitors.yaml"


@dataclass(frozen=True)
class Offered:
    """A Service with labels, as a manifest writes it."""

    path: str
    name: str
    namespace: str
    labels: dict[str, str]
    port: str
    at: int
    """Where its document begins in the text."""
    text: str

    @property
    def lines(self) -> frozenset[Line]:
        """The lines of the Service."""
        first = line_of(self.text, self.at)
        count = self.text.find("\n---", self.at + 1)
        last = line_of(self.text, count if count >= 0 else len(self.text))
        return frozenset((self.path, number) for number in range(first, last + 1))


def _offered(files: Files) -> list[Offered]:
    """The Services whose labels no other one has."""
    found = list(_labelled(files))
    return [
        item
        for item in found
        if not any(item.labels.items() <= other.labels.items() for other in found if other is not item)
    ]


def _labelled(files: Files) -> Iterator[Offered]:
    for path, text in sorted(files.items()):
        if not path.endswith(".yaml") or "kind: Service\n" not in text or "/templates/" in path:
            continue
        for match in re.finditer(r"(?m)^apiVersion: v1\nkind: Service\n(?:(?!---).*\n?)*", text):
            item = yaml.load(match[0], SAFE)
            about, ports = item["metadata"], (item.get("spec") or {}).get("ports") or [{}]
            if is_tool(about["name"]):
                continue
            if about.get("labels") and about.get("namespace") and ports[0].get("name"):
                yield Offered(
                    path,
                    about["name"],
                    about["namespace"],
                    about["labels"],
                    ports[0]["name"],
                    match.start(),
                    text,
                )


def monitor(item: Offered, labels: dict[str, str], namespace: str, looks_at: str = "") -> str:
    """A ServiceMonitor."""
    chosen = ", ".join(f"{key}: {value}" for key, value in labels.items())
    spaces = f"  namespaceSelector: {{matchNames: [{looks_at}]}}\n" if looks_at else ""
    return (
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\n"
        f"metadata: {{name: {item.name}, namespace: {namespace}}}\nspec:\n{spaces}"
        f"  selector: {{matchLabels: {{{chosen}}}}}\n  endpoints: [{{port: {item.port}}}]\n"
    )


def _selector_line(text: str) -> frozenset[Line]:
    return frozenset({(PATH, line_of(text, text.index("  selector:")))})


@seeds("monitor-selects-nothing")
def label_misspelt(files: Files) -> Iterator[Defect]:
    """The monitor wants another value of a label, or another key."""
    for item in _offered(files):
        for key, value in item.labels.items():
            for wrong in (
                {**item.labels, key: f"{value}s"},
                {**item.labels, key: value[:-1]},
                {"app": value},
                {**item.labels, "app.kubernetes.io/component": "metrics"},
            ):
                text = monitor(item, wrong, item.namespace)
                what = f"{item.path} {item.name} {wrong}"
                yield Defect(what, {**files, PATH: text}, _selector_line(text), item.lines)


@seeds("monitor-selects-nothing")
def other_namespace(files: Files) -> Iterator[Defect]:
    """The monitor looks into another namespace than that of the Service."""
    for item in _offered(files):
        for namespace, looks_at in (("shop-tools", ""), ("shop-data", "shop-tools"), ("shop-tools", "tools")):
            if item.namespace in (namespace, looks_at):
                continue
            text = monitor(item, item.labels, namespace, looks_at)
            what = f"{item.path} {item.name} looked for in {looks_at or namespace}"
            lines = {number + step for _, number in _selector_line(text) for step in (-1, 0)}
            places = frozenset((PATH, line) for line in lines)
            yield Defect(what, {**files, PATH: text}, places, item.lines)


@seeds("monitor-selects-nothing")
def labels_lost(files: Files) -> Iterator[Defect]:
    """The Service loses its labels, and only its pods have them."""
    for item in _offered(files):
        end = max(item.text.find("\n---", item.at + 1), -1)
        own = item.text[item.at : end if end >= 0 else None]
        spoilt = re.sub(r"(?m)^  labels:(?: .*\n|\n(?:    .*\n)+)", "", own)
        if spoilt != own:
            text = monitor(item, item.labels, item.namespace)
            changed = edited(files, item.path, item.text.replace(own, spoilt))
            places = _selector_line(text)
            what = f"{item.path} {item.name} without labels"
            yield Defect(what, {**changed, PATH: text}, places, item.lines)
