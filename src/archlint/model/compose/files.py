"""Which Compose files make one project, and which variables they are filled in with.

``docker compose`` takes the first of ``compose.yaml``, ``compose.yml``, ``docker-compose.yaml`` and
``docker-compose.yml`` of a folder, and the ``override`` beside it. Other files of the folder are added with
``-f`` (or ``COMPOSE_FILE`` in ``.env``), or stand for themselves: nobody can see which, so each of them is a
further way to run the project.

Source: https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from posixpath import basename, dirname, join, normpath

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose.env_files import LONGEST_FILE, env_lines
from archlint.model.compose.interpolation import interpolated
from archlint.model.compose.woven import Woven, scalar
from archlint.model.world import World

BASES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
_MOST_INCLUDED = 100
"""Files that one project may include."""
_REMOTE = regex(r"[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:|oci:", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Scope:
    """What a file is read with: the folder of its relative paths, and the variables of the project."""

    folder: str
    variables: Mapping[str, Woven]

    def text(self, node: Node) -> Woven | None:
        """The text of a scalar with its variables replaced; ``None`` for null and what is no scalar."""
        written = scalar(node)
        return None if written is None else interpolated(written, self.variables.get)

    def known_text(self, node: Node) -> str | None:
        """As ``text``, but ``None`` where a part of it is unknown."""
        found = self.text(node)
        return found.text if found is not None and found.is_known else None


@dataclass(frozen=True, eq=False)
class ComposeFile:
    """A file of a project, and what it is read with."""

    document: Document
    scope: Scope

    @property
    def root(self) -> Node:
        """The whole file."""
        return self.document.root


@dataclass(frozen=True, eq=False)
class Project:
    """The Compose files of a folder."""

    folder: str
    main: tuple[ComposeFile, ...]
    """What ``docker compose`` takes if nobody names files, in the order in which they are merged: first those
    that are included."""
    further: tuple[ComposeFile, ...]
    """Files that are added to the others, or stand for themselves."""
    is_open: bool
    """Whether it includes what is not read here."""

    @property
    def files(self) -> tuple[ComposeFile, ...]:
        """All of them."""
        return self.main + self.further

    @cached_property
    def name(self) -> str:
        """What Compose calls the project."""
        for file in reversed(self.main):
            name = file.scope.known_text(file.root.get("name"))
            if name:
                return name
        return basename(self.folder)


def projects(world: World) -> tuple[Project, ...]:
    """The projects of a world, by folder; ask with ``world.fact(projects)``."""
    return _Finder(world).projects()


class _Finder:
    def __init__(self, world: World) -> None:
        self._world = world
        self._documents = {item.path: item for item in world.documents(Kind.COMPOSE) if item.index == 0}
        self._included: set[str] = set()

    def projects(self) -> tuple[Project, ...]:
        folders: dict[str, list[str]] = defaultdict(list)
        for path in self._documents:
            folders[dirname(path)].append(path)
        taken = self._all_included()
        found = []
        for folder in sorted(folders):
            paths = [path for path in sorted(folders[folder]) if path not in taken]
            if paths:
                found.append(self._project(folder, paths))
        return tuple(found)

    def _all_included(self) -> set[str]:
        """Files that others include: they are run with those."""
        for path, document in self._documents.items():
            scope = Scope(dirname(path), {})
            for entry in _entries(document.root.get("include")):
                self._included.update(
                    target
                    for target, _ in include_paths(entry, scope)
                    if target is not None and target != path
                )
        return self._included

    def _project(self, folder: str, paths: list[str]) -> Project:
        scope = Scope(folder, self._variables([join(folder, ".env")], {}))
        main = _named(scope, paths) or _by_default(folder, paths)
        seen: set[str] = set()
        is_open = [False]
        first = [file for path in main for file in self._with_included(path, scope, seen, is_open)]
        others = [path for path in paths if path not in main]
        rest = [file for path in others for file in self._with_included(path, scope, seen, is_open)]
        return Project(folder, tuple(first), tuple(rest), is_open[0])

    def _with_included(
        self, path: str, scope: Scope, seen: set[str], is_open: list[bool]
    ) -> Iterator[ComposeFile]:
        """A file after those that it includes, each once."""
        waiting = [(path, scope)]
        found: list[ComposeFile] = []
        while waiting:
            at, within = waiting.pop()
            document = self._documents.get(at)
            if document is None or at in seen or len(found) > _MOST_INCLUDED:
                is_open[0] |= document is None
                continue
            seen.add(at)
            found.append(ComposeFile(document, within))
            for entry in _entries(document.root.get("include")):
                waiting += self._targets(entry, within, is_open)
        yield from reversed(found)

    def _targets(self, entry: Node, scope: Scope, is_open: list[bool]) -> Iterator[tuple[str, Scope]]:
        paths = list(include_paths(entry, scope))
        known = [path for path, _ in paths if path is not None]
        is_open[0] |= len(known) < len(paths)
        if not known:
            return
        given = scope.known_text(entry.get("project_directory"))
        folder = within(scope.folder, given) if given else dirname(known[0])
        if folder is None:
            is_open[0] = True
            return
        named = [
            within(scope.folder, scope.known_text(node) or "") for node in _listed(entry.get("env_file"))
        ]
        files = [path for path in named if path] if named else [join(folder, ".env")]
        inner = Scope(folder, self._variables(files, scope.variables))
        yield from ((path, inner) for path in known)

    def _variables(self, paths: Iterable[str], outer: Mapping[str, Woven]) -> dict[str, Woven]:
        """The variables of files and of the project around it, which win."""
        found: dict[str, Woven] = {}

        def lookup(name: str) -> Woven | None:
            return outer.get(name) or found.get(name)

        for path in paths:
            text = self._world.text(path) if path in self._world.kinds else None
            if text is None:
                continue
            for line in env_lines(path, text, lookup, revision=self._world.tree.revision, is_raw=False):
                if line.value is not None:
                    found[line.name] = line.value
        return {**found, **outer}


def within(folder: str, path: str) -> str | None:
    """A path that is relative to a folder, from the root; ``None`` if it leads out, or elsewhere."""
    if not path or path.startswith(("/", "~")) or _REMOTE.match(path):
        return None
    found = normpath(join(folder, path))
    return None if found == ".." or found.startswith("../") else "" if found == "." else found


def _named(scope: Scope, paths: list[str]) -> list[str]:
    """The files that ``COMPOSE_FILE`` in ``.env`` names."""
    named = scope.variables.get("COMPOSE_FILE")
    if named is None or not named.is_known:
        return []
    separator = scope.variables.get("COMPOSE_PATH_SEPARATOR")
    parts = named.text.split(separator.text if separator and separator.text else ":")
    targets = [within(scope.folder, part) for part in parts]
    return [path for path in targets if path in paths] if all(path in paths for path in targets) else []


def _by_default(folder: str, paths: list[str]) -> list[str]:
    base = next((join(folder, name) for name in BASES if join(folder, name) in paths), None)
    override = next((join(folder, name) for name in OVERRIDES if join(folder, name) in paths), None)
    return [path for path in (base, override) if path is not None] if base else []


def _entries(include: Node) -> Iterator[Node]:
    yield from include.elements()


def include_paths(entry: Node, scope: Scope) -> Iterator[tuple[str | None, Node]]:
    """The files that an entry of ``include`` names; ``None`` for those that are not below the root."""
    for node in [entry] if entry.text is not None else _listed(entry.get("path")):
        yield within(scope.folder, scope.known_text(node) or ""), node


def _listed(node: Node) -> list[Node]:
    """A scalar alone, or the items of a list."""
    return [node] if node.text is not None else list(node.elements())


__all__ = ["BASES", "LONGEST_FILE", "OVERRIDES", "ComposeFile", "Project", "Scope", "projects", "within"]
