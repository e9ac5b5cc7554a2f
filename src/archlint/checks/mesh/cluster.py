"""What only files that were read from a cluster show, and what gateways and Ingresses get from it."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.mesh.heads import head
from archlint.model.istio.conditions import StatusCondition
from archlint.model.istio.gateway_secrets import GatewaySecret
from archlint.model.istio.plain_ingresses import BypassedSubset
from archlint.model.world import World


@check(StatusCondition)
def status_condition_false(condition: StatusCondition, options: Options) -> Iterator[Observation]:
    """A condition that the cluster says does not hold."""
    if condition.is_false:
        kind = condition.node.get("type").text or "?"
        yield observe(
            condition.node.get("status").value_place(),
            related=[head(condition.base)],
            identity=("condition", kind),
            kind=condition.kind,
            name=condition.name,
            condition=kind,
            reason=condition.node.get("reason").text or "no reason given",
        )


@join(BypassedSubset)
def subset_unseen_by_ingress(subset: BypassedSubset, world: World, options: Options) -> Iterator[Observation]:
    """Routes by subset to a Service that an Ingress leads to directly."""
    yield observe(
        subset.node.value_place(),
        related=[
            (subset.ingress.get("metadata", "name").value_place(), "the Ingress"),
            head(subset.base),
        ],
        identity=("subset",),
        name=subset.name,
        subset=subset.node.text,
        ingress=subset.ingress.name,
    )


@join(GatewaySecret)
def gateway_secret_invalid(shown: GatewaySecret, world: World, options: Options) -> Iterator[Observation]:
    """A secret without certificate and key, or with something else in their place."""
    broken = shown.broken()
    if shown.pair is not None and broken is None:
        return
    data = shown.secret.get("stringData" if shown.secret.get("stringData").value else "data")
    yield observe(
        shown.server.certificate.value_place(),
        "default" if broken is None else "broken",
        related=[
            ((broken or data).place(), "the secret"),
            head(shown.base),
        ],
        identity=("secret", shown.secret.name),
        name=shown.name,
        secret=shown.secret.name,
        key=str(broken.route[-1]) if broken is not None else "",
    )
