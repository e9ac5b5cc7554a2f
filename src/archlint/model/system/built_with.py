"""What folders of source are built with: the libraries that their build files for the JVM name."""

from __future__ import annotations

import re
from posixpath import basename, dirname

from archlint.documents import TextFile
from archlint.files import LineIndex
from archlint.finding import Place, Span
from archlint.finding.records import dataclass
from archlint.model.system.build_files import JVM_FILES, LARGEST, Pom, poms, used_in_gradle
from archlint.model.system.folders import named_folder, source_folders
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class BuildFile:
    """A build file of a folder of source."""

    path: str
    text: str
    revision: str | None
    pom: Pom | None

    def place(self, library: Library) -> Place:
        """Where a library is named."""
        lines = LineIndex(self.text)
        span = Span(*lines.position(library.start), *lines.position(library.start + len(library.name)))
        return TextFile(self.path, self.revision).place(span)

    def find(self, library: re.Pattern[str]) -> Library | None:
        """The first place that names a library to be used: neither for tests alone nor left out."""
        if self.pom is None:
            match = next(used_in_gradle(self.text, library), None)
            return match and Library(match[0], match.start())
        used = (item for item in self.pom.dependencies if library.fullmatch(item.name))
        return next((Library(item.name, item.start) for item in used), None)


@dataclass(frozen=True)
class Library:
    name: str
    start: int
    """Where its name begins in the text."""


def build_files_of_folders(world: World) -> dict[str, list[BuildFile]]:
    """The build files of each folder of source; ask with ``world.fact(build_files_of_folders)``."""
    folders = world.fact(source_folders).by_path
    parsed = world.fact(poms)
    found: dict[str, list[BuildFile]] = {}
    for path in sorted(world.kinds):
        folder = named_folder(dirname(path))
        if basename(path) in JVM_FILES and folder in folders:
            text = world.text(path) or ""
            if len(text) <= LARGEST:
                file = BuildFile(path, text, world.tree.revision, parsed.get(path))
                found.setdefault(folder, []).append(file)
    return found
