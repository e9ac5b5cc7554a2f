"""Alerting rules: in PrometheusRule objects and their like, and in rule files that Prometheus loads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import basename

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.telemetry.rules import MetricRule
from archlint.model.world import World

_WORD = regex(r"\w++")
_ALWAYS = frozenset({"vector", "1"})
"""The words of ``vector(1)``, which fires for as long as Prometheus runs."""
_OF_MACHINES = regex(
    r"(?:(?:prometheus|alertmanager|always)?+(?:watchdog|heartbeat|deadmans?(?:switch|snitch)|firing)"
    r"|inhibit.*|.*inhibit(?:or|ion))\Z",
    re.IGNORECASE,
)
"""Names of alerts that tell other programs something: that Prometheus lives, or which alerts to hold back."""
_CHARTS = frozenset({"Chart.yaml", "requirements.yaml"})


@dataclass(frozen=True, eq=False)
class AlertRule(MetricRule):
    """A rule that calls somebody."""

    @classmethod
    def all(cls, world: World) -> Iterable[AlertRule]:
        """Every alert, by file; recording rules are none."""
        for rule in world.all(MetricRule):
            if rule.is_alert:
                yield cls(rule.node, rule.group, rule.object)

    @property
    def annotations(self) -> Node:
        """The annotations; a missing node if there are none."""
        return self.node.get("annotations")

    @property
    def severity(self) -> str:
        """The label ``severity``; empty if it is not set."""
        return self.label("severity")

    @property
    def labels(self) -> frozenset[str]:
        """The names of its labels, and of those of its group."""
        own, of_group = self.node.get("labels"), self._group.get("labels")
        return frozenset(name for node in (own, of_group) for name, _ in node.items())

    @property
    def words(self) -> frozenset[str]:
        """The names and numbers of its expression."""
        return frozenset(_WORD.findall(self.node.get("expr").text or ""))

    @property
    def calls_nobody(self) -> bool:
        """Whether it is a dead man's switch, or holds other alerts back."""
        return self.words == _ALWAYS or _OF_MACHINES.match(self.name.replace("'", "")) is not None

    @property
    def is_elsewhere(self) -> bool:
        """Whether it stands in a chart from elsewhere, on which one of the repository depends."""
        return basename(self.node.place().source.path) in _CHARTS

    def label(self, name: str) -> str:
        """A label of it or of its group; empty if it is not set."""
        return self.node.get("labels", name).text or self._group.get("labels", name).text or ""

    @property
    def _group(self) -> Node:
        return self.node.document.at(self.node.route[:-2])
