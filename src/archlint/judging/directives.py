"""The text of one suppression: which rules, until when, and why.

A suppression without a reason, or with a date that is none, is a mistake that the author must hear of, so
what is wrong is kept beside what could be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date

from archlint.finding.days import is_day
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_BRACKETS = regex(r"\[([^\]\n]*)\][ \t]*:?(.*)", re.DOTALL)
_LIST = regex(r"\s*([\w:.$-]+(?:\s*,\s*[\w:.$-]+)*)(.*)", re.DOTALL)
_UNTIL = regex(r"(?:^|(?<=\s))until=(\S*)\s?")
_LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class DirectiveFault:
    """Why a suppression has no effect: the name of a message of the rule about it, and its arguments."""

    kind: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Directive:
    """What a suppression says; with a fault it has no effect."""

    rules: tuple[str, ...] = ()
    reason: str = ""
    until: date | None = None
    fault: DirectiveFault | None = None


def in_brackets(text: str) -> Directive:
    """The directive after the word ``ignore`` of a comment: ``[RULE, RULE] until=YYYY-MM-DD reason``."""
    found = _BRACKETS.match(text)
    return Directive(fault=DirectiveFault("malformed")) if found is None else _directive(found[1], found[2])


def in_value(text: str) -> Directive:
    """The directive of an annotation: ``RULE, RULE until=YYYY-MM-DD reason``; brackets are allowed."""
    stripped = text.strip()
    if stripped.startswith("["):
        return in_brackets(stripped)
    found = _LIST.match(stripped)
    return Directive(fault=DirectiveFault("no-rule")) if found is None else _directive(found[1], found[2])


def _directive(names: str, rest: str) -> Directive:
    rules = tuple(name.strip() for name in names.split(",") if name.strip())
    until = _UNTIL.search(rest)
    reason = " ".join(_UNTIL.sub("", rest).split()).lstrip(":-–— ")[:_LONGEST_REASON]
    if not rules:
        return Directive(fault=DirectiveFault("no-rule"))
    if until is not None and not is_day(until[1]):
        return Directive(rules, reason, fault=DirectiveFault("bad-date", {"date": until[1][:40]}))
    if not reason:
        return Directive(rules, fault=DirectiveFault("no-reason"))
    return Directive(rules, reason, date.fromisoformat(until[1]) if until else None)
