"""Lines of words: what HAProxy's, Apache's and Caddy's languages have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.appconfig.placeholders import fill
from archlint.model.appconfig.values import addresses_in_value
from archlint.model.services.addresses import Address

_WORD = regex(r"""\#[^\n]*|"((?:[^"\\\n]|\\.)*+)"|`([^`\n]*+)`|((?:\\.|[^\s"`\\])(?:\\[^\n]|[^\s\\])*+)|\n""")
MOST_WORDS = 200_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands, without its quotes."""

    text: str
    start: int
    end: int


def lines_of(text: str) -> Iterator[list[Word]]:
    """The words of each line that has some; a backslash before the line's end is left to the caller."""
    words: list[Word] = []
    left = MOST_WORDS
    for found in _WORD.finditer(text):
        left -= 1
        if not left:
            return
        if found.lastindex is None:
            if found[0] == "\n" and words:
                yield words
                words = []
            continue
        start, end = found.span(found.lastindex)
        words.append(Word(text[start:end], start, end))
    if words:
        yield words


def targets_in(
    word: Word, text: PlacedText, environment: Mapping[str, str]
) -> Iterator[tuple[Address, Place, bool]]:
    """The addresses of a word, where their hosts stand, and whether the environment gives them."""
    filled = fill(word.text, environment.get)
    for found in addresses_in_value(filled.text, bare=True):
        start, end = filled.written(found.start, found.end)
        is_filled = word.text[start:end].lower() != found.address.host
        yield found.address, text.place(word.start + start, word.start + end), is_filled


def texts(words: Sequence[Word]) -> list[str]:
    """The texts of words."""
    return [word.text for word in words]
