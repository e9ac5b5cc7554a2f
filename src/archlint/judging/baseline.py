"""The baseline: findings that are known and do not count, by file and fingerprint, with counts.

Line numbers and messages may change without bringing a finding back; another occurrence of the same finding
in the same file counts. Where a file is gone, its entries are matched by fingerprint alone, so that a renamed
file brings nothing back. The same comparison tells the new findings of a change.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from archlint.files import Kind
from archlint.finding import Finding
from archlint.finding.records import dataclass, replace
from archlint.model.judged import StaleBaselineEntry

DEFAULT_PATH = ".archlint-baseline.json"
VERSION = 1
_LONGEST_NAME = 200
_ADVICE = "Fix it, or delete it and write it anew with `archlint check --update-baseline`."


class BaselineError(Exception):
    """A baseline that cannot be used; the text says what to do."""


@dataclass(frozen=True, slots=True, order=True)
class BaselineEntry:
    """Findings of one fingerprint in one file; ``rule`` and ``message`` are for people."""

    path: str
    code: str
    fingerprint: str
    count: int = 1
    rule: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """All entries of a baseline file, sorted."""

    entries: tuple[BaselineEntry, ...] = ()
    path: str = DEFAULT_PATH
    text: str = ""

    @classmethod
    def parse(cls, text: str, path: str) -> Baseline:
        """Read a baseline; raises ``BaselineError``."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            at = f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            raise BaselineError(f"{path}{at}: the baseline is not valid JSON. {_ADVICE}") from None
        if not isinstance(data, dict) or not isinstance(data.get("findings"), list):
            raise BaselineError(f"{path}: this is no baseline of archlint. {_ADVICE}")
        if data.get("version") != VERSION:
            raise BaselineError(
                f"{path}: version {data.get('version')!r} of the baseline is unknown to this archlint, which "
                f"reads version {VERSION}. Update archlint, or write the file anew."
            )
        entries = tuple(_entry(item, number, path) for number, item in enumerate(data["findings"], 1))
        return cls(entries, path, text)

    def render(self) -> str:
        """The text of the file: one line for each entry, so that merges stay easy."""
        lines = [json.dumps(_fields(entry), ensure_ascii=False) for entry in sorted(self.entries)]
        body = ",\n".join(f"    {line}" for line in lines)
        findings = f"[\n{body}\n  ]" if body else "[]"
        return f'{{\n  "version": {VERSION},\n  "findings": {findings}\n}}\n'


def _entry(item: Any, number: int, path: str) -> BaselineEntry:
    if not isinstance(item, dict):
        raise BaselineError(f"{path}: entry {number} must be a map. {_ADVICE}")
    count = item.get("count", 1)
    texts = [item.get(key, "") for key in ("path", "code", "fingerprint", "rule", "message")]
    if not all(isinstance(value, str) for value in texts) or not all(texts[:3]):
        raise BaselineError(f"{path}: entry {number} lacks 'path', 'code' or 'fingerprint'. {_ADVICE}")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise BaselineError(f"{path}: 'count' of entry {number} must be a whole number above 0. {_ADVICE}")
    return BaselineEntry(texts[0], texts[1], texts[2], count, texts[3], texts[4])


def _fields(entry: BaselineEntry) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "path": entry.path,
        "code": entry.code,
        "rule": entry.rule,
        "fingerprint": entry.fingerprint,
    }
    if entry.count > 1:
        fields["count"] = entry.count
    return {**fields, "message": entry.message}


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings held against known ones."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    left: tuple[BaselineEntry, ...]
    """Entries, with the count of findings that are no longer there."""


def compare(
    findings: Iterable[Finding], entries: Sequence[BaselineEntry], exists: Callable[[str], bool]
) -> Compared:
    """Match findings with entries, each entry as often as it counts.

    ``exists`` tells whether a path is still a file of the working tree.
    """
    if not entries:
        return Compared(tuple(findings), (), ())
    places: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        places[entry.path, entry.fingerprint] += entry.count
    gone = {path for path in {entry.path for entry in entries} if not exists(path)}
    waiting: list[Finding] = []
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in findings:
        key = (finding.location.path, finding.fingerprint)
        if places[key] > 0:
            places[key] -= 1
            known.append(finding)
        else:
            waiting.append(finding)
    moved: dict[str, list[tuple[str, str]]] = {}
    for key in sorted(places, reverse=True):
        if key[0] in gone:
            moved.setdefault(key[1], []).append(key)
    for finding in waiting:
        old = moved.get(finding.fingerprint, [])
        while old and places[old[-1]] <= 0:
            old.pop()
        if old:
            places[old[-1]] -= 1
            known.append(finding)
        else:
            new.append(finding)
    return Compared(tuple(new), tuple(known), tuple(_left(entries, places)))


