"""Kinds that nobody serves in a group of Kubernetes' own: misspelt ones, and those of other versions."""

from __future__ import annotations

from functools import lru_cache

from archlint.documents.kubernetes.definitions import definitions
from archlint.finding.records import dataclass
from archlint.model.kubernetes.api_versions import is_retired, retirement
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.schemas.builtin import builtin_kinds


@dataclass(frozen=True, slots=True)
class KindFault:
    """Why a kind is not served."""

    message: str
    key: str
    """The key to change."""
    known: str
    """What is served in its place, or the version of Kubernetes from which on or up to which it is."""


@lru_cache(maxsize=512)
def kind_fault(api_version: str, kind: str, minor: int) -> KindFault | None:
    """Why Kubernetes 1.minor does not serve a kind; ``None`` if that is told by other rules, or unknown."""
    known = definitions()
    if not known.oldest <= minor <= known.newest:
        return None
    every = builtin_kinds()
    group = api_version.rpartition("/")[0]
    gone = retirement(api_version, kind)
    is_own = group in every or is_retired(api_version)
    if not is_own or kind.endswith("List") or (gone is not None and gone.removed is not None):
        return None
    versions = known.versions_of(api_version, kind)
    if versions:
        if versions[0] > minor:
            return KindFault("later", "apiVersion", f"1.{versions[0]}")
        return KindFault("gone", "apiVersion", f"1.{max(each for each in versions if each < minor)}")
    elsewhere = _served(kind, minor)
    if elsewhere:
        return KindFault("elsewhere", "apiVersion", min(elsewhere, key=_order))
    served = {name for name, in_versions in every.get(group, {}).items() if api_version in in_versions}
    near = _similar(tuple(sorted(served))).nearest(kind)
    if near is not None:
        return KindFault("similar", "kind", near)
    # others put kinds of their own into the core group, and nobody but the server knows them
    return KindFault("default", "kind", "") if group else None


def _served(kind: str, minor: int) -> list[str]:
    """The API versions in which a kind is served."""
    return [
        version
        for kinds in builtin_kinds().values()
        for version in kinds.get(kind, ())
        if definitions().type_of(version, kind, minor) is not None
    ]


def _order(api_version: str) -> tuple[bool, bool, str]:
    """Stable versions first, then those in beta."""
    return "alpha" in api_version, "beta" in api_version, api_version


@lru_cache(maxsize=64)
def _similar(names: tuple[str, ...]) -> SimilarNames:
    return SimilarNames(names)
