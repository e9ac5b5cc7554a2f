"""Where the expression begins that a literal is part of."""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.sources.environment import is_environment_call
from archlint.model.sources.known_calls import is_understood_call
from archlint.model.sources.literals import Literal, SourceCode

_REACH = 400
_GOES_ON_BEFORE = frozenset("+=(,?:|&.\\[{")
_GOES_ON_AFTER = frozenset("+.?|:&")
_BLANK = regex(r"\s*")
_COMMAND = regex(r"[\w.]+[ \t]+\Z")
_BLOCK = regex(r"(?<![\w.])([\w.]++)\([^()]{0,120}\)\s{0,9}\Z")
_STATEMENTS = frozenset({"java", "csharp", "php"})
"""Languages in which the end of a line ends nothing."""


def expression_starts(code: SourceCode, literal: Literal) -> list[int]:
    """Where expressions begin that the literal is part of and whose value may be told, from the inside."""
    found = [_start(code, literal.start)]
    if code.language.name == "ruby" and _COMMAND.fullmatch(code.plain, found[0], literal.start):
        found = [literal.start]
    for opener, _ in code.brackets(literal):
        if opener >= found[-1]:
            break
        if code.plain[opener] == "(":
            name, begin = code.called(opener)
        else:
            block = _BLOCK.search(code.plain, max(0, opener - _REACH), opener)
            if code.language.name != "ruby" or block is None:
                break
            name, begin = block[1], block.start()
        if name and not is_understood_call(name) and not is_environment_call(name):
            break
        found.append(_start(code, begin))
    return found


def _start(code: SourceCode, at: int) -> int:
    """Where the expression around a place begins, inside of the innermost bracket around it."""
    plain = code.plain
    depth, colon, pos = 0, -1, at - 1
    lowest = max(0, at - _REACH)
    while pos >= lowest:
        sign = plain[pos]
        if sign in ")]}":
            depth += 1
        elif sign in "([{":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0:
            if sign in ",;" or (sign == "=" and _is_assignment(plain, pos)):
                break
            if sign == "\n" and _ends(code, pos):
                break
            if sign == ":" and plain[pos - 1 : pos] not in (":", "?") and plain[pos + 1 : pos + 2] != ":":
                colon = pos if colon < 0 else colon
            elif sign == "?" and plain[pos + 1 : pos + 2] not in ("?", ".", ":") and plain[pos - 1] != "?":
                colon = -1
        pos -= 1
    begin = max(pos, colon) + 1
    if plain.startswith(">", begin) and plain[begin - 1] == "=":
        begin += 1
    match = _BLANK.match(plain, begin, at)
    return match.end() if match else begin


def _is_assignment(plain: str, pos: int) -> bool:
    return plain[pos - 1 : pos] not in ("=", "!", "<", ">", "~") and plain[pos + 1 : pos + 2] != "="


def _ends(code: SourceCode, pos: int) -> bool:
    """Whether the end of a line ends the expression."""
    if code.language.name in _STATEMENTS:
        return False
    before = code.plain[max(0, pos - 120) : pos].rstrip()
    after = code.plain[pos : pos + 120].lstrip()
    return before[-1:] not in _GOES_ON_BEFORE and after[:1] not in _GOES_ON_AFTER
