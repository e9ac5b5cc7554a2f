"""The selectors of a PromQL expression: which metric, with which labels.

Read by its tokens, exactly: strings, comments, ranges and the lists of labels after ``by``, ``on`` and the
like are no selectors, and what stands before a bracket is a function. What is filled in later
(``$namespace``, ``[[job]]``) stays as it is written. LogQL's selectors have the same form.

Source: Prometheus, "Querying basics" and "Operators".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_TOKEN = regex(
    r"(?s)(?P<space>\s++|\#[^\n]*+)"
    r"|(?P<text>\"(?:[^\"\\]++|\\.)*+(?:\"|\\?\Z)|'(?:[^'\\]++|\\.)*+(?:'|\\?\Z)|`[^`]*+(?:`|\Z))"
    r"|(?P<variable>\$\{[^}]*+(?:\}|\Z)|\$\w++|\[\[\w{1,100}\]\])"
    r"|(?P<name>[A-Za-z_:][\w:]*+)"
    r"|(?P<number>[0-9.][\w.]*+)"
    r"|(?P<operator>=~|!~|!=|==|<=|>=|[-+*/%^=<>@])"
    r"|(?P<bracket>[(){}\[\],])"
    r"|(?P<other>.)",
)
_WORDS = frozenset({"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan", "start", "end"})
_LISTS = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_AGGREGATIONS = frozenset(
    {
        *("sum", "avg", "min", "max", "count", "stddev", "stdvar", "topk", "bottomk", "quantile"),
        *("count_values", "group", "limitk", "limit_ratio", "any", "outliersk", "median", "mode"),
    }
)
_ESCAPE = regex(r"\\(.)")
LONGEST = 50_000


@dataclass(frozen=True, slots=True)
class Matcher:
    """What a selector wants of one label."""

    label: str
    operator: str
    value: str
    start: int
    """Where the value begins in the expression, behind its quote."""
    end: int


@dataclass(frozen=True, slots=True)
class Selector:
    """One selector of time series."""

    name: str
    """The metric; empty if none is named."""
    matchers: tuple[Matcher, ...]
    start: int
    end: int
    """Where the name ends."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def selectors_of(expression: str) -> list[Selector]:
    """The selectors of an expression, in its order; none of a text that is too long to be one."""
    if len(expression) > LONGEST:
        return []
    tokens = [
        _Token(match.lastgroup or "", match[0], match.start(), match.end())
        for match in _TOKEN.finditer(expression)
        if match.lastgroup != "space"
    ]
    return _Reader(tokens).selectors()


class _Reader:
    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def selectors(self) -> list[Selector]:
        """All of them."""
        found: list[Selector] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.text == "[":
                self._skip("]")
            elif token.text == "{":
                found += self._braced("", token.start, token.start)
            elif token.kind == "name":
                found += self._named(token)
            else:
                self._at += 1
        return found

    def _named(self, token: _Token) -> list[Selector]:
        self._at += 1
        word, following = token.text.lower(), self._text(0)
        if word in _LISTS:
            if following == "(":
                self._skip(")")
            return []
        if word in _WORDS or following == "(":
            return []
        if word in _AGGREGATIONS and following.lower() in ("by", "without"):
            return []
        if following == "{":
            return self._braced(token.text, token.start, token.end)
        return [Selector(token.text, (), token.start, token.end)]

    def _braced(self, name: str, start: int, end: int) -> list[Selector]:
        """A selector whose brace comes next; a text alone in the braces is the name of the metric."""
        self._at += 1
        matchers: list[Matcher] = []
        while self._at < len(self._tokens) and self._text(0) != "}":
            label, operator, value = (self._peek(step) for step in range(3))
            if label and operator and value and _is_matcher(label, operator, value):
                matchers.append(_matcher(label, operator, value))
                self._at += 3
                continue
            if label and label.kind == "text" and self._text(1) in (",", "}") and not name:
                name, start, end = label.text[1:-1], label.start, label.end
            self._at += 1
        self._at += 1
        metric = next((item for item in matchers if item.label == "__name__" and item.operator == "="), None)
        if metric is not None and not name:
            name, start, end = metric.value, metric.start, metric.end
        return [Selector(name, tuple(matchers), start, end)]

    def _skip(self, closing: str) -> None:
        """Go behind the next closing bracket."""
        while self._at < len(self._tokens) and self._text(0) != closing:
            self._at += 1
        self._at += 1

    def _peek(self, step: int) -> _Token | None:
        at = self._at + step
        return self._tokens[at] if at < len(self._tokens) else None

    def _text(self, step: int) -> str:
        token = self._peek(step)
        return "" if token is None else token.text


def _is_matcher(label: _Token, operator: _Token, value: _Token) -> bool:
    is_label = label.kind in ("name", "text")
    return is_label and operator.text in ("=", "!=", "=~", "!~") and value.kind == "text"


def _matcher(label: _Token, operator: _Token, value: _Token) -> Matcher:
    written = value.text[1:-1]
    text = written if value.text[0] == "`" else _ESCAPE.sub(_unescaped, written)
    name = label.text[1:-1] if label.kind == "text" else label.text
    return Matcher(name, operator.text, text, value.start + 1, value.end - 1)


def _unescaped(match: re.Match[str]) -> str:
    letter = match[1]
    return {"n": "\n", "t": "\t"}.get(letter, letter)


_PLAIN = regex(r"[\w./-]+")


def exact_values(matcher: Matcher) -> list[tuple[str, int]]:
    """The values that a matcher wants, if it names them: one, or several with ``|`` between them; each with
    where it begins. Nothing of patterns, exclusions, and what is filled in later."""
    if matcher.operator not in ("=", "=~") or matcher.end - matcher.start != len(matcher.value):
        return []
    text, start = matcher.value, matcher.start
    if matcher.operator == "=":
        return [(text, start)] if _PLAIN.fullmatch(text) else []
    if text.startswith("(") and text.endswith(")"):
        text, start = text[1:-1], start + 1
    found = []
    for part in text.split("|"):
        if not _PLAIN.fullmatch(part) or "." in part:
            return []
        found.append((part, start))
        start += len(part) + 1
    return found
