"""The validator as judge: no value is called a witness before jsonschema-rs has said so on both sides."""

from __future__ import annotations

from typing import Any

from archlint.comparison.schemas.evaluation import text_of
from archlint.comparison.schemas.identity import key
from archlint.comparison.schemas.producing import is_produced
from archlint.comparison.schemas.rendering import TEXT, readings, touched
from archlint.comparison.schemas.schema import Schema
from archlint.comparison.schemas.values import Undecided, as_json, type_of


def separates(value: Any, accepting: Schema, rejecting: Schema) -> bool:
    """Whether a value fulfils one schema and fails the other, whatever unknown keywords mean.

    Under the producer rule no member of the value may go undeclared. Raises ``Undecided`` or ``ValueError``
    if that cannot be judged.
    """
    data = as_json(value)
    if accepting.base is not None and not is_produced(value, accepting):
        return False
    if any(_ways(schema, data) > _MOST_WALKED for schema in (accepting.plain, rejecting)):
        raise Undecided("the schemas refer to each other in too many ways")
    return all(_accepts(document, data) for document in readings(accepting.plain, data)) and not any(
        _accepts(document, data) for document in readings(rejecting, data)
    )


def faults(value: Any, rejecting: Schema) -> frozenset[str]:
    """The keywords that look at a value itself, and not at a part of it, and that it fails.

    Where it fits no branch of a choice, those count too that it fails in branches of its type. None are told
    where the ways to a fault are too many: the validator would name each.
    """
    found: set[str] = set()
    if _ways(rejecting, as_json(value)) > _MOST_NAMED:
        return frozenset()
    for document in readings(rejecting, as_json(value)):
        waiting = list(compiled(document).iter_errors(as_json(value)))
        while waiting:
            error = waiting.pop()
            if error.instance_path:
                continue
            found.update(str(step) for step in error.schema_path[-1:])  # ``false`` has no keyword to name
            for branch in getattr(error.kind, "context", ()):
                if not any(_is_of_type(each) for each in branch):
                    waiting.extend(branch)
    return frozenset(found)


_MOST_NAMED, _MOST_WALKED = 10_000, 200_000
"""Ways to schemas that the validator is to name faults on, and to walk; it takes each of them anew."""


def _ways(schema: Schema, data: Any) -> int:
    """In how many ways the schemas that matter for a value are reached, up to some more than are walked."""
    met = touched(schema, data)
    known: dict[bytes, int] = {}
    waiting: list[tuple[Schema, bool]] = [(schema, False)]
    while waiting:
        current, is_done = waiting.pop()
        name = key(current)
        below = [child for _, child in current.children() if key(child) in met]
        if is_done:
            known[name] = min(1 + sum(known[key(child)] for child in below), 2 * _MOST_WALKED)
        elif name not in known:
            known[name] = 1  # what leads back to itself counts once
            waiting.append((current, True))
            waiting.extend((child, False) for child in below)
    return known[key(schema)]


def _is_of_type(error: Any) -> bool:
    return not error.instance_path and [str(step) for step in error.schema_path[-1:]] == ["type"]


def _accepts(document: Any, data: Any) -> bool:
    return bool(compiled(document).is_valid(data))


def compiled(document: Any) -> Any:
    """The validator of a document."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        document, validate_formats=True, offline=True, keywords={TEXT: _Text}
    )


class _Text:
    """The keyword for numbers and booleans that are text on the wire: their text has to be valid."""

    def __init__(self, parent_schema: Any, value: Any, schema_path: Any) -> None:
        self._validator = compiled(value)

    def validate(self, instance: Any) -> None:
        """Raise ``ValueError`` if the text of a value is not valid."""
        if type_of(instance) in ("number", "boolean") and not self._validator.is_valid(text_of(instance)):
            raise ValueError("the text of the value does not fit")
