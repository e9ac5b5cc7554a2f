"""Changes of manifests that the API server refuses on objects that are there already."""

from archlint.comparison.manifests.changes import FixedFieldChange
from archlint.comparison.manifests.compare import compare

__all__ = ["FixedFieldChange", "compare"]
