"""Which findings other tools would give as well: they read fewer kinds of object than archlint does.

Source: the parsers of kube-score (`parser/parse.go`) and kube-linter (`pkg/objectkinds/deploymentlike.go`).
Polaris finds pod specs in objects of any kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from archlint.finding import ObjectRef, Place

_NOT_READ = {
    "kube-score": frozenset(
        {
            *("ReplicaSet", "ReplicationController", "PodTemplate", "DeploymentConfig"),
            *("Rollout", "CloneSet", "ScaledJob"),
        }
    ),
    "kube-linter": frozenset({"PodTemplate", "Rollout", "CloneSet", "ScaledJob"}),
}


def names_elsewhere(names: Sequence[str], about: ObjectRef | None, place: Place) -> tuple[str, ...]:
    """Those of a finding's names under which other tools would report it of this object."""
    if about is None or not names:
        return tuple(names)
    # A Service that runs pods is Knative's; no other tool reads those.
    is_knative = about.kind == "Service" and "template" in place.route
    return _read_by(tuple(names), about.kind, is_knative)


@cache
def _read_by(names: tuple[str, ...], kind: str, is_knative: bool) -> tuple[str, ...]:
    return tuple(
        name
        for name in names
        if not ((tool := name.partition(":")[0]) in _NOT_READ and (is_knative or kind in _NOT_READ[tool]))
    )
