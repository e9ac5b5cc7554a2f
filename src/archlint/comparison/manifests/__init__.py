"""Changes of manifests: what the API server refuses on objects that are there already, and what is gone."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.manifests.changes import FixedFieldChange
from archlint.comparison.manifests.compare import fixed_fields
from archlint.comparison.manifests.gone_services import GoneServiceNamed, gone_services
from archlint.comparison.terms import ComparisonTerms
from archlint.model.world import World

__all__ = ["FixedFieldChange", "GoneServiceNamed", "compare"]


def compare(
    base: World, revision: World, terms: ComparisonTerms
) -> Iterator[FixedFieldChange | GoneServiceNamed]:
    """All changes of manifests that rules judge."""
    yield from fixed_fields(base, revision, terms)
    yield from gone_services(base, revision)
