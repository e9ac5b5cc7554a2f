"""Alerts of a service that would not show whether going back has helped."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import canaries_of, manifests, stores, workloads
from tests.metamorphic.repositories import Files

_FOLDER = "observability/alerts"
_DOWN = """\
      - alert: {alert}Down
        expr: sum(up{{job="{name}"}}) == 0
"""
_FAILS = """\
      - alert: {alert}Fails
        expr: sum(rate(http_requests_total{{job="{name}",code=~"5.."}}[5m])) > 0.01
"""
_SLOW = """\
      - alert: {alert}Slow
        expr: histogram_quantile(0.99, sum by (le) (rate(call_seconds_bucket{{job="{name}"}}[5m]))) > 1
"""


def _group(name: str, *rules: str) -> str:
    alert = "".join(map(str.capitalize, name.split("-")))
    texts = "".join(rule.format(alert=alert, name=name) for rule in rules)
    return f"groups:\n  - name: {name}\n    rules:\n{texts}"


@seeds("rollback-unvalidated")
def signal_taken(files: Files) -> Iterator[Defect]:
    """A service that only an alert on its pods is about, or that lacks one on errors or on latency."""
    kept = {path: text for path, text in files.items() if "alert: " not in text and "record: " not in text}
    left_out = {*canaries_of(files), *stores(files)}
    items = [item for item in workloads(files) if item.kind == "Deployment" and item.name not in left_out]
    for item in items:
        made = {
            f"{_FOLDER}/{other.name}.yaml": _group(other.name, _DOWN, _FAILS, _SLOW)
            for other in items
            if not other.name.startswith(item.name)
        }
        others = frozenset(
            (path, number) for path, text in made.items() for number in range(1, text.count("\n"))
        )
        fronts = (each.lines for each in manifests(files, "Service") if each.name == item.name)
        places = item.lines.union(*fronts)
        for rules in ((_DOWN,), (_DOWN, _FAILS), (_DOWN, _SLOW), (_FAILS,)):
            own = {f"{_FOLDER}/of-{item.name}.yaml": _group(item.name, *rules)}
            what = f"{item.name} with {sum(map(len, rules))} signs"
            yield Defect(what, {**kept, **made, **own}, places, others)
