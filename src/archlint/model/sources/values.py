"""What an expression of source code may come to, and how that is put together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from archlint.finding.regex import regex
from archlint.model.sources.environment import is_variable_name
from archlint.model.sources.literals import Literal
from archlint.model.sources.traced import UNKNOWN, Piece, Traced, joined

MOST_TEXTS, MOST_PIECES = 4, 24
"""Texts that an expression may come to, and parts of each."""

_WORD = regex(r"[A-Za-z_]\w*")
_PLACEHOLDER = regex(r"%(?:\d+\$)?[-+0-9.]*[sdvqSu]|\{(?:\d{1,2}|[A-Za-z_]\w*)?\}")


class Values(NamedTuple):
    """What an expression may come to."""

    texts: tuple[Traced, ...] = ()
    """The texts that are known; none if nothing is."""
    variables: tuple[str, ...] = ()
    """Environment variables that decide it."""

    def as_default(self, variables: tuple[str, ...]) -> Values:
        """The same where environment variables may say otherwise."""
        if not variables:
            return self
        return Values(tuple(text.of_variable(variables[0]) for text in self.texts), variables)

    def standing_in(self, path: str) -> Values:
        """The same as seen from another file."""
        return Values(tuple(text.standing_in(path) for text in self.texts), self.variables)

    def or_else(self, other: Values) -> Values:
        """Either of both; what is known of one is the default of the variables of the other."""
        texts = (*self.as_default(other.variables).texts, *other.as_default(self.variables).texts)
        known = tuple(dict.fromkeys(text for text in texts if text.text))
        return Values(known[:MOST_TEXTS], tuple(dict.fromkeys((*self.variables, *other.variables))))

    def or_unknown(self, offset: int) -> tuple[Traced, ...]:
        """The texts, or one that nobody can tell."""
        return self.texts or (Traced((Piece(UNKNOWN, offset),)),)


NOTHING = Values()


class Argument(NamedTuple):
    label: str
    values: Values
    literal: Literal | None
    """The literal that it is, if it is nothing else."""


def combined(parts: list[tuple[Traced, ...]]) -> Iterator[Traced]:
    """All texts that are made of one of each, but no more than a few, and none of too many parts."""
    found: list[Traced] = [Traced()]
    for choices in parts[:MOST_PIECES]:
        made = (joined((text, choice)) for text in found for choice in choices)
        found = [_short(text) for text in islice(made, MOST_TEXTS)]
    yield from found


def _short(text: Traced) -> Traced:
    """A text, or what is unknown in its place where names hold each other many times."""
    return text if len(text.pieces) <= 2 * MOST_PIECES else Traced((Piece(UNKNOWN, text.pieces[0].offset),))


def variable_asked_for(given: list[Argument]) -> str:
    """The environment variable that is asked for: the first literal that is called like one, else the first
    that may be called so."""
    names = [item.literal.text for item in given[:2] if item.literal is not None]
    sure = next((name for name in names if is_variable_name(name)), "")
    return sure or next((name for name in names[:1] if _WORD.fullmatch(name)), "")


def default_given(given: list[Argument]) -> Values:
    labelled = (item for item in given if item.label.lower() in ("default", "fallback", "defaultvalue"))
    named = next(labelled, None)
    if named is not None:
        return named.values
    behind = [item for item in given if item.literal is None or not is_variable_name(item.literal.text)]
    return behind[-1].values if behind else given[-1].values if len(given) > 1 else NOTHING


def filled(values: Values, given: list[Argument]) -> Values:
    """A format with the arguments put in, in their order or by their names."""
    if not values.texts:
        return NOTHING
    pattern = values.texts[0]
    parts: list[tuple[Traced, ...]] = []
    pos = 0
    variables = values.variables
    for count, match in enumerate(_PLACEHOLDER.finditer(pattern.text)):
        sign = match[0].strip("{}")
        index = int(sign) if sign.isdigit() else count
        named = next((item for item in given if item.label and item.label == sign), None)
        item = named or (given[index] if index < len(given) else None)
        parts.append((pattern.part(pos, match.start()),))
        parts.append((item.values if item else NOTHING).or_unknown(pattern.offset(match.start())))
        variables += item.values.variables if item else ()
        pos = match.end()
    parts.append((pattern.part(pos),))
    return Values(tuple(combined(parts)), tuple(dict.fromkeys(variables)))
