"""Components of AsyncAPI documents that nothing refers to, in their document or in another of the
repository."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.oas.component_uses import component_references, is_referred_to
from archlint.model.asyncapi import AsyncDescription
from archlint.model.world import World

_KINDS = (
    *("schemas", "servers", "messages", "parameters", "securitySchemes", "channels", "operations"),
    *("operationTraits", "messageTraits", "correlationIds", "replies", "replyAddresses", "serverVariables"),
    *("serverBindings", "channelBindings", "operationBindings", "messageBindings"),
)
_KNOWN = {
    "schemas": ("spectral:asyncapi-unused-components-schema",),
    "servers": ("spectral:asyncapi-unused-components-server",),
}


@join(AsyncDescription)
def asyncapi_component_unused(
    description: AsyncDescription, world: World, options: Options
) -> Iterator[Observation]:
    """Each component without a reference to it, from wherever; schemes of version 2 go by their names."""
    uses = world.fact(component_references).get(description.document.path)
    named = set() if description.is_third else _requirements(description)
    for kind in _KINDS:
        for name, entry in description.root.get("components", kind).items():
            is_named = kind == "securitySchemes" and name in named
            if name.startswith("x-") or is_named or (uses is not None and is_referred_to(entry, uses)):
                continue
            yield observe(entry.place(), aliases=_KNOWN.get(kind, ()), name=name, kind=kind)


def _requirements(description: AsyncDescription) -> set[str]:
    return {
        name
        for each in description.pieces.all
        for requirement in each.node.get("security").elements()
        for name, _ in requirement.items()
    }
