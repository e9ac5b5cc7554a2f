"""The drafts of JSON Schema, and which keywords mean something in each.

Source: https://json-schema.org/specification-links and the release notes that it leads to.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from archlint.documents import Node


class Draft(IntEnum):
    """A version of JSON Schema."""

    D4 = 4
    D6 = 6
    D7 = 7
    D2019 = 2019
    D2020 = 2020

    @property
    def reads_beside_references(self) -> bool:
        """Whether what stands beside a ``$ref`` counts."""
        return self >= Draft.D2019

    @property
    def asserts_formats(self) -> bool:
        """Whether a value fails a ``format``; later ones only note it unless a vocabulary says otherwise."""
        return self <= Draft.D7


_BY_WORD = {
    "draft-03": Draft.D4,
    "draft-04": Draft.D4,
    "draft-06": Draft.D6,
    "draft-07": Draft.D7,
    "2019-09": Draft.D2019,
    "2020-12": Draft.D2020,
}
_OF_OLD_ONES = ("definitions", "dependencies", "additionalItems")
"""Keywords that schemas have which were written for draft 7 or before."""

SINCE: Mapping[str, Draft] = {
    "const": Draft.D6,
    "contains": Draft.D6,
    "propertyNames": Draft.D6,
    "if": Draft.D7,
    "then": Draft.D7,
    "else": Draft.D7,
    "minContains": Draft.D2019,
    "maxContains": Draft.D2019,
    "dependentRequired": Draft.D2019,
    "dependentSchemas": Draft.D2019,
    "unevaluatedItems": Draft.D2019,
    "unevaluatedProperties": Draft.D2019,
    "prefixItems": Draft.D2020,
}
"""The first draft that knows a keyword; the others are in all."""


def draft_of(root: Node) -> Draft:
    """The draft of a document; of one that does not say it the one whose keywords it uses, else the last."""
    stated = stated_draft(root.get("$schema").text or "")
    if stated is not None:
        return stated
    return Draft.D7 if any(root.get(name).exists for name in _OF_OLD_ONES) else Draft.D2020


def stated_draft(text: str) -> Draft | None:
    """The draft that the address of a schema, or the name of a format, speaks of."""
    return next((draft for word, draft in _BY_WORD.items() if word in text), None)
