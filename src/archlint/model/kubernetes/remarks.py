"""What kube-score remarks about an object, as a model object that a rule can report."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import ObjectFacet
from archlint.model.world import World


@dataclass(frozen=True)
class Remark(ObjectFacet):
    """One comment of a kube-score check that an object did not pass."""

    check: str
    """The id of the check, such as ``service-type``."""
    path: str
    """What of the object is meant, as kube-score says it: a container, a label, an Ingress path, or empty."""
    summary: str
    advice: str
    is_critical: bool
    """Whether kube-score grades it CRITICAL, else WARNING."""

    @classmethod
    def all(cls, world: World) -> Iterable[Remark]:
        """None: the program runs only when asked, and ``World.supply`` then brings what it says."""
        return ()
