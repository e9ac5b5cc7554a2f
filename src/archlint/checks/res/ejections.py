"""Outlier detection that ejects nothing, or cannot help."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.resilience.ejections import EjectionPolicy


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
