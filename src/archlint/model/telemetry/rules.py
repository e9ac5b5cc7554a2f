"""Rules of Prometheus, alerts and recordings, by what their expressions ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.alerts import rule_nodes
from archlint.model.appconfig.placed import of_block
from archlint.model.appconfig.settings import of_node
from archlint.model.telemetry.promql import Selector, selectors_of
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class MetricRule:
    """One rule, and its expression."""

    node: Node
    group: str
    holder: ObjectRef

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
    def object(self) -> ObjectRef:
        """What holds the rule."""
        return self.holder

    @property
    def is_alert(self) -> bool:
        """Whether it calls somebody, and records nothing."""
        return self.node.get("alert").text is not None

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
