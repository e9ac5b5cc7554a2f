"""Secrets that stand in Compose files, and in the files with variables that these take."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding import Place
from archlint.model.compose import ComposeService
from archlint.model.kubernetes.plain_values import known_token, random_key
from archlint.model.world import World

_LONGEST = 65_536


@join(ComposeService)
def compose_credential(service: ComposeService, world: World, options: Options) -> Iterator[Observation]:
    """A variable that is a credential by its form."""
    seen: set[Place] = set()
    for variable in service.variables:
        text = variable.text[:_LONGEST]
        token = known_token(text) or random_key(variable.name, text) if variable.value.is_known else None
        if token is None or variable.name in options["allowed"] or variable.place in seen:
            continue
        seen.add(variable.place)
        yield observe(
            variable.place,
            related=[(variable.entry, f"'{service.name}' is given it")] * (variable.entry != variable.place),
            identity=("environment", variable.name),
            service=service.name,
            variable=variable.name,
            token=token,
        )
