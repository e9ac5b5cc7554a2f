"""Findings of one rule at one place that differ in one name: the first is told whole, the others by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.finding import Finding
from archlint.finding.records import dataclass
from archlint.reports.characters import visible

LIMIT = 3
"""Findings that are told one by one all the same: a few are read sooner than a list is."""
_NAMES_LIMIT = 100
_NAME_LIMIT = 200
_SUBJECTS = ("name", "path", "operation")
"""Arguments that name what a message is about; the first that a finding has counts."""
_REACH = "reach"
"""The argument that names the operations that are concerned."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Findings that are told as one."""

    first: Finding
    others: tuple[Finding, ...] = ()

    def others_in_words(self) -> str:
        """Such as ``and 20 more like it here: a, b, c``."""
        names = [visible(_subject(finding), _NAME_LIMIT) for finding in self.others[:_NAMES_LIMIT]]
        left = len(self.others) - len(names)
        rest = f", and {left} more" if left else ""
        return f"and {len(self.others)} more like it here: {', '.join(names)}{rest}"


def alike(findings: Sequence[Finding]) -> Iterator[Alike]:
    """Findings at one place, in their order, those that are alike in the place of the first of them."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_likeness(finding), []).append(finding)
    for group in groups.values():
        if len(group) > LIMIT:
            yield Alike(group[0], tuple(group[1:]))
        else:
            yield from map(Alike, group)


def _likeness(finding: Finding) -> tuple[object, ...]:
    """What findings have in common that differ in the name of their subject alone, wherever it is said."""
    subject = _subject(finding)
    told = [item for item in finding.arguments.items() if item[0] != _REACH and item[1] != subject]
    rule = (finding.code, finding.severity, finding.message_id, finding.suppressed)
    return *rule, tuple(sorted(told)), "" if subject else finding.message


def _subject(finding: Finding) -> str:
    """What a finding is about, if its message has an argument for that."""
    return next((finding.arguments[name] for name in _SUBJECTS if name in finding.arguments), "")
