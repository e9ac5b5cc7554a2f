"""archlint: an architecture linter and contract checker."""

__version__ = "0.1.0"
