"""Requests and limits of containers: present, and within sensible bounds."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.model.kubernetes import Container


@check(Container)
def memory_limit_missing(container: Container, options: Options) -> Iterator[Observation]:
    """A container that runs for long without ``resources.limits.memory``."""
    limit = container.get("resources", "limits", "memory")
    if container.role in ("main", "sidecar") and not limit.is_set:
        yield observe(limit.place(), container=container.name)
