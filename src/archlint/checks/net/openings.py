"""What a change newly opens."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.checks.net.wording import connections_in_words
from archlint.comparison.openings import OpenedConnections


@change(OpenedConnections)
def connection_newly_open(item: OpenedConnections, options: Options) -> Iterator[Observation]:
    """A connection that is sure now and was impossible at the base, between what was there before."""
    source, target, connections = item.example
    let, policy = item.opened.let, item.policy
    if let.policy is not None:
        message = "default"
    else:
        message = "gone" if policy is None else "no-longer"
    former, place = item.former_place, item.node.place()
    yield observe(
        place,
        message,
        related=[] if former is None else [(former, "shut it at the base")],
        identity=(*place.source.names(place.route), let.direction.value, item.title),
        source=source,
        target=target,
        ports=connections_in_words(connections),
        more="" if item.count < 2 else f" (and {item.count - 1} more)",
        policy=item.title,
        direction=let.direction.value,
    )