def _left(entries: Iterable[BaselineEntry], places: Counter[tuple[str, str]]) -> Iterator[BaselineEntry]:
    for entry in entries:
        rest = min(places[entry.path, entry.fingerprint], entry.count)
        if rest > 0:
            places[entry.path, entry.fingerprint] -= rest
            yield replace(entry, count=rest)


def entries_of(findings: Iterable[Finding]) -> tuple[BaselineEntry, ...]:
    """The entries that make findings known, sorted; the first message of several stands for all."""
    made: dict[tuple[str, str], BaselineEntry] = {}
    for finding in sorted(findings, key=Finding.sort_key):
        key = (finding.location.path, finding.fingerprint)
        old = made.get(key)
        entry = BaselineEntry(key[0], finding.code, key[1], 1, finding.rule, finding.message)
        made[key] = entry if old is None else replace(old, count=old.count + 1)
    return tuple(sorted(made.values()))


def new_only(findings: Iterable[Finding], base: Iterable[Finding], exists: Callable[[str], bool]) -> Compared:
    """The findings that a base does not have; what the base has is ``known``."""
    return compare(findings, entries_of(base), exists)


@dataclass(frozen=True, slots=True)
class RunCoverage:
    """What a run has looked at, and so what it can say about entries that nothing matched."""

    has_run: Callable[[str], bool]
    """Whether the rule with a code looked at all that lies below the named paths."""
    known: Collection[str]
    """Codes of all rules that exist."""
    covers: Callable[[str], bool]
    """Whether a path lies in the world, or would if it existed."""

    def judges(self, entry: BaselineEntry) -> bool:
        """Whether an entry without a finding is stale, rather than not looked at."""
        return self.covers(entry.path) and (entry.code not in self.known or self.has_run(entry.code))


def updated(
    old: Baseline,
    findings: Iterable[Finding],
    left: Iterable[BaselineEntry],
    stale: Iterable[BaselineEntry],
    coverage: RunCoverage,
) -> Baseline:
    """The baseline that makes findings known and keeps what this run did not look at.

    ``left`` are the old entries that these findings do not match, ``stale`` those of them that no other
    finding matches either.
    """
    over: Counter[tuple[str, str]] = Counter()
    for entry in stale:
        over[entry.path, entry.fingerprint] += entry.count if coverage.judges(entry) else 0
    kept = list(_reduced(left, over))
    merged: dict[tuple[str, str], BaselineEntry] = {}
    for entry in (*entries_of(findings), *kept):
        key = (entry.path, entry.fingerprint)
        before = merged.get(key)
        merged[key] = entry if before is None else replace(before, count=before.count + entry.count)
    return Baseline(tuple(sorted(merged.values())), old.path)


def _reduced(entries: Iterable[BaselineEntry], over: Counter[tuple[str, str]]) -> Iterator[BaselineEntry]:
    """Entries without as many of each as are over."""
    for entry in entries:
        key = (entry.path, entry.fingerprint)
        less = min(over[key], entry.count)
        over[key] -= less
        if entry.count > less:
            yield replace(entry, count=entry.count - less)


def stale_entries(
    baseline: Baseline, left: Iterable[BaselineEntry], coverage: RunCoverage
) -> list[StaleBaselineEntry]:
    """The entries that no finding matches any more, at their places in the file."""
    stale = [entry for entry in left if coverage.judges(entry)]
    if not stale:
        return []
    from archlint.documents import TextFile, load_text

    loaded = load_text(baseline.path, baseline.text, Kind.DATA)
    places = {
        (node.get("path").text, node.get("fingerprint").text): node.get("fingerprint").value_place()
        for document in loaded.documents
        for node in document.root.get("findings").elements()
    }
    counts: Counter[tuple[str, str]] = Counter()
    for entry in baseline.entries:
        counts[entry.path, entry.fingerprint] += entry.count
    start = TextFile(baseline.path).place()
    return [
        StaleBaselineEntry(
            place=places.get((entry.path, entry.fingerprint), start),
            path=entry.path,
            fingerprint=entry.fingerprint,
            rule=entry.rule or entry.code,
            left=entry.count,
            count=counts[entry.path, entry.fingerprint],
        )
        for entry in stale
    ]


def write_baseline(target: Path, baseline: Baseline) -> None:
    """Replace a baseline file, never what a link of that name leads to; raises ``BaselineError``."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:  # never through a link that waits under this name
            file.write(baseline.render().encode("utf-8", "backslashreplace"))
        temporary.replace(target)
    except (OSError, RecursionError) as error:  # the latter from a thousand folders that are not there
        with suppress(OSError):
            temporary.unlink()
        reason = getattr(error, "strerror", None) or error
        raise BaselineError(f"{_short(target)}: the baseline cannot be written: {reason}") from None


def _short(target: Path) -> str:
    return str(target) if len(str(target)) <= _LONGEST_NAME else f"{str(target)[:_LONGEST_NAME]}..."
