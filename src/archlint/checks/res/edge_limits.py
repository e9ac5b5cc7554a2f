"""Rate limits of gateways."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.resilience.edge_limits import EdgeLimit

_HOUR = 3600


@check(EdgeLimit)
def edge_rate_limit_wrong(limit: EdgeLimit, options: Options) -> Iterator[Observation]:
    """A limit that refuses everybody, or limits nothing."""
    requests, rate = limit.requests, limit.a_minute
    is_quota = limit.seconds >= _HOUR and requests is not None and requests >= options["min"]
    message = None
    if requests is None:
        message = "unreadable"
    elif requests == 0 and limit.is_off_at_zero:
        message = "off"
    elif rate > options["max"] and not limit.is_exception:
        message = "high"
    elif rate < options["min"] and not is_quota and not (limit.is_exception and not requests):
        message = "low"
    if message is not None:
        yield observe(
            limit.node.value_place(),
            message,
            kind=limit.kind,
            name=limit.name,
            key=str(limit.node.route[-1]),
            value=limit.node.value,
            rate=f"{rate:.12g}",
            min=options["min"],
            max=options["max"],
        )
