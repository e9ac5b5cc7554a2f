"""Rules of Prometheus about what a repository runs: they are made, and then spoilt."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from tests.defects.defects import Defect, Line, line_of, seeds
from tests.metamorphic.repositories import Files

PATH = "observability/rules.yaml"
_DEFINED = re.compile(
    r"(?m)^kind: (?P<kind>Deployment|StatefulSet|Service|Namespace)\nmetadata:\n(?:  .*\n)*"
)
_NAME = re.compile(r"(?m)^  name: (?P<name>[\w-]+)$")
_LABELS = {
    "Deployment": ("deployment", "job"),
    "StatefulSet": ("statefulset",),
    "Service": ("service", "job"),
    "Namespace": ("namespace",),
}
RECORDED = ("shop:calls:rate5m", "job:orders_failed:ratio5m", "cluster:cart_size:sum")


def _named(files: Files) -> dict[tuple[str, str], set[Line]]:
    """Everything that is deployed, by kind and name, with the lines of its name."""
    found: dict[tuple[str, str], set[Line]] = {}
    for path, text in sorted(files.items()):
        if not path.endswith(".yaml") or "/templates/" in path or "apiVersion" not in text:
            continue
        for match in _DEFINED.finditer(text):
            name = _NAME.search(match[0])
            if name:
                line = line_of(text, match.start() + name.start())
                found.setdefault((match["kind"], name["name"]), set()).add((path, line))
    return found


def rules(expressions: list[str]) -> str:
    """A file of rules, in which each expression is that of an alert."""
    text = "groups:\n  - name: shop\n    rules:\n"
    for number, expression in enumerate(expressions):
        labels = "labels: {severity: page, team: checkout}"
        text += f"      - alert: Shop{number}\n        expr: {yaml.dump(expression).splitlines()[0]}\n"
        text += f"        {labels}\n"
    return text


@seeds("rule-label-matches-nothing")
def label_misspelt(files: Files) -> Iterator[Defect]:
    """A rule about a name that is nearly that of something."""
    known = _named(files)
    names = {name for _, name in known}
    for kind, name in known:
        for label in _LABELS[kind] if len(name) > 4 else ():
            for wrong in (f"{name}s", name[0] + name[2:], name[0] + name):
                if wrong in names:
                    continue
                for expression in (
                    f'sum(rate(calls_total{{{label}="{wrong}"}}[5m])) by (code) > 2',
                    f'up{{{label}=~"{wrong}|other-thing"}} == 0 and on (pod) down',
                ):
                    text = rules([f'up{{{label}="{name}"}} == 0', expression])
                    place = (PATH, line_of(text, text.index(wrong)))
                    sides = frozenset(
                        line for (_, other), own in known.items() if other == name for line in own
                    )
                    what = f"{label} {name} -> {expression}"
                    yield Defect(what, {**files, PATH: text}, frozenset({place}), sides)


@seeds("recorded-metric-undefined")
def record_misspelt(files: Files) -> Iterator[Defect]:
    """An alert asks for what is recorded under another name."""
    for name in RECORDED:
        start, _, operation = name.rpartition(":")
        for wrong in (f"{name}s", name[:-1], f"{start}:p99", f"{start}s:{operation}", name.replace("_", "")):
            for expression in (f"{wrong} > 2", f"sum by (job) ({wrong}{{env='live'}}) / 2 > 1"):
                if wrong == name:
                    continue
                records = "".join(
                    f"      - record: {each}\n        expr: sum(calls_total)\n" for each in RECORDED
                )
                text = rules([expression]) + records
                place = (PATH, line_of(text, text.index(wrong)))
                side = (PATH, line_of(text, text.index(f"record: {name}")))
                what = f"{name} -> {expression}"
                yield Defect(what, {**files, PATH: text}, frozenset({place}), frozenset({side}))


@seeds("recorded-metric-undefined")
def record_renamed(files: Files) -> Iterator[Defect]:
    """A recording rule of the repository is renamed, and what asks for it is not."""
    for path, text in sorted(files.items()):
        for match in re.finditer(r"(?m)^ +- record: (?P<name>\S+)$", text):
            others = [
                m.start() for m in re.finditer(re.escape(match["name"]), text) if m.start() > match.end()
            ]
            for wrong in (f"{match['name']}s", match["name"][:-2]):
                spoilt = text[: match.start("name")] + wrong + text[match.end("name") :]
                places = frozenset((path, line_of(text, at)) for at in others)
                side = frozenset({(path, line_of(text, match.start()))})
                if others:
                    yield Defect(f"{path} {wrong}", {**files, path: spoilt}, places, side)
