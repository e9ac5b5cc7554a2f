"""All policies of a repository, whoever enforces them."""

from __future__ import annotations

from archlint.model.kubernetes.policies.admission_policies import AdmissionPolicy
from archlint.model.kubernetes.policies.kyverno_policies import kyverno_policies
from archlint.model.world import World


def every_policy(world: World) -> list[AdmissionPolicy]:
    """The policies of Kubernetes and of Kyverno."""
    return [*world.all(AdmissionPolicy), *world.fact(kyverno_policies)]
