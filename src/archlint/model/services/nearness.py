"""Which of several objects of one name somebody means: those that are applied together with the asker."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.sets import DeploymentSets


def fits(item: KubernetesObject, namespace: str | None) -> bool:
    """Whether an object may be in a namespace; an unknown one fits every other."""
    return namespace is None or item.namespace is None or item.namespace == namespace


def nearest(
    sets: DeploymentSets,
    asker: KubernetesObject,
    candidates: Iterable[KubernetesObject],
    namespace: str | None,
) -> list[KubernetesObject]:
    """The candidates that fit a namespace: of the asker's own deployment sets if there are any, else all."""
    fitting = [item for item in candidates if fits(item, namespace)]
    own = sets.paths_beside(asker)
    near = [item for item in fitting if item.source.path in own]
    return near or fitting
