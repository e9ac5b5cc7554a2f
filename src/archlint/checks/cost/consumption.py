"""How much workloads ask for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed
from archlint.model.costs.caches import EndlessCache, UnboundedCache
from archlint.model.costs.environments import TrialReplicas
from archlint.model.costs.quotas import PODS, Share, TightQuota
from archlint.model.telemetry.log_retention import LogRetention
from archlint.model.world import World

_MOST_RELATED = 10
_SHOWN = 4
_BINARY = ((Fraction(1024) ** 3, "Gi"), (Fraction(1024) ** 2, "Mi"))


@join(TightQuota)
def quota_below_peak(tight: TightQuota, world: World, options: Options) -> Iterator[Observation]:
    """A quota below what the workloads of its namespace ask for."""
    shares = tight.needed.shares
    is_always = tight.needed.at_least > tight.allowed
    needed = tight.needed.at_least if is_always else tight.needed.at_most
    terms = [_term(share, tight.resource, is_always=is_always) for share in shares[:_SHOWN]]
    if len(shares) > _SHOWN:
        terms.append(f"{len(shares) - _SHOWN} more")
    yield observe(
        tight.node.value_place(),
        "always" if is_always else "default",
        related=[
            (
                share.count,
                f"'{share.workload.name}' takes {_term(share, tight.resource, is_always=is_always)}",
            )
            for share in shares[:_MOST_RELATED]
        ],
        identity=(tight.resource,),
        quota=tight.quota.name,
        namespace=tight.quota.namespace or "",
        resource=tight.resource,
        allowed=_shown(tight.allowed, tight.resource),
        needed=_shown(needed, tight.resource),
        terms=listed(terms),
    )


@join(TrialReplicas)
def replicas_high_in_development(
    item: TrialReplicas, world: World, options: Options
) -> Iterator[Observation]:
    """More pods than an environment for trials needs, and no fewer than where it is for customers."""
    count = item.workload.replicas or 0
    real = item.real.integer if item.real is not None else None
    if count <= options["most"] or item.real is None or real is None or real > count:
        return
    yield observe(
        item.count.value_place(),
        related=[(item.real.value_place(), "elsewhere")],
        identity=("replicas",),
        workload=f"{item.workload.kind} '{item.workload.name}'",
        count=count,
        environment=item.environment,
        real=real,
        most=options["most"],
    )


@join(LogRetention)
def log_retention_unlimited(found: LogRetention, world: World, options: Options) -> Iterator[Observation]:
    """Logs that are kept, and paid for, for ever."""
    if found.days is None:
        yield observe(found.place, kind=found.object.kind, name=found.object.name)


@join(EndlessCache)
def cache_without_expiry(found: EndlessCache, world: World, options: Options) -> Iterator[Observation]:
    """An application whose cache keeps each entry for ever."""
    yield observe(found.place, identity=("ttl",), service=found.unit.name)


@join(UnboundedCache)
def cache_unbounded(found: UnboundedCache, world: World, options: Options) -> Iterator[Observation]:
    """A cache that drops nothing when it is full."""
    yield observe(
        found.place,
        "refuses" if found.limit else "default",
        identity=("maxmemory",),
        kind=found.object.kind,
        name=found.name,
        limit=found.limit,
    )


def _term(share: Share, resource: str, *, is_always: bool) -> str:
    count = share.least if is_always else share.most
    name = share.workload.name
    return f"{name} {count}" if resource in PODS else f"{name} {count} x {_shown(share.each, resource)}"


def _shown(amount: Fraction, resource: str) -> str:
    """An amount in the unit in which people write it."""
    if resource in PODS:
        return str(amount)
    if resource.endswith("cpu"):
        return str(amount) if amount.denominator == 1 else f"{round(amount * 1000)}m"
    for factor, unit in _BINARY:
        if amount >= factor:
            value = round(float(amount / factor), 2)
            return f"{value:g}{unit}"
    return str(round(amount))
