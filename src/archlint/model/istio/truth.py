"""Answers to questions of which not everything is known: yes, no, or unknown (Kleene's three values)."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None
"""``None`` is unknown."""


def some(answers: Iterable[Truth]) -> Truth:
    """Whether any holds: yes wins over unknown, and unknown over no."""
    found: Truth = False
    for answer in answers:
        if answer:
            return True
        found = None if answer is None else found
    return found


def every(answers: Iterable[Truth]) -> Truth:
    """Whether all hold: no wins over unknown, and unknown over yes."""
    return negated(some(map(negated, answers)))


def negated(answer: Truth) -> Truth:
    """The opposite; what is unknown stays so."""
    return None if answer is None else not answer
