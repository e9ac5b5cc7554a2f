"""Tokens of requests that nobody checks, and keys that are fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.checks.mesh.heads import head
from archlint.model.istio.tokens import ClaimRoute, KeyFetcher
from archlint.model.world import World

NEEDS = ("istio.io",)


@join(ClaimRoute)
def claim_route_unchecked(route: ClaimRoute, world: World, options: Options) -> Iterator[Observation]:
    """A route by claims of a token at a gateway where no token is checked."""
    gateway = route.unchecked(world)
    if gateway is not None:
        yield observe(
            route.node.place(),
            related=[(gateway.base.get("spec", "selector").place(), "the proxies"), head(route.base)],
            name=route.name,
            gateway=gateway.name,
            claim=str(route.node.route[-1]),
        )


@join(KeyFetcher)
def keys_fetched_from_anywhere(fetcher: KeyFetcher, world: World, options: Options) -> Iterator[Observation]:
    """A control plane that fetches keys from each address that a request authentication names."""
    yield observe(
        fetcher.workload.pod_spec.get("containers", 0, "env").place(),
        related=[(fetcher.request.value_place(), "an address of keys"), head(fetcher.base)],
        identity=("jwks",),
        kind=fetcher.kind,
        name=fetcher.name,
        address=fetcher.request.text,
    )
