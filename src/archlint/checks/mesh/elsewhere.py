"""What objects of the mesh name and the files do not have."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.model.istio.elsewhere import Lacking, LackingReference
from archlint.model.world import World

_ALIASES = {
    Lacking.RULE_HOST: ["istio:IST0174", "kiali:KIA0202"],
    Lacking.PORT: ["istio:IST0162"],
    Lacking.NAMESPACE: ["istio:IST0101", "kiali:KIA0101"],
}


@join(LackingReference)
def mesh_reference_elsewhere(
    reference: LackingReference, world: World, options: Options
) -> Iterator[Observation]:
    """A name of a gateway, host, subset, secret, namespace or port that no file has."""
    place = reference.node.place() if reference.node.is_map else reference.node.value_place()
    yield observe(
        place,
        reference.what.value,
        related=[head(reference.base)],
        identity=(reference.what.value, reference.text),
        aliases=_aliases(reference),
        kind=reference.kind,
        name=reference.name,
        text=reference.text,
    )


def _aliases(reference: LackingReference) -> list[str]:
    if reference.what is not Lacking.PODS:
        return _ALIASES.get(reference.what, ["istio:IST0101"])
    match reference.kind:
        case "AuthorizationPolicy":
            return ["istio:IST0127", "kiali:KIA0004"]
        case "Gateway":
            return ["istio:IST0101", "kiali:KIA0302"]
        case "Sidecar" | "Telemetry":
            return ["istio:IST0101", "kiali:KIA0004"]
    return ["kiali:KIA0004"]
