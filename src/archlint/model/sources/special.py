"""Forms of single languages: regular expressions, texts that end at a line, ``%w[a b]``, elements of JSX."""

from __future__ import annotations

import re
from typing import NamedTuple

from archlint.finding.regex import regex
from archlint.model.sources.languages import Language

_PATTERN = regex(r"/(?:[^/\\\[\n]++|\\[^\n]|\[(?:[^\]\\\n]++|\\[^\n])*+\])++/\w*")
_PHP_HEREDOC = regex(r"<<<[ \t]*([\"']?)([A-Za-z_]\w*)\1")
_RUBY_HEREDOC = regex(r"<<([~-]?)([\"'`]?)([A-Za-z_]\w*)\2")
_FIRST_NAME = regex(r"^[ \t]*+([A-Za-z_]\w*+)", re.MULTILINE)
_NAME_ALONE = regex(r"^[ \t]*+([A-Za-z_]\w*+)[ \t]*+\r?$", re.MULTILINE)
_PERCENT = regex(r"%([qQwWiIrsx]?)([^\w\s])")
_TAG = regex(r"<(?:>|[A-Za-z_$][\w$.:-]*+)")
_GENERIC = regex(r"\s*(?:,|extends\b|>\s*\()")
_CONDITION = regex(r"\b(?:if|while|for|with)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\Z")
_WORD_END = regex(r"[\w$]{1,12}\Z")
_CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">"}


def pattern_end(text: str, at: int, end: int) -> int:
    """Where a regular expression ends that may begin at a slash; 0 if it is none."""
    match = _PATTERN.match(text, at, end)
    return match.end() if match else 0


class HeredocOpening(NamedTuple):
    """What announces a text that ends at a line with a name."""

    name: str
    is_plain: bool
    """Whether nothing is put into it."""
    is_sure: bool
    """Whether it cannot be a shift of bits."""
    end: int


def heredoc_opening(text: str, at: int, is_php: bool) -> HeredocOpening | None:
    """What is announced at a place; ``None`` for an operator."""
    if is_php:
        match = _PHP_HEREDOC.match(text, at)
        return HeredocOpening(match[2], match[1] == "'", True, match.end()) if match else None
    match = _RUBY_HEREDOC.match(text, at)
    if match is None or not (match[1] or match[2] or match[3][0].isupper()):
        return None
    return HeredocOpening(match[3], match[2] == "'", bool(match[1]), match.end())


def last_lines(text: str, is_php: bool) -> dict[str, list[tuple[int, int]]]:
    """For each name that may end a text, where the lines with it begin and where it ends, the last first."""
    found: dict[str, list[tuple[int, int]]] = {}
    for match in (_FIRST_NAME if is_php else _NAME_ALONE).finditer(text):
        found.setdefault(match[1], []).append((match.start(), match.end(1)))
    for lines in found.values():
        lines.reverse()
    return found


def percent_literal(text: str, at: int, end: int) -> tuple[int, bool]:
    """Where ``%w[a b]`` and the like end, and whether it is a list of words; 0 if it is none, -1 if it
    never ends."""
    match = _PERCENT.match(text, at, end)
    if match is None:
        return 0, False
    opener = match[2]
    closer = _CLOSERS.get(opener, opener)
    depth = 1
    for sign in re.compile(rf"\\.|{re.escape(opener)}|{re.escape(closer)}", re.DOTALL).finditer(
        text, match.end(), end
    ):
        if sign[0] == closer:
            depth -= 1
            if not depth:
                return sign.end(), match[1] in ("w", "W", "i", "I")
        elif sign[0] == opener:
            depth += 1
    return -1, False


def jsx_opening(text: str, at: int, language: str) -> int | None:
    """Where the name of an element's opening tag ends; ``None`` where ``<`` begins none."""
    match = _TAG.match(text, at)
    if match is None or (language == "tsx" and _GENERIC.match(text, match.end())):
        return None
    return match.end()


def expects_value(gap: str, following: str, language: Language) -> bool:
    """Whether a value may begin after some code, and no operator; ``following`` is the character after the
    one that may begin it."""
    code = gap.rstrip()
    last = code[-1]
    if last.isalnum() or last in "_$":
        word = _WORD_END.search(code, max(0, len(code) - 13))
        is_word = word is not None and word[0] in language.words_before_patterns
        # Ruby calls methods without parentheses: `match /x/`
        is_call = language.name == "ruby" and gap != code and following not in " =\t"
        return is_word or (is_call and not last.isdigit())
    if last == ")":
        return _CONDITION.search(code, max(0, len(code) - 200)) is not None
    return last not in "]}" and not code.endswith(("++", "--"))
