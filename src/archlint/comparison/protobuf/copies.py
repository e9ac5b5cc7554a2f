"""Which proto files of a repository are copies of what others publish, and so no contract of its own.

Builds that fetch nothing need the files of public modules in the repository. What leaves such a copy, or
changes in it, is promised by its publisher: callers take it from there, or from their compiler.
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.model.protobuf import ProtoSchema, schemas
from archlint.model.world import World

_OF_COMPILERS = "google.protobuf"
"""The package of the well-known types, which every compiler brings."""
_PUBLISHED = (
    *("google.api", "google.geo.type", "google.iam.v1", "google.logging.type", "google.longrunning"),
    *("google.rpc", "google.type", "grpc.health.v1", "grpc.reflection.v1", "grpc.reflection.v1alpha"),
    *("buf.validate", "validate", "gogoproto", "cosmos_proto", "cel.expr", "io.prometheus.client"),
    *("grpc.gateway.protoc_gen_openapiv2", "grpc.gateway.protoc_gen_swagger"),
    *("opentelemetry.proto", "opencensus.proto", "envoy", "udpa", "xds"),
)
"""Packages of public modules, as their publishers name them."""


def copied(world: World) -> frozenset[str]:
    """The paths of the copies; use it through ``world.reading``.

    A repository in which all packages are public is the one of a publisher: there they are contracts.
    """
    compiled = world.reading(schemas)
    found = _of(compiled, (_OF_COMPILERS,))
    public = _of(compiled, _PUBLISHED)
    return found | public if len(found) + len(public) < len(compiled) else found


def _of(compiled: Sequence[ProtoSchema], packages: Sequence[str]) -> frozenset[str]:
    starts = tuple(f"{each}." for each in packages)
    return frozenset(each.path for each in compiled if f"{each.package}.".startswith(starts))
