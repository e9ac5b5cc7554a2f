"""What a string expression of source code may come to: pieces, defaults of variables, formats.

``"http://" + host + ":8080/"`` is understood where ``host`` is given a text in the same file, be it as the
default of an environment variable. Nothing is executed: what is not understood is ``UNKNOWN``. Each part of
the result knows where it stands in the file, and of which environment variable it is only the default.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from archlint.model.sources.environment import PROPERTY, TAG
from archlint.model.sources.known_calls import last_name
from archlint.model.sources.literals import Literal, SourceCode
from archlint.model.sources.parsing import DEEPEST, ExpressionParser
from archlint.model.sources.traced import Piece, Traced
from archlint.model.sources.values import MOST_PIECES, NOTHING, Argument, Values, combined

_NEAREST = 6
"""Places that give a name its value which are looked at."""


class Reading:
    """Reads the expressions of one file."""

    is_strict = False

    def __init__(self, code: SourceCode, assigned: Callable[[str], tuple[int, ...]]) -> None:
        """``assigned`` tells where expressions begin that give a name its value."""
        self.code = code
        self._assigned = assigned
        self._known: dict[int, Values] = {}
        self._open: set[int] = set()

    @property
    def plain(self) -> str:
        """The code, comments and strings masked, as far as it is read."""
        return self.code.plain

    def at(self, start: int) -> Values:
        """What the expression that begins at a place may come to."""
        if start in self._open or len(self._open) > DEEPEST:
            return NOTHING
        if start not in self._known:
            self._open.add(start)
            end = min(len(self.plain), start + 2_000)
            self._known[start] = ExpressionParser(self, self.plain, 0, start, end).whole()
            self._open.discard(start)
        return self._known[start]

    def in_hole(self, start: int, end: int) -> Values:
        """What the expression in a hole may come to."""
        if start in self._open or len(self._open) > DEEPEST or end - start > 1_000:
            return NOTHING
        self._open.add(start)
        plain = self.code.plain_between(start, end)
        found = ExpressionParser(self, plain, start, 0, len(plain)).whole()
        self._open.discard(start)
        return found

    def of_call(self, name: str, given: list[Argument]) -> Values:
        """What a function gives of which only the name is known."""
        return NOTHING

    def of_name(self, name: str, before: int) -> Values:
        """What a name may stand for: all that is assigned if an environment variable decides, else what
        stands nearest above."""
        name = last_name(name)
        places = self._assigned(name)
        if not (places and places[0] <= before <= self.code.reached) and self.code.read_on_for(name):
            places = self._assigned(name)
        above = bisect_right(places, before) or len(places)
        near = places[max(0, above - _NEAREST) : above]
        found = [self.at(place) for place in near]
        if any(values.variables for values in found):
            together = NOTHING
            for values in found:
                together = together.or_else(values)
            return together
        return next((values for values in reversed(found) if values.texts), NOTHING)

    def of_literal(self, literal: Literal) -> Values:
        """What a string may come to, with what is put into it."""
        if "${" in literal.text and self._is_of_spring(literal):
            return property_default(literal)
        if not literal.holes:
            return Values((Traced((Piece(literal.text, literal.inner),)),))
        parts: list[tuple[Traced, ...]] = []
        pos = literal.inner
        variables: tuple[str, ...] = ()
        for start, end in literal.holes[:MOST_PIECES]:
            opening, closing = self._around_hole(start, end)
            if opening < pos:
                continue
            found = self.in_hole(start, end)
            variables += found.variables
            text = self.code.text[pos:opening]
            parts += [(Traced((Piece(text, pos),)),)] if text else []
            parts.append(found.or_unknown(start))
            pos = closing
        end = literal.inner + len(literal.text)
        if pos < end:
            parts.append((Traced((Piece(self.code.text[pos:end], pos),)),))
        return Values(tuple(combined(parts)), variables)

    def of_tag(self, literal: Literal) -> Values | None:
        """The default that the tag of a field has for a variable, in Go; ``None`` for any other literal."""
        match = TAG.search(literal.text) if self.code.language.name == "go" else None
        if match is None:
            return None
        piece = Piece(match[2], literal.inner + match.start(2), match[1])
        return Values((Traced((piece,)),), (match[1],))

    def _is_of_spring(self, literal: Literal) -> bool:
        """Whether ``${x}`` in a literal is a property that an annotation fills in."""
        name = self.code.language.name
        return name == "java" or (name == "kotlin" and self.code.around(literal).call.startswith("@"))

    def _around_hole(self, start: int, end: int) -> tuple[int, int]:
        """Where the signs begin and end that make a hole."""
        text = self.code.text
        opening = start - 1 if text[start - 1] in "{$#" and not text.startswith("$", start) else start
        if text[opening] == "{" or (text.startswith("$", start) and text[start - 1] == "{"):
            opening = min(opening, start - 1)
            opening -= text[opening - 1] in "$#"
            closing = text.find("}", end, end + 80)
            return opening, closing + 1 if closing >= 0 else end
        return opening, end


def property_default(literal: Literal) -> Values:
    """What Spring puts in place of ``${cart.url:http://cart}``."""
    match = PROPERTY.search(literal.text)
    if match is None:
        return Values((Traced((Piece(literal.text, literal.inner),)),))
    if match[2] is None:
        return Values((), (match[1],))
    default = Piece(match[2], literal.inner + match.start(2), match[1])
    before = Piece(literal.text[: match.start()], literal.inner)
    after = Piece(literal.text[match.end() :], literal.inner + match.end())
    return Values((Traced(tuple(piece for piece in (before, default, after) if piece.text)),), (match[1],))
