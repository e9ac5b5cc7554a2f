"""Findings about changes of proto files as buf tells them.

The comparison says what buf would say, rule by rule; the rules of archlint say what a change means. Where
both speak of one thing at one place, archlint's rule is told under the names that buf has for it. What buf
says besides is told where its settings ask for it, so that nobody who leaves buf misses anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.documents.proto.buf_breaking import is_breaking_rule
from archlint.finding import Finding, Place
from archlint.judging.proto_lint import without_names

CODE = "PROTO531"
"""The rule that tells what buf says."""
_BUF = "buf:"
_Key = tuple[str, str, str | None, int]


class ToldByBuf:
    """What buf says of two revisions, by rule and place."""

    def __init__(self, verdicts: Iterable[tuple[str, Place, bool]], wanted: frozenset[str]) -> None:
        """Each verdict with whether it is asked for. ``wanted`` are the rules that are asked for without
        settings of buf; if there are none, all may be told."""
        self._wanted = wanted
        self._asked: set[str] = set()
        self._here: set[_Key] = set()
        self._files: set[tuple[str, str]] = set()
        for rule, place, is_asked in verdicts:
            name, source = _BUF + rule, place.source
            self._here.add((name, source.path, source.revision, place.span().line))
            self._files.add((name, source.path))
            if is_asked:
                self._asked.add(source.path)

    def as_told(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings under the names that buf has for them, and what it says besides."""
        besides = _Besides()
        waiting: list[tuple[Finding, list[str]]] = []
        for finding in findings:
            names = [] if finding.code == CODE else _names(finding)
            wanted = [name for name in names if self._wants(name)]
            told = [name for name in wanted if _key(finding, name) in self._here]
            if finding.code == CODE:
                besides.add(finding)
            elif not names:
                yield finding
            elif told or wanted:
                waiting.append((finding, told))
        for finding, told in waiting:
            besides.take(finding, told)
        for finding, told in waiting:
            if told:
                yield without_names(finding, {*_names(finding)} - {*told})
            elif not besides.has_any_of(finding):
                yield without_names(finding, set(self._unknown(finding)))
        yield from besides.left()

    def _unknown(self, finding: Finding) -> Iterator[str]:
        """The names that buf does not have for a finding. Where it says the same at another line, the name is
        kept, as long as nobody asks for what buf says."""
        path = finding.location.path
        for name in _names(finding):
            if self._wanted or path in self._asked or (name, path) not in self._files:
                yield name

    def _wants(self, name: str) -> bool:
        return not self._wanted or name.removeprefix(_BUF) in self._wanted


def _names(finding: Finding) -> list[str]:
    return [name for name in finding.aliases if is_breaking_rule(name.removeprefix(_BUF))]


def _key(finding: Finding, name: str) -> _Key:
    at = finding.location
    return (name, at.path, at.revision, at.span.line)


class _Besides:
    """Findings of the rule that speaks for buf, without those that other rules speak for."""

    def __init__(self) -> None:
        self._left: dict[_Key, list[Finding]] = defaultdict(list)

    def add(self, finding: Finding) -> None:
        """Note something that buf says."""
        self._left[_key(finding, finding.aliases[0])].append(finding)

    def take(self, finding: Finding, names: Iterable[str]) -> None:
        """Take out what another finding says under some names: what it is about, else the first."""
        about = f"'{finding.arguments.get('name', '')}'"
        for name in names:
            group = self._left.get(_key(finding, name))
            if group:
                group.remove(next((each for each in group if about in each.arguments["about"]), group[0]))

    def has_any_of(self, finding: Finding) -> bool:
        """Whether something is left under a name of a finding that is about the same, or in the same file."""
        path, names = finding.location.path, _names(finding)
        return any(
            group and name in names and (path == where or any(_is_about(each, finding) for each in group))
            for (name, where, _, _), group in self._left.items()
        )

    def left(self) -> Iterator[Finding]:
        """What no rule of archlint says."""
        for group in self._left.values():
            yield from group


def _is_about(told: Finding, finding: Finding) -> bool:
    """Whether what buf says is about the element of another finding, which may call it by its full name."""
    name = told.arguments["about"].partition("'")[2].partition("'")[0]
    return bool(name) and f".{finding.arguments.get('name', '')}".endswith(f".{name}")
