"""Service level objectives, against what there is and what can be."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from archlint.checks import Observation, Options, join, observe
from archlint.model.telemetry.known_names import SERVICE, known_names, nowhere
from archlint.model.telemetry.slos import Objective
from archlint.model.world import World


@join(Objective)
def slo_objective_invalid(objective: Objective, world: World, options: Options) -> Iterator[Observation]:
    """An objective that cannot be reached, or that is no share of anything."""
    value = objective.value
    if value is None or not isfinite(value):
        return
    message = _fault(value, objective.most)
    if message:
        yield observe(
            objective.target.value_place(),
            message,
            object=objective.object,
            identity=(objective.name, str(objective.target.route[-1])),
            name=objective.name,
            value=objective.target.value,
            meant=f"{value / 100:g}" if objective.most == 1 else f"{value * 100:g}",
        )


def _fault(value: float, most: int) -> str | None:
    if most == 1 and 1 < value < 100:
        return "share"
    if most == 100 and 0 < value < 1:
        return "percentage"
    if value == most:
        return "no-budget"
    return "out-of-range" if value <= 0 or value > most else None


@join(Objective)
def slo_service_undefined(objective: Objective, world: World, options: Options) -> Iterator[Observation]:
    """An objective for a service that is nearly called as one that is here."""
    name = objective.service.text or ""
    known = world.fact(known_names)[SERVICE]
    near = known.meant(name) if name in world.fact(nowhere) and name not in known.places else None
    if near is None:
        return
    yield observe(
        objective.service.value_place(),
        related=[(known.places[near], "the service that may be meant")],
        object=objective.object,
        identity=(name,),
        name=objective.name,
        service=name,
        near=near,
    )
