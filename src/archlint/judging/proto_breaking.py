"""Findings about changes of proto files as buf tells them.

The comparison says what buf would say, rule by rule; the rules of archlint say what a change means. Where
both speak of one thing at one place, archlint's rule is told under the names that buf has for it. What buf
says besides is told where its settings ask for it, so that nobody who leaves buf misses anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from archlint.comparison.protobuf.buf.verdicts import BufVerdict
from archlint.documents.proto.buf_breaking import is_breaking_rule
from archlint.finding import Finding
from archlint.finding.records import replace
from archlint.judging.proto_lint import without_names

CODE = "PROTO531"
"""The rule that tells what buf says."""
_BUF = "buf:"
_OF_VALUES = "buf:ENUM_VALUE_"
"""Rules that ask of each number of an enum: what they say of one value is nothing to the others."""
_RENAMED, _RENAMED_IN_JSON = "buf:FIELD_SAME_NAME", "buf:FIELD_SAME_JSON_NAME"
_ANY = ""
"""Whatever element it is."""
_Line = tuple[str, str | None, int]
"""A line of a file of a revision."""


class ToldByBuf:
    """What buf says of two revisions, by line and rule."""

    def __init__(self, verdicts: Iterable[BufVerdict], wanted: frozenset[str]) -> None:
        """``wanted`` are the rules that are asked for without settings of buf; if there are none, all may be
        told."""
        self._wanted = wanted
        self._asked: set[str] = set()
        self._here: dict[_Line, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._elements: set[tuple[str, str, str]] = set()
        for verdict in verdicts:
            name, source, about = _BUF + verdict.rule, verdict.place.source, verdict.about
            if not self._wants(name):
                continue
            self._here[source.path, source.revision, verdict.place.span().line][name].add(_quoted(about))
            self._elements.update((name, source.path, each) for each in (_ANY, *_all_names(about)))
            if verdict.is_asked:
                self._asked.add(source.path)

    def as_told(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings under the names that buf has for them, and what it says besides."""
        besides = _Besides()
        found: list[tuple[Finding, list[str]]] = []
        for finding in findings:
            if finding.code == CODE:
                besides.add(finding)
                continue
            names = _names(finding)
            if not names:
                yield finding
            elif any(map(self._wants, names)):
                here = self._here.get(_line(finding), ())
                found.append((finding, [name for name in names if name in here]))
        spoken = {(name, _line(finding)) for finding, told in found for name in told}
        for finding, told in found:
            told += [name for name in self._more_of(finding) if (name, _line(finding)) not in spoken]
            besides.take(finding, told)
        for finding, told in found:
            if told:
                yield _named(finding, told)
            elif (moved := besides.moved(finding)) is not None:
                yield moved
            elif not besides.has_any_of(finding):
                yield without_names(finding, set(self._unknown(finding)))
        yield from besides.left()

    def _more_of(self, finding: Finding) -> Iterator[str]:
        """Names under which buf says something of the same element at the same place, and no other rule of
        archlint does: that a field is gone says as well that no required one may go."""
        for name, subjects in sorted(self._here.get(_line(finding), {}).items()):
            if not subjects.isdisjoint(_subjects(finding)):
                yield name

    def _unknown(self, finding: Finding) -> Iterator[str]:
        """The names that buf does not have for a finding. Where it says the same in the file, of an enum's
        value the same of this value, the name is kept, as long as nobody asks for what buf says."""
        path = finding.location.path
        for name in _names(finding):
            subjects = _subjects(finding) if name.startswith(_OF_VALUES) else (_ANY,)
            is_elsewhere = any((name, path, each) in self._elements for each in subjects)
            if self._wanted or path in self._asked or not is_elsewhere:
                yield name

    def _wants(self, name: str) -> bool:
        return not self._wanted or name.removeprefix(_BUF) in self._wanted


def _named(finding: Finding, told: Iterable[str]) -> Finding:
    """The finding under the names of buf that are told, beside those of others."""
    others = [name for name in finding.aliases if name not in _names(finding)]
    return replace(finding, aliases=(*others, *dict.fromkeys(told)))


