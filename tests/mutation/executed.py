"""The map of which test executes which line: made by a run of the tests, read when mutants are tried."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

PACKAGES = ("comparison", "documents/kustomize", "engine", "judging", "model")
"""The packages of archlint that are mutated. Of other files only what any test executes is kept."""
_HEX = 16


@dataclass
class Known:
    """What is known of a test."""

    number: int
    """Its bit in the sets of tests."""
    seconds: float
    """Its CPU time, with that of its processes."""
    starts: bool
    """Whether it starts processes that may execute archlint."""
    passes: bool


@dataclass
class Executed:
    """The tests, and for each file and line those that execute it, as the bits of a number."""

    tests: dict[str, Known] = field(default_factory=dict)
    lines: dict[str, dict[int, int]] = field(default_factory=dict)
    elsewhere: dict[str, set[int]] = field(default_factory=dict)
    """The executed lines of files that are not mutated."""

    @classmethod
    def read(cls, path: Path) -> Executed:
        """The map as ``write`` left it; an empty one where there is none."""
        if not path.exists():
            return cls()
        kept = json.loads(path.read_text("utf-8"))
        lines = {
            source: {int(line): int(tests, _HEX) for line, tests in by_line.items()}
            for source, by_line in kept["lines"].items()
        }
        elsewhere = {source: set(executed) for source, executed in kept["elsewhere"].items()}
        return cls({name: Known(**known) for name, known in kept["tests"].items()}, lines, elsewhere)

    def write(self, path: Path) -> None:
        """Keep the map."""
        kept: dict[str, Any] = {
            "tests": {name: asdict(known) for name, known in self.tests.items()},
            "lines": {
                source: {line: f"{tests:x}" for line, tests in by_line.items()}
                for source, by_line in self.lines.items()
            },
            "elsewhere": {source: sorted(executed) for source, executed in self.elsewhere.items()},
        }
        path.write_text(json.dumps(kept), "utf-8")

    def note(self, source: str, line: int, tests: int) -> None:
        """A line was executed by some tests, or by none in particular."""
        if source.startswith(tuple(f"{name}/" for name in PACKAGES)):
            by_line = self.lines.setdefault(source, {})
            by_line[line] = by_line.get(line, 0) | tests
        else:
            self.elsewhere.setdefault(source, set()).add(line)

    def forget(self, names: Iterable[str]) -> None:
        """Take tests out, to note them anew."""
        gone = self.bits(names)
        self.tests = {name: known for name, known in self.tests.items() if not gone >> known.number & 1}
        for by_line in self.lines.values():
            for line in by_line:
                by_line[line] &= ~gone

    def add(self, other: Executed) -> None:
        """Take over what another run has noted, which is right where both know a test."""
        self.forget(other.tests)
        begin = max((known.number for known in self.tests.values()), default=-1) + 1
        for name, known in other.tests.items():
            self.tests[name] = Known(begin + known.number, known.seconds, known.starts, known.passes)
        for source, by_line in other.lines.items():
            for line, tests in by_line.items():
                self.note(source, line, tests << begin)
        for source, executed in other.elsewhere.items():
            self.elsewhere.setdefault(source, set()).update(executed)

    def bits(self, names: Iterable[str]) -> int:
        """A set of tests as a number."""
        found = 0
        for name in names:
            if name in self.tests:
                found |= 1 << self.tests[name].number
        return found

    def names(self, tests: int) -> set[str]:
        """The tests that a number stands for."""
        return {name for name, known in self.tests.items() if tests >> known.number & 1}

    def executed(self) -> Iterator[tuple[str, list[int]]]:
        """Each file with its lines that were executed."""
        for source, by_line in self.lines.items():
            yield source, list(by_line)
        for source, executed in self.elsewhere.items():
            yield source, list(executed)


def file_of(test: str) -> str:
    """The file that a test stands in."""
    return test.partition("::")[0]
