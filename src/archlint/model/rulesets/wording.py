"""The messages of rules, with what stands in double braces replaced as Spectral does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from archlint.finding.regex import regex
from archlint.model.rulesets.values import UNDEFINED, text_of
from archlint.model.rulesets.writing import print_value

_PLACEHOLDER = regex(r"#?\{\{([^}\n]+)\}\}")
_PRINT = regex(r"""\s*print\(\s*(["'])(\w*)\1\s*\)\s*\Z""")
_UPPER = regex(r"(\w++)\.toUpperCase\(\)\Z")
_QUOTED = regex(r"""(["'])(.*)\1\Z""")
_LONGEST = 1_000


def worded(template: str, words: Mapping[str, Any]) -> str:
    """A message with its placeholders replaced; what is not known becomes nothing."""

    def replaced(found: re.Match[str]) -> str:
        if found[0].startswith("#"):
            parts = re.split(r"\s*\+\s*", found[1].strip())
            return "".join(_evaluated(part, words) for part in parts)
        return text_of(words[found[1]]) if found[1] in words else ""

    text = _PLACEHOLDER.sub(replaced, template)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _evaluated(part: str, words: Mapping[str, Any]) -> str:
    printed = _PRINT.match(part)
    if printed is not None:
        return _printed(printed[2], words)
    quoted = _QUOTED.match(part)
    if quoted is not None:
        return quoted[2]
    upper = _UPPER.match(part)
    if upper is not None and upper[1] in words:
        return text_of(words[upper[1]]).upper()
    return text_of(words[part]) if part in words else ""


def _printed(kind: str, words: Mapping[str, Any]) -> str:
    if kind == "property":
        name = words.get("property")
        return f'"{text_of(name)}" property ' if name not in (None, "") else "The document "
    if kind == "value":
        return print_value(words.get("value", UNDEFINED))
    return text_of(words[kind]) if words.get(kind) is not None else ""


def dotted_property(steps: Sequence[str | int]) -> str:
    """A way as Spectral names a property that is missing."""
    text = ""
    for at, step in enumerate(steps):
        name = str(step)
        if isinstance(step, int) or name.isdigit():
            text += f"[{name}]"
        elif not name or any(character.isspace() for character in name):
            text += f"['{name}']"
        else:
            text += f".{name}" if at else name
    return text
