"""Definitions of the Gateway API among the files, and what Istio needs of them.

Source: Istio's checks before an upgrade, and the releases of the Gateway API from which on it reads a kind,
as of November 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject, ObjectFacet
from archlint.model.kubernetes.ingresses import GATEWAYS
from archlint.model.world import World

BUNDLE = "gateway.networking.k8s.io/bundle-version"
"""The annotation with the release that a definition is of."""
_RELEASE = regex(r"v?([0-9]{1,6})\.([0-9]{1,6})(?:\.([0-9]{1,6}))?")
_LEAST: Mapping[str, tuple[int, int, int]] = {
    "GRPCRoute": (1, 1, 0),
    "BackendTLSPolicy": (1, 4, 0),
    "TLSRoute": (1, 5, 0),
    "TCPRoute": (1, 6, 0),
}
_BETA = frozenset({"Gateway", "GatewayClass", "HTTPRoute", "ReferenceGrant"})
_STABLE = frozenset({"Gateway", "GatewayClass", "HTTPRoute", "GRPCRoute"})


class Age(StrEnum):
    """What a definition lacks."""

    RELEASE = "release"
    """It is of a release before the first one whose kind Istio reads."""
    BETA = "beta"
    """It does not serve ``v1beta1``."""
    STABLE = "stable"
    """It does not serve ``v1``."""


@dataclass(frozen=True)
class OldDefinition(ObjectFacet):
    """A definition of a kind of the Gateway API that is too old."""

    age: Age
    node: Node
    wanted: str
    found: str

    @classmethod
    def all(cls, world: World) -> Iterator[OldDefinition]:
        """All of them, each for each thing that it lacks."""
        for item in world.all(KubernetesObject):
            if item.kind == "CustomResourceDefinition" and item.get("spec", "group").text == GATEWAYS:
                yield from cls._of(item)

    @classmethod
    def _of(cls, item: KubernetesObject) -> Iterator[OldDefinition]:
        kind = item.get("spec", "names", "kind").text or ""
        bundle, least = item.get("metadata", "annotations", BUNDLE), _LEAST.get(kind)
        release = _RELEASE.match(bundle.text or "")
        if release and least and tuple(int(part or 0) for part in release.groups()) < least:
            yield cls(item, Age.RELEASE, bundle, ".".join(map(str, least)), bundle.text or "")
        versions = item.get("spec", "versions")
        names = [node.get("name").text or "" for node in versions.elements()]
        for age, kinds, wanted in ((Age.BETA, _BETA, "v1beta1"), (Age.STABLE, _STABLE, "v1")):
            if names and kind in kinds and wanted not in names:
                yield cls(item, age, versions, wanted, ", ".join(names))
