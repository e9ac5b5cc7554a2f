"""Policies about HTTP in ambient mode, where the proxy of a node sees connections alone.

Source: Istio, "Ambient mode: use Layer 4 security policy" (a policy that selects pods is enforced by the
proxy of their node: in ALLOW policies it leaves rules about HTTP out, in DENY policies the parts about HTTP)
and "Use Layer 7 features" (waypoints enforce policies that name them, or a Service, as their target).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.istio.ambient import is_ambient
from archlint.model.istio.authorization import HTTP_CONDITIONS, HTTP_KEYS, Action, Policy, plain_field
from archlint.model.istio.membership import Membership, Plane, membership
from archlint.model.istio.objects import of_kind
from archlint.model.istio.selection import MeshSelection
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.world import World

WAYPOINT_KEY = "istio.io/use-waypoint"
"""The label of namespaces, Services and pods that are served by a waypoint."""
_GATEWAY_KEY = "istio"
"""The label by which Istio's charts tell their gateways apart."""
_GATEWAY_NAMES = ("gateway", "ingress", "egress")
_BY_WAYPOINT = ("RequestAuthentication", "WasmPlugin")
"""Kinds that a waypoint alone follows."""


class Effect(StrEnum):
    """What becomes of a policy."""

    SHUT = "allow"
    """No rule of it lets anything in."""
    NARROWED = "allow-partly"
    """Some rules let nothing in."""
    WIDENED = "deny"
    """It denies more than it says."""
    NONE = "ignored"
    """Nothing follows it."""


@dataclass(frozen=True)
class UnseenHttp(ObjectFacet):
    """An object about HTTP that is left to proxies which see no HTTP."""

    node: Node
    """What they do not see."""
    effect: Effect
    has_waypoint: bool
    """Whether a waypoint is there, which it could name."""

    @classmethod
    def all(cls, world: World) -> Iterator[UnseenHttp]:
        """Every such object in a namespace in ambient mode."""
        for item in of_kind(world, "AuthorizationPolicy", *_BY_WAYPOINT):
            if item.namespace and is_ambient(item.namespace, world) and _is_for_nodes(item, world):
                found = _effect(item)
                if found is not None:
                    yield cls(item, *found, item.namespace in world.fact(served_namespaces))


def _is_for_nodes(item: KubernetesObject, world: World) -> bool:
    """Whether it names no target, and is for no pod that has a proxy of its own, as far as known."""
    selection = MeshSelection(item)
    if selection.is_targeted:
        return False
    planes: Membership = world.fact(membership)
    selected = selection.workloads(world)
    if not selected and _may_mean_gateway(selection):
        return False
    return all(planes.of(workload) in (Plane.AMBIENT, None) for workload in selected)


def _may_mean_gateway(selection: MeshSelection) -> bool:
    """Whether the pods of a selection, which no file shows, may be those of a gateway, which sees HTTP."""
    labels = selection.labels
    words = (*labels, *labels.values(), selection.namespace or "")
    return _GATEWAY_KEY in labels or any(name in word for word in words for name in _GATEWAY_NAMES)


def _effect(item: KubernetesObject) -> tuple[Node, Effect] | None:
    if item.kind in _BY_WAYPOINT:
        return item.get("kind"), Effect.NONE
    policy = Policy(item)
    rules = list(policy.rules)
    unseen = [node for rule in rules if (node := next(_about_http(rule), None)) is not None]
    if not unseen or policy.action is None:
        return None
    if policy.action is Action.DENY:
        return unseen[0], Effect.WIDENED
    return unseen[0], Effect.SHUT if len(unseen) == len(rules) else Effect.NARROWED


def _about_http(rule: Node) -> Iterator[Node]:
    """The fields of a rule that are about HTTP."""
    entries = [item.get("source") for item in rule.get("from").elements()]
    entries += [item.get("operation") for item in rule.get("to").elements()]
    for entry in entries:
        for key, node in entry.items():
            if plain_field(key) in HTTP_KEYS:
                yield node
    for condition in rule.get("when").elements():
        if (condition.get("key").text or "").startswith(HTTP_CONDITIONS):
            yield condition.get("key")


def served_namespaces(world: World) -> frozenset[str]:
    """The namespaces of which something is served by a waypoint, or that have one; ask with ``world.fact`` of
    this."""
    found = set()
    for item in world.all(KubernetesObject):
        is_space = item.kind == "Namespace" and not item.group
        is_waypoint = item.kind == "Gateway" and "waypoint" in (
            item.get("spec", "gatewayClassName").text or ""
        )
        if is_waypoint or (WAYPOINT_KEY in item.labels and item.kind in ("Namespace", "Service")):
            found.add(item.name if is_space else item.namespace or "")
    return frozenset(found)
