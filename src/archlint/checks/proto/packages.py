"""Packages: that there is one, and that its name carries a version."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.finding import Severity
from archlint.finding.regex import regex
from archlint.model.protobuf import Enum, Message, Package, ProtoSchema, ProtoService
from archlint.model.world import World

# v1, v2beta1, v1p1beta1, v1alpha, v1test: https://google.aip.dev/215 and what googleapis makes of it.
_VERSION = regex(r"v[0-9][a-z0-9]*")
_GENERATION = regex(r"[a-z_]{3,}(?<!http)(?<!oauth)(?<!ipv)[2-9]")
"""A product of which this is the second generation or a later one: ``shop2.cart`` beside ``shop.cart``."""


@check(ProtoSchema)
def proto_package_missing(schema: ProtoSchema, options: Options) -> Iterator[Observation]:
    """A file that defines something in no package."""
    if schema.package or schema.is_empty:
        return
    definitions: list[ProtoService | Message | Enum] = [*schema.services, *schema.messages, *schema.enums]
    first = definitions[0].name if definitions else schema.extensions[0].name
    yield observe(schema.place(), identity=(first,), definition=first)


@join(Package)
def proto_package_unversioned(package: Package, world: World, options: Options) -> Iterator[Observation]:
    """A package without a version in its name, once for all its files in a folder."""
    first, *rest = package.name.split(".")
    if any(map(_VERSION.fullmatch, (first, *rest))) or (rest and _GENERATION.fullmatch(first)):
        return
    if any(package.name == own or package.name.startswith(own + ".") for own in options["except"]):
        return
    # Types that others only embed are versioned by what embeds them: less grave than a service.
    has_service = any(schema.services for schema in package.schemas)
    schema, *others = package.schemas
    yield observe(
        schema.place(),
        "default" if has_service else "types",
        related=[(other.place(), "the same package") for other in others],
        severity=None if has_service else Severity.INFO,
        package=package.name,
    )
