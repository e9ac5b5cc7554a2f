"""Changes of manifests: what the API server refuses on objects that are there already, what is gone, and what
running pods do not see."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.comparison.manifests.changes import FixedFieldChange
from archlint.comparison.manifests.compare import fixed_fields
from archlint.comparison.manifests.gone_services import GoneServiceNamed, gone_services
from archlint.comparison.manifests.unseen_configs import UnseenConfigChange, unseen_changes
from archlint.comparison.terms import ComparisonTerms
from archlint.model.world import World

__all__ = ["FixedFieldChange", "GoneServiceNamed", "UnseenConfigChange", "compare", "unseen_changes"]


def compare(
    base: World, revision: World, terms: ComparisonTerms
) -> Iterator[FixedFieldChange | GoneServiceNamed | UnseenConfigChange]:
    """All changes of manifests that rules judge."""
    yield from fixed_fields(base, revision, terms)
    yield from gone_services(base, revision)
    yield from unseen_changes(base, revision, terms.renames)