def _names(finding: Finding) -> list[str]:
    return [name for name in finding.aliases if is_breaking_rule(name.removeprefix(_BUF))]


def _line(finding: Finding) -> _Line:
    at = finding.location
    return (at.path, at.revision, at.span.line)


class _Besides:
    """Findings of the rule that speaks for buf, without those that other rules speak for."""

    def __init__(self) -> None:
        self._left: dict[int, Finding] = {}
        self._by_line: dict[tuple[str, _Line], list[Finding]] = defaultdict(list)
        self._by_subject: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        self._in_files: Counter[tuple[str, str]] = Counter()

    def add(self, finding: Finding) -> None:
        """Note something that buf says."""
        name = finding.aliases[0]
        self._left[id(finding)] = finding
        self._by_line[name, _line(finding)].append(finding)
        self._by_subject[name, _quoted(finding.arguments["about"])].append(finding)
        self._in_files[name, finding.location.path] += 1

    def take(self, finding: Finding, names: Iterable[str]) -> None:
        """Take out what another finding says under some names: what it is about, else any."""
        for name in names:
            line = _line(finding)
            same = next((each for each in self._about(finding, name) if _line(each) == line), None)
            group = self._by_line.get((name, line), [])
            while same is None and group:
                last = group.pop()
                same = last if id(last) in self._left else None
            if same is not None:
                self._remove(same)

    def moved(self, finding: Finding) -> Finding | None:
        """The finding where buf says the same under some of its names: at the first of these places."""
        here: Finding | None = None
        told: list[str] = []
        for name in _names(finding):
            for each in [*self._about(finding, name)]:
                if here is None or _line(here) == _line(each):
                    here = each
                    told.append(name)
                    self._remove(each)
        return None if here is None else replace(_named(finding, told), location=here.location)

    def has_any_of(self, finding: Finding) -> bool:
        """Whether something is left under a name of a finding in the same file."""
        return any(self._in_files[name, finding.location.path] for name in _names(finding))

    def left(self) -> Iterator[Finding]:
        """What no rule of archlint says. A new name gives another one in JSON too: that is one change,
        which is told under both names that buf has for it."""
        renamed: dict[tuple[object, _Line], Finding] = {}
        for name in (_RENAMED_IN_JSON, _RENAMED):
            for finding in [each for each in self._left.values() if each.aliases[0] == name]:
                key = finding.arguments["about"], _line(finding)
                if name == _RENAMED and key in renamed:
                    self._remove(renamed[key])
                    self._left[id(finding)] = replace(finding, aliases=(name, _RENAMED_IN_JSON))
                renamed[key] = finding
        yield from self._left.values()

    def _about(self, finding: Finding, name: str) -> Iterator[Finding]:
        """What is left under a name about the element of another finding."""
        for subject in dict.fromkeys(_subjects(finding)):
            yield from (each for each in self._by_subject.get((name, subject), ()) if id(each) in self._left)

    def _remove(self, finding: Finding) -> None:
        del self._left[id(finding)]
        self._in_files[finding.aliases[0], finding.location.path] -= 1


def _quoted(about: str) -> str:
    """The name in what buf's verdict is about."""
    return about.partition("'")[2].partition("'")[0]


def _all_names(about: str) -> list[str]:
    """All names in what buf's verdict is about, such as those of a number, which are in brackets."""
    return [*about.split("'")[1::2], *(word.strip("(),") for word in about.split())]


def _subjects(finding: Finding) -> Iterator[str]:
    """What buf may call the elements of a finding: its file, its package, a name or the end of one."""
    yield from (str(finding.arguments[each]) for each in ("path", "package") if each in finding.arguments)
    several = finding.arguments["moved"].split(", ") if "moved" in finding.arguments else ()
    own = str(finding.arguments.get("name") or (finding.arguments["new"] if _is_other_field(finding) else ""))
    for name in filter(None, (own, *several)):
        parts = name.split(".")
        yield from (".".join(parts[at:]) for at in range(len(parts)))


def _is_other_field(finding: Finding) -> bool:
    """Whether a finding is about a field in the place of another one, which calls itself the new one."""
    return {"new_type", "new_json"} & finding.arguments.keys() != set()
