"""Which files make a package, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.cycles import cycles_of
from archlint.documents.proto.package_versions import is_stable, is_unstable
from archlint.finding import Place
from archlint.model.protobuf import ProtoModule, ProtoSchema
from archlint.model.protobuf.modules import import_targets, with_imported
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


def _options_of(schema: ProtoSchema) -> dict[str, str]:
    """The options that a file sets, as they are written; an empty text sets nothing."""
    return {
        field.name: str(value).lower() if isinstance(value, bool) else str(value)
        for field, value in schema.source.descriptor.options.ListFields()
        if value != ""
    }


def _differing(
    package: str, schemas: Sequence[ProtoSchema], option: str, values: Mapping[str, str | None]
) -> Iterator[Observation]:
    shown = sorted({value for value in values.values() if value is not None})
    listed = _listed(f"'{value}'" for value in shown)
    has_none = None in values.values()
    for schema in schemas:
        own = values[schema.path]
        other = next(item for item in schemas if values[item.path] != own)
        yield observe(
            _option_place(schema, option),
            "missing" if own is None else "unset" if has_none and len(shown) == 1 else "default",
            identity=(package, option),
            related=[(_option_place(other, option), "another file of the package")],
            aliases=[f"buf:PACKAGE_SAME_{option.upper()}"],
            option=option,
            package=package,
            values=listed,
        )


def _option_place(schema: ProtoSchema, option: str) -> Place:
    """Where an option is set, be it to nothing."""
    said = schema.source.descriptor.options.ListFields()
    number = next((field.number for field, _ in said if field.name == option), None)
    return schema.first_line if number is None else schema.statement("option", number)


@join(ProtoModule)
def proto_package_cycle(module: ProtoModule, world: World, options: Options) -> Iterator[Observation]:
    """An import by which packages need each other in a circle."""
    every = with_imported(module, world)
    targets = world.reading(import_targets)
    package_of = {schema.path: schema.package for schema in every}
    edges: dict[str, list[str]] = {name: [] for name in package_of.values()}
    for schema in every:
        edges[schema.package] += (package_of[path] for path in targets[schema.path])
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


@join(ProtoModule)
def proto_package_unstable_import(
    module: ProtoModule, world: World, options: Options
) -> Iterator[Observation]:
    """A stable package that needs one that may still change."""
    by_path = {schema.path: schema for schema in module.schemas}
    for schema in module.schemas:
        if not is_stable(schema.package):
            continue
        for item in schema.source.imports:
            target = by_path.get(item.target or "")
            if target is not None and is_unstable(target.package):
                place = schema.statement("import", item.name)
                yield observe(place, package=schema.package, unstable=target.package)


def _package_of(schema: ProtoSchema) -> Place:
    return schema.place() if schema.package else schema.first_line


def _listed(names: Iterable[str]) -> str:
    """Some names as a list in a sentence, which stays short."""
    every = list(names)
    shown = every if len(every) < 6 else [*every[:4], f"{len(every) - 4} more"]
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
