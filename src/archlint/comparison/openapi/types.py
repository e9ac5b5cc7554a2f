"""How the types and formats of two schemas contain each other."""

from __future__ import annotations

from dataclasses import dataclass

from archlint.comparison.openapi.changes import Containment, Slot
from archlint.comparison.openapi.schema_changes import ANY_TYPE
from archlint.comparison.openapi.views import ALL_TYPES, View

_ASSERTED = frozenset(
    (
        *("date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4"),
        *("ipv6", "uri", "uri-reference", "iri", "iri-reference", "uuid", "byte", "binary", "base64"),
        *("int32", "int64", "float", "double", "json-pointer", "regex", "uri-template", "decimal"),
    )
)
"""Formats that say which values are meant; what others mean is between the author and the reader."""
_INSIDE = {
    ("int32", "int64"),
    ("float", "double"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri", "iri-reference"),
    ("uri-reference", "iri-reference"),
    ("iri", "iri-reference"),
    ("int32", "double"),
    ("int32", "decimal"),
    ("int64", "decimal"),
    ("float", "decimal"),
    ("double", "decimal"),
}
"""Formats whose values all belong to another format."""
_MACHINE_NUMBERS = frozenset((None, "int64", "double", "float"))
"""To add or drop one of these says how most readers hold the number already, not which numbers are meant."""
_TEXT_SLOTS = frozenset(
    (
        *(Slot.PARAMETER, Slot.HEADER_PARAMETER, Slot.HEADER),
        *(Slot.WEBHOOK_PARAMETER, Slot.WEBHOOK_HEADER, Slot.UNNAMED_TEXT),
    )
)


@dataclass(frozen=True, slots=True)
class TypeDifference:
    """The types of two schemas that differ, in words, and how their values relate."""

    old: str
    new: str
    accepts: Containment
    is_format_only: bool = False
    is_list: bool = False


def compare_types(base: View, revision: View, slot: Slot) -> TypeDifference | None:
    """The difference of types and format; ``None`` if there is none that means anything."""
    old, new = _values_of(base.types), _values_of(revision.types)
    names = (_say(base), _say(revision))
    is_list = base.is_list or revision.is_list
    if old == new:
        accepts = _compare_formats(base, revision)
        if accepts is None:
            return None
        return TypeDifference(*names, accepts, is_format_only=True, is_list=is_list)
    if slot in _TEXT_SLOTS and (_takes_any_text(base) or _takes_any_text(revision)):
        return TypeDifference(*names, _compare_texts(base, revision, old | new), is_list=is_list)
    if slot is Slot.TEXT_BODY and "string" in old | new:
        return TypeDifference(*names, Containment.UNKNOWN, is_list=is_list)
    if old < new:
        return TypeDifference(*names, Containment.WIDER, is_list=is_list)
    if new < old:
        return TypeDifference(*names, Containment.NARROWER, is_list=is_list)
    return TypeDifference(*names, Containment.INCOMPARABLE, is_list=is_list)


def _values_of(types: frozenset[str] | None) -> frozenset[str]:
    if types is None:
        return ALL_TYPES
    return types | {"integer"} if "number" in types else types


def _takes_any_text(view: View) -> bool:
    """Whether a parameter takes every text: then a number written out is welcome too."""
    plain = not {"pattern", "enum", "const", "minLength", "maxLength"} & view.keywords.keys()
    return view.types is not None and "string" in view.types and plain and _format(view) is None


def _compare_texts(base: View, revision: View, types: frozenset[str]) -> Containment:
    """How two parameters relate one of which takes every text; lists and maps may be several texts."""
    both = _takes_any_text(base) and _takes_any_text(revision)
    if both or types & {"array", "object"}:
        return Containment.UNKNOWN
    return Containment.WIDER if _takes_any_text(revision) else Containment.NARROWER


def _format(view: View) -> str | None:
    text = view.text("format")
    return text if text in _ASSERTED else None


def _compare_formats(base: View, revision: View) -> Containment | None:
    old, new = _format(base), _format(revision)
    if old == new or base.text("format") == revision.text("format"):
        return None
    if {old, new} <= _MACHINE_NUMBERS:
        return None
    if old is None:
        return Containment.NARROWER if base.text("format") is None else Containment.UNKNOWN
    if new is None:
        return Containment.WIDER if revision.text("format") is None else Containment.UNKNOWN
    if (old, new) in _INSIDE:
        return Containment.WIDER
    return Containment.NARROWER if (new, old) in _INSIDE else Containment.INCOMPARABLE


def _say(view: View) -> str:
    if view.types is None:
        return ANY_TYPE
    types = " or ".join(sorted(view.types)) or "null"
    shown = view.text("format")
    return f"{types} ({shown})" if shown and len(view.types) <= 1 else types
