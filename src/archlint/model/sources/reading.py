"""The source files of a world, each looked through once for signs of what it may speak of.

Files are taken apart where somebody asks for their code, and only the last of them are kept: a repository
may hold more source than memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import cached_property
from posixpath import basename, dirname, splitext

from archlint.documents import TextFile
from archlint.files import FileProblem
from archlint.finding import Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.sources.environment import (
    PROPERTY,
    TAG_NAME,
    is_variable_name,
    variable_of_name,
)
from archlint.model.sources.languages import Language, language_of
from archlint.model.sources.left_out import LARGEST, is_left_out, is_made
from archlint.model.sources.literals import SourceCode
from archlint.model.sources.signs import may_message, may_tell, other_brokers
from archlint.model.system.folders import SourceFolder, source_folders
from archlint.model.system.parties import parties
from archlint.model.world import World

_MOST_KEPT = 8_000_000
"""Characters of the files whose code is kept."""
_MOST_ALIKE = 8
"""Files of one name, above which none of them is taken for the class."""
_ENVIRONMENT_NAME = regex(r"(?:process|import\.meta|Bun|Deno)\.env\.[A-Za-z_]\w*")


class SourceFile:
    """One file of source."""

    __slots__ = ("_kept", "folder", "language", "may_message", "may_tell", "path")

    def __init__(self, path: str, language: Language, folder: SourceFolder | None, kept: KeptCode) -> None:
        self.path = path
        self.language = language
        self.folder = folder
        """The innermost folder of source that holds it."""
        self.may_tell = False
        """Whether it may hold an address."""
        self.may_message = False
        """Whether it may call the client of a broker."""
        self._kept = kept

    @property
    def home(self) -> str:
        """The folder that its names are known in."""
        return dirname(self.path) if self.folder is None else self.folder.path

    @property
    def code(self) -> SourceCode:
        """Its text and what it is made of; empty if it is no text. Ask once for each thing to be done."""
        return self._kept.of(self)

    @property
    def text(self) -> str:
        """What it holds."""
        return self.code.text

    def place(self, start: int, end: int) -> Place:
        """The place of a stretch of the text."""
        lines = self.code.lines
        span = Span(*lines.position(start), *lines.position(end))
        return TextFile(self.path, self._kept.world.tree.revision).place(span)


class KeptCode:
    """The code of the files that were asked for last."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._codes: OrderedDict[str, SourceCode] = OrderedDict()
        self._size = 0

    def of(self, file: SourceFile) -> SourceCode:
        """The code of a file."""
        code = self._codes.get(file.path)
        if code is None:
            code = SourceCode(self.world.text(file.path) or "", file.language)
            self._codes[file.path] = code
            self._size += len(code.text)
            while self._size > _MOST_KEPT and len(self._codes) > 1:
                self._size -= len(self._codes.popitem(last=False)[1].text)
        else:
            self._codes.move_to_end(file.path)
        return code


@dataclass(frozen=True, eq=False)
class SourceFiles:
    """The files of source of a world; tests, and what a program made, are none."""

    files: tuple[SourceFile, ...]
    """All that are read, by path."""
    left_out: tuple[str, ...]
    """Those of folders of source that are above the size that is read."""
    others: tuple[tuple[str, str], ...]
    """The first file of each folder that uses a broker of which no calls are known, with its name."""

    def telling(self) -> Iterator[tuple[SourceFolder, SourceFile]]:
        """The files that may hold addresses, with the folder that each is built in."""
        return ((file.folder, file) for file in self.files if file.may_tell and file.folder is not None)

    def messaging(self) -> Iterator[tuple[SourceFolder, SourceFile]]:
        """The files that may call the client of a broker, with the folder that each is built in."""
        return ((file.folder, file) for file in self.files if file.may_message and file.folder is not None)

    @cached_property
    def by_path(self) -> Mapping[str, SourceFile]:
        """The files by their paths."""
        return {file.path: file for file in self.files}

    @cached_property
    def by_home(self) -> Mapping[str, tuple[SourceFile, ...]]:
        """The files by the folder that their names are known in."""
        found: dict[str, list[SourceFile]] = {}
        for file in self.files:
            found.setdefault(file.home, []).append(file)
        return {home: tuple(files) for home, files in found.items()}

    @cached_property
    def by_class(self) -> Mapping[str, tuple[SourceFile, ...]]:
        """Files by the class that they are named for, where few have the name."""
        found: dict[str, list[SourceFile]] = {}
        for file in self.files:
            stem = splitext(basename(file.path))[0]
            if stem[:1].isupper():
                found.setdefault(stem, []).append(file)
        return {name: tuple(files) for name, files in found.items() if len(files) <= _MOST_ALIKE}


def source_files(world: World) -> SourceFiles:
    """The source files of a world; ask with ``world.fact(source_files)``."""
    hosts = frozenset(host.encode() for host in ("localhost", *world.fact(parties).hosts))
    folders = world.fact(source_folders)
    kept = KeptCode(world)
    found: list[SourceFile] = []
    left_out: list[str] = []
    others: dict[tuple[str, str], str] = {}
    for path in sorted(world.kinds):
        language = language_of(path)
        if language is None or is_left_out(path):
            continue
        file = SourceFile(path, language, next(folders.around(dirname(path)), None), kept)
        data = _read(world, path)
        if len(data) > LARGEST:
            left_out += [path] if file.folder is not None else []
        elif data and not is_made(data):
            found.append(file)
            file.may_tell = file.folder is not None and may_tell(data, hosts)
            lower = data.lower()
            file.may_message = may_message(lower)
            for broker in other_brokers(lower) if file.folder is not None else ():
                others.setdefault((file.home, broker), path)
    return SourceFiles(
        tuple(found), tuple(left_out), tuple((path, broker) for (_, broker), path in others.items())
    )


def _read(world: World, path: str) -> bytes:
    try:
        return world.tree.read(path)
    except (FileProblem, OSError, ValueError):
        return b""


def variables_read(world: World) -> dict[str, frozenset[str]]:
    """The environment variables that the source of each folder names, by the folder's path; ask with
    ``world.fact(variables_read)``."""
    found: dict[str, set[str]] = {}
    for folder, file in world.fact(source_files).telling():
        found.setdefault(folder.path, set()).update(variables_named(file.code))
    return {path: frozenset(names) for path, names in found.items()}


def variables_named(code: SourceCode) -> Iterator[str]:
    """The environment variables, and properties of Spring, that a file names."""
    for match in _ENVIRONMENT_NAME.finditer(code.plain):
        yield variable_of_name(match[0])
    for literal in code.literals:
        if is_variable_name(literal.text):
            yield literal.text
        elif "${" in literal.text:
            yield from (match[1] for match in PROPERTY.finditer(literal.text))
        elif code.language.name == "go" and "env" in literal.text:
            yield from (match[1] for match in TAG_NAME.finditer(literal.text))
