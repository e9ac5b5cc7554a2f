"""A report tells each place, rule and message once, with all that led to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archlint.engine.choosing import unique
from archlint.finding import Confidence, Finding, Location, Severity, Span
from archlint.finding.records import replace

_FEW = st.integers(1, 2)
_WORDS = st.sampled_from(("a", "b"))


@st.composite
def found(draw: st.DrawFn) -> Finding:
    """One of few findings, so that many are alike."""
    at = Location(draw(_WORDS), Span(draw(_FEW), draw(_FEW), 3, draw(_FEW)), draw(_FEW))
    through = tuple(draw(st.lists(_WORDS, max_size=3, unique=True)))
    marks = (
        draw(_WORDS),
        "rule",
        Severity.ERROR,
        Confidence.HIGH,
        draw(_WORDS),
        "default",
        {},
        at,
        draw(_WORDS),
    )
    return Finding(*marks, through=through)


@given(st.lists(found(), max_size=30))
def test_each_is_told_once_with_all_that_led_to_it(findings: list[Finding]) -> None:
    led: dict[object, set[str]] = {}
    first: dict[object, Finding] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        key = (finding.code, finding.location, finding.message)
        led.setdefault(key, set()).update(finding.through)
        first.setdefault(key, finding)
    expected = [replace(first[key], through=tuple(sorted(led[key]))) for key in first]
    assert list(unique(findings)) == expected
