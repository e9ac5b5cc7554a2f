"""The messages of rules, with what stands in double braces replaced as Spectral does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archlint.finding.regex import regex
from archlint.model.rulesets.values import UNDEFINED, text_of
from archlint.model.rulesets.writing import print_value

_PRINT = regex(r"""\s*print\(\s*(["'])(\w*)\1\s*\)\s*\Z""")
_UPPER = regex(r"(\w++)\.toUpperCase\(\)\Z")
_QUOTED = regex(r"""(["'])(.*)\1\Z""")
_LONGEST = 1_000


def worded(template: str, words: Mapping[str, Any]) -> str:
    """A message with its placeholders replaced; what is not known becomes nothing."""
    *pieces, rest = template.split("}}")
    text = "".join(_filled(piece, words) for piece in pieces) + rest
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _filled(piece: str, words: Mapping[str, Any]) -> str:
    """A text that two braces end: with the placeholder that they close, if there is one."""
    since = max(piece.rfind("}"), piece.rfind("\n")) + 1
    start = piece.find("{{", since)
    name = piece[start + 2 :]
    if start < 0 or not name:
        return f"{piece}}}}}"
    if piece.startswith("#", max(start - 1, 0)) and start > 0:
        return piece[: start - 1] + "".join(_evaluated(part.strip(), words) for part in name.split("+"))
    return piece[:start] + (text_of(words[name]) if name in words else "")


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
