"""Services that may take their callers with them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed, quoted
from archlint.model.resilience.breakers import CalledService, is_meshed, means, unlimited
from archlint.model.world import World

_MOST_SHOWN = 5


@join(CalledService)
def call_without_circuit_breaker(
    called: CalledService, world: World, options: Options
) -> Iterator[Observation]:
    """A service that goes on to be called while it answers with errors."""
    if called.breaks or called.accrual:
        return
    known = world.fact(means)
    open_to = [
        (edge, caller)
        for edge, caller in zip(called.calls, called.callers, strict=True)
        if not known.breaks(caller) and (known.is_routed(called.service) or is_meshed(caller, world))
    ]
    if not open_to or known.is_elsewhere:
        return
    rule = called.rules[0] if called.rules else None
    message = "rule" if rule is not None else "linkerd" if known.is_linkerd else "default"
    yield observe(
        (rule.base.get("spec", "host") if rule else called.front.get("metadata", "name")).value_place(),
        message,
        related=[(edge.proof.place, f"'{caller.name}' calls it") for edge, caller in open_to[:_MOST_SHOWN]],
        object=rule.base.object if rule is not None else None,
        identity=(called.service.name,),
        callee=called.service.name,
        callers=listed(quoted(caller.name for _, caller in open_to), _MOST_SHOWN),
        name=rule.name if rule is not None else "",
    )


@join(CalledService)
def bulkhead_missing(called: CalledService, world: World, options: Options) -> Iterator[Observation]:
    """A service that many call, and that nothing bounds."""
    container = unlimited(called.service)
    if len(called.calls) < options["callers"] or container is None or called.is_bounded:
        return
    shown = zip(called.calls[:_MOST_SHOWN], called.callers, strict=False)
    yield observe(
        container.place(),
        related=[(edge.proof.place, f"'{caller.name}' calls it") for edge, caller in shown],
        identity=(called.service.name,),
        callee=called.service.name,
        count=len(called.calls),
        callers=listed(quoted(caller.name for caller in called.callers), _MOST_SHOWN),
    )
