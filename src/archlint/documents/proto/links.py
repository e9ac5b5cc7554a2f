"""Reads proto files and resolves their imports, also to files that lie beside what is checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from posixpath import dirname, join

from archlint.documents.document import ParseProblem
from archlint.documents.proto.buf import BufSettings, read_settings
from archlint.documents.proto.buf_lint import BufLint, BufModules, module_of, modules_around
from archlint.documents.proto.buf_modules import PinnedModule, pinned_modules
from archlint.documents.proto.groups import Link, LinkedFile
from archlint.documents.proto.protoc import is_file, published, published_as
from archlint.documents.proto.public_modules import is_public
from archlint.documents.proto.resolve import Resolver, is_fetched
from archlint.documents.proto.statements import MAX_DEPTH, Import, imports_of, too_deep
from archlint.files import FileProblem, FileTree, LineIndex, TextProblem, decode
from archlint.files.submodules import unfilled_submodules
from archlint.finding import Location, Span, Unread

_BESIDE = (
    "",
    "proto",
    "protos",
    "api",
    "third_party",
    "third_party/googleapis",
    "third_party/proto",
    "vendor",
)
"""Folders, seen from each folder above an importing file, that are searched for what is not checked
itself."""

_MAX_LIBRARY = 2000
"""Files beside the checked ones that are read at most."""
_MAX_TRIES = 100_000
"""Paths beside the checked files that are tried at most."""


class Linker:
    """All proto files that can be read, linked; and the problems met on the way."""

    def __init__(self, tree: FileTree, paths: Iterable[str]) -> None:
        """``paths`` are the proto files of the world."""
        self._tree = tree
        self._world = sorted(paths)
        self._among = frozenset(self._world)
        self.files: dict[str, LinkedFile] = {}
        self.problems: list[ParseProblem] = []
        self._resolver = Resolver(self._world, lambda: self._settings.roots)
        self._missing: dict[str, list[tuple[str, Import]]] = {}
        self._library: dict[str, str] = {}
        self._tried: set[str] = set()
        self._lint: dict[str, BufLint | None] = {}
        for path in self._world:
            text = self._text(path)
            if text is not None:
                self._link(path, text)
        self._link_library()
        self.reported: set[str] = set()
        """Names of imports that a problem is about."""
        self.problems += self._missing_imports()

    @cached_property
    def _settings(self) -> BufSettings:
        return read_settings(self._world, self._tree.read)

    @cached_property
    def _modules(self) -> BufModules:
        return modules_around(self._tree, self._world)

    def lint_of(self, path: str) -> BufLint | None:
        """What the repository's settings for ``buf lint`` say about a file."""
        if not self._modules:
            return None
        folder = dirname(path)
        if folder not in self._lint:
            self._lint[folder] = module_of(path, self._modules)
        return self._lint[folder]

    def _text(self, path: str) -> str | None:
        """The text of a file of the world; ``None``, and a problem, if it cannot be compiled anyway."""
        try:
            text = decode(self._tree.read(path))
        except TextProblem as problem:
            span = Span(problem.line, problem.column, problem.line, problem.column + 1)
            self.problems.append(ParseProblem(path, problem.message, span))
            return None
        except FileProblem as problem:
            self.problems.append(ParseProblem(path, problem.message))
            return None
        deep = too_deep(text)
        if deep is not None:
            message = f"The file nests more than {MAX_DEPTH} levels deep from here. Nest less deeply."
            self.problems.append(ParseProblem(path, message, span_of(text, deep, deep + 1)))
            return None
        return text

    def _link(self, path: str, text: str) -> None:
        links = []
        for statement in imports_of(text):
            if not statement.is_sound:
                self._refuse(path, text, statement)
                return
            links.append(self._resolve(path, statement))
        well_known = path.rfind("google/protobuf/")
        is_copy = well_known >= 0 and self._resolver.is_bundled(path[well_known:])
        self.files[path] = LinkedFile(path, text, tuple(links), is_copy, published_as(path))

    def _refuse(self, path: str, text: str, statement: Import) -> None:
        message = (
            f'"{statement.name}" is no name to import: write the path from an import root, with "/", '
            'without ".", ".." or a leading "/".'
        )
        span = span_of(text, statement.name_start, statement.name_end)
        self.problems.append(ParseProblem(path, message, span))

    def _resolve(self, path: str, statement: Import) -> Link:
        name = statement.name
        if self._resolver.is_bundled(name):
            return Link(statement, None, is_bundled=True)
        target = self._resolver.resolve(name, path) or self._beside(name, path)
        if target is None and (is_public(name) or published(name) is not None or self._is_pinned(name)):
            return Link(statement, None, is_bundled=True)
        if target is None:
            self._missing.setdefault(name, []).append((path, statement))
        return Link(statement, target)

    @cached_property
    def _pinned(self) -> tuple[PinnedModule, ...]:
        return pinned_modules(self._tree.paths(), self._tree.read)

    @cached_property
    def pinned_roots(self) -> tuple[str, ...]:
        """The import roots of the modules that buf has in its cache."""
        return tuple(str(module.folder) for module in self._pinned if module.folder is not None)

    def _is_pinned(self, name: str) -> bool:
        """Whether an import means a file of one of these modules."""
        return any(is_file(Path(root) / name) for root in self.pinned_roots)

    @cached_property
    def _unfilled(self) -> tuple[str, ...]:
        """The submodules that are not checked out; any import root may lead into them, also by a link."""
        return unfilled_submodules(self._tree)

    def unread(self) -> Iterator[Unread]:
        """Modules that are not here, if an import is missing that they may hold, and programs that are not
        run."""
        for module in self._pinned if self._missing else ():
            if module.folder is None:
                yield Unread(module.lock, "buf-module-absent", detail=module.name)
        for path, name in self._settings.programs if self._modules else ():
            yield Unread(path, "buf-plugin-not-run", detail=name)

    def _beside(self, name: str, importer: str) -> str | None:
        """The path of a file that is not checked itself but lies where an import root may be."""
        folder = dirname(importer)
        while True:
            for beside in _BESIDE:
                path = join(folder, beside, name)
                if path not in self._tried and len(self._tried) < _MAX_TRIES:
                    self._tried.add(path)
                    self._read_library(path)
                if path in self._library or path in self._among:
                    return path
            if not folder:
                return None
            folder = dirname(folder)

    def _read_library(self, path: str) -> None:
        """Keep the text of a file that may lie beside those of the world."""
        if path in self._among or len(self._library) == _MAX_LIBRARY:
            return
        with suppress(FileProblem, TextProblem):
            text = decode(self._tree.read(path))
            if too_deep(text) is None:
                self._library[path] = text

    def _link_library(self) -> None:
        """Link what was found beside the checked files; each may name more of them."""
        waiting = True
        while waiting:
            found = [(path, text) for path, text in self._library.items() if path not in self.files]
            waiting = False
            for path, text in found:
                waiting = True
                links = tuple(self._resolve(path, item) for item in imports_of(text) if item.is_sound)
                self.files[path] = LinkedFile(path, text, links, False, published_as(path))

    def is_checked(self, path: str) -> bool:
        """Whether a file belongs to the world; the others only serve it."""
        return path not in self._library

    def _missing_imports(self) -> Iterator[ParseProblem]:
        """One problem for each import that is neither in the repository nor fetched by its build."""
        for name, uses in sorted(self._missing.items()):
            checked = [(path, statement) for path, statement in uses if self.is_checked(path)]
            known = [(path, item) for path, item in checked if path in self.files]
            fetched = is_fetched(name) or ("/" in name and self._settings.has_dependencies)
            if known and not fetched and not self._unfilled:
                self.reported.add(name)
                yield self.missing_problem(name, known)

    def missing_problem(self, name: str, uses: list[tuple[str, Import]]) -> ParseProblem:
        """The problem of an import that cannot be found, at its first use."""
        alike = self._resolver.alike(name)
        advice = (
            f"Did you mean {alike}?"
            if alike
            else "Add the file, or correct the name: it starts at an import root."
        )
        places = [
            Location(
                path, span_of(self.files[path].text, item.name_start, item.name_end), message="imported here"
            )
            for path, item in uses
        ]
        path, first = places[0].path, places[0].span
        return ParseProblem(path, f'Import "{name}" cannot be found. {advice}', first, tuple(places[1:]))


def span_of(text: str, start: int, end: int) -> Span:
    """The span between two offsets."""
    lines = LineIndex(text)
    line, column = lines.position(start)
    end_line, end_column = lines.position(end)
    return Span(line, column, end_line, end_column)
