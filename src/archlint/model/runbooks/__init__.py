"""Commands in documentation, and what they name."""

from archlint.model.runbooks.argocd import RefusedRollback
from archlint.model.runbooks.commands import NamedWorkload
from archlint.model.runbooks.outdated import OutdatedCommand

__all__ = ["NamedWorkload", "OutdatedCommand", "RefusedRollback"]
