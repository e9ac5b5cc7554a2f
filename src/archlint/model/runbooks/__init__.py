"""Commands in documentation, and what they name."""

from archlint.model.runbooks.commands import NamedWorkload

__all__ = ["NamedWorkload"]
