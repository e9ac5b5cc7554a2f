"""Calls that authorization policies refuse, and openings that nobody uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.callers import MOST, calls, who_calls
from archlint.checks.mesh.heads import head
from archlint.finding.words import listed, quoted
from archlint.model.istio.arrivals import Arrival
from archlint.model.istio.authorization import AuthorizationPolicy
from archlint.model.istio.named_callers import NamedCaller, missing_account
from archlint.model.istio.refused_calls import RefusalCause, RefusedCall, refused_calls
from archlint.model.istio.unused_openings import UnusedOpening
from archlint.model.istio.waypoints import Effect, UnseenHttp
from archlint.model.world import World

NEEDS = ("istio.io",)

_UNFOLLOWED = {
    "RequestAuthentication": ("KIA1110", "KIA1115"),
    "WasmPlugin": ("KIA1111", "KIA1116"),
}
"""What Kiali calls it, without a waypoint and with one."""


@join(AuthorizationPolicy)
def call_not_authorized(policy: AuthorizationPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A call of one workload to another that the policies of the callee refuse."""
    for refused in world.fact(refused_calls).get(id(policy.base), ()):
        yield _observed(refused)


def _observed(refused: RefusedCall) -> Observation:
    first, callee = refused.arrivals[0], refused.arrivals[0].callees[0]
    place = refused.node.place()
    related = calls(refused.arrivals)
    related.append((first.service.base.get("spec", "ports").place(), "leads there"))
    related.append(head(refused.policy))
    return observe(
        place,
        refused.cause.value,
        related=related,
        identity=(*place.source.names(place.route), first.service.name, str(first.wanted)),
        aliases=None if refused.cause is RefusalCause.PLAIN else (),
        call=who_calls(refused.arrivals),
        address=first.call.reference.address.authority,
        callee=f"{callee.kind} '{callee.name}'",
        identities=_identities(refused.arrivals),
        wanted=str(first.wanted),
        name=refused.policy.name,
    )


def _identities(arrivals: Sequence[Arrival]) -> str:
    """As whom calls are made, each once."""
    said = listed(quoted(dict.fromkeys(map(_principal, arrivals))), MOST)
    is_known = all(end.caller.namespace for end in arrivals)
    return said if is_known else f"{said} (NAMESPACE is where the caller is deployed)"


def _principal(end: Arrival) -> str:
    return end.request(True).caller.principal


@join(NamedCaller)
def caller_undefined(caller: NamedCaller, world: World, options: Options) -> Iterator[Observation]:
    """A caller in a rule that nobody can be."""
    place = caller.node.value_place()
    if caller.is_impossible or caller.has_lost_star:
        yield observe(
            place,
            "star" if caller.has_lost_star else "impossible",
            related=[head(caller.base)],
            aliases=(),
            identity=(caller.text,),
            caller=caller.text,
        )
        return
    missing = missing_account(caller, world)
    if missing is None:
        return
    related = [head(caller.base)]
    if missing.meant is not None:
        related.append((missing.meant.get("metadata", "name").value_place(), "what is defined"))
    yield observe(
        place,
        "default" if missing.meant is None else "near",
        related=related,
        identity=(caller.text,),
        caller=caller.text,
        account=missing.name,
        namespace=missing.namespace,
        meant="" if missing.meant is None else missing.meant.name,
    )


@join(UnseenHttp)
def http_policy_without_waypoint(item: UnseenHttp, world: World, options: Options) -> Iterator[Observation]:
    """A policy about HTTP in ambient mode that is left to proxies which see connections alone."""
    code = "KIA0110" if item.has_waypoint else "KIA0109"
    if item.effect is Effect.NONE:
        code = _UNFOLLOWED[item.kind][item.has_waypoint]
    waypoint = "the waypoint, or the Service behind it," if item.has_waypoint else "a waypoint"
    yield observe(
        item.node.value_place() if item.effect is Effect.NONE else item.node.place(),
        item.effect.value,
        related=[head(item.base)],
        aliases=[f"kiali:{code}"],
        identity=("http",),
        kind=item.kind,
        name=item.name,
        namespace=item.namespace or "",
        what=str(item.node.route[-1]) if item.node.route[-1] != "key" else item.node.text or "",
        waypoint=waypoint,
    )


@join(UnusedOpening)
def authorization_unused(item: UnusedOpening, world: World, options: Options) -> Iterator[Observation]:
    """A caller that a policy lets in, and that calls none of its pods."""
    yield observe(
        item.named.node.value_place(),
        related=[
            (item.caller.base.get("metadata", "name").value_place(), "runs under the account"),
            head(item.base),
        ],
        identity=(item.named.text,),
        name=item.name,
        caller=f"{item.caller.kind} '{item.caller.name}'",
        callee=f"{item.callee.kind} '{item.callee.name}'",
    )
