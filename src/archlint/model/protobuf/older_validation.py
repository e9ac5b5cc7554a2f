"""Rules of protoc-gen-validate, in terms of protovalidate, which took most of their names over.

Source: https://github.com/bufbuild/protoc-gen-validate#constraint-rules
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archlint.documents.proto import ProtoFile
from archlint.documents.proto.option_places import OptionPlaces
from archlint.documents.proto.options import OptionValues, decoded
from archlint.documents.proto.public_modules import OLDER_VALIDATION, option_types
from archlint.finding import Place, Route
from archlint.finding.regex import regex
from archlint.model.protobuf.fields import Field

_RULES = 1071
"""The number of the option."""
_OPTION = (8, _RULES)
_DISABLED, _IGNORED = 1071, 1072
"""The numbers of the options of a message whose fields are not asked."""
_ROOT = "FieldRules"
_SET = regex(r"\(\s*+\.?validate\.rules\s*+\)")
_PARTS = {"repeated": ("items",), "map": ("keys", "values")}
_SAID_OTHERWISE = ("required", "ignore_empty", "no_sparse")
"""Rules that are said at no type, and one that refuses nothing which somebody can send."""
_IF_ZERO, _ALWAYS = 1, 3
"""Values of ``Ignore`` in protovalidate."""


class OlderRules:
    """The rules of protoc-gen-validate that the fields of a file carry."""

    def __init__(self, source: ProtoFile) -> None:
        self._source = source
        self._may_have_any = _SET.search(source.text) is not None or not source.has_text
        self._places: OptionPlaces | None = None

    def of(self, field: Field) -> OptionValues | None:
        """What those of a field say in terms of protovalidate; ``None`` if they cannot be read."""
        if not self._may_have_any or self._is_not_asked(field.route[:-2]):
            return {}
        parts = self._source.said(field.route).parts(_RULES)
        if parts:
            return _translated(decoded(b"".join(parts), option_types(OLDER_VALIDATION), _ROOT))
        return None if self._is_set(field) else {}

    def _is_not_asked(self, message: Route) -> bool:
        said = self._source.said(message)
        return any(said.numbers(number)[-1:] == [1] for number in (_DISABLED, _IGNORED))

    def _is_set(self, field: Field) -> bool:
        span = self._source.option_span(field.route, ())
        if span is None:
            return False
        source = self._source
        start, end = source.offset(span.line, span.column), source.offset(span.end_line, span.end_column)
        return _SET.search(source.text, start, end) is not None

    def place(self, field: Field) -> Place:
        """Where the first rule of a field is said."""
        if self._places is None:
            types = option_types(OLDER_VALIDATION)
            self._places = OptionPlaces(self._source, types, _RULES, _ROOT)
        return Place(self._source, field.route, at=self._places.span(field.route, _OPTION, ()))


def _translated(said: OptionValues) -> OptionValues:
    """Rules of a field, element, key or value, where whether they are asked stands at none of the types."""
    found: dict[str | int, Any] = {}
    for kind, rules in said.items():
        if not isinstance(rules, Mapping):
            continue
        if rules.get("required"):
            found["required"] = True
        if rules.get("ignore_empty"):
            found["ignore"] = _IF_ZERO
        if kind == "message":
            if rules.get("skip"):
                found["ignore"] = _ALWAYS
            continue
        found[kind] = {
            name: _translated(value) if name in _PARTS.get(str(kind), ()) else value
            for name, value in rules.items()
            if name not in _SAID_OTHERWISE
        }
    return found
