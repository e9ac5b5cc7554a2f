"""Files that Compose files name and cannot do without: ``env_file``, ``extends`` and ``include``."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from posixpath import basename, dirname

from archlint.documents import Document, Node
from archlint.files import Exclusion
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.model.compose.files import ComposeFile, include_paths, projects, within
from archlint.model.compose.services import ComposeService
from archlint.model.kubernetes.commands import made_files, may_be
from archlint.model.submodules import may_be_in_submodule
from archlint.model.world import World

_EXAMPLES = ("example", "sample", "template", "dist", "default", "tmpl", "tpl")
"""Words in names of files that are copied to what a person fills in."""


@dataclass(frozen=True, eq=False)
class NamedPath:
    """A file that a Compose file names."""

    key: str
    path: str
    """From the root."""
    written: str
    node: Node
    object: ObjectRef | None

    @classmethod
    def all(cls, world: World) -> Iterable[NamedPath]:
        """Every file that is named and needed, each place once."""
        found: dict[Place, NamedPath] = {}
        for item in _all(world):
            found.setdefault(item.node.value_place(), item)
        yield from found.values()

    @property
    def source(self) -> Document:
        """The document that names it."""
        return self.node.document


def _all(world: World) -> Iterator[NamedPath]:
    for project in world.fact(projects):
        for file in project.files:
            yield from _included(file)
    for service in world.all(ComposeService):
        for variant in service.variants:
            for item in variant.items("env_file"):
                named = item.get("path") if item.node.is_map else item
                if item.node.get("required").value is not False:
                    yield from _named(
                        "env_file", named.node, named.known_text, item.scope.folder, service.object
                    )
            for layer in variant.layers:
                node = layer.node.get("extends", "file")
                text, folder = layer.scope.known_text(node), layer.scope.folder
                yield from _named("extends", node, text, folder, service.object)


def _included(file: ComposeFile) -> Iterator[NamedPath]:
    for entry in file.root.get("include").elements():
        for path, node in include_paths(entry, file.scope):
            if path is not None:
                yield NamedPath("include", path, file.scope.known_text(node) or path, node, None)


def _named(key: str, node: Node, written: str | None, folder: str, about: ObjectRef) -> Iterator[NamedPath]:
    path = within(folder, written or "")
    if path and written is not None:
        yield NamedPath(key, path, written, node, about)


def is_surely_missing(world: World, path: str) -> bool:
    """Whether a file is not in the repository, nor in a submodule, and nothing says that each person makes
    one: git ignores it, an example of it stands in its place, or a command or a page makes it."""
    if path in world.kinds or path in world.tree.absent or world.text(path) is not None:
        return False
    if may_be_in_submodule(world, path):
        return False
    made = world.fact(_made_by_name).get(basename(path), ())
    is_made = any(may_be(written, path) for written in made)
    return not (is_made or _has_example(world, path) or _is_ignored(world, path))


def _made_by_name(world: World) -> dict[str, list[str]]:
    """The files that somebody is told to make, by their names."""
    found: dict[str, list[str]] = {}
    for written in sorted(world.fact(made_files)):
        found.setdefault(basename(written), []).append(written)
    return found


def _has_example(world: World, path: str) -> bool:
    beside = world.fact(_names_by_folder).get(dirname(path))
    if beside is None:
        return False
    name = basename(path).lower()
    at = bisect_left(beside.names, name)
    return beside.has_example or (at < len(beside.names) and beside.names[at].startswith(name))


@dataclass(frozen=True)
class _Beside:
    """The files of a folder."""

    names: list[str]
    has_example: bool
    """Whether one of them is an example of variables that each person fills in."""


def _names_by_folder(world: World) -> dict[str, _Beside]:
    found: dict[str, list[str]] = {}
    for path in world.kinds:
        found.setdefault(dirname(path), []).append(basename(path).lower())
    return {
        folder: _Beside(
            sorted(names),
            any("env" in name and any(word in name for word in _EXAMPLES) for name in names),
        )
        for folder, names in found.items()
    }


def _is_ignored(world: World, path: str) -> bool:
    folder = dirname(path)
    while True:
        listed = f"{folder}/.gitignore" if folder else ".gitignore"
        if listed in world.kinds:
            kept = world.fact(_patterns)
            if listed not in kept:
                lines = (world.text(listed) or "").splitlines()
                kept[listed] = Exclusion([line for line in lines if not line.startswith("#")])
            if kept[listed].excludes_file(path[len(folder) + 1 :] if folder else path, ""):
                return True
        if not folder:
            return False
        folder = dirname(folder)


def _patterns(world: World) -> dict[str, Exclusion]:
    """What each ``.gitignore`` says that has been asked."""
    return {}
