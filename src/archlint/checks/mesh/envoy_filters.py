"""Patches of EnvoyFilters that do nothing, or that may."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.checks.mesh.heads import head
from archlint.model.istio.envoy_filters import EnvoyPatch

NEEDS = ("istio.io",)

_IGNORED = {"ADD": "istio:IST0153", "REMOVE": "istio:IST0154", "REPLACE": "istio:IST0152"}


@check(EnvoyPatch)
def envoy_patch_ignored(patch: EnvoyPatch, options: Options) -> Iterator[Observation]:
    """A patch whose operation Istio does not do to that part of the configuration."""
    operation = patch.operation.text or ""
    if patch.is_ignored:
        yield observe(
            patch.operation.value_place(),
            "replace" if operation == "REPLACE" else "default",
            related=[head(patch.base)],
            aliases=[_IGNORED[operation]],
            name=patch.name,
            operation=operation,
            target=patch.target,
        )


@check(EnvoyPatch)
def envoy_patch_unordered(patch: EnvoyPatch, options: Options) -> Iterator[Observation]:
    """A patch that needs what another may bring, in an EnvoyFilter without a priority."""
    if patch.needs_order and not patch.is_ignored:
        aliases = ["istio:IST0155"] if patch.is_for_a_version else ["istio:IST0151"]
        yield observe(
            patch.operation.value_place(),
            related=[head(patch.base)],
            aliases=aliases,
            name=patch.name,
            operation=patch.operation.text,
            target=patch.target,
        )
