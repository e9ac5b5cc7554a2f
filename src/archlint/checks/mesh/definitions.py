"""Definitions of the Gateway API that are too old for Istio."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.mesh.heads import head
from archlint.model.gateway_api.definitions import Age, OldDefinition

_ALIASES = {Age.RELEASE: "istio:IST0176", Age.BETA: "istio:IST0156", Age.STABLE: "istio:IST0172"}


@check(OldDefinition)
def gateway_definition_old(definition: OldDefinition, options: Options) -> Iterator[Observation]:
    """A definition whose kind Istio does not read, or soon will not."""
    is_release = definition.age is Age.RELEASE
    yield observe(
        definition.node.value_place() if is_release else definition.node.place(),
        definition.age.value,
        related=[head(definition.base)],
        identity=(definition.age.value,),
        aliases=[_ALIASES[definition.age]],
        name=definition.name,
        wanted=definition.wanted,
        found=definition.found,
    )
