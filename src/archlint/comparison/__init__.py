"""Base and revision of contracts as typed changes; judging them is the checks' task."""

from archlint.comparison.terms import ComparisonTerms, Compatibility, Failures
from archlint.comparison.worlds import Change, compare_worlds

__all__ = ["Change", "ComparisonTerms", "Compatibility", "Failures", "compare_worlds"]
