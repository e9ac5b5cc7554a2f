"""How the types and formats of two schemas contain each other."""

from __future__ import annotations

from archlint.comparison.openapi.changes import Containment, Usage
from archlint.comparison.openapi.schema_changes import ANY_TYPE, TypeFacts
from archlint.comparison.openapi.views import ALL_TYPES, View
from archlint.finding.records import dataclass

_ASSERTED = frozenset(
    (
        *("date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4"),
        *("ipv6", "uri", "uri-reference", "iri", "iri-reference", "uuid", "byte", "binary", "base64"),
        *("int32", "int64", "float", "double", "json-pointer", "regex", "uri-template"),
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
}
"""Formats whose values all belong to another format."""
_MACHINE_NUMBERS = frozenset((None, "int64", "double", "float"))
"""To add or drop one of these says how most readers hold the number already, not which numbers are meant."""
_ENCODINGS = {"byte": "contentEncoding", "base64": "contentEncoding", "binary": "contentMediaType"}
"""Formats for which JSON Schema 2020-12 has keywords."""
_TEXT_SLOTS = frozenset(
    (
        *(Usage.PARAMETER, Usage.HEADER_PARAMETER, Usage.HEADER, Usage.HEADER_PART),
        *(Usage.WEBHOOK_PARAMETER, Usage.WEBHOOK_HEADER, Usage.WEBHOOK_HEADER_PART),
        *(Usage.UNNAMED_TEXT, Usage.CALLBACK_TEXT),
        *(Usage.PLAIN_BODY, Usage.WEBHOOK_PLAIN),
    )
)
_OTHER_MEDIA = frozenset(
    (
        *(Usage.TEXT_BODY, Usage.TEXT_PROPERTY, Usage.WEBHOOK_TEXT, Usage.WEBHOOK_TEXT_PROPERTY),
        Usage.CALLBACK_FORM,
    )
)


@dataclass(frozen=True, slots=True)
class TypeDifference:
    """The types of two schemas that differ, in words, and how their values relate."""

    old: str
    new: str
    accepts: Containment
    is_format_only: bool = False
    is_apart: bool = False
    """Whether no type is common to both."""


def type_facts(view: View) -> TypeFacts:
    """What a schema states literally about its types."""
    stated = None if view.type_node is None else view.type_node.value
    names = [stated] if isinstance(stated, str) else stated if isinstance(stated, list) else []
    types = tuple(name for name in names if isinstance(name, str))
    listed, choice = view.alternatives
    return TypeFacts(types, view.text("format") or "", listed, choice)


def compare_types(base: View, revision: View, usage: Usage) -> TypeDifference | None:
    """The difference of types and format; ``None`` if there is none that means anything."""
    if base.foreign_types != revision.foreign_types:
        return None  # nobody can tell what it demands; told with the schema as a whole
    old, new = _values_of(base.types), _values_of(revision.types)
    names = (_say(base), _say(revision))
    is_apart = not old & new
    if old == new:
        accepts = _compare_formats(base, revision)
        if accepts is None:
            return None
        return TypeDifference(*names, accepts, is_format_only=True)
    if usage in _TEXT_SLOTS and (_takes_any_text(base) or _takes_any_text(revision)):
        return TypeDifference(*names, _compare_texts(base, revision, old | new), is_apart=is_apart)
    if usage in _OTHER_MEDIA and "string" in old | new:
        return TypeDifference(*names, Containment.UNKNOWN, is_apart=is_apart)
    if old < new:
        return TypeDifference(*names, Containment.WIDER)
    if new < old:
        return TypeDifference(*names, Containment.NARROWER)
    return TypeDifference(*names, Containment.INCOMPARABLE, is_apart=is_apart)


def compare_formats(base: View, revision: View) -> TypeDifference | None:
    """The difference of formats beside one of types; ``None`` if it says nothing by itself."""
    accepts = _compare_formats(base, revision)
    common = _values_of(base.types) & _values_of(revision.types)
    if accepts is None or accepts is Containment.UNKNOWN or not common:
        return None
    types = " or ".join(sorted(common - ({"integer"} if "number" in common else set())))
    old, new = (f"{types} ({view.text('format')})" if _format(view) else types for view in (base, revision))
    return TypeDifference(old, new, accepts, is_format_only=True)


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
    if base.text("format") == revision.text("format") or _is_encoding(base, revision):
        return None
    if old == new or {old, new} <= _MACHINE_NUMBERS:
        return Containment.UNKNOWN
    if old is None or new is None:  # a format that nobody checks is as good as none
        return Containment.NARROWER if old is None else Containment.WIDER
    if (old, new) in _INSIDE:
        return Containment.WIDER
    return Containment.NARROWER if (new, old) in _INSIDE else Containment.INCOMPARABLE


def _is_encoding(base: View, revision: View) -> bool:
    """Whether one side says by ``format``, the other by keywords of 3.1, how bytes are written."""
    for one, other in ((base, revision), (revision, base)):
        keyword = _ENCODINGS.get(one.text("format") or "")
        if keyword is not None and other.text("format") is None and keyword in other.keywords:
            return True
    return False


def _say(view: View) -> str:
    if view.types is None:
        return ANY_TYPE
    types = " or ".join(sorted(view.types)) or "null"
    shown = view.text("format")
    return f"{types} ({shown})" if shown and len(view.types) <= 1 else types
