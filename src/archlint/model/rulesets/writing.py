"""Values and paths as messages of Spectral write them."""

from __future__ import annotations

import json
from typing import Any

from archlint.finding.regex import regex
from archlint.model.rulesets.values import UNDEFINED, text_of, type_of

__all__ = ["print_value", "printed"]

_PRINT = regex(r"""#\{\{\s*+print\(\s*+["'](?P<what>[a-z]++)["']\s*+\)\s*+\}\}""")


def print_value(value: Any) -> str:
    """A value in a message: arrays and objects by their kind alone."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, list):
        return "Array[]"
    if isinstance(value, dict):
        return "Object{}"
    return text_of(value) if type_of(value) == "number" else json.dumps(value, ensure_ascii=False)


def printed(message: str, *, key: str | int = "", value: Any = UNDEFINED) -> str:
    """A message with its ``#{{print("property")}}`` and ``#{{print("value")}}`` filled in."""
    named = f'"{key}" property ' if key != "" else "The document "
    texts = {"property": named, "value": print_value(value)}
    return _PRINT.sub(lambda found: texts.get(found["what"], ""), message)
