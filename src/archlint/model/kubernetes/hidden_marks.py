"""Placeholders that YAML takes for something else: ``name: ##NAME##`` for a comment, ``name: {name}`` for a
map. They say nothing before they are filled in.
"""

from __future__ import annotations

from archlint.documents import Document, Node
from archlint.finding.regex import regex

_MARK = regex(r"\s*(##+\w[\w.-]*##+|#\w[\w.-]*#|#\{[^}]*\}#?)(?:\s|\Z)")


def has_hidden_mark(node: Node) -> bool:
    """Whether a placeholder stands where a value is missing, or is the value."""
    if not node.exists:
        return False
    if node.is_map:
        return _is_braced(node)
    if node.is_set:
        return node.text is not None and _MARK.match(node.text) is not None
    place = node.place()
    document = place.source
    if not isinstance(document, Document):
        return False
    span = place.span()
    _, colon, rest = document.line(span.line)[span.end_column - 1 :].partition(":")
    return bool(colon) and _MARK.match(rest) is not None


def _is_braced(node: Node) -> bool:
    """Whether a map is one word in braces."""
    values = [value for _, value in node.items()]
    if len(values) != 1 or values[0].is_set:
        return False
    place = node.value_place()
    document, span = place.source, place.span()
    return isinstance(document, Document) and document.line(span.line)[span.column - 1 :].startswith("{")
