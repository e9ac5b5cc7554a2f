"""The messages of rules, with what stands in double braces replaced as Spectral does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from archlint.finding.regex import regex
from archlint.model.rulesets.values import UNDEFINED, text_of
from archlint.model.rulesets.writing import print_value

_PRINT = regex(r"""\s*print\(\s*(["'])(\w*)\1\s*\)\s*\Z""")
_UPPER = regex(r"(\w++)\.toUpperCase\(\)\Z")
_QUOTED = regex(r"""(["'])(.*)\1\Z""")
_LONGEST = 1_000
_Part = Callable[[Mapping[str, Any]], str]


def worded(template: str, words: Mapping[str, Any]) -> str:
    """A message with its placeholders replaced; what is not known becomes nothing."""
    text = template
    if "}}" in template:
        *pieces, rest = template.split("}}")
        text = "".join([_filled(piece, words) for piece in pieces]) + rest
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _filled(piece: str, words: Mapping[str, Any]) -> str:
    """A text that two braces end: with the placeholder that they close, if there is one."""
    before, parts = _read(piece)
    return before + "".join([part(words) for part in parts])


@lru_cache(1_000)
def _read(piece: str) -> tuple[str, tuple[_Part, ...]]:
    """What stands before a placeholder, and what it is made of."""
    since = max(piece.rfind("}"), piece.rfind("\n")) + 1
    start = piece.find("{{", since)
    name = piece[start + 2 :]
    if start < 0 or not name:
        return f"{piece}}}}}", ()
    if piece.startswith("#", max(start - 1, 0)) and start > 0:
        return piece[: start - 1], tuple(_evaluated(part.strip()) for part in name.split("+"))
    return piece[:start], (partial(_word, name),)


def _word(name: str, words: Mapping[str, Any]) -> str:
    return text_of(words[name]) if name in words else ""


def _evaluated(part: str) -> _Part:
    printed = _PRINT.match(part)
    if printed is not None:
        return partial(_printed, printed[2])
    quoted = _QUOTED.match(part)
    if quoted is not None:
        text = quoted[2]
        return lambda words: text
    upper = _UPPER.match(part)
    return partial(_word, part) if upper is None else partial(_raised, upper[1], part)


def _raised(name: str, part: str, words: Mapping[str, Any]) -> str:
    return text_of(words[name]).upper() if name in words else _word(part, words)


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
