"""Changes of files as a unified diff, which ``git apply`` and ``patch`` read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from archlint.finding.records import dataclass
from archlint.reports.commands import has_command

_CONTEXT = 3
_ANCHOR = 3
"""Lines in a row that have to agree before two texts count as in step again, unless one occurs only once."""
_FARTHEST = 400
"""Lines that may be out of step before the slow comparison is asked."""

Stretch = tuple[int, int, int, int]
"""First and last line, exclusive, of what differs in the old and in the new text."""


@dataclass(frozen=True, slots=True)
class Diff:
    """The diff of one file, and how many of its parts are left out, as a runner would obey a line of them."""

    text: str
    left_out: int = 0


def unified(path: str, old: str, new: str) -> Diff:
    """The diff of one file; empty if nothing differs, or nothing can be shown."""
    before, after = _lines(old), _lines(new)
    head = f"--- a/{path}\n+++ b/{path}\n"
    parts: list[str] = []
    left_out = shift = 0
    for group in _grouped(list(stretches(before, after))):
        hunk = "".join(_hunk(before, after, group, shift))
        if has_command(head + hunk):
            left_out += 1
            shift += sum((last - first) - (till - at) for first, last, at, till in group)
        else:
            parts.append(hunk)
    return Diff("".join([head, *parts]) if parts else "", left_out)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    ended = [f"{line}\n" for line in lines[:-1]]
    return [*ended, lines[-1]] if lines[-1] else ended


def stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """What differs, in order. Local changes take linear time."""
    rare = _once(old) & _once(new)
    one = other = 0
    while one < len(old) or other < len(new):
        if one < len(old) and other < len(new) and old[one] == new[other]:
            one, other = one + 1, other + 1
            continue
        step = _next_step(old, new, (one, other), rare)
        if step is None:
            for tag, start, end, at, till in SequenceMatcher(None, old[one:], new[other:]).get_opcodes():
                if tag != "equal":
                    yield one + start, one + end, other + at, other + till
            return
        yield one, step[0], other, step[1]
        one, other = step


def _once(lines: Sequence[str]) -> set[str]:
    return {line for line, count in Counter(lines).items() if count == 1}


def _next_step(
    old: Sequence[str], new: Sequence[str], here: tuple[int, int], rare: set[str]
) -> tuple[int, int] | None:
    """The nearest lines at which two texts agree again; their ends, if these come first."""
    for distance in range(1, _FARTHEST):
        for skipped in range(distance + 1):
            start, at = here[0] + skipped, here[1] + distance - skipped
            if start > len(old) or at > len(new):
                continue
            rest, others = old[start : start + _ANCHOR], new[at : at + _ANCHOR]
            if rest == others or (rest[:1] == others[:1] and rest[0] in rare):
                return start, at
    return None


def _grouped(found: list[Stretch]) -> Iterator[list[Stretch]]:
    """Stretches whose context overlaps, together."""
    group: list[Stretch] = []
    for stretch in found:
        if group and stretch[0] - group[-1][1] > 2 * _CONTEXT:
            yield group
            group = []
        group.append(stretch)
    if group:
        yield group


def _hunk(old: Sequence[str], new: Sequence[str], group: list[Stretch], shift: int) -> Iterator[str]:
    """One part of a diff; ``shift`` is by how many lines those before it that are left out move it."""
    lead = min(_CONTEXT, group[0][0])
    tail = min(_CONTEXT, len(old) - group[-1][1])
    start, end = group[0][0] - lead, group[-1][1] + tail
    at, till = group[0][2] - lead + shift, group[-1][3] + tail + shift
    yield f"@@ -{_range(start, end)} +{_range(at, till)} @@\n"
    here = start
    for first, last, new_first, new_last in group:
        yield from (_line(" ", line) for line in old[here:first])
        yield from (_line("-", line) for line in old[first:last])
        yield from (_line("+", line) for line in new[new_first:new_last])
        here = last
    yield from (_line(" ", line) for line in old[here:end])


def _range(start: int, end: int) -> str:
    count = end - start
    return f"{start + (count > 0)}" if count == 1 else f"{start + (count > 0)},{count}"


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"
