"""How long logs are kept, where manifests say so.

Sources: Grafana Loki, ``limits_config.retention_period``; Loki's operator, LokiStack; Fluent Bit, output
``cloudwatch_logs``; AWS Controllers for Kubernetes and Crossplane, log groups of CloudWatch;
VictoriaMetrics' operator, VLogs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import of_block
from archlint.model.kubernetes.durations import parse_duration
from archlint.model.kubernetes.objects import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.tried_out import is_tried_out
from archlint.model.world import World

_LOKI = regex(
    r"(?m)^[ \t]{1,12}retention_period:[ \t]{1,8}[\"']?([0-9][0-9a-z]{0,12})[\"']?[ \t]{0,8}(?:#|$)"
)
_FLUENT_BIT = regex(r"(?mi)^[ \t]{0,12}log_retention_days[ \t]{1,40}([0-9]{1,5})[ \t]{0,8}$")
_DAYS: dict[tuple[str, str], tuple[str, ...]] = {
    ("loki.grafana.com", "LokiStack"): ("spec", "limits", "global", "retention", "days"),
    ("cloudwatchlogs.services.k8s.aws", "LogGroup"): ("spec", "retentionDays"),
    ("cloudwatchlogs.aws.upbound.io", "Group"): ("spec", "forProvider", "retentionInDays"),
    ("cloudwatchlogs.aws.crossplane.io", "LogGroup"): ("spec", "forProvider", "retentionInDays"),
}
_UNITS = {"d": 1, "w": 7, "y": 365}
_MONTH = 31


@dataclass(frozen=True)
class LogRetention(ObjectFacet):
    """One setting of how long logs are kept."""

    days: Fraction
    written: str
    place: Place

    @classmethod
    def all(cls, world: World) -> Iterable[LogRetention]:
        """Every such setting, but for what is tried out."""
        for base in world.all(KubernetesObject):
            if (base.group, base.kind) in {*_DAYS, ("", "ConfigMap"), _VLOGS} and not is_tried_out(base):
                yield from _of_object(base)


_VLOGS = ("operator.victoriametrics.com", "VLogs")


def _of_object(base: KubernetesObject) -> Iterator[LogRetention]:
    way = _DAYS.get((base.group, base.kind))
    if way is not None:
        node = base.get(*way)
        if node.integer:
            yield LogRetention(base, Fraction(node.integer), f"{node.integer} days", node.value_place())
    elif (base.group, base.kind) == _VLOGS:
        node = base.get("spec", "retentionPeriod")
        text = str(node.integer) if node.integer is not None else node.text or ""
        months = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None
        days = _days(text) if months is None else Fraction(months * _MONTH)
        if days:
            yield LogRetention(base, days, text if months is None else f"{text} months", node.value_place())
    else:
        for _, node in base.get("data").items():
            yield from _of_text(base, node)


def _of_text(base: KubernetesObject, node: Node) -> Iterator[LogRetention]:
    whole = node.text or ""
    is_loki = "limits_config:" in whole and "retention_period:" in whole
    if not is_loki and "log_retention_days" not in whole.lower():
        return
    text = of_block(node)
    for match in (_LOKI if is_loki else _FLUENT_BIT).finditer(text.text) if text is not None else ():
        days = _days(match[1]) if is_loki else Fraction(int(match[1]))
        if days and text is not None:  # 0 keeps logs for ever
            written = match[1] if is_loki else f"{match[1]} days"
            yield LogRetention(base, days, written, text.place(match.start(1), match.end(1)))


def _days(text: str) -> Fraction | None:
    """The days of a duration, with the units that Prometheus adds to Go's."""
    number, unit = text[:-1], text[-1:]
    if unit in _UNITS and number.isascii() and number.isdecimal():
        return Fraction(int(number) * _UNITS[unit])
    seconds = parse_duration(text)
    return None if seconds is None else seconds / 86_400
