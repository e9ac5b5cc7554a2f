"""Suppressions that have no effect or are no longer needed, and baseline entries that match nothing."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe, verdict
from archlint.finding.words import quoted
from archlint.model.judged import InvalidSuppression, StaleBaselineEntry, UnusedSuppression
from archlint.model.kubernetes.foreign_checks import ID_FORMS, nearest_check
from archlint.model.kubernetes.foreign_ignores import UnknownForeignCheck

_LONGEST = 60
"""Characters of a suppression that a message repeats."""


@verdict(InvalidSuppression)
def invalid_suppression(suppression: InvalidSuppression, options: Options) -> Iterator[Observation]:
    """A suppression without effect, with the reason why."""
    yield Observation(
        suppression.place,
        suppression.fault,
        {"text": _shortened(suppression.text), **suppression.arguments},
        identity=(suppression.text,),
    )


def _shortened(text: str) -> str:
    """A suppression as written, on one line of a message."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


@verdict(UnusedSuppression)
def unused_suppression(suppression: UnusedSuppression, options: Options) -> Iterator[Observation]:
    """A suppression, or some rules of it, that no finding needs."""
    found = "elements" if suppression.elements else "above" if suppression.line else "default"
    yield observe(
        suppression.place,
        "waiver" if suppression.is_waiver else found,
        identity=(suppression.text, *suppression.elements),
        rules=", ".join(suppression.rules),
        line=suppression.line or 0,
        elements=", ".join(quoted(suppression.elements)),
    )


@verdict(StaleBaselineEntry)
def stale_baseline_entry(entry: StaleBaselineEntry, options: Options) -> Iterator[Observation]:
    """An entry of the baseline that stands for more findings than there are."""
    fewer = entry.left < entry.count
    yield observe(
        entry.place,
        "fewer" if fewer else "default",
        identity=(entry.path, entry.fingerprint),
        rule=entry.rule,
        path=entry.path,
        count=entry.count,
        found=entry.count - entry.left,
    )


@check(UnknownForeignCheck)
def ignored_check_unknown(named: UnknownForeignCheck, options: Options) -> Iterator[Observation]:
    """An annotation for another linter that names a check which that has not."""
    tool = named.ignore.tool
    if named.check in options["own-checks"]:
        return
    near = nearest_check(tool, named.check)
    yield observe(
        named.place,
        "near" if near else "form" if tool in ID_FORMS else "default",
        identity=(named.ignore.key, named.check),
        tool=tool,
        check=_shortened(named.check),
        near=near,
        form=ID_FORMS.get(tool, ""),
    )
