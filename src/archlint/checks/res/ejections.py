"""Outlier detection that ejects nothing, or cannot help."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.finding.words import number_of
from archlint.model.resilience.ejections import EjectionPolicy, EjectionRoom
from archlint.model.world import World

NEEDS = ("istio.io",)


@check(EjectionPolicy)
def ejection_ineffective(policy: EjectionPolicy, options: Options) -> Iterator[Observation]:
    """Pods that answer with errors and still get calls, though a rule says otherwise."""
    host = policy.rule.host
    if policy.failover is not None and not policy.detection.is_set:
        yield observe(policy.failover.place(), "failover", name=policy.name, host=host)
    elif policy.is_off:
        yield observe(
            policy.detection.get("consecutive5xxErrors").value_place(), "off", name=policy.name, host=host
        )
    elif policy.unheard is not None:
        yield observe(
            policy.unheard.value_place(),
            name=policy.name,
            host=host,
            count=policy.unheard.value,
            most=policy.most,
        )


@join(EjectionRoom)
def ejection_share_too_small(room: EjectionRoom, world: World, options: Options) -> Iterator[Observation]:
    """Outlier detection that may eject less than one pod, or the only one."""
    detection = room.policy.detection
    stated = detection.get("maxEjectionPercent")
    if room.is_enough and room.pods > 1:
        return
    yield observe(
        stated.value_place() if stated.is_set else detection.place(),
        "alone" if room.pods == 1 else "default",
        related=[(node.value_place(), "how many pods there are") for node in room.counted[:_MOST_SHOWN]],
        name=room.name,
        host=room.policy.rule.host,
        pods=number_of(room.pods, "pod"),
        share=f"{room.share} %" if stated.is_set else f"{room.share} % (the default)",
        needed=room.needed,
    )


_MOST_SHOWN = 5
