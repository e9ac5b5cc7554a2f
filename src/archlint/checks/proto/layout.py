"""Which files make a package, and whether they agree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.cycles import cycles_of
from archlint.documents.proto.package_versions import is_stable, is_unstable
from archlint.finding import Place
from archlint.model.protobuf import ProtoModule, ProtoSchema
from archlint.model.world import World

_OPTIONS = (
    *("csharp_namespace", "go_package", "java_multiple_files", "java_package", "php_namespace"),
    *("ruby_package", "swift_prefix"),
)


@join(ProtoModule)
def proto_package_folder(module: ProtoModule, world: World, options: Options) -> Iterator[Observation]:
    """A file whose folder is not the one that its package names."""
    for schema in module.schemas:
        wanted, folder = schema.package.replace(".", "/"), module.folder_of(schema)
        if schema.package and folder != wanted:
            yield observe(schema.place(), package=schema.package, folder=folder, wanted=wanted)


@join(ProtoModule)
def proto_folder_of_packages(module: ProtoModule, world: World, options: Options) -> Iterator[Observation]:
    """A folder with files of several packages."""
    for schemas in module.by_folder().values():
        packages = sorted({schema.package for schema in schemas})
        if len(packages) > 1:
            for schema in schemas:
                other = next(item for item in schemas if item.package != schema.package)
                yield observe(
                    _package_of(schema),
                    identity=(schema.package,),
                    related=[(_package_of(other), "another package")],
                    packages=_listed(f"'{name}'" if name else "none" for name in packages),
                )


@join(ProtoModule)
def proto_package_in_folders(module: ProtoModule, world: World, options: Options) -> Iterator[Observation]:
    """A package with files in several folders."""
    for name, schemas in module.by_package().items():
        folders = sorted({module.folder_of(schema) for schema in schemas})
        if len(folders) > 1:
            for schema in schemas:
                own = module.folder_of(schema)
                other = next(item for item in schemas if module.folder_of(item) != own)
                yield observe(
                    _package_of(schema),
                    "default" if name else "none",
                    identity=(name,),
                    related=[(_package_of(other), "the same package")],
                    package=name,
                    folders=_listed(f"'{folder}'" for folder in folders),
                )


@join(ProtoModule)
def proto_package_option_differs(
    module: ProtoModule, world: World, options: Options
) -> Iterator[Observation]:
    """An option for generated code that is not the same in all files of a package."""
    for package, schemas in module.by_package().items():
        stated = {schema.path: _options_of(schema) for schema in schemas}
        for option in _OPTIONS:
            values = {path: options.get(option) for path, options in stated.items()}
            if len(set(values.values())) > 1:
                yield from _differing(package, schemas, option, values)


_Stated = tuple[int, str]
"""The number of an option, and its value as it is written."""


def _options_of(schema: ProtoSchema) -> dict[str, _Stated]:
    """The options that a file sets."""
    return {
        field.name: (field.number, str(value).lower() if isinstance(value, bool) else str(value))
        for field, value in schema.source.descriptor.options.ListFields()
    }


def _differing(
    package: str, schemas: Sequence[ProtoSchema], option: str, values: Mapping[str, _Stated | None]
) -> Iterator[Observation]:
    shown = sorted({stated[1] for stated in values.values() if stated is not None})
    listed = _listed(f"'{value}'" for value in shown)
    has_none = None in values.values()
    for schema in schemas:
        own = values[schema.path]
        other = next(item for item in schemas if values[item.path] != own)
        yield observe(
            _option_place(schema, own),
            "missing" if own is None else "unset" if has_none and len(shown) == 1 else "default",
            identity=(package, option),
            related=[(_option_place(other, values[other.path]), "another file of the package")],
            aliases=[f"buf:PACKAGE_SAME_{option.upper()}"],
            option=option,
            package=package,
            values=listed,
        )


def _option_place(schema: ProtoSchema, stated: _Stated | None) -> Place:
    return schema.first_line if stated is None else schema.statement("option", stated[0])


@join(ProtoModule)
def proto_package_cycle(module: ProtoModule, world: World, options: Options) -> Iterator[Observation]:
    """An import by which packages need each other in a circle."""
    package_of = {schema.path: schema.package for schema in module.schemas}
    edges: dict[str, list[str]] = {name: [] for name in package_of.values()}
    for schema in module.schemas:
        edges[schema.package] += (package_of[path] for path in _targets(schema, package_of))
    cycles = cycles_of(edges)
    for schema in module.schemas:
        for item in schema.source.imports:
            target = package_of.get(item.target or "")
            if target is None or target == schema.package:
                continue
            way = cycles.way(schema.package, target)
            if way:
                shown = " -> ".join(name or "(none)" for name in way)
                yield observe(schema.statement("import", item.name), package=target, way=shown)


def _targets(schema: ProtoSchema, known: Collection[str]) -> Iterator[str]:
    return (item.target for item in schema.source.imports if item.target in known and item.target)


@join(ProtoModule)
def proto_package_unstable_import(
    module: ProtoModule, world: World, options: Options
) -> Iterator[Observation]:
    """A stable package that needs one that may still change."""
    package_of = {schema.path: schema.package for schema in module.schemas}
    for schema in module.schemas:
        if not is_stable(schema.package):
            continue
        for item in schema.source.imports:
            target = package_of.get(item.target or "", "")
            if is_unstable(target):
                yield observe(schema.statement("import", item.name), package=schema.package, unstable=target)


def _package_of(schema: ProtoSchema) -> Place:
    return schema.place() if schema.package else schema.first_line


def _listed(names: Iterable[str]) -> str:
    """Some names as a list in a sentence, which stays short."""
    every = list(names)
    shown = every if len(every) < 6 else [*every[:4], f"{len(every) - 4} more"]
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
