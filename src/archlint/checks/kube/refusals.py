"""What the API server refuses although the schema allows it; one rule for each kind of cause."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents.charts.empty_ends import lacks_an_end
from archlint.finding import Route, Severity
from archlint.model.kubernetes.hidden_marks import has_hidden_mark
from archlint.model.kubernetes.validation import Cause, RefusedField


@check(RefusedField)
def name_refused(refusal: RefusedField, options: Options) -> Iterator[Observation]:
    """A name that objects, or parts of them, cannot have."""
    yield from _told(refusal, Cause.NAME)


@check(RefusedField)
def entry_doubled(refusal: RefusedField, options: Options) -> Iterator[Observation]:
    """Two entries of a list that must differ."""
    yield from _told(refusal, Cause.TWICE)


@check(RefusedField)
def number_out_of_range(refusal: RefusedField, options: Options) -> Iterator[Observation]:
    """A number that is too small or too large."""
    yield from _told(refusal, Cause.NUMBER)


@check(RefusedField)
def fields_contradict(refusal: RefusedField, options: Options) -> Iterator[Observation]:
    """Fields that exclude each other, or one that needs another."""
    yield from _told(refusal, Cause.CONFLICT)


@check(RefusedField)
def needed_field_missing(refusal: RefusedField, options: Options) -> Iterator[Observation]:
    """A field without which others mean nothing, unless a kustomization that is not built may add it."""
    yield from _told(refusal, Cause.LACKING)


@check(RefusedField)
def value_malformed(refusal: RefusedField, options: Options) -> Iterator[Observation]:
    """A text that has not the form that it must have."""
    yield from _told(refusal, Cause.FORMAT)


@check(RefusedField)
def object_too_large(refusal: RefusedField, options: Options) -> Iterator[Observation]:
    """More than fits into an object."""
    yield from _told(refusal, Cause.SIZE)


@check(RefusedField)
def resource_not_divisible(refusal: RefusedField, options: Options) -> Iterator[Observation]:
    """An amount of something that cannot be shared or divided."""
    yield from _told(refusal, Cause.AMOUNT)


def _told(refusal: RefusedField, cause: Cause) -> Iterator[Observation]:
    refused = refusal.refused
    if refused.cause is not cause or has_hidden_mark(refused.node) or lacks_an_end(refused.node):
        return
    other = refused.other
    yield observe(
        refused.node.place(),
        "accepted" if refused.is_accepted else "default",
        severity=Severity.WARNING if refused.is_accepted else None,
        related=[] if other is None else [(other.place(), refused.words or _WORDS[cause])],
        problem=refused.problem,
        remedy=refused.remedy,
        kind=refusal.kind,
        name=refusal.name,
        aliases=other_names(refusal.kind, refused.node.route[len(refusal.base.node.route) :]),
    )


def other_names(kind: str, route: Route) -> list[str]:
    """What other tools call it when a field is not as the server wants it."""
    name = _NAMES.get((kind, ".".join(step for step in route if isinstance(step, str))))
    return [] if name is None else [name]


_NAMES = {
    **{
        (kind, "spec.selector"): "kube-linter:mismatching-selector"
        for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
    },
    ("Ingress", "spec.rules.http.paths.backend"): "kube-score:ingress-targets-service",
    ("PodDisruptionBudget", "spec.maxUnavailable"): "kube-linter:pdb-max-unavailable",
    ("PodDisruptionBudget", "spec.minAvailable"): "kube-linter:pdb-min-available",
}
"""Names of other tools for a field that is missing, empty or malformed, by kind and way."""


_WORDS = {
    Cause.NAME: "see here",
    Cause.TWICE: "the other one",
    Cause.NUMBER: "compare this",
    Cause.CONFLICT: "does not go with this",
    Cause.LACKING: "see here",
    Cause.FORMAT: "see here",
    Cause.SIZE: "see here",
    Cause.AMOUNT: "the other amount",
}
"""What the other place is, where a law does not say."""
