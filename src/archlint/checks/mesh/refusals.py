"""What Istio refuses in its objects, and what it takes with a warning."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.model.istio.refusals import RefusedMeshField
from archlint.model.world import World

NEEDS = ("istio.io", "gateway.networking.k8s.io")


@join(RefusedMeshField)
def mesh_object_refused(refusal: RefusedMeshField, world: World, options: Options) -> Iterator[Observation]:
    """A field, word or combination that Istio refuses."""
    if not refusal.refused.is_accepted:
        yield _told(refusal)


@join(RefusedMeshField)
def mesh_object_doubtful(refusal: RefusedMeshField, world: World, options: Options) -> Iterator[Observation]:
    """A setting that Istio takes with a warning."""
    if refusal.refused.is_accepted:
        yield _told(refusal)


def _told(refusal: RefusedMeshField) -> Observation:
    refused = refusal.refused
    other = [] if refused.other is None or not refused.other.is_set else [refused.other]
    return observe(
        refused.node.place(),
        related=[*((node.place(), "does not go with this") for node in other), head(refusal.base)],
        aliases=None if refusal.is_of_istio else (),
        kind=refusal.kind,
        name=refusal.name,
        problem=refused.problem,
        remedy=refused.remedy,
    )
