"""The source files of a world, each looked through once for signs of what it may speak of.

Files are taken apart where somebody asks for their code, and only the last of them are kept: a repository
may hold more source than memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from posixpath import basename, dirname, splitext

from archlint.documents import TextFile
from archlint.files import FileProblem
from archlint.finding import Place, Span
from archlint.finding.records import dataclass
from archlint.model.sources.environment import names_given
from archlint.model.sources.languages import Language, language_of
from archlint.model.sources.left_out import LARGEST, is_left_out, is_made
from archlint.model.sources.literals import SourceCode
from archlint.model.sources.signs import Words, may_message, may_name_a_peer, may_tell, other_brokers
from archlint.model.system.folders import SourceFolder, source_folders
from archlint.model.system.parties import parties
from archlint.model.world import World

MOST_KEPT = 2_000_000
"""Characters of the files whose code is kept."""
_MOST_ALIKE = 8
"""Files of one name, above which none of them is taken for the class."""


class SourceFile:
    """One file of source."""

    __slots__ = ("_kept", "folder", "hosts", "language", "may_message", "may_name", "may_tell", "path")

    def __init__(self, path: str, language: Language, folder: SourceFolder | None, kept: KeptCode) -> None:
        self.path = path
        self.language = language
        self.folder = folder
        """The innermost folder of source that holds it."""
        self.may_tell = False
        """Whether it may hold an address."""
        self.hosts: tuple[str, ...] = ()
        """The hosts of the repository whose names are words of it, if it may."""
        self.may_name = False
        """Whether it may read a variable that is called like another service, if it may."""
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
        """What it holds; nothing is taken apart for it."""
        return self._kept.text(self)

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
        self.size = 0
        """Characters of these files."""

    def text(self, file: SourceFile) -> str:
        """The text of a file, whether its code is kept or not."""
        code = self._codes.get(file.path)
        return (self.world.text(file.path) or "") if code is None else code.text

    def of(self, file: SourceFile) -> SourceCode:
        """The code of a file."""
        code = self._codes.get(file.path)
        if code is None:
            code = SourceCode(self.world.text(file.path) or "", file.language)
            self._codes[file.path] = code
            self.size += len(code.text)
            while self.size > MOST_KEPT and len(self._codes) > 1:
                self.size -= len(self._codes.popitem(last=False)[1].text)
        else:
            self._codes.move_to_end(file.path)
            code.read_whole()
        return code


@dataclass(frozen=True, eq=False)
class SourceFiles:
    """The files of source of a world; tests, and what a program made, are none."""

    files: tuple[SourceFile, ...]
    """All that are read, by path."""
    left_out: tuple[str, ...]
    """Those of folders of source that are above the size that is read."""
    naming: Mapping[str, Mapping[bytes, Sequence[SourceFile]]]
    """By folder of source, the files that may name a variable of the environment, by the variable."""
    others: tuple[tuple[str, str], ...]
    """The first file of each folder that uses a broker of which no calls are known, with its name."""
    kept: KeptCode

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
    return _Walk(world).files()


class _Walk:
    """One look at each source file."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._hosts = frozenset(host.encode() for host in ("localhost", *world.fact(parties).hosts))
        self._first_words: dict[bytes, list[bytes]] = {}
        """Hosts whose names are several words, by one of them."""
        for host in self._hosts:
            words = Words(host).names()
            if words and words != {host}:
                self._first_words.setdefault(min(words), []).append(host)
        self._found: list[SourceFile] = []
        self._left_out: list[str] = []
        self._naming: dict[str, dict[bytes, list[SourceFile]]] = {}
        self._others: dict[tuple[str, str], str] = {}

    def files(self) -> SourceFiles:
        """All of them, with what was seen."""
        folders = self._world.fact(source_folders)
        kept = KeptCode(self._world)
        for path in sorted(self._world.kinds):
            language = language_of(path)
            if language is not None and not is_left_out(path):
                folder = next(folders.around(dirname(path)), None)
                self._look(SourceFile(path, language, folder, kept))
        others = tuple((path, broker) for (_, broker), path in self._others.items())
        return SourceFiles(tuple(self._found), tuple(self._left_out), self._naming, others, kept)

    def _look(self, file: SourceFile) -> None:
        data = _read(self._world, file.path)
        if len(data) > LARGEST:
            self._left_out += [file.path] if file.folder is not None else []
            return
        if not data or is_made(data):
            return
        self._found.append(file)
        words = Words(data)
        file.may_message = may_message(words)
        if file.folder is None:
            return
        for broker in other_brokers(words):
            self._others.setdefault((file.home, broker), file.path)
        file.may_tell = may_tell(words, self._hosts)
        if file.may_tell:
            names = words.names()
            in_capitals = {name for name in names if name.isupper()}
            file.hosts = tuple(sorted(host.decode() for host in self._hosts_in(names, data)))
            file.may_name = may_name_a_peer(words, in_capitals)
            naming = self._naming.setdefault(file.home, {})
            for name in in_capitals.union(names_given(data)):
                naming.setdefault(name, []).append(file)

    def _hosts_in(self, names: set[bytes], data: bytes) -> set[bytes]:
        """The hosts that a file has among its words."""
        small = set(b" ".join(names).lower().split())
        found = set(self._hosts & small)
        first = self._first_words.keys() & small
        lower = data.lower() if first else b""
        for word in first:
            found |= {host for host in self._first_words[word] if host in lower}
        return found


def _read(world: World, path: str) -> bytes:
    try:
        return world.tree.read(path)
    except (FileProblem, OSError, ValueError):
        return b""
