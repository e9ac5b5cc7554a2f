"""How the values of a schema are written where it stands: as JSON, as text, as fields of a form."""

from __future__ import annotations

from archlint.finding.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Serialization:
    """How values are written.

    ``text``: as text, so a string takes whatever a number or boolean looks like, and an array of one item
    looks like the item. ``fields``: the members are such text, the value itself is none (a form).
    ``joined``: the items of an array are one text, as with a comma between them, and not repeated.
    """

    text: bool = False
    fields: bool = False
    joined: bool = False

    def member(self) -> Serialization:
        """How a member of an object is written that is written so."""
        return replace(self, text=True, fields=False) if self.fields else self


BODY = Serialization()
"""JSON, and whatever else keeps types."""
FORM = Serialization(fields=True)
"""``application/x-www-form-urlencoded`` and ``multipart/form-data``: each member is a field."""


def parameter(location: str, style: str | None = None, explode: bool | None = None) -> Serialization:
    """How the value of a parameter or header is written: by its ``in``, ``style`` and ``explode``.

    The defaults are those of OpenAPI: ``form`` in queries and cookies, ``simple`` in paths and headers;
    ``form`` repeats the name for each item, all others join items.
    """
    shown = style or ("form" if location in ("query", "cookie", "querystring") else "simple")
    repeats = shown in ("form", "multi", "deepObject") if explode is None else explode and shown != "simple"
    return Serialization(text=True, joined=not repeats)
