"""What a team says of its architecture in the configuration: calls that must not be, may be, and must
be, limits of what one service calls, and examples that say what these rules mean.
"""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.graph.graph import GraphNode


class CallRuleKind(StrEnum):
    """The key of the configuration below which a rule stands."""

    FORBID = "forbid"
    ALLOW = "allow"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class NodePattern:
    """One side of a rule. What it says holds together; what it does not say is open."""

    names: tuple[str, ...] = ()
    """Names of nodes, with ``*`` for any characters."""
    namespaces: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Kinds of node: service, datastore, broker, topic, external, gateway."""
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Groups of the configuration, each with the names that are in it."""
    excepted: NodePattern | None = None

    @property
    def text(self) -> str:
        """Such as ``names cart; kinds service``."""
        lists = {
            "names": self.names,
            "namespaces": self.namespaces,
            "owners": self.owners,
            "kinds": self.kinds,
            "groups": tuple(name for name, _ in self.groups),
        }
        said = [f"{key} {','.join(values)}" for key, values in lists.items() if values]
        said += [f"except {self.excepted.text}"] if self.excepted else []
        return "; ".join(said) or "anything"

    def means(self, node: GraphNode) -> bool:
        """Whether a node is meant."""
        grouped = tuple(name for _, names in self.groups for name in names)
        sides = (
            (self.names, node.name),
            (self.namespaces, node.namespace),
            (self.owners, node.owner),
            (self.kinds, node.kind.value),
            (grouped, node.name),
        )
        is_meant = all(_is_one_of(value, patterns) for patterns, value in sides if patterns)
        return is_meant and not (self.excepted is not None and self.excepted.means(node))


def _is_one_of(value: str | None, patterns: tuple[str, ...]) -> bool:
    return value is not None and any(fnmatchcase(value, pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class CallRule:
    """One entry below ``forbid``, ``allow`` or ``require``."""

    kind: CallRuleKind
    source: NodePattern
    target: NodePattern
    protocols: tuple[str, ...]
    """Protocols that are meant; empty for any."""
    reason: str
    place: Place
    """The entry in the configuration, and each side of it."""
    source_place: Place
    target_place: Place

    @property
    def text(self) -> str:
        """What it is about; the same as long as that is."""
        by = f" by {','.join(self.protocols)}" if self.protocols else ""
        return f"{self.kind.value} {self.source.text} to {self.target.text}{by}"

    def means(self, source: GraphNode, target: GraphNode, protocol: str) -> bool:
        """Whether an edge is meant."""
        is_spoken = not self.protocols or protocol in self.protocols
        return is_spoken and self.source.means(source) and self.target.means(target)


@dataclass(frozen=True, slots=True)
class CallLimit:
    """A limit of the configuration, and where it stands."""

    most: int
    place: Place


@dataclass(frozen=True, slots=True)
class CallExample:
    """A call that need not exist, and what the rules have to say of it."""

    source: str
    target: str
    is_allowed: bool
    place: Place


@dataclass(frozen=True, slots=True)
class TeamCalls:
    """All that the configuration says of calls."""

    rules: tuple[CallRule, ...] = ()
    fan_out: CallLimit | None = None
    """Services that one service may call."""
    chain: CallLimit | None = None
    """Calls that one call may cause, one after the other."""
    examples: tuple[CallExample, ...] = ()

    def of_kind(self, kind: CallRuleKind) -> list[CallRule]:
        """The rules of one kind, in the order in which they are written."""
        return [rule for rule in self.rules if rule.kind is kind]

    def verdict(self, source: GraphNode, target: GraphNode, protocol: str) -> CallRule | None:
        """The first rule that an edge breaks: one that forbids it, else the first of those that say what its
        source may call if none of them names it; ``None`` if it may be."""
        forbidding = (
            rule for rule in self.of_kind(CallRuleKind.FORBID) if rule.means(source, target, protocol)
        )
        broken = next(forbidding, None)
        if broken is not None:
            return broken
        allowing = [rule for rule in self.of_kind(CallRuleKind.ALLOW) if rule.source.means(source)]
        is_allowed = any(rule.means(source, target, protocol) for rule in allowing)
        return None if is_allowed or not allowing else allowing[0]
