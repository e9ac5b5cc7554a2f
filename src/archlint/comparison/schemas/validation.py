"""The validator as judge: no value is called a witness before jsonschema-rs has said so on both sides."""

from __future__ import annotations

from typing import Any

from archlint.comparison.schemas.evaluation import text_of
from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.node import Node
from archlint.comparison.schemas.rendering import TEXT, render
from archlint.comparison.schemas.values import as_json, type_of

_KEPT = 400
"""Compiled schemas that are kept; a large one takes some milliseconds to compile."""


class Judge:
    """Validates values against schemas of a graph."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[bytes, bool], Any] = {}

    def separates(self, value: Any, accepting: Node, rejecting: Node) -> bool:
        """Whether a value fulfils one schema and fails the other, whatever unknown keywords mean.

        Raises ``Undecided`` or ``ValueError`` if that cannot be judged.
        """
        data = as_json(value)
        return all(self._accepts(accepting, data, reading) for reading in (True, False)) and not any(
            self._accepts(rejecting, data, reading) for reading in (True, False)
        )

    def accepts(self, schema: Node, value: Any) -> bool:
        """Whether a value fulfils a schema, unknown keywords taken as fulfilled."""
        return self._accepts(schema, as_json(value), True)

    def _accepts(self, schema: Node, data: Any, reading: bool) -> bool:
        which = (key(schema), reading)
        if which not in self._compiled:
            if len(self._compiled) >= _KEPT:
                self._compiled.clear()
            self._compiled[which] = _compile(render(schema, reading))
        return bool(self._compiled[which].is_valid(data))


def _compile(document: Any) -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        document, validate_formats=True, offline=True, keywords={TEXT: _Text}
    )


class _Text:
    """The keyword for numbers and booleans that are text on the wire: their text has to be valid."""

    def __init__(self, parent_schema: Any, value: Any, schema_path: Any) -> None:
        self._validator = _compile(value)

    def validate(self, instance: Any) -> None:
        """Raise ``ValueError`` if the text of a value is not valid."""
        if type_of(instance) in ("number", "boolean") and not self._validator.is_valid(text_of(instance)):
            raise ValueError("the text of the value does not fit")
