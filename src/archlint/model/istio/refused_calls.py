"""Calls that authorization policies refuse, whatever is not known about both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass, replace
from archlint.model.istio.applied_objects import AppliedObjects
from archlint.model.istio.arrivals import Arrival, at_all_ends, mesh_arrivals
from archlint.model.istio.authorization import Policy, Refusal, RuleAnswer, refusal
from archlint.model.istio.membership import Membership, Plane, membership
from archlint.model.istio.objects import of_kind
from archlint.model.istio.peer_modes import PeerModes, peer_modes
from archlint.model.istio.requests import MeshRequest
from archlint.model.istio.selection import MeshSelection
from archlint.model.istio.waypoints import served_namespaces
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World

_MOST_ANSWERS = 300_000
"""Rules that are held against calls in one run; what would take more is not judged."""
_SOURCES = ("principals", "serviceAccounts", "namespaces")


class RefusalCause(StrEnum):
    """Why a call is refused."""

    CALLER = "caller"
    """No rule names the caller."""
    OUTSIDE = "outside"
    """Rules name callers, and this one shows no name."""
    PLAIN = "plain"
    """Rules name callers, and none can show a name, as mutual TLS is switched off."""
    OPERATION = "operation"
    """A rule names the caller, and not what it does."""
    NOTHING = "nothing"
    """There is no rule that allows anything."""
    DENIED = "denied"
    """A rule denies it."""


@dataclass(frozen=True)
class RefusedCall:
    """A call that is refused, with others for the same cause at the same place."""

    arrivals: tuple[Arrival, ...]
    """Each of another caller."""
    cause: RefusalCause
    policy: KubernetesObject
    node: Node
    """What to edit."""


def refused_calls(world: World) -> dict[int, list[RefusedCall]]:
    """The calls that are refused, by the identity of the policy that has to be edited; ask for them with
    ``world.fact(refused_calls)``."""
    if not any(True for _ in of_kind(world, "AuthorizationPolicy")):
        return {}
    return _merged(_refused_everywhere(world))


def _refused_everywhere(world: World) -> Iterator[RefusedCall]:
    """The calls that are refused. Where a policy is applied apart from the callee, they have to be refused in
    all sets in which they are made: one for use without the mesh says nothing against the one for it."""
    judge, sets = _Judge(world), world.fact(deployment_sets)
    found: list[RefusedCall] = []
    let_in: set[tuple[object, ...]] = set()
    for ends in world.fact(mesh_arrivals):
        refused = at_all_ends(ends, judge.refused)
        if refused is not None:
            found.append(refused)
        else:
            let_in.update(map(_key, ends))
    for each in found:
        end = each.arrivals[0]
        if _key(end) not in let_in or sets.are_together(each.policy, end.callees[0].base):
            yield each


def _key(end: Arrival) -> tuple[object, ...]:
    """What makes calls of several deployment sets the same."""
    caller, service = end.caller, end.service
    return (caller.kind, caller.namespace, caller.name, service.namespace, service.name, end.wanted)


def _merged(refused: Iterable[RefusedCall]) -> dict[int, list[RefusedCall]]:
    """Those of several callers for the same cause are one."""
    alike: dict[tuple[object, ...], dict[int, RefusedCall]] = defaultdict(dict)
    for each in refused:
        end = each.arrivals[0]
        key = (id(each.policy), each.node.route, each.cause, id(end.service.base), end.wanted)
        alike[key].setdefault(id(end.caller), each)
    found: dict[int, list[RefusedCall]] = defaultdict(list)
    for those in alike.values():
        first = next(iter(those.values()))
        arrivals = tuple(each.arrivals[0] for each in those.values())
        found[id(first.policy)].append(replace(first, arrivals=arrivals))
    return dict(found)


class _Judge:
    def __init__(self, world: World) -> None:
        self._planes: Membership = world.fact(membership)
        self._policies = AppliedObjects(world, "AuthorizationPolicy")
        self._strict: PeerModes = world.fact(peer_modes)
        self._served = world.fact(served_namespaces)
        self._left = _MOST_ANSWERS

    def refused(self, end: Arrival) -> RefusedCall | None:
        """The call, if all pods where it may end refuse it."""
        found = None
        plane = self._planes.of(end.caller)
        shows_identity = None if plane is None else plane is not Plane.NONE
        request = end.request(shows_identity)
        for callee in end.callees:
            applied = self._policies.of(callee)
            taken_by = self._planes.of(callee)
            is_ambient = taken_by is Plane.AMBIENT
            if (
                applied is None
                or taken_by is Plane.NONE
                or (is_ambient and (callee.namespace or "") in self._served)
            ):
                return None
            if shows_identity is False and self._strict.demands(callee, end.numbers) is not None:
                return None  # refused before any policy is asked, which another rule tells
            policies = [Policy(item.base, item.is_sure) for item in applied]
            self._left -= sum(policy.size for policy in policies)
            if self._left < 0:
                return None
            seen = self._as_seen(request, end, callee)
            said = refusal(policies, seen)
            if said is None:
                return None
            found = found or _told(said, end, _unnamed(request, seen))
        return found

    def _as_seen(self, request: MeshRequest, end: Arrival, callee: Workload) -> MeshRequest:
        """A request as the proxy of a callee sees it: that of a node sees no HTTP, and without mutual TLS
        nobody shows an identity."""
        if self._planes.of(callee) is Plane.AMBIENT:
            return replace(request, is_http=False)
        if self._strict.refuses(callee, end.numbers) is None:
            return request
        return replace(request, caller=replace(request.caller, shows_identity=False))


def _unnamed(request: MeshRequest, seen: MeshRequest) -> RefusalCause:
    """Why a rule that names callers does not name this one."""
    if request.caller.shows_identity is False:
        return RefusalCause.OUTSIDE
    return RefusalCause.CALLER if seen.caller == request.caller else RefusalCause.PLAIN


def _told(said: Refusal, end: Arrival, unnamed: RefusalCause) -> RefusedCall:
    """A refusal, with what is nearest to letting the call in: what a rule that names the caller opens, else
    whom a rule names that opens it, else the rules of a policy."""
    if said.denying is not None:
        node = _source_of(said.denying)
        return RefusedCall((end,), RefusalCause.DENIED, said.denying.policy.base, node)
    answers = sorted(said.allowing, key=lambda found: not MeshSelection(found.policy.base).labels)
    for found in answers:
        if found.source is not False and found.operation is False:
            return RefusedCall((end,), RefusalCause.OPERATION, found.policy.base, _operation_of(found.rule))
    for found in answers:
        if found.source is False:
            return RefusedCall((end,), unnamed, found.policy.base, _source_of(found))
    policy = answers[0].policy if answers else said.empty
    assert policy is not None, "a call that no rule allows is refused by some policy"
    cause = RefusalCause.CALLER if answers else RefusalCause.NOTHING
    return RefusedCall((end,), cause, policy.base, _rules_of(policy))


def _rules_of(policy: Policy) -> Node:
    rules = policy.base.get("spec", "rules")
    return rules if rules.exists else policy.base.get("spec")


def _source_of(found: RuleAnswer) -> Node:
    """Where a rule names callers: what most rules write, else all of ``from``, else the rule."""
    for entry in found.rule.get("from").elements():
        for key in _SOURCES:
            if entry.get("source", key).exists:
                return entry.get("source", key)
    return found.rule.get("from") if found.rule.get("from").exists else found.rule


def _operation_of(rule: Node) -> Node:
    for entry in rule.get("to").elements():
        for key in ("ports", "methods"):
            if entry.get("operation", key).exists:
                return entry.get("operation", key)
    return rule.get("to")
