"""Files and packages, after https://google.aip.dev/191 and https://google.aip.dev/215."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.proto.aip.names import api_linter, fields_of, lower_runs
from archlint.finding import Place
from archlint.finding.regex import regex
from archlint.model.protobuf import Label, ProtoSchema, schemas
from archlint.model.protobuf.methods import messages_by_name
from archlint.model.world import World

_VERSION = regex(r"v[0-9]++(?:p[0-9]++)?(?:(?:alpha|beta|test)[0-9]*+|main|eap)?")
_STANDS = regex(r"(?:^|\.)(?:v[0-9]|(?:main|master|type)(?:\.|\Z))")
"""A part of a package that says a version, or that there are none: the newest state, types of all APIs."""
_WORD_OF_VERSION = regex(r"(?<![a-z])[a-z]")
_FILE_NAME = regex(r"[a-z0-9_]++")
_WORD_START = regex(r"(?:^|[^A-Za-z0-9])([A-Za-z0-9])")

_NAMESPACES = (
    ("csharp_namespace", 37, ".", "0191::csharp-namespace"),
    ("php_namespace", 41, "\\", "0191::php-namespace"),
    ("ruby_package", 45, "::", "0191::ruby-package"),
)
"""Options whose parts begin with capitals: name, number in ``FileOptions``, what parts them, law."""

_SHARED = (
    *("csharp_namespace", "go_package", "java_multiple_files", "java_package", "objc_class_prefix"),
    *("php_class_prefix", "php_metadata_namespace", "php_namespace", "ruby_package", "swift_prefix"),
)


@check(ProtoSchema)
def aip_file_layout(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A file that does not begin with what it is about: services, then messages, then enums."""
    tops = [message for message in schema.messages if len(message.route) == 2]
    if not tops:
        return
    first, last = _line(tops[0].place()), _line(tops[-1].place())
    for service in schema.services:
        if _line(service.place()) > first:
            yield observe(service.place(), object=service.object, name=service.name)
    enum = next((enum for enum in schema.enums if len(enum.route) == 2), None)
    if enum is not None and _line(enum.place()) < last:
        yield observe(enum.place(), "enum", object=enum.object, name=enum.name)


def _line(place: Place) -> tuple[int, int]:
    span = place.source.span(place.route, place.token)
    return span.line, span.column


