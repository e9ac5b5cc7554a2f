"""Chooses the tests that a mutant is tried on: those that execute its line, the fastest first."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from tests.mutation.executed import Executed, file_of
from tests.mutation.mutants import Mutant

_STATEMENT = 12
"""Lines that a statement may have."""


class Selection:
    """Knows the tests of each line."""

    def __init__(self, executed: Executed, source: Path, seconds: float, *, thorough: bool) -> None:
        """``seconds`` is how long the tests of one mutant may take together, without a mutant."""
        self._executed = executed
        self._source = source
        self._seconds = seconds
        self._thorough = thorough

    def tests(self, mutant: Mutant) -> list[str]:
        """Their names, in the order to run them in."""
        names = self._executed.names(self._executing(mutant))
        if self._thorough:
            files = set(map(file_of, names))
            names = names | {
                name for name, known in self._executed.tests.items() if known.starts or file_of(name) in files
            }
        passing = [name for name in names if self._executed.tests[name].passes]
        chosen: list[str] = []
        spent = 0.0
        for name in sorted(passing, key=lambda name: self._executed.tests[name].seconds):
            spent += self._executed.tests[name].seconds
            if chosen and spent > self._seconds:
                break
            chosen.append(name)
        return chosen

    def _executing(self, mutant: Mutant) -> int:
        by_line = self._executed.lines.get(mutant.source, {})
        found = self._at(by_line, mutant.line) if mutant.function is not None else 0
        if mutant.function is None or self._is_cached(mutant.source):
            found |= self._using(mutant.source, set())
        return found

    def _is_cached(self, source: str) -> bool:
        """Whether a module keeps results of functions: only the first test was seen to execute these."""
        return any(map(_keeps_results, ast.walk(ast.parse((self._source / source).read_bytes()))))

    def _at(self, by_line: Mapping[int, int], line: int) -> int:
        """The tests of a line; in the midst of a statement nothing may begin that can be noted."""
        return next((by_line[at] for at in range(line, max(line - _STATEMENT, 0), -1) if by_line.get(at)), 0)

    def _using(self, source: str, seen: set[str]) -> int:
        """The tests that execute a function of a module; where it has none, of those that import it. What a
        function does whose results are kept is used by more tests than have executed it."""
        seen.add(source)
        within = self._in_functions(source)
        by_line = self._executed.lines.get(source, {})
        found = 0
        for line, tests in by_line.items():
            found |= tests if line in within else 0
        if not found or self._is_cached(source):
            for other in self._importers[source] - seen:
                found |= self._using(other, seen)
        return found

    def _in_functions(self, source: str) -> set[int]:
        lines: set[int] = set()
        for node in ast.walk(ast.parse((self._source / source).read_bytes())):
            if isinstance(node, ast.FunctionDef):
                lines.update(range(node.body[0].lineno, (node.end_lineno or 0) + 1))
        return lines

    @cached_property
    def _importers(self) -> dict[str, set[str]]:
        """For each file those that import it."""
        found: dict[str, set[str]] = defaultdict(set)
        for path in self._source.rglob("*.py"):
            name = path.relative_to(self._source).as_posix()
            for module in _imported(ast.parse(path.read_bytes())):
                parts = module.split(".")[1:]
                for each in ("/".join(parts) + ".py", "/".join((*parts, "__init__.py"))):
                    if (self._source / each).exists():
                        found[each].add(name)
        return found


def _keeps_results(node: ast.AST) -> bool:
    if not isinstance(node, ast.FunctionDef):
        return False
    return any("cache" in ast.unparse(decorator) for decorator in node.decorator_list)


def _imported(tree: ast.Module) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("archlint"):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
