"""Why one peer may connect to another, as text and as JSON, with what to write to change it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from archlint.model.network.connectivity.connections import ALL, ConnectionSet
from archlint.model.network.connectivity.explanation import Explanation, Said, SideExplained
from archlint.model.network.connectivity.external import AddressRange
from archlint.model.network.connectivity.listing import Peer
from archlint.model.network.connectivity.pods import PodGroup
from archlint.model.network.connectivity.traffic import PolicyTier, RuleAction
from archlint.model.network.labels import NAMESPACE_NAME_LABEL
from archlint.model.network.peers import as_yaml
from archlint.model.network.policies import TrafficDirection
from archlint.reports.characters import safe_json, visible

VERSION = 1
"""Version of the layout; fields may be added to it, never changed."""
Explained = Sequence[tuple[str, Explanation]]
"""By the name of the edition, which is empty where there is one alone."""


def explanation_text(found: Explained, asked: ConnectionSet) -> str:
    """What both sides allow of the connections that are asked for, and every rule that says so; editions of
    which the same is true stand together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for edition, item in found:
        alike.setdefault(tuple(_explained(item, asked)), []).append(edition)
    lines: list[str] = []
    for said, editions in alike.items():
        lines += [f"[{'; '.join(editions)}]"] if any(editions) else []
        lines += [*said, ""]
    return "".join(f"{visible(line)}\n" for line in lines[:-1])


def _explained(item: Explanation, asked: ConnectionSet) -> Iterator[str]:
    yield f"{item.source.name} => {item.destination.name} : {item.allowed.taken & asked}"
    doubt = item.doubtful & asked
    if doubt:
        yield f"  not known from the files: {doubt} ({item.reason})"
    if item.led is not None:
        yield f"  Ingresses and routes lead to: {item.led & asked}"
    for side in item.sides:
        yield ""
        yield f"{_word(side)} of {side.pods.name}: {side.allowed.taken & asked}"
        steps = [said for said in side.said if said.connections & asked]
        yield from (f"  {number}. {_sentence(said, side, asked)}" for number, said in enumerate(steps, 1))
        if not side.is_isolated:
            yield "  - no NetworkPolicy selects these pods for it: what nobody denies is allowed"
    yield ""
    yield from _advice(item, asked)


def _word(side: SideExplained) -> str:
    return "Ingress" if side.direction is TrafficDirection.INGRESS else "Egress"


def _sentence(said: Said, side: SideExplained, asked: ConnectionSet) -> str:
    where = f"{said.policy.title} ({_place(said)})"
    doubt = "" if said.is_sure else "; whether it is about these pods is not known"
    if said.action is None:
        other = "from" if side.direction is TrafficDirection.INGRESS else "to"
        return f"{where} selects the pods, and allows nothing {other} the other side{doubt}"
    verb = {RuleAction.ALLOW: "allows", RuleAction.DENY: "denies", RuleAction.PASS: "passes on"}[said.action]
    return f"{where} {verb} {said.connections & asked}{doubt}"


def _place(said: Said) -> str:
    place = said.node.place()
    return f"{place.source.path}:{place.span().line}"


def _advice(item: Explanation, asked: ConnectionSet) -> Iterator[str]:
    """What to write to allow what is not, else to deny what is allowed."""
    closed = [side for side in item.sides if not (side.allowed.taken & asked)]
    if closed:
        yield "To allow it:"
        for side in closed:
            denying = next((said for said in side.said if said.action is RuleAction.DENY), None)
            if denying is not None and denying.policy.tier is PolicyTier.ADMIN:
                yield f"  take it out of the rule at {_place(denying)}"
            else:
                yield from (f"  {line}" for line in _policy(side, item, asked))
                if not side.is_isolated:
                    yield f"  and in it all else that the pods need: it restricts their {_word(side).lower()}"
        return
    if item.led is not None and not item.led & asked:
        yield "To allow it:"
        yield "  write an Ingress or a route that leads to a Service of these pods"
        return
    yield "To deny it, do one of these:" if len(item.sides) > 1 else "To deny it:"
    for side in item.sides:
        word = _word(side).lower()
        said = [each for each in side.said if each.action is RuleAction.ALLOW and each.connections & asked]
        if said:
            yield f"  take it out of {', '.join(map(_place, said))} ({word})"
        elif side.pods.workload is None:
            yield "  take it out of the Ingress or the route that leads there"
        else:
            yield f"  write a NetworkPolicy that restricts the {word} of {side.pods.name}"


