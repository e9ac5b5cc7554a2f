"""How wide texts of a drawn graph are, before any browser has measured them."""

from __future__ import annotations

from archlint.reports.characters import cell_width, visible

_NARROW, _WIDE_LETTERS = frozenset("iljI.,:;'|!`[](){}/\\ft "), frozenset("mwMW@%")


def text_width(text: str, size: int = 12) -> int:
    """How wide a text is at most, in the wide ones of the fonts that browsers have for interfaces."""
    tenths = sum(map(_letter_width, text))
    return tenths * size // 100 + 1


def _letter_width(letter: str) -> int:
    """Of a letter, in hundredths of the height of the font."""
    if not letter.isascii():
        return 110 if cell_width(letter) == 2 else 85
    if letter in _NARROW:
        return 42
    if letter in _WIDE_LETTERS:
        return 103
    return 72 if letter.isupper() or letter in "&+<>=#~" else 65


def cut(text: str, width: int, size: int = 12) -> str:
    """The text on one line, shortened in its middle if it is wider than that."""
    text = visible(text)
    if text_width(text, size) <= width:
        return text
    kept = min(len(text) - 1, width * 100 // (size * 42))
    while kept > 2:
        kept -= 1
        shown = f"{text[: kept - kept // 2]}…{text[len(text) - kept // 2 :]}"
        if text_width(shown, size) <= width:
            return shown
    return "…"
