"""The related place that findings about objects of the mesh have in common."""

from __future__ import annotations

from archlint.finding import Place
from archlint.model.kubernetes import KubernetesObject


def head(item: KubernetesObject) -> tuple[Place, str]:
    """Where an object begins, so that a report names it by its first line, as istioctl does, and a
    suppression may stand above it."""
    return item.get("apiVersion").place(), f"{item.kind} '{item.name}' begins here"
