"""OpenAPI contracts: paths, operations and what they refer to."""

from archlint.model.openapi.contracts import METHODS, Contract, Dialect, PathItem, server_paths
from archlint.model.openapi.elements import Role, types_of
from archlint.model.openapi.operations import (
    HIDDEN,
    Body,
    Direction,
    Operation,
    Parameter,
    Response,
    never_has_body,
    operations_of,
)
from archlint.model.openapi.references import Broken, References, Resolved, reference_text
from archlint.model.openapi.walk import references_in

__all__ = [
    "HIDDEN",
    "METHODS",
    "Body",
    "Broken",
    "Contract",
    "Dialect",
    "Direction",
    "Operation",
    "Parameter",
    "PathItem",
    "References",
    "Resolved",
    "Response",
    "Role",
    "never_has_body",
    "operations_of",
    "reference_text",
    "references_in",
    "server_paths",
    "types_of",
]
