"""Path templates as a tree in which a path is found: what is concrete before what has parameters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Generic, TypeVar
from urllib.parse import unquote

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.evidence.exchange import OPEN

T = TypeVar("T")

_PARTS = regex(r"(\{[^{}]*+\})")


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a template with parameters in it: the texts around them, and their names."""

    texts: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the segment is one parameter and nothing else."""
        return len(self.names) == 1 and not any(self.texts)

    def values(self, raw: str) -> dict[str, str] | None:
        """The raw values of the parameters; ``None`` if the segment of a path does not fit."""
        if OPEN in raw:
            return dict.fromkeys(self.names, OPEN)
        first, *others = self.texts
        if not raw.startswith(first) or not raw.endswith(self.texts[-1]):
            return None
        found: dict[str, str] = {}
        at = len(first)
        for number, (name, text) in enumerate(zip(self.names, others, strict=True)):
            is_last = number == len(self.names) - 1
            end = len(raw) - len(text) if is_last else raw.find(text, at + 1) if text else at + 1
            if end <= at:
                return None
            found[name] = raw[at:end]
            at = end + len(text)
        return found


def segment_of(text: str) -> Segment | str:
    """A segment of a template; a plain text, decoded, where it has no parameter."""
    parts = _PARTS.split(text)
    if len(parts) == 1:
        return unquote(text)
    return Segment(tuple(parts[::2]), tuple(name[1:-1] for name in parts[1::2]))


def segments_of(path: str) -> list[str]:
    """The segments of a path or template, an empty last one for a slash at the end included."""
    return path.removeprefix("/").split("/")


@dataclass
class _Branch(Generic[T]):
    plain: dict[str, _Branch[T]] = field(default_factory=dict)
    patterns: dict[Segment, _Branch[T]] = field(default_factory=dict)
    leaves: list[T] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Leaf(Generic[T]):
    """What a path fits: the values of its parameters as written, and how many segments are plain."""

    item: T
    values: dict[str, str]
    plain: int


class Templates(Generic[T]):
    """All templates that something goes by."""

    def __init__(self) -> None:
        self._root: _Branch[T] = _Branch()

    def add(self, template: str, item: T) -> None:
        """Add a template."""
        branch = self._root
        for text in segments_of(template.partition("?")[0].partition("#")[0]):
            part = segment_of(text)
            if isinstance(part, str):
                branch = branch.plain.setdefault(part, _Branch())
            else:
                branch = branch.patterns.setdefault(part, _Branch())
        branch.leaves.append(item)

    def fitting(self, path: Sequence[str]) -> Iterator[Leaf[T]]:
        """All that the segments of a path fit, plain segments before parameters, from the left."""
        yield from self._below(self._root, path, 0, {}, 0)

    def _below(
        self, branch: _Branch[T], path: Sequence[str], at: int, values: dict[str, str], plain: int
    ) -> Iterator[Leaf[T]]:
        if at == len(path):
            yield from (Leaf(item, values, plain) for item in branch.leaves)
            return
        next_one = branch.plain.get(unquote(path[at]))
        if next_one is not None:
            yield from self._below(next_one, path, at + 1, values, plain + 1)
        for segment, below in sorted(branch.patterns.items(), key=lambda entry: entry[0].is_whole):
            found = segment.values(path[at])
            if found is not None:
                yield from self._below(below, path, at + 1, {**values, **found}, plain)
