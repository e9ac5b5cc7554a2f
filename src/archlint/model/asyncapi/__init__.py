"""AsyncAPI documents: their objects, and what the published schemas say of them."""

from archlint.model.asyncapi.descriptions import AsyncDescription, Described
from archlint.model.asyncapi.pieces import AsyncObject, Piece, Pieces, is_reference

__all__ = ["AsyncDescription", "AsyncObject", "Described", "Piece", "Pieces", "is_reference"]
