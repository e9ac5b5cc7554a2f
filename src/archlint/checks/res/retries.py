"""Retries that do not fit into the time that their route has, or multiply."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.finding.words import number_of
from archlint.model.resilience.amplification import MOST_COUNTED, RetryProduct
from archlint.model.resilience.retry_budgets import RetryBudget
from archlint.model.resilience.route_times import exact_seconds
from archlint.model.world import World

_MOST_SHOWN = 6
"""Calls of a way that a message names."""


@check(RetryBudget)
def retries_outlast_timeout(budget: RetryBudget, options: Options) -> Iterator[Observation]:
    """Retries that take longer together than the timeout around them."""
    times = budget.times
    if times.each is None or times.whole is None or not times.repeats_failures:
        return
    needed = times.each * times.count
    if needed <= times.whole:
        return
    marked = times.attempts if times.attempts.is_set else times.per_try
    related = [(times.timeout.value_place(), "all tries together end here")]
    if marked is not times.per_try:
        related.append((times.per_try.value_place(), "each try may take this long"))
    yield observe(
        marked.value_place(),
        "default" if times.repeats_timeouts else "slow",
        related=related,
        kind=budget.kind,
        name=budget.name,
        retries=number_of(times.count, "retry"),
        each=times.per_try.text,
        needed=exact_seconds(needed),
        whole=times.timeout.text,
        all=exact_seconds(needed + times.each),
    )


@check(RetryBudget)
def retry_attempts_above_limit(budget: RetryBudget, options: Options) -> Iterator[Observation]:
    """Retries that are more than anybody needs."""
    count = budget.times.count
    if count > options["most"]:
        yield observe(
            budget.times.attempts.value_place(),
            kind=budget.kind,
            name=budget.name,
            retries=number_of(count, "retry"),
            tries=count + 1,
            most=options["most"],
        )


@check(RetryBudget)
def retry_without_own_timeout(budget: RetryBudget, options: Options) -> Iterator[Observation]:
    """Retries of which the first try may use up all the time."""
    times = budget.times
    if times.whole is not None and times.each is None:
        marked = times.attempts if times.attempts.is_set else times.timeout
        yield observe(
            marked.value_place(),
            related=[(times.timeout.value_place(), "all tries together end here")],
            kind=budget.kind,
            name=budget.name,
            retries=number_of(times.count, "retry"),
            whole=times.timeout.text,
            key=_PER_TRY.get(budget.kind, "perTryTimeout"),
        )


_PER_TRY = {
    "HTTPRoute": "timeouts.backendRequest",
    "BackendTrafficPolicy": "retry.perRetry.timeout",
    "Service": "retry.linkerd.io/timeout",
    "GRPCRoute": "retry.linkerd.io/timeout",
}
"""What says how long a try may take, by the kind of the object."""


@join(RetryProduct)
def retries_multiply(item: RetryProduct, world: World, options: Options) -> Iterator[Observation]:
    """Calls of which each is repeated, by callers that are repeated themselves."""
    if item.product <= options["most"]:
        return
    last = item.hops[-1]
    shown = [f"{hop.tries} ({hop.caller} -> {hop.callee})" for hop in item.hops[-_MOST_SHOWN:]]
    is_counted = item.product < MOST_COUNTED
    yield observe(
        last.retries.value_place(),
        related=[
            (hop.retries.value_place(), f"{hop.caller} -> {hop.callee}: {number_of(hop.tries, 'try')}")
            for hop in item.hops[:-1]
        ],
        identity=(last.callee,),
        callee=last.callee,
        product=item.product if is_counted else f"more than {MOST_COUNTED}",
        arithmetic=" x ".join(shown if len(shown) == len(item.hops) else ["...", *shown]),
        most=options["most"],
    )
