"""Packages: that there is one, and that its name carries a version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents.proto.package_versions import is_versioned
from archlint.finding import Severity
from archlint.finding.regex import regex
from archlint.model.protobuf import Enum, Message, Package, ProtoSchema, ProtoService
from archlint.model.world import World

# v1, v2beta1, v1p1beta1, v1alpha, v1test: https://google.aip.dev/215 and what googleapis makes of it.
_VERSION = regex(r"v[0-9][a-z0-9]*")
_LARGE = regex(r"[0-9]{10}")
_GENERATION = regex(r"[a-z_]{3,}(?<!http)(?<!oauth)(?<!ipv)[2-9]")
"""A product of which this is the second generation or a later one: ``shop2.cart`` beside ``shop.cart``."""

_VOCABULARIES = (
    *("google.api", "google.cloud.common", "google.cloud.location", "google.geo.type"),
    *("google.logging.type", "google.longrunning", "google.protobuf", "google.rpc", "google.type"),
    *("gogoproto", "validate", "buf.validate", "envoy.annotations", "grpc", "io.prometheus.client"),
    *("k8s.io", "opencensus.proto", "udpa.annotations", "xds.annotations"),
)
"""Packages whose copies are in many repositories, and which nobody there can rename."""


@check(ProtoSchema)
def proto_package_missing(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A file that is in no package; less grave if it defines nothing."""
    if schema.package:
        return
    if schema.is_empty:
        yield observe(schema.first_line, "empty", identity=(), severity=Severity.INFO)
        return
    definitions: list[ProtoService | Message | Enum] = [*schema.services, *schema.messages, *schema.enums]
    first = definitions[0].name if definitions else schema.extensions[0].name
    yield observe(schema.first_line, identity=(first,), definition=first)


@join(Package)
def proto_package_unversioned(package: Package, world: World, options: Options) -> Iterator[Observation]:
    """A package without a version in its name, at each of its files in a folder."""
    if _has_version(package.name) or _is_excepted(package.name, options["except"]):
        return
    # Types that others only embed are versioned by what embeds them: less grave than a service.
    has_service = any(schema.services for schema in package.schemas)
    for schema in package.schemas:
        yield observe(
            schema.place(),
            "default" if has_service else "types",
            severity=None if has_service else Severity.INFO,
            package=package.name,
        )


@check(ProtoSchema)
def proto_package_version_misplaced(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A package whose name ends in something else than a version, although it has one or needs none."""
    name = schema.package
    if not name or is_versioned(name) or _is_excepted(name, options["except"]):
        return
    *before, last = name.split(".")
    versions = [part for part in (*before, last) if _VERSION.fullmatch(part)]
    if last in versions and _LARGE.search(last):
        yield observe(schema.place(), "large", package=name, version=last)
    elif versions:
        yield observe(schema.place(), package=name, version=versions[-1])
    elif _has_version(name) or _is_excepted(name, _VOCABULARIES):
        yield observe(schema.place(), "none", package=name)


def _has_version(name: str) -> bool:
    """Whether a part of the name is a version, or the first one says which generation of a product it is."""
    first, *rest = name.split(".")
    if any(map(_VERSION.fullmatch, (first, *rest))) or (rest and _GENERATION.fullmatch(first)):
        return True
    return is_versioned(name)


def _is_excepted(name: str, packages: Iterable[str]) -> bool:
    return any(name == own or name.startswith(own + ".") for own in packages)
