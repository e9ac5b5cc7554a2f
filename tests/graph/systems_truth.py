"""What is written down about public systems (``tests/graph/systems``), and a graph held against it."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from archlint.finding.records import dataclass

FOLDER = Path(__file__).parent / "systems"
Ends = tuple[str, str]


@dataclass(frozen=True)
class Truth:
    """One system: its edges, by the names of their ends."""

    name: str
    repository: str
    revision: str
    true: dict[Ends, tuple[str, ...]]
    """With the lines that may show each."""
    false: tuple[Ends, ...]
    optional: tuple[Ends, ...]


@dataclass(frozen=True)
class Verdict:
    """A graph beside the truth."""

    missing: tuple[Ends, ...]
    elsewhere: tuple[tuple[Ends, tuple[str, ...]], ...]
    """True edges none of whose places is an accepted one, with these places."""
    false: tuple[Ends, ...]
    unknown: tuple[Ends, ...]
    """Edges that stand in no list."""

    @property
    def right(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.missing or self.elsewhere or self.false or self.unknown)


def all_truths() -> list[Truth]:
    """Every system that is written down, by name."""
    return [_truth(path) for path in sorted(FOLDER.glob("*.yaml"))]


def _truth(path: Path) -> Truth:
    data = yaml.safe_load(path.read_text())
    return Truth(
        path.stem,
        data["repository"],
        data["revision"],
        {_ends(key): tuple(map(str, lines)) for key, lines in data["edges"].items()},
        tuple(map(_ends, data["traps"])),
        tuple(map(_ends, data["optional"])),
    )


def _ends(text: str) -> Ends:
    source, arrow, target = text.partition(" -> ")
    assert arrow, text
    return source, target


def judge(graph: dict[str, Any], truth: Truth) -> Verdict:
    """A graph as ``archlint graph`` prints it, against the truth; what is only declared does not count."""
    names = {node["id"]: node["name"] for node in graph["nodes"]}
    found: dict[Ends, set[str]] = {}
    for edge in graph["edges"]:
        if edge["kind"] != "declared":
            places = {f"{item['path']}:{item['line']}" for item in edge["evidence"]}
            found.setdefault((names[edge["from"]], names[edge["to"]]), set()).update(places)
    listed = (*truth.true, *truth.false, *truth.optional)
    return Verdict(
        tuple(ends for ends in truth.true if ends not in found),
        tuple(
            (ends, tuple(sorted(found[ends])))
            for ends, lines in truth.true.items()
            if ends in found and found[ends].isdisjoint(_all_lines(lines))
        ),
        tuple(sorted(ends for ends in found if _is_in(ends, truth.false) and ends not in truth.true)),
        tuple(sorted(ends for ends in found if not _is_in(ends, listed))),
    )


def _is_in(ends: Ends, patterns: tuple[Ends, ...]) -> bool:
    return any(fnmatchcase(ends[0], one) and fnmatchcase(ends[1], other) for one, other in patterns)


def _all_lines(lines: tuple[str, ...]) -> Iterator[str]:
    for line in lines:
        path, _, number = line.rpartition(":")
        first, _, last = number.partition("-")
        yield from (f"{path}:{each}" for each in range(int(first), int(last or first) + 1))
