"""Alerting rules: in PrometheusRule and VMRule objects, and in rule files that Prometheus loads itself."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.telemetry.rules import MetricRule
from archlint.model.world import World

_WORD = regex(r"\w++")


@dataclass(frozen=True, eq=False)
class AlertRule(MetricRule):
    """A rule that calls somebody."""

    @classmethod
    def all(cls, world: World) -> Iterable[AlertRule]:
        """Every alert, by file; recording rules are none."""
        for rule in world.all(MetricRule):
            if rule.is_alert:
                yield cls(rule.node, rule.group, rule.holder)

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

    def label(self, name: str) -> str:
        """A label of it or of its group; empty if it is not set."""
        return self.node.get("labels", name).text or self._group.get("labels", name).text or ""

    @property
    def _group(self) -> Node:
        return self.node.document.at(self.node.route[:-2])
