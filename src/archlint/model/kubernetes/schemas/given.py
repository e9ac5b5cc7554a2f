"""Schemas that somebody names besides those of the repository: what is asked of where they come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from archlint.documents import Document


class SchemaSource(Protocol):
    """Folders with schemas."""

    def schema(self, api_version: str, kind: str) -> Document | None:
        """The JSON schema of a kind."""

    def definitions(self) -> Iterable[Document]:
        """The documents of all manifests, in which CustomResourceDefinitions may be."""
