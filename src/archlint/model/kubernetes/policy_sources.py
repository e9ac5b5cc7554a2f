"""Whether a repository holds policies at all, before anything of them is read."""

from __future__ import annotations

from archlint.model.kubernetes.admission_policies import AdmissionPolicy
from archlint.model.world import World


def has_policies(world: World) -> bool:
    """Whether there is a policy in the world."""
    return bool(world.all(AdmissionPolicy))
