"""AsyncAPI documents: their objects, and what the published schemas say of them."""

from archlint.model.asyncapi.descriptions import AsyncDescription, Described
from archlint.model.asyncapi.pieces import (
    AsyncObject,
    AsyncReference,
    Piece,
    Pieces,
    is_reference,
    is_replaced,
)

__all__ = [
    "AsyncDescription",
    "AsyncObject",
    "AsyncReference",
    "Described",
    "Piece",
    "Pieces",
    "is_reference",
    "is_replaced",
]
