"""Puts linked files together into compiled sources: cycles, groups, rounds, and problems with places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from archlint.documents.document import ParseProblem
from archlint.documents.proto.columns import code_point_column
from archlint.documents.proto.compiler import Compiled, CompilerError, GroupCompiler
from archlint.documents.proto.definers import Definers
from archlint.documents.proto.described import Described, described
from archlint.documents.proto.graph import dependents, ordered, reachable
from archlint.documents.proto.groups import LinkedFile, are_many, grouped
from archlint.documents.proto.kept import Keeper, KeptFile
from archlint.documents.proto.links import Linker, span_of
from archlint.documents.proto.protoc import Protoc
from archlint.documents.proto.source import ProtoFile, ProtoImport
from archlint.documents.proto.stand_ins import FOLDER, unknown_type
from archlint.documents.proto.statements import package_of
from archlint.documents.proto.wire import packed
from archlint.files import LineIndex
from archlint.finding import Span
from archlint.finding.records import replace
from archlint.finding.regex import regex

_NAMED = regex(r'"([\w.]+)"')

_MAX_ROUNDS = 50
"""Rounds of putting off files that define the same; each compiles at least one file."""


class Assembly:
    """Turns linked files into sources."""

    def __init__(
        self,
        linker: Linker,
        revision: str | None,
        keeper: Keeper,
        look: Callable[[ProtoFile], object],
    ) -> None:
        """``look`` is given each source as soon as it is there."""
        self._look = look
        self._keeper = keeper
        self._linker = linker
        self._linked = linker.files
        self._revision = revision
        self._defined = Definers(linker.files)
        self._failed: dict[str, KeptFile] = {}
        """What cannot be compiled."""
        self.files: list[ProtoFile] = []
        self.problems: list[ParseProblem] = []

    def compile(self) -> None:
        """Compile everything that is not part of an import cycle."""
        edges = self._edges(self._linked)
        order, cycles = ordered(edges)
        in_cycles = {path for cycle in cycles for path in cycle}
        self.problems += (self._cycle_problem(cycle, edges) for cycle in cycles)
        left_out = in_cycles | dependents(edges, in_cycles)
        order = [path for path in order if path not in left_out]
        self._keeper.know(self._linked, order)
        left = [path for path in order if not self._remember(path)]
        behind = dependents(edges, self._failed)
        left = self._compiled([path for path in left if path not in behind])
        self._tell_failed(order, edges)
        for path in left:
            message = (
                "The file defines what too many other files define as well. Leave copies out with `exclude`."
            )
            self.problems.append(ParseProblem(path, message))

    def _compiled(self, left: list[str]) -> list[str]:
        """Compile files, which follow what they import; gives those that define what too many others do."""
        if not left:
            return []
        size = sum(len(self._linked[path].text) for path in left)
        with Protoc(self._linker.pinned_roots, size) as protoc:
            if are_many(left):
                protoc.get_ready()
            for _ in range(_MAX_ROUNDS):
                left = self._round(protoc, left)
                if not left:
                    break
        return left

    def _remember(self, path: str) -> bool:
        """Take what an earlier run made of a file; whether that was possible."""
        kept = self._keeper.find(path)
        if kept is None or any(map(self._defined.by, kept.stand_ins)):
            return False
        if not kept.descriptor:
            self._failed[path] = kept
            return True
        return self._add(path, kept, described(kept.descriptor, kept.places))

    def _edges(self, files: Mapping[str, LinkedFile]) -> dict[str, list[str]]:
        """Who imports whom; what failed to be linked is no target."""
        return {path: [target for target in file.targets if target in files] for path, file in files.items()}

    def _round(self, protoc: Protoc, order: list[str]) -> list[str]:
        """Compile files in groups; gives those that have to be compiled again apart from others."""
        needed = reachable(self._edges(self._linked), order)
        rank = {path: position for position, path in enumerate(ordered(self._edges(self._linked))[0])}
        present = sorted(needed, key=rank.__getitem__)
        files = {path: self._without_failed(path, needed) for path in present}
        wanted = set(order)
        deferred: list[str] = []
        for group in grouped(files, present):
            group.targets = [path for path in group.targets if path in wanted]
            if group.targets:
                result = GroupCompiler(protoc, group, files).compile(self._take)
                self._take_failed(result)
                deferred += result.deferred
        return deferred if len(deferred) < len(order) else []

    def _without_failed(self, path: str, needed: set[str]) -> LinkedFile:
        """The file as the compiler gets it: an import that could not be read at all counts as missing."""
        file = self._linked[path]
        links = tuple(
            replace(link, target=None) if link.target is not None and link.target not in needed else link
            for link in file.links
        )
        return file if links == file.links else replace(file, links=links)

    def _take(self, result: Compiled, path: str, made: Described, unused: tuple[str, ...]) -> None:
        """Take what was made of a file."""
        lacks = self._linked[path].missing or path in result.lacking
        names = result.stand_ins if lacks else ()
        hidden = sorted(result.hidden.get(path, ()))
        named = sorted(name for name in names if _names(made.data, name))
        compiled = KeptFile(made.data, made.places, unused, tuple(hidden), tuple(named))
        if self._add(path, compiled, made):
            self._keep(path, compiled, result)
        elif self._linker.is_checked(path):
            message = "The file nests too deeply to be read. Nest less deeply."
            self.problems.append(ParseProblem(path, message))

    def _take_failed(self, result: Compiled) -> None:
        """Take what cannot be compiled."""
        for path in (*result.errors, *result.incomplete):
            lacking = tuple(sorted(result.lacking.get(path, ())))
            failed = KeptFile(stand_ins=lacking, errors=tuple(result.errors.get(path, ())))
            self._failed[path] = failed
            if path in result.lasting:
                self._keep(path, failed, result)

    def _keep(self, path: str, made: KeptFile, result: Compiled) -> None:
        """Keep what depends on a file and its imports alone."""
        if path not in result.borrowing and not any(map(self._defined.by, made.stand_ins)):
            self._keeper.keep(path, made)

    def _tell_failed(self, order: list[str], edges: Mapping[str, list[str]]) -> None:
        """Tell what cannot be compiled, each with how many files are not because of it."""
        behind: Counter[str] = Counter()
        culprits: dict[str, str] = {}
        for path in order:  # each follows what it imports
            found = next((culprits[each] for each in edges[path] if each in culprits), None)
            if found is not None:
                culprits[path] = found
                behind[found] += 1
            elif path in self._failed:
                culprits[path] = path
        for path, failed in self._failed.items():
            if culprits.get(path, path) != path:
                continue  # whatever else is wrong in it shows once what it imports is read
            self.problems += self._error_problems(path, failed.errors, behind[path])
            if failed.errors:
                continue
            missing = [(path, link.statement) for link in self._linked[path].missing]
            unreported = [use for use in missing if use[1].name not in self._linker.reported]
            if self._linker.is_checked(path) and missing and unreported == missing:
                self.problems.append(self._linker.missing_problem(missing[0][1].name, missing[:1]))

    def _add(self, path: str, compiled: KeptFile, made: Described) -> bool:
        """Add the source of a compiled file; whether its descriptor can be read."""
        descriptor = made.file
        if descriptor is None:
            return False
        descriptor.name = path  # the compiler knew it by the name that others import it by
        while descriptor.dependency and descriptor.dependency[-1].startswith(FOLDER):
            del descriptor.dependency[-1]  # nobody wrote it
        if self._linker.is_checked(path):
            linked = self._linked[path]
            source = ProtoFile(
                path,
                linked.text,
                descriptor,
                places=made.places,
                revision=self._revision,
                statements=[link.statement for link in linked.links],
                unused_imports=compiled.unused,
                stand_ins=frozenset(compiled.stand_ins),
                imports=[
                    ProtoImport(link.statement.name, link.statement.kind, link.target, not link.is_missing)
                    for link in linked.links
                ],
                lint=self._linker.lint_of(path),
                hidden_options=frozenset(compiled.hidden),
            )
            self.files.append(source)
            self._look(source)
        return True

    def _error_problems(
        self, path: str, errors: Sequence[CompilerError], behind: int
    ) -> Iterator[ParseProblem]:
        lines = LineIndex(self._linked[path].text)
        also = ""
        if behind:
            also = f" Not checked either, since they import it: {behind} file{'s' if behind > 1 else ''}."
        seen: set[int] = set()
        for error in errors:
            told = self._with_definer(path, error.message) + also
            if error.line is None:
                yield ParseProblem(path, told, _span_of_name(lines, error.message))
            elif error.line not in seen:
                seen.add(error.line)
                text = lines.lines(error.line)
                column = code_point_column(text, error.column - 1)
                span = Span(error.line, column, error.line, max(min(column + 1, len(text) + 1), column))
                yield ParseProblem(path, told, span)
            also = ""

    def _with_definer(self, path: str, message: str) -> str:
        """What is wrong; of a type that is not defined which file should be imported for it."""
        name = unknown_type(message, "")
        scope = package_of(self._linked[path].text).split(".")
        for end in range(len(scope) if name else -1, -1, -1):
            definer = self._defined.by(".".join(filter(None, (*scope[:end], name))))
            if definer is not None and definer not in (path, *self._linked[path].targets):
                return f"{_sentence(message)} Import {definer}, which defines it."
        return _sentence(message)

    def _cycle_problem(self, cycle: list[str], edges: Mapping[str, list[str]]) -> ParseProblem:
        """A cycle of imports, at the statement of its first file that leads into it."""
        members = set(cycle)
        first = cycle[0]
        inside = {path: [target for target in edges[path] if target in members] for path in cycle}
        way = [first, *_way_back(inside, first)]
        file = self._linked[first]
        link = next(link for link in file.links if link.target == way[1])
        shown = " -> ".join(way if len(way) < 8 else [*way[:6], "...", way[-1]])
        message = (
            f"The files import each other in a circle: {shown}. Move what both need into a file of its own."
        )
        span = span_of(file.text, link.statement.name_start, link.statement.name_end)
        return ParseProblem(first, message, span)


def _names(descriptor: bytes, name: str) -> bool:
    """Whether a serialized descriptor names a type."""
    told = f".{name}".encode()
    return packed((len(told),)) + told in descriptor


def _span_of_name(lines: LineIndex, message: str) -> Span | None:
    """The first occurrence of the name that a message begins with, for messages that have no place."""
    named = _NAMED.match(message)
    found = re.search(rf"(?<![\w.]){re.escape(named[1])}\b", lines.text) if named else None
    return Span(*lines.position(found.start()), *lines.position(found.end())) if found else None


def _way_back(edges: Mapping[str, list[str]], start: str) -> list[str]:
    """The shortest way from a node back to itself, the node itself only at the end."""
    came_from: dict[str, str] = {}
    waiting = [start]
    for node in waiting:
        if start in edges[node]:
            break
        for target in edges[node]:
            if target not in came_from:
                came_from[target] = node
                waiting.append(target)
    way = [start]
    while node != start:
        way.append(node)
        node = came_from[node]
    return way[::-1]


def _sentence(message: str) -> str:
    """What protoc says, ended by a full stop."""
    return message if message.endswith((".", "!", "?")) else message + "."
