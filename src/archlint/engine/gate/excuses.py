"""Which suppressions in the files of a release were there before it: a change must not excuse itself.

A suppression was there if the base has it in the same file, with the same words, for the same element, or on
a line of the same text. Moving it to another line makes another of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from archlint.files import FileProblem, FileTree, TextProblem, decode
from archlint.judging.candidates import may_suppress
from archlint.judging.marks import Mark, marks_of_built, read_marks
from archlint.judging.release.verdict import Safeguard
from archlint.model.kubernetes.builds import builds
from archlint.model.world import World

_Key = tuple[str, ...]


class Excuses:
    """The suppressions of a release beside those of its base."""

    def __init__(self, base: World, revision: World) -> None:
        before = Counter(key for key, _ in _keyed(base))
        now = [*_keyed(revision)]
        counts = Counter(key for key, _ in now)
        self._known = {key for key, count in counts.items() if count <= before[key]}
        self._texts = _Lines(revision.tree)
        self.added = tuple(_safeguard(mark, "new") for key, mark in now if key not in self._known)
        """Those that the release brings."""

    def is_known(self, mark: Mark) -> bool:
        """Whether a suppression was there before the release."""
        return _key(mark, self._texts.line) in self._known


def _safeguard(mark: Mark, word: str) -> Safeguard:
    return Safeguard(mark.path, mark.span.line, f"suppression `{mark.text}` is {word}")


def _keyed(world: World) -> Iterator[tuple[_Key, Mark]]:
    lines = _Lines(world.tree)
    for mark in _marks(world):
        yield _key(mark, lines.line), mark


def _marks(world: World) -> Iterable[Mark]:
    contents = []
    for path in sorted(world.kinds):
        try:
            content = world.tree.read(path)
        except FileProblem:
            continue  # told as a parse error
        if may_suppress(content):
            contents.append((path, content))
    marks = read_marks(contents, world.documents())
    return [*marks, *marks_of_built(world.fact(builds).documents, marks)] if contents else marks


def _key(mark: Mark, line: Callable[[str, int], str]) -> _Key:
    """What a suppression is told by."""
    said = mark.directive
    words = (mark.path, mark.cover.value, mark.text, said.reason, str(said.until))
    if mark.lines:
        return (*words, *(line(mark.path, number) for number in mark.lines))
    if mark.object is not None:
        return (*words, mark.object.kind, mark.object.namespace or "", mark.object.name)
    return (*words, mark.pointer)


class _Lines:
    """The lines of files, each file read once."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._kept: dict[str, list[str]] = {}

    def line(self, path: str, number: int) -> str:
        """The text of a line without the blanks around it; empty if there is none."""
        if path not in self._kept:
            try:
                self._kept[path] = decode(self._tree.read(path)).split("\n")
            except (FileProblem, TextProblem):
                self._kept[path] = []
        lines = self._kept[path]
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""
