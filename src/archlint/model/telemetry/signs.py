"""Services whose alerts would not show whether going back has helped: they tell of no errors, or no latency.

Sources: Google, "Site Reliability Engineering", chapter 6 (latency and errors are two of the four signals);
Prometheus, "Alerting" (symptoms, not causes).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from archlint.documents import Document
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.delivery.analyses import names_of
from archlint.model.delivery.gradual import GradualRelease
from archlint.model.services.grouping import Service
from archlint.model.system.names import plain
from archlint.model.telemetry.naming import beginnings
from archlint.model.telemetry.rules import MetricRule, words_of
from archlint.model.telemetry.scraping import team_services
from archlint.model.telemetry.slos import Objective
from archlint.model.world import World

SIGNS = {
    "errors": regex(r"error|5xx|5\.\.|5\[|fail|success|availab|non_?2xx"),
    "latency": regex(r"latenc|duration|p9[0-9]|slow|quantile|response_?time|_seconds_bucket"),
}
"""What stands in an alert that is about one of these."""
_OF_THE_PLATFORM = regex(
    r"(?<![a-z0-9_:])(?:apiserver|etcd|kube|kubelet|node|prometheus|alertmanager|thanos|cortex|loki|scheduler"
    r"|workqueue|rest_client|coredns|container|machine|grafana|cert_?manager|certmanager|velero|argocd)_"
)
"""Beginnings of metrics of what runs services."""
_LONGEST = 10_000


@dataclass(frozen=True, eq=False)
class UnshownRecovery:
    """A service that alerts are about, and none that tells of a sign which others are judged by."""

    service: Service
    alert: MetricRule
    """One that is about it."""
    lacks: tuple[str, ...]
    other: MetricRule
    """What tells of the first of these for another service."""

    @classmethod
    def all(cls, world: World) -> Iterable[UnshownRecovery]:
        """Every such service; none where objectives judge services."""
        alerts = [rule for rule in world.all(MetricRule) if rule.is_alert]
        if not alerts or world.all(Objective):
            return
        services: dict[str, list[Service]] = defaultdict(list)
        for item in world.fact(team_services):
            services[plain(item.name)].append(item)
        about, general = _by_name(alerts, services)
        judged = {plain(name) for item in world.all(GradualRelease) for name in names_of(item, world)}
        known = {
            sign: next((rule for rules in about.values() for rule in rules if _tells(rule, form)), None)
            for sign, form in SIGNS.items()
            if not any(_tells(rule, form) for rule in general)
        }
        for name, rules in about.items():
            lacks = [sign for sign, rule in known.items() if rule is not None and not _any(rules, sign)]
            other = known[lacks[0]] if lacks and name not in judged else None
            if other is not None:
                yield from (cls(each, rules[0], tuple(lacks), other) for each in services[name])

    @property
    def source(self) -> Document:
        """The document of the service."""
        return self.service.source

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return self.service.object


def _by_name(
    alerts: Iterable[MetricRule], services: Mapping[str, object]
) -> tuple[Mapping[str, Sequence[MetricRule]], Sequence[MetricRule]]:
    """The alerts that name services, by these, and those that may be about any."""
    about: dict[str, list[MetricRule]] = defaultdict(list)
    general = []
    for rule in alerts:
        said = {word for text in words_of(rule) for word in beginnings(text)}
        named = said & services.keys()
        for name in sorted(named):
            about[name].append(rule)
        if not named and not _OF_THE_PLATFORM.search((rule.node.get("expr").text or "")[:_LONGEST]):
            general.append(rule)
    return dict(sorted(about.items())), general


def _any(rules: Iterable[MetricRule], sign: str) -> bool:
    return any(_tells(rule, SIGNS[sign]) for rule in rules)


def _tells(rule: MetricRule, sign: re.Pattern[str]) -> bool:
    """Whether an alert may be about a sign, by its name and what it asks for."""
    return sign.search(f"{rule.name} {rule.node.get('expr').text or ''}"[:_LONGEST].lower()) is not None
