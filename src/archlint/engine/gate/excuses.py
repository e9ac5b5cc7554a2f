"""Which suppressions in the files of a release were there before it: a change must not excuse itself.

A suppression was there if the base has it in the same file, with the same words, for the same element. Moving
it to another one makes another of it: items of lists are told by what they say, and what stands on a line by
the object and the keys that lead to it, and by the line's text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from archlint.documents import Document
from archlint.files import FileProblem, TextProblem, decode
from archlint.finding import Route, Token
from archlint.judging.candidates import candidates, may_suppress
from archlint.judging.marks import Mark, marks_of_built, read_marks
from archlint.judging.release.verdict import Safeguard
from archlint.model.kubernetes.building.builds import builds
from archlint.model.world import World

_Key = tuple[str, ...]


class Excuses:
    """The suppressions of a release beside those of its base."""

    def __init__(self, base: World, revision: World) -> None:
        before = Counter(key for key, _ in _keyed(base))
        now = [*_keyed(revision)]
        counts = Counter(key for key, _ in now)
        self._known = {key for key, count in counts.items() if count <= before[key]}
        self._keys = _Keys(revision)
        self.added = tuple(_added(now, before))
        """Those that the release brings."""

    def is_known(self, mark: Mark) -> bool:
        """Whether a suppression was there before the release."""
        return self._keys.of(mark) in self._known


def _added(now: Iterable[tuple[_Key, Mark]], before: Counter[_Key]) -> Iterator[Safeguard]:
    """What the base has fewer of; which of several alike is the new one cannot be told, so the last is."""
    left = Counter(before)
    for key, mark in now:
        left[key] -= 1
        if left[key] < 0:
            yield Safeguard(mark.path, mark.span.line, f"suppression `{mark.text}` is new")


def _keyed(world: World) -> Iterator[tuple[_Key, Mark]]:
    keys = _Keys(world)
    for mark in _marks(world):
        yield keys.of(mark), mark


def _marks(world: World) -> Iterable[Mark]:
    contents = [each for each in candidates(world.tree, world.kinds) if may_suppress(each[1])]
    marks = read_marks(contents, world.documents())
    return [*marks, *marks_of_built(world.fact(builds).documents, marks)] if contents else marks


class _Keys:
    """What the suppressions of a side are told by."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._documents: dict[str, list[Document]] = defaultdict(list)
        for document in world.documents():
            self._documents[document.path].append(document)
        self._lines: dict[str, list[str]] = {}
        self._elements: dict[str, dict[int, _Key]] = {}

    def of(self, mark: Mark) -> _Key:
        """File, words, and what is covered."""
        said = mark.directive
        words = (mark.path, mark.cover.value, mark.text, said.reason, str(said.until))
        if mark.lines:
            covered = (part for number in mark.lines for part in self._on_line(mark.path, number))
            return (*words, *covered)
        if mark.object is not None:
            return (*words, mark.object.kind, mark.object.namespace or "", mark.object.name)
        for document in self._documents.get(mark.path, ()):
            if document.index == mark.document:
                return (*words, *document.names(mark.route[:-1] if mark.route else ()))
        return (*words, mark.pointer)

    def _on_line(self, path: str, number: int) -> _Key:
        """The text of a line without the blanks around it, and the way to what stands on it."""
        if path not in self._lines:
            try:
                self._lines[path] = decode(self._world.tree.read(path)).split("\n")
            except (FileProblem, TextProblem):
                self._lines[path] = []
            documents = self._documents.get(path, [])
            self._elements[path] = {
                line: key for document in reversed(documents) for line, key in _ways(document)
            }
        lines, elements = self._lines[path], self._elements[path]
        text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        around = elements.get(number) or _opening(lines[: number - 1])
        return (text, *around)


def _ways(document: Document) -> Iterator[tuple[int, _Key]]:
    """For each line on which something of a document begins the way to the outermost of it."""
    data = document.data
    named = data.get("metadata") if isinstance(data, dict) else None
    about = (
        str(data.get("kind")) if isinstance(data, dict) else "",
        *(str(named.get(key)) for key in ("namespace", "name") if isinstance(named, dict)),
    )
    found: dict[int, Route] = {}
    waiting: list[tuple[Route, Any]] = [((), data)]
    while waiting:
        route, value = waiting.pop()
        if route:
            line = document.span(route, Token.ANCHOR).line
            if line not in found or len(route) < len(found[line]):
                found[line] = route
        children = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        waiting += [((*route, key), item) for key, item in children]
    for line, route in found.items():
        yield line, (*about, *document.names(route))


def _opening(lines: Sequence[str]) -> _Key:
    """What the nearest line above opens, in files that are no data, such as a message in Protobuf."""
    return next(((line.strip(),) for line in reversed(lines) if line.rstrip().endswith("{")), ())
