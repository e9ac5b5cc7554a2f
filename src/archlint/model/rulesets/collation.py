"""The order in which JavaScript sorts texts for people: letters first, then accents, then case."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache
from typing import Any

from archlint.model.rulesets.values import number_of, type_of

__all__ = ["stands_after"]

_ORDER = {
    character: position
    for position, character in enumerate(
        "\t\n\x0b\x0c\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz"
    )
}
"""The order of the Unicode collation's root for ASCII, which is not that of the codes."""

_Weights = tuple[tuple[int, ...], tuple[int, ...], tuple[bool, ...]]


def stands_after(first: Any, second: Any) -> bool:
    """Whether two neighbours of a list are in the wrong order, as ``alphabetical`` of Spectral has it.

    A number comes after another if it is larger by one; a text before a number is never wrong.
    """
    one, other = number_of(first), number_of(second)
    is_text = math.isnan(one)
    if (type_of(first) == "number" or is_text) and not math.isnan(other):
        return not is_text and one - other >= 1
    if not isinstance(first, str) or not isinstance(second, str):
        return False
    return _weights(first) > _weights(second)


@lru_cache(10_000)
def _weights(text: str) -> _Weights:
    letters: list[int] = []
    accents: list[int] = []
    capitals: list[bool] = []
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character):
            if accents:
                accents[-1] = accents[-1] * 1_000 + ord(character)
            continue
        small = character.lower()
        weight = (
            _ORDER.get(small, 1_000 + ord(small[0])) if character.isprintable() or character in _ORDER else 0
        )
        if weight or character == "\t":
            letters.append(weight)
            accents.append(0)
            capitals.append(small != character)
    return tuple(letters), tuple(accents), tuple(capitals)
