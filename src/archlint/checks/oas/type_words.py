"""What oasdiff calls a change of types: generalized, specialized, compatible or just changed.

It compares the types and formats that a schema states literally, in the words below; archlint's own verdict
compares sets of values and is made elsewhere.
"""

from __future__ import annotations

from archlint.checks.oas.names import TEXT_USAGES
from archlint.comparison.openapi.changes import Usage
from archlint.comparison.openapi.schema_changes import TypeFacts

_WIDER_FORMATS = {
    "number": {("float", "double")},
    "integer": {("int32", "int64"), ("int32", "bigint"), ("int64", "bigint")},
    "string": {("date", "date-time"), ("time", "date-time")},
}
"""For each type, formats and those that count as wider there."""


def list_word(before: TypeFacts, after: TypeFacts, prefix: str) -> str:
    """Whether a list of types counts as narrowed or widened; in doubt as what is worse."""
    old, new = before.listed or frozenset(), after.listed or frozenset()
    is_narrowed = bool(old - new) if prefix.startswith("request") else not new - old
    return f"list-of-types-{'narrowed' if is_narrowed else 'widened'}"


def type_word(before: TypeFacts, after: TypeFacts, usage: Usage, prefix: str) -> list[str]:
    """The one word for a change of types and format, if there is one."""
    added, removed = set(after.types) - set(before.types), set(before.types) - set(after.types)
    if not added and not removed and before.format == after.format:
        return []
    if added | removed <= {"null"} and before.format == after.format:
        return []  # null has words of its own
    is_text = usage in TEXT_USAGES
    if prefix == "request-parameter-property":
        return [_nested_word(before, after)]
    if prefix == "request-parameter":
        return ["type-changed" if _breaks(before, after, is_text=True) else "type-generalized"]
    if prefix.startswith("request"):
        return [_request_word(before, after, is_text)]
    return [_response_word(before, after, is_text)]


def _request_word(before: TypeFacts, after: TypeFacts, is_text: bool) -> str:
    is_wider, differ = _is_inside(before.types, after.types), set(before.types) != set(after.types)
    is_open = differ and not after.types
    if not is_open and _breaks(before, after, is_text=is_text, skip_types=is_wider):
        return "type-changed"
    is_swap = differ and before.types and after.types and not is_wider
    return "type-compatible" if is_swap else "type-generalized"


def _response_word(before: TypeFacts, after: TypeFacts, is_text: bool) -> str:
    is_narrower, differ = _is_inside(after.types, before.types), set(before.types) != set(after.types)
    is_open = differ and not before.types
    if not is_open and _breaks(after, before, is_text=is_text, skip_types=is_narrower):
        is_wider = differ and _is_inside(before.types, after.types)
        return "type-generalized" if is_wider else "type-changed"
    is_swap = differ and before.types and after.types and not is_narrower
    return "type-compatible" if is_swap else "type-specialized"


def _nested_word(before: TypeFacts, after: TypeFacts) -> str:
    """Whether a property of a parameter is text or JSON depends on how it is written."""
    as_json, as_text = (_breaks(before, after, is_text=is_text) for is_text in (False, True))
    if as_json is not as_text:
        return "type-changed"
    return "type-specialized" if as_json else "type-generalized"


def _breaks(before: TypeFacts, after: TypeFacts, *, is_text: bool, skip_types: bool = False) -> bool:
    added, removed = set(after.types) - set(before.types), set(before.types) - set(after.types)
    differ = bool(added or removed) and not skip_types
    return (differ and not _takes(added, removed, is_text)) or not _takes_format(before, after)


def _takes(added: set[str], removed: set[str], is_text: bool) -> bool:
    if added == {"number"} and removed == {"integer"}:
        return True
    return is_text and (not added or added == {"string"})


def _takes_format(before: TypeFacts, after: TypeFacts) -> bool:
    if before.format == after.format or not after.format:
        return True
    if len(after.types) != 1:
        return False
    return (before.format, after.format) in _WIDER_FORMATS.get(after.types[0], set())


def _is_inside(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    """Whether the types of the one are among those of the other; to state none is no list of types."""
    if not inner or set(inner) == set(outer):
        return False
    return all(name in outer or (name == "integer" and "number" in outer) for name in inner)
