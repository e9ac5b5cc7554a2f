"""Alerting rules: in PrometheusRule and VMRule objects, and in rule files that Prometheus loads itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject
from archlint.model.world import World

_RULE_OBJECTS = frozenset(
    {("monitoring.coreos.com", "PrometheusRule"), ("operator.victoriametrics.com", "VMRule")}
)
_WORD = regex(r"\w++")


@dataclass(frozen=True)
class AlertRule:
    """One alert."""

    node: Node
    group: str
    holder: ObjectRef
    """The object that holds the rule; for a plain file its group."""

    @classmethod
    def all(cls, world: World) -> Iterable[AlertRule]:
        """Every alert, by file; recording rules are none."""
        for node, group, holder in rule_nodes(world):
            if node.get("alert").text:
                yield cls(node, group, holder)

    @property
    def source(self) -> Document:
        """The document that holds the rule."""
        return self.node.document

    @property
    def object(self) -> ObjectRef:
        """What holds the rule."""
        return self.holder

    @property
    def name(self) -> str:
        """The alert's name."""
        return self.node.get("alert").text or "?"

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
