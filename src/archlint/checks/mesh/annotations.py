"""Annotations for Istio that do nothing, or whose days are counted."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from archlint.checks import Observation, Options, check, observe
from archlint.checks.mesh.heads import head
from archlint.finding.words import listed
from archlint.model.istio.annotations import IstioAnnotation
from archlint.model.istio.known_annotations import ANNOTATIONS

_SEEN_BY_ISTIOCTL = frozenset({"Namespace", "Service", "Pod", "Deployment"})
_LONGEST = 100
"""Characters of a key that is held against known ones."""


@check(IstioAnnotation)
def mesh_annotation_unknown(annotation: IstioAnnotation, options: Options) -> Iterator[Observation]:
    """A key of Istio's domain that Istio does not know."""
    if annotation.is_unknown:
        near = get_close_matches(annotation.key[:_LONGEST], ANNOTATIONS, n=1, cutoff=0.8)
        yield _told(annotation, "near" if near else "default", "istio:IST0108", next(iter(near), ""))


@check(IstioAnnotation)
def mesh_annotation_misplaced(annotation: IstioAnnotation, options: Options) -> Iterator[Observation]:
    """A key that does not count on what carries it."""
    if annotation.is_misplaced and annotation.known is not None:
        message = "pods" if annotation.template is not None and annotation.is_for_pods else "default"
        kinds = listed(sorted(annotation.known.kinds))
        yield _told(annotation, message, "istio:IST0107", kinds)


@check(IstioAnnotation)
def mesh_annotation_invalid(annotation: IstioAnnotation, options: Options) -> Iterator[Observation]:
    """A value that Istio does not understand."""
    problem = annotation.problem
    if problem is not None:
        yield _told(annotation, "default", "istio:IST0125", problem)


@check(IstioAnnotation)
def mesh_annotation_deprecated(annotation: IstioAnnotation, options: Options) -> Iterator[Observation]:
    """A key that Istio means to drop."""
    if annotation.known is not None and annotation.known.is_deprecated:
        yield _told(annotation, "default", "istio:IST0135")


@check(IstioAnnotation)
def mesh_annotation_alpha(annotation: IstioAnnotation, options: Options) -> Iterator[Observation]:
    """A key that may change from one release to the next."""
    if annotation.known is not None and annotation.known.is_alpha:
        yield _told(annotation, "default", "istio:IST0136")


def _told(annotation: IstioAnnotation, message: str, alias: str, said: str = "") -> Observation:
    """``said`` is what the message of the rule has besides."""
    is_value = message == "default" and alias == "istio:IST0125"
    return observe(
        annotation.node.value_place() if is_value else annotation.node.place(),
        message,
        related=[head(annotation.base)],
        aliases=[alias] if annotation.kind in _SEEN_BY_ISTIOCTL else [],
        kind=annotation.kind,
        name=annotation.name,
        key=annotation.key,
        said=said,
        value=annotation.text,
    )
