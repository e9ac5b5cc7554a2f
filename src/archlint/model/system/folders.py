"""Folders of source: which are built into something that runs, and which of them a file belongs to.

A folder counts if it says how it is built: a Dockerfile, or the build file of a language. Folders whose name
only says that they hold source (``src``, ``app``) are called by the folder above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import basename, dirname

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.world import World

_BUILD_FILES = frozenset(
    {
        *("go.mod", "package.json", "pom.xml", "build.gradle", "build.gradle.kts", "requirements.txt"),
        *("pyproject.toml", "setup.py", "Pipfile", "composer.json", "Gemfile", "Cargo.toml", "mix.exs"),
        *("CMakeLists.txt", "build.sbt", "tsconfig.app.json"),
    }
)
_BUILD_SUFFIXES = (".csproj", ".fsproj", ".vbproj")
_DOCKERFILE = regex(r"(?:(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?+|[\w.-]+\.(?i:dockerfile))\Z")
_NOT_BUILT = regex(r"\.(?:md|txt|ya?ml|json|dockerignore)\Z")
_GENERIC = frozenset(
    {"src", "app", "source", "code", "main", "build", "docker", "deploy", "container", "image"}
)
_NOT_DEPLOYED = frozenset({"test", "tests", "__tests__", "e2e", "examples", "docs", "node_modules", "vendor"})


def is_dockerfile(path: str) -> bool:
    """Whether a file is called as build files of images are: ``Dockerfile.dev``, ``web.Dockerfile``."""
    name = basename(path)
    return _DOCKERFILE.match(name) is not None and _NOT_BUILT.search(name) is None


@dataclass(frozen=True)
class SourceFolder:
    """A folder whose source is built into one thing."""

    path: str
    """From the root; empty for the root itself."""
    dockerfiles: tuple[str, ...]
    """The Dockerfiles in it, or in folders below it that only hold source."""

    @classmethod
    def all(cls, world: World) -> Iterable[SourceFolder]:
        """Every such folder, by path."""
        return world.fact(source_folders).by_path.values()

    @property
    def name(self) -> str:
        """The last part of the path; empty for the root."""
        return basename(self.path)


class SourceFolders:
    """The folders of source of a world."""

    def __init__(self, paths: Iterable[str]) -> None:
        found: dict[str, list[str]] = {}
        for path in sorted(paths):
            is_docker = is_dockerfile(path)
            if is_docker or basename(path) in _BUILD_FILES or path.endswith(_BUILD_SUFFIXES):
                folder = dirname(path)
                if _NOT_DEPLOYED.isdisjoint(folder.split("/")):
                    dockerfiles = found.setdefault(named_folder(folder), [])
                    dockerfiles += [path] if is_docker else []
        self.by_path = {path: SourceFolder(path, tuple(found[path])) for path in sorted(found)}

    def around(self, path: str) -> Iterator[SourceFolder]:
        """The folders that hold a file or folder, the innermost first."""
        while True:
            if path in self.by_path:
                yield self.by_path[path]
            if not path:
                return
            path = dirname(path)


def named_folder(folder: str) -> str:
    """The folder, or the nearest one above it whose name says more than that it holds source."""
    while basename(folder).lower() in _GENERIC and dirname(folder):
        folder = dirname(folder)
    return folder


def source_folders(world: World) -> SourceFolders:
    """The folders of source of a world; ask with ``world.fact(source_folders)``."""
    return SourceFolders(world.kinds)


def folder_of(world: World, path: str) -> SourceFolder | None:
    """The innermost folder of source that holds a file."""
    return next(world.fact(source_folders).around(dirname(path)), None)
