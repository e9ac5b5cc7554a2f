"""Waivers of a policy held against findings: they take back what a suppression of the configuration would."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from archlint.finding import Finding
from archlint.finding.records import dataclass, replace
from archlint.judging.release.policy import Waiver
from archlint.judging.release.verdict import Waived
from archlint.judging.suppressions import RuleBook, Suppressions
from archlint.model.judged import InvalidSuppression, UnusedSuppression


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """What waivers come to."""

    kept: tuple[Finding, ...]
    """The findings that no waiver excuses."""
    waived: tuple[Waived, ...]
    invalid: tuple[InvalidSuppression, ...]
    """Waivers that are past, or name no rule."""
    unused: tuple[UnusedSuppression, ...]
    """Waivers that nothing was found for."""


def apply_waivers(
    findings: Iterable[Finding], waivers: Sequence[Waiver], book: RuleBook, today: date
) -> WaiverUse:
    """Hold findings against waivers, each finding against the first that covers it."""
    kept, waived = list(findings), list[Waived]()
    invalid, unused = list[InvalidSuppression](), list[UnusedSuppression]()
    for waiver in waivers:
        entry = Suppressions((), (waiver,), book, today)
        kept, taken = entry.apply(kept)
        waived += [Waived(finding, waiver) for finding in taken]
        invalid += [replace(item, text=_named(item.text)) for item in entry.invalid]
        unused += [
            replace(item, text=_named(item.text), is_waiver=True)
            for item in ([] if taken else entry.unused(lambda code: True))
        ]
    return WaiverUse(tuple(kept), tuple(waived), tuple(invalid), tuple(unused))


def _named(text: str) -> str:
    """What a suppression of a configuration is called, as a waiver."""
    return text.replace("suppress: ", "waiver: ", 1)
