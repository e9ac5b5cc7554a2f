"""Telemetries that send to nobody, or to what Istio means to drop."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.model.istio.telemetries import Telemetry, deprecation_of
from archlint.model.world import World


@join(Telemetry)
def telemetry_without_provider(telemetry: Telemetry, world: World, options: Options) -> Iterator[Observation]:
    """Access logs that are asked for and that nobody gets."""
    for entry in telemetry.logs_without_provider:
        if not telemetry.inherits_logging(world):
            yield observe(
                entry.get("providers").place(),
                related=[head(telemetry.base)],
                identity=("accessLogging",),
                name=telemetry.name,
            )
            return


@join(Telemetry)
def telemetry_provider_deprecated(
    telemetry: Telemetry, world: World, options: Options
) -> Iterator[Observation]:
    """A provider of a kind that Istio means to drop."""
    for provider in telemetry.providers:
        said = deprecation_of(provider, world)
        if said is not None:
            kind = str(said.route[-1]) if said is not provider else provider.text
            shown = [(said.place(), "defined here")] if said is not provider else []
            yield observe(
                provider.value_place(),
                related=[*shown, head(telemetry.base)],
                identity=(provider.text or "",),
                name=telemetry.name,
                provider=provider.text,
                kind=kind,
            )
