"""Numbers: bounds, multiples and single values that are shut out, decided exactly."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, gcd, lcm

from archlint.comparison.schemas.answers import Empty, Outcome, Unknown
from archlint.comparison.schemas.facts import Facts, Solver, among, excluded, first_fit, none
from archlint.comparison.schemas.schema import schema_with
from archlint.comparison.schemas.values import Exact, exact, plain
from archlint.finding.records import dataclass

_TRIES = 2_000
"""Numbers of a long range that are looked at before giving up."""

INTEGER_TEXT = schema_with(type=frozenset(("string",)), pattern="^-?(0|[1-9][0-9]*)$")
NUMBER_TEXT = schema_with(type=frozenset(("string",)), pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$")
FRACTION_TEXT = schema_with(type=frozenset(("string",)), pattern=r"^-?(0|[1-9][0-9]*)\.[0-9]+$")
"""How ``evaluation.text_of`` writes numbers: whole ones, all, those that are not whole."""


@dataclass
class _Range:
    low: Exact | None = None
    low_open: bool = False
    high: Exact | None = None
    high_open: bool = False

    def above(self, bound: Exact, is_open: bool) -> None:
        if self.low is None or (bound, is_open) > (self.low, self.low_open):
            self.low, self.low_open = bound, is_open

    def below(self, bound: Exact, is_open: bool) -> None:
        if self.high is None or (-bound, is_open) > (-self.high, self.high_open):
            self.high, self.high_open = bound, is_open

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def steps(self, step: Exact) -> tuple[int | None, int | None]:
        """The first and last whole number whose multiple of the step lies in the range."""
        first = last = None
        if self.low is not None:
            first = ceil(Fraction(self.low) / step)
            first += self.low_open and first * step == self.low
        if self.high is not None:
            last = floor(Fraction(self.high) / step)
            last -= self.high_open and last * step == self.high
        return first, last


def find_number(solver: Solver, facts: Facts) -> Outcome:
    """A number that meets the conditions."""
    span = _range(facts)
    if span.is_empty:
        return none("no number lies within the bounds")
    text = _by_text(solver, facts)
    if text is not None:
        return text
    steps = [Fraction(step) for step in facts.fulfilled.get("multipleOf", ())]
    if steps:
        return _multiples(solver, facts, span, _common(steps))
    if span.low is not None and span.low == span.high:
        return among(solver, facts, [span.low], "the only number within the bounds is shut out")
    found = first_fit(solver, facts, _spread(span, excluded(facts)))
    return found or Unknown(facts.opaque or "no number was found")


def _range(facts: Facts) -> _Range:
    span = _Range()
    for bound in facts.fulfilled.get("minimum", ()):
        span.above(bound, False)
    for bound in facts.fulfilled.get("exclusiveMinimum", ()):
        span.above(bound, True)
    for bound in facts.violated.get("maximum", ()):
        span.above(bound, True)
    for bound in facts.violated.get("exclusiveMaximum", ()):
        span.above(bound, False)
    for bound in facts.fulfilled.get("maximum", ()):
        span.below(bound, False)
    for bound in facts.fulfilled.get("exclusiveMaximum", ()):
        span.below(bound, True)
    for bound in facts.violated.get("minimum", ()):
        span.below(bound, True)
    for bound in facts.violated.get("exclusiveMinimum", ()):
        span.below(bound, False)
    return span


def _by_text(solver: Solver, facts: Facts) -> Empty | None:
    """Whether no number has a text that meets what is demanded of texts."""
    demanded = facts.fulfilled.get("text", [])
    refused = facts.violated.get("text", [])
    if not demanded and not refused:
        return None
    if any(step % 1 == 0 for step in facts.fulfilled.get("multipleOf", ())):
        form = INTEGER_TEXT
    elif any((1 / Fraction(step)).denominator == 1 for step in facts.violated.get("multipleOf", ())):
        form = FRACTION_TEXT
    else:
        form = NUMBER_TEXT
    outcome = solver.below([form, *demanded], refused)
    return none("the text of no number fits", outcome.proof) if isinstance(outcome, Empty) else None


def _common(steps: list[Fraction]) -> Fraction:
    """The least number that is a multiple of all the steps."""
    found = steps[0]
    for step in steps[1:]:
        found = Fraction(
            lcm(found.numerator, step.numerator),
            gcd(found.denominator, step.denominator),
        )
    return found


def _multiples(solver: Solver, facts: Facts, span: _Range, step: Fraction) -> Outcome:
    first, last = span.steps(step)
    if first is not None and last is not None and first > last:
        return none(f"no multiple of {step} lies within the bounds")
    shut = [Fraction(other) for other in facts.violated.get("multipleOf", ())]
    for other in shut:
        if (step / other).denominator == 1:
            return none(f"every multiple of {step} is one of {other}")
    if first is not None and last is not None and last - first < _TRIES:
        return among(
            solver,
            facts,
            (plain(step * count) for count in range(first, last + 1)),
            f"every multiple of {step} within the bounds is shut out",
        )
    found = first_fit(solver, facts, (plain(step * count) for count in _counts(first, last)))
    return found or Unknown(facts.opaque or "no number was found among many")


def _counts(first: int | None, last: int | None) -> Iterator[int]:
    """Whole numbers of a range, those near its ends and near zero first."""
    if first is not None and last is not None:
        yield from (first, last)
    elif first is not None:
        yield from range(first, first + _TRIES)
        return
    elif last is not None:
        yield from range(last, last - _TRIES, -1)
        return
    for near in range(_TRIES // 2):
        for count in (near, -near):
            if (first is None or count >= first) and (last is None or count <= last):
                yield count
    if first is not None and last is not None:
        yield from range(first, min(last, first + _TRIES))
        yield from range(last, max(first, last - _TRIES), -1)


_FRACTIONS = tuple(Fraction(part, 64) for part in (32, 16, 48, 8, 24, 40, 56, 1, 63, 5, 59, 33))


def _spread(span: _Range, shut: list[object]) -> Iterator[Exact]:
    """Numbers of a range: its ends, plain ones, and finer ones than anything that is shut out."""
    ends = [bound for bound in (span.low, span.high) if bound is not None]
    near: list[Exact] = [0, 1, -1, Fraction(1, 2), *ends]
    for bound in (*ends, *(value for value in map(exact, shut) if value is not None)):
        near.extend(bound + delta for delta in (1, -1, Fraction(1, 2), Fraction(-1, 2), Fraction(1, 64)))
    if span.low is not None and span.high is not None:
        width = span.high - span.low
        near.extend(span.low + width * part for part in _FRACTIONS)
        near.extend(span.low + width * Fraction(count, 1024) for count in range(1, 1024))
    for value in near:
        yield plain(value)
