"""Rules of Prometheus, alerts and recordings, by what their expressions ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.appconfig.placed import of_block
from archlint.model.appconfig.settings import of_node
from archlint.model.kubernetes import KubernetesObject
from archlint.model.telemetry.promql import Selector, selectors_of
from archlint.model.world import World

_RULE_OBJECTS = frozenset(
    {
        ("monitoring.coreos.com", "PrometheusRule"),
        ("operator.victoriametrics.com", "VMRule"),
        ("monitoring.googleapis.com", "Rules"),
        ("monitoring.googleapis.com", "ClusterRules"),
        ("monitoring.googleapis.com", "GlobalRules"),
    }
)
"""Objects with groups of rules at ``spec.groups``: of the operators of Prometheus and VictoriaMetrics, and of
Google's managed Prometheus."""


@dataclass(frozen=True, eq=False)
class MetricRule:
    """One rule, and its expression."""

    node: Node
    group: str
    object: ObjectRef
    """The object that holds the rule; for a plain file its group."""

    @classmethod
    def all(cls, world: World) -> Iterable[MetricRule]:
        """Every rule, by file."""
        for node, group, holder in rule_nodes(world):
            if node.get("alert").text or node.get("record").text:
                yield cls(node, group, holder)

    @property
    def source(self) -> Document:
        """The document that holds the rule."""
        return self.node.document

    @property
    def is_alert(self) -> bool:
        """Whether it calls somebody, and records nothing."""
        return bool(self.node.get("alert").text)

    @property
    def name(self) -> str:
        """The alert, or the metric that it records."""
        return self.node.get("alert").text or self.node.get("record").text or "?"

    @cached_property
    def selectors(self) -> Sequence[Selector]:
        """What its expression asks for."""
        return selectors_of(self.node.get("expr").text or "")

    def place(self, start: int, end: int) -> Place:
        """The place of a stretch of the expression."""
        node = self.node.get("expr")
        text, setting = of_block(node), of_node(node, "expr")
        if text is not None and text.position is not None:
            return text.place(start, end)
        return node.value_place() if setting is None else setting.place(start, end)


def recorded(world: World) -> dict[str, MetricRule]:
    """The metrics that rules record; ask with ``world.fact(recorded)``."""
    found: dict[str, MetricRule] = {}
    for rule in world.all(MetricRule):
        name = rule.node.get("record").text
        if name:
            found.setdefault(name, rule)
    return found


def words_of(rule: MetricRule) -> Iterator[str]:
    """Names that a rule is about: its own, that of its group, of metrics, and values of labels."""
    yield from (rule.name, rule.group)
    for selector in rule.selectors:
        yield selector.name
        for matcher in selector.matchers:
            yield matcher.value
    for _, node in rule.node.get("labels").items():
        if node.text:
            yield node.text


def rule_nodes(world: World) -> Iterator[tuple[Node, str, ObjectRef]]:
    """Every rule, alerts and recordings, with its group and what holds it."""
    for base in world.all(KubernetesObject):
        if (base.group, base.kind) in _RULE_OBJECTS:
            yield from _of_groups(base.get("spec", "groups"), base.object)
    for document in world.documents(Kind.PROMETHEUS_RULES):
        yield from _of_groups(document.root.get("groups"), None)


def _of_groups(groups: Node, holder: ObjectRef | None) -> Iterator[tuple[Node, str, ObjectRef]]:
    for group in groups.elements():
        name = group.get("name").text or "?"
        for rule in group.get("rules").elements():
            if rule.is_map:
                yield rule, name, holder or ObjectRef("RuleGroup", name)
