"""Modules: the files that are compiled from one import root, and of which some things are true together.

The root is the folder of the ``buf.yaml`` that is about a file, else one that imports show: a statement
``import "shop/cart.proto"`` that means ``api/shop/cart.proto`` says that ``api`` is a root.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from posixpath import dirname

from archlint.documents.proto import ProtoFile
from archlint.documents.proto.buf_lint import BufModules, modules_around
from archlint.documents.proto.graph import reachable
from archlint.files import Kind
from archlint.files.folders import folders_above
from archlint.finding.records import dataclass
from archlint.model.protobuf.schemas import ProtoSchema, schemas
from archlint.model.world import World


@dataclass(frozen=True)
class ProtoModule:
    """The files of one root."""

    root: str
    schemas: tuple[ProtoSchema, ...]
    object: None = None

    @classmethod
    def all(cls, world: World) -> Iterable[ProtoModule]:
        """Every module, by root."""
        every = world.reading(schemas)
        roots = roots_of([schema.source for schema in every])
        found: dict[tuple[object, ...], list[ProtoSchema]] = defaultdict(list)
        for schema in every:
            lint = schema.source.lint
            parts = (lint.holds(schema.path), lint.extent) if lint is not None else ()
            found[roots[schema.path], *parts].append(schema)
        modules = [cls(str(root), tuple(members)) for (root, *_), members in found.items()]
        return sorted(modules, key=lambda module: (module.root, module.source.path))

    @property
    def source(self) -> ProtoFile:
        """Its first file."""
        return self.schemas[0].source

    @property
    def through(self) -> tuple[str, ...]:
        """Findings are about the file that they stand in."""
        return ()

    def by_package(self) -> Mapping[str, Sequence[ProtoSchema]]:
        """Its files by the name of their package."""
        return _grouped((schema.package, schema) for schema in self.schemas)

    def by_folder(self) -> Mapping[str, Sequence[ProtoSchema]]:
        """Its files by the folder that they lie in."""
        return _grouped((dirname(schema.path), schema) for schema in self.schemas)

    def folder_of(self, schema: ProtoSchema) -> str:
        """The folder of a file as seen from the root; ``.`` is the root itself."""
        folder = dirname(schema.path)
        return (folder[len(self.root) + 1 :] if self.root else folder) or "."


def schemas_by_path(world: World) -> Mapping[str, ProtoSchema]:
    """All proto files of a world; use it through ``world.reading``."""
    return {schema.path: schema for schema in world.reading(schemas)}


def import_targets(world: World) -> Mapping[str, Sequence[str]]:
    """The files of the world that each proto file imports; use it through ``world.reading``."""
    known = world.reading(schemas_by_path)
    return {
        path: [item.target for item in schema.source.imports if item.target in known and item.target]
        for path, schema in known.items()
    }


def with_imported(module: ProtoModule, world: World) -> list[ProtoSchema]:
    """The files of a module, and all of other modules that they need."""
    known = world.reading(schemas_by_path)
    needed = reachable(world.reading(import_targets), [schema.path for schema in module.schemas])
    return [known[path] for path in sorted(needed)]


def _grouped(pairs: Iterable[tuple[str, ProtoSchema]]) -> Mapping[str, Sequence[ProtoSchema]]:
    found: dict[str, list[ProtoSchema]] = defaultdict(list)
    for name, schema in pairs:
        found[name].append(schema)
    return found


def roots_of(sources: Sequence[ProtoFile]) -> dict[str, str]:
    """The import root of each file, by path."""
    shown = {
        item.target[: -len(item.name)].rstrip("/")
        for source in sources
        for item in source.imports
        if item.target is not None and _is_below(item.target, item.name)
    }
    return {source.path: _root(source, shown) for source in sources}


def name_below(path: str, roots: Mapping[str, str]) -> str:
    """What others write to import a file, given the roots of all files."""
    root = roots[path]
    return path[len(root) + 1 :] if root else path


def _is_below(path: str, name: str) -> bool:
    return path == name or path.endswith(f"/{name}")


def _root(source: ProtoFile, shown: set[str]) -> str:
    """The root that settings declare, else the nearest that an import shows, else the one that makes the
    folder match the package, else the top."""
    if source.lint is not None:
        return source.lint.root
    above = next((folder for folder in folders_above(source.path) if folder in shown), None)
    if above is not None:
        return above
    package = source.descriptor.package.replace(".", "/")
    folder = dirname(source.path)
    return folder[: -len(package)].rstrip("/") if package and _is_below(folder, package) else ""


def wanted_lint(world: World) -> frozenset[str]:
    """Ids of the rules of buf that settings somewhere ask for, where these speak of linting at all."""
    asking = {
        id(lint): lint.rules.used
        for schema in world.reading(schemas)
        if (lint := schema.source.lint) is not None and lint.rules.is_stated
    }
    return frozenset().union(*asking.values())


def buf_modules(world: World) -> BufModules:
    """The modules that settings for buf declare; use it through ``world.reading``."""
    return modules_around(world.tree, world.paths(Kind.PROTO))
