"""Whether anything would show that going back has helped."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.words import listed
from archlint.model.telemetry.signs import UnshownRecovery
from archlint.model.world import World


@join(UnshownRecovery)
def rollback_unvalidated(service: UnshownRecovery, world: World, options: Options) -> Iterator[Observation]:
    """A service whose alerts tell of no errors, or of no latency, as those of others do."""
    yield observe(
        service.service.anchor.get("metadata", "name").value_place(),
        related=[(service.other.node.get("alert").value_place(), f"tells of {service.lacks[0]} elsewhere")],
        service=service.service.name,
        alert=service.alert.name,
        lacks=listed(service.lacks),
        other=service.other.name,
    )
