"""The key ``calls``: rules of a team about which part of the system may call which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.config.texts import texts_of, texts_schema
from archlint.config.validation import Problem, unknown_hint
from archlint.config.words import as_text
from archlint.documents import Node, TextFile

if TYPE_CHECKING:
    from archlint.model.graph.team_calls import CallExample, CallLimit, NodePattern, TeamCalls

_KINDS = ("service", "datastore", "broker", "topic", "external", "gateway")
_ALLOWED, _FORBIDDEN = "allowed", "forbidden"


_NODES: dict[str, Any] = {
    "names": texts_schema(
        "Names of services, datastores and so on; '*' stands for any characters.", "cart-*"
    ),
    "namespaces": texts_schema("Their namespaces; '*' stands for any characters.", "prod-*"),
    "owners": texts_schema("Who owns them: by the catalog, labels or CODEOWNERS.", "team-cart"),
    "kinds": texts_schema("What they are.", "datastore", enum=list(_KINDS)),
    "groups": texts_schema("Groups that are named below 'groups', such as domains or layers.", "payments"),
}
_SIDE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "description": "What is meant: all that is said must hold; anything if nothing is.",
    "properties": {
        **_NODES,
        "except": {
            "type": "object",
            "additionalProperties": False,
            "properties": _NODES,
            "description": "What is not meant.",
            "examples": [{"names": ["cart"]}],
        },
    },
    "examples": [{"names": ["orders"]}],
}
_RULE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "from": _SIDE,
        "to": _SIDE,
        "protocols": texts_schema("Protocols that are meant; any if left out.", "grpc"),
        "reason": {
            "type": "string",
            "pattern": r"\S",
            "description": "Why, for those who read the finding.",
            "examples": ["only orders may read its database"],
        },
    },
    "examples": [{"from": {"names": ["storefront"]}, "to": {"kinds": ["datastore"]}}],
}
_EXAMPLE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["from", "to", "is"],
    "properties": {
        "from": {
            "type": "string",
            "pattern": r"\S",
            "description": "The name of the caller.",
            "examples": ["web"],
        },
        "to": {
            "type": "string",
            "pattern": r"\S",
            "description": "The name of the callee.",
            "examples": ["db"],
        },
        "is": {
            "type": "string",
            "enum": [_ALLOWED, _FORBIDDEN],
            "description": "What the rules have to say.",
            "examples": [_FORBIDDEN],
        },
    },
    "examples": [{"from": "web", "to": "orders-db", "is": _FORBIDDEN}],
}


def _rules_schema(description: str) -> dict[str, Any]:
    return {
        "type": "array",
        "items": _RULE,
        "default": [],
        "description": description,
        "examples": [[_RULE["examples"][0]]],
    }


def _limit_schema(description: str, example: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "description": description, "examples": [example]}


CALLS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "description": "Which part of the system may call which, held against the graph of services.",
    "properties": {
        "groups": {
            "type": "object",
            "additionalProperties": texts_schema("Names that are in the group; '*' stands for any.", "pay-*"),
            "default": {},
            "description": "Domains, layers and other groups, each with the names that are in it.",
            "examples": [{"payments": ["payments", "billing-*"]}],
        },
        "forbid": _rules_schema("Calls that must not be."),
        "allow": _rules_schema(
            "All that their callers may call: what no entry names is not allowed to them."
        ),
        "require": _rules_schema("Calls that every service meant by 'from' has to make."),
        "limits": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "fan-out": _limit_schema("Services that one service may call.", 8),
                "chain": _limit_schema("Calls that one call may cause, one after the other.", 4),
            },
            "description": "Limits of the graph.",
            "examples": [{"fan-out": 8}],
        },
        "examples": {
            "type": "array",
            "items": _EXAMPLE,
            "default": [],
            "description": "Calls that need not exist, and what the rules have to say of them.",
            "examples": [[_EXAMPLE["examples"][0]]],
        },
    },
    "examples": [{"forbid": [_RULE["examples"][0]]}],
}
_RULE_KEYS = ("forbid", "allow", "require")


def call_problems(node: Node) -> Iterator[Problem]:
    """What is wrong with the rules besides their shape."""
    groups = [name for name, _ in node.get("groups").items()]
    for kind in _RULE_KEYS:
        for entry in node.get(kind).elements():
            if not entry.get("from").is_set and not entry.get("to").is_set:
                yield entry.place(), f"a rule below '{kind}' needs 'from' or 'to'; write to: {{names: ...}}"
            if kind == "require" and not entry.get("to").is_set:
                yield entry.place(), "a rule below 'require' needs 'to'; write to: {names: ...}"
            for side in ("from", "to"):
                for pattern in (entry.get(side), entry.get(side, "except")):
                    for item in pattern.get("groups").elements():
                        if item.text not in groups:
                            hint = unknown_hint(item.text or "", groups)
                            said = f"no group is called {as_text(item.value)}{hint}; name it below 'groups'"
                            yield item.value_place(), said


def team_calls(node: Node, label: str) -> TeamCalls:
    """What the key says."""
    from archlint.model.graph.team_calls import CallRule, CallRuleKind, TeamCalls

    written = TextFile(label)
    groups = {name: texts_of(names) for name, names in node.get("groups").items()}
    rules = tuple(
        CallRule(
            kind,
            _pattern(entry.get("from"), groups),
            _pattern(entry.get("to"), groups),
            texts_of(entry.get("protocols")),
            " ".join((entry.get("reason").text or "").split()),
            *(written.place(item.place().span()) for item in (entry, *_sides(entry))),
        )
        for kind in CallRuleKind
        for entry in node.get(kind.value).elements()
    )
    limits = node.get("limits")
    examples = tuple(_example(item, written) for item in node.get("examples").elements())
    fan_out, chain = (_limit(limits.get(key), written) for key in ("fan-out", "chain"))
    return TeamCalls(rules, fan_out, chain, examples)


def _sides(entry: Node) -> Iterator[Node]:
    return (entry.get(side) if entry.get(side).exists else entry for side in ("from", "to"))


def _pattern(node: Node, groups: dict[str, tuple[str, ...]]) -> NodePattern:
    from archlint.model.graph.team_calls import NodePattern

    inner = node.get("except")
    return NodePattern(
        texts_of(node.get("names")),
        texts_of(node.get("namespaces")),
        texts_of(node.get("owners")),
        texts_of(node.get("kinds")),
        tuple((name, groups.get(name, ())) for name in texts_of(node.get("groups"))),
        _pattern(inner, groups) if inner.is_set else None,
    )


def _limit(node: Node, written: TextFile) -> CallLimit | None:
    from archlint.model.graph.team_calls import CallLimit

    most = node.integer
    return None if most is None else CallLimit(most, written.place(node.place().span()))


def _example(node: Node, written: TextFile) -> CallExample:
    from archlint.model.graph.team_calls import CallExample

    source, target = node.get("from").text or "", node.get("to").text or ""
    return CallExample(source, target, node.get("is").text == _ALLOWED, written.place(node.place().span()))
