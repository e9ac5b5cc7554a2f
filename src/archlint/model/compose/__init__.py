"""Docker Compose files: which of them make a project, and what they say of each service, with its place."""

from archlint.model.compose.dependencies import Dependency
from archlint.model.compose.services import ComposeService, ComposeVariable

__all__ = ["ComposeService", "ComposeVariable", "Dependency"]