@check(ProtoSchema)
def aip_file_name(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A file whose name says nothing, or cannot be written in all languages."""
    name = basename(schema.path)
    stem = name.removesuffix(".proto")
    if _VERSION.fullmatch(stem):
        yield observe(_top(schema), "version", identity=(), name=name)
    elif not _FILE_NAME.fullmatch(stem):
        yield observe(_top(schema), identity=(), name=name)


@check(ProtoSchema)
def aip_java_options(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A file whose Java classes lie where nobody looks for them."""
    said = schema.source.descriptor.options
    package = schema.package
    if not package:
        return
    if not said.java_package:
        yield _java(schema, None, "java-package", f'java_package = "com.{package}"')
    elif not said.java_package.endswith(f".{package}"):
        is_accepted = said.java_package == package  # by api-linter, which asks for its end alone
        yield _java(schema, 1, "java-package", f'java_package = "com.{package}"', is_accepted=is_accepted)
    if not said.java_multiple_files:
        yield _java(schema, None, "java-multiple-files", "java_multiple_files = true")
    wanted = _class_name(basename(schema.path))
    if said.java_outer_classname.lower() != wanted.lower():
        yield _java(schema, None, "java-outer-classname", f'java_outer_classname = "{wanted}"')


def _java(
    schema: ProtoSchema, number: int | None, law: str, wanted: str, *, is_accepted: bool = False
) -> Observation:
    return observe(
        schema.place() if number is None else schema.statement("option", number),
        identity=(law,),
        aliases=() if is_accepted else [api_linter(f"0191::{law}")],
        option=law.replace("-", "_"),
        wanted=f"option {wanted};",
    )


def _class_name(name: str) -> str:
    """The class of what a file defines: ``LibraryProto`` of ``library.proto``."""
    stem = name.removesuffix(".proto")
    return _WORD_START.sub(lambda found: found[1].upper(), stem) + "Proto"


@check(ProtoSchema)
def aip_namespace_case(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A namespace of a language that is not written as the language writes it."""
    for option, number, dot, law in _NAMESPACES:
        value = str(getattr(schema.source.descriptor.options, option))
        proposal = dot.join(_as_camel(part, option) for part in re.split(r"[.:/\\]+", value))
        if value != proposal:
            yield observe(
                schema.statement("option", number),
                identity=(option,),
                aliases=[api_linter(law)],
                option=option,
                value=value,
                proposal=proposal,
            )


def _as_camel(part: str, option: str) -> str:
    if _VERSION.fullmatch(part.lower()):
        return _as_version(part, option)
    return lower_runs(_WORD_START.sub(lambda found: found[1].upper(), part))


def _as_version(part: str, option: str) -> str:
    """A version as a language writes it: ``V1Beta1`` in C#, ``V1beta1`` in the others."""
    if option != "csharp_namespace":
        return part.lower().capitalize()
    return _WORD_OF_VERSION.sub(lambda found: found[0].upper(), part.lower())


@check(ProtoSchema)
def aip_syntax_old(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A file in another syntax than proto3."""
    syntax = schema.source.descriptor.syntax or "proto2"
    if syntax != "proto3":
        yield observe(Place(schema.source, ()), identity=(), syntax=syntax)


@check(ProtoSchema)
def aip_package_unversioned(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A package without a version, at a file that defines something."""
    if not schema.package or _STANDS.search(schema.package):
        return
    if not _is_of(schema.package, options["except"]):
        yield observe(schema.place(), package=schema.package)


def files_by_path(world: World) -> Mapping[str, ProtoSchema]:
    """What the files define, by path."""
    return {schema.path: schema for schema in world.reading(schemas)}


@join(ProtoSchema)
def aip_import_options_differ(schema: ProtoSchema, world: World, options: Options) -> Iterator[Observation]:
    """A file that imports one of its own package whose code is generated to another place."""
    files = world.fact(files_by_path)
    own = schema.source.descriptor.options
    for item in schema.source.imports:
        other = files.get(item.target or "")
        if other is None or other.package != schema.package:
            continue
        said = other.source.descriptor.options
        differing = [name for name in _SHARED if getattr(own, name) != getattr(said, name)]
        if differing:
            yield observe(
                _top(schema),
                identity=(schema.package,),
                related=[(other.place(), "the other file")],
                options=", ".join(differing),
                other=item.name,
            )
            return


@join(ProtoSchema)
def aip_type_foreign(schema: ProtoSchema, world: World, options: Options) -> Iterator[Observation]:
    """A field of a type that another API defines, which may change without this one."""
    messages = world.fact(messages_by_name)
    for field in fields_of(schema):
        if field.type != "message" or field.label is Label.MAP:
            continue
        found = messages.get(field.type_name)
        package = found[-1].source.descriptor.package if found else schema.package
        if package and schema.package and not _may_use(schema.package, package, options["except"]):
            yield observe(field.place("type"), name=field.name, type=field.type_name, package=package)


def _may_use(package: str, other: str, common: Iterable[str]) -> bool:
    """Whether what one package defines may be part of another: both are of one version, or all may use it."""
    if package == other or other.endswith(".type"):
        return True
    if _is_of(other, common):
        return True
    version = _up_to_version(package)
    return version is not None and version == _up_to_version(other)


def _is_of(package: str, names: Iterable[str]) -> bool:
    """Whether a package is one of some, or below one of them."""
    return any(package == name or package.startswith(f"{name}.") for name in names)


def _up_to_version(package: str) -> str | None:
    parts = package.split(".")
    at = next((at for at, part in enumerate(parts) if _VERSION.fullmatch(part)), None)
    return None if at is None else ".".join(parts[: at + 1])


def _top(schema: ProtoSchema) -> Place:
    """Where findings about a file as a whole stand: at its package, else at its first line."""
    return schema.place() if schema.package else schema.first_line
