"""Regular expressions of configuration, by an engine whose time is linear in the text.

A rule page may be a repository's own, and so may the value that its pattern judges: an engine that
backtracks could be kept busy for ever.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

NOT_BLANK = r"\S"
"""The pattern of texts that must say something; so common that it is judged without loading an engine."""


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern that ``is_pattern`` is found in a text."""
    return bool(text.strip()) if pattern == NOT_BLANK else bool(_judge(pattern).is_valid(text))


def is_pattern(text: str) -> bool:
    """Whether a text is a regular expression for both the linear engine and Python's.

    It then has no look-around and no reference back to a group. Nor has it flags for all of it or names of
    groups, so that rules can join several with ``|``.
    """
    try:
        if re.compile(f"(?:{text})").groupindex:
            return False
        if text != NOT_BLANK:
            _judge(text)
    except (re.error, ValueError, RecursionError, OverflowError):
        return False
    return True


@lru_cache(maxsize=64)
def _judge(pattern: str) -> Any:
    return linear_validator({"pattern": pattern})


def linear_validator(schema: Any) -> Any:
    """A validator that fetches nothing; raises ``ValueError`` for a schema that is none."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        schema, offline=True, validate_formats=True, pattern_options=jsonschema_rs.RegexOptions()
    )