def _policy(side: SideExplained, item: Explanation, asked: ConnectionSet) -> list[str]:
    """A NetworkPolicy that allows what is asked for, for one side."""
    key = side.direction.value
    other = item.source if side.direction is TrafficDirection.INGRESS else item.destination
    peer = "from" if side.direction is TrafficDirection.INGRESS else "to"
    name = side.pods.name.partition("[")[0].rpartition("/")[2]
    namespace = side.pods.workload.namespace if side.pods.workload is not None else None
    place = "" if namespace is None else f", namespace: {as_yaml(namespace)}"
    lines = [
        "apiVersion: networking.k8s.io/v1",
        "kind: NetworkPolicy",
        f"metadata: {{name: allow-{name}-{key}{place}}}",
        "spec:",
        f"  podSelector: {{matchLabels: {_labels(side.pods)}}}",
        f"  policyTypes: [{key.capitalize()}]",
        f"  {key}:",
        f"    - {peer}: [{_peer(other, side.pods)}]",
    ]
    if asked != ALL:
        lines.append(f"      ports: [{', '.join(_ports(asked))}]")
    return lines


def _labels(pods: PodGroup) -> str:
    labels = pods.workload.pod_labels if pods.workload is not None else {}
    return json.dumps(labels, ensure_ascii=False)


def _peer(other: Peer, pods: PodGroup) -> str:
    """The other side, in a policy of some pods; of their own namespace its labels say enough."""
    if isinstance(other, AddressRange):
        return ", ".join(f"{{ipBlock: {{cidr: {cidr}}}}}" for cidr in other.cidrs())
    if other.workload is None:
        name = f"{NAMESPACE_NAME_LABEL}: THE-CONTROLLER-S-NAMESPACE"
        return f"{{namespaceSelector: {{matchLabels: {{{name}}}}}}}"
    space, own = (each.name.partition("/")[0] for each in (other, pods))
    spaces = f"namespaceSelector: {{matchLabels: {{{NAMESPACE_NAME_LABEL}: {as_yaml(space)}}}}}, "
    return f"{{{spaces if space != own else ''}podSelector: {{matchLabels: {_labels(other)}}}}}"


def _ports(asked: ConnectionSet) -> Iterator[str]:
    for part in str(asked).split(","):
        protocol, _, port = part.rpartition(" ")
        yield f"{{port: {port}, protocol: {protocol or 'TCP'}}}"


def explanation_json(found: Explained, asked: ConnectionSet) -> str:
    """One JSON object with the same."""
    layout = {
        "version": VERSION,
        "explanations": [
            {**({"edition": edition} if edition else {}), **_entry(item, asked)} for edition, item in found
        ],
    }
    return safe_json(json.dumps(layout, indent=1, ensure_ascii=False)) + "\n"


def _entry(item: Explanation, asked: ConnectionSet) -> dict[str, Any]:
    doubt = item.doubtful & asked
    return {
        "src": item.source.name,
        "dst": item.destination.name,
        "conn": str(item.allowed.taken & asked),
        **({"unknown": {"conn": str(doubt), "reason": item.reason}} if doubt else {}),
        "sides": [
            {
                "direction": side.direction.value,
                "pods": side.pods.name,
                "conn": str(side.allowed.taken & asked),
                "isolated": side.is_isolated,
                "rules": [_rule(said, asked) for said in side.said if said.connections & asked],
            }
            for side in item.sides
        ],
        "advice": list(_advice(item, asked)),
    }


def _rule(said: Said, asked: ConnectionSet) -> dict[str, Any]:
    place = said.node.place()
    span = place.span()
    return {
        "policy": said.policy.title,
        "action": "none" if said.action is None else said.action.value,
        "conn": str(said.connections & asked),
        "sure": said.is_sure,
        "path": place.source.path,
        "line": span.line,
        "column": span.column,
    }
