"""Virtual services and the gateways that they name."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.mesh.heads import head
from archlint.finding.words import listed, quoted
from archlint.model.istio import VirtualService
from archlint.model.istio.gateway_routes import MESH, GatewayUse, gateways_of, unserved_hosts
from archlint.model.istio.objects import NETWORKING_GROUP
from archlint.model.kubernetes.references import is_missing
from archlint.model.world import World

NEEDS = ("istio.io",)


@join(GatewayUse)
def gateway_undefined(use: GatewayUse, world: World, options: Options) -> Iterator[Observation]:
    """A gateway that is not defined, though others of its namespace are."""
    namespace, name = use.target
    if use.is_generated or use.found(world) or not use.belongs_here(world):
        return
    if is_missing(world, use.base, "Gateway", name, namespace, group=NETWORKING_GROUP):
        yield observe(
            use.node.value_place(),
            "condition" if use.is_condition else "default",
            related=[head(use.base)],
            identity=(use.text,),
            name=use.name,
            gateway=use.text,
            where=f" in namespace '{namespace}'" if namespace else "",
        )


@check(GatewayUse)
def gateway_generated(use: GatewayUse, options: Options) -> Iterator[Observation]:
    """A gateway that Istio makes for the Gateway API, named by its internal name."""
    if use.is_generated:
        yield observe(
            use.node.value_place(),
            related=[head(use.base)],
            identity=(use.text,),
            name=use.name,
            gateway=use.text,
        )


@join(VirtualService)
def gateway_host_unserved(service: VirtualService, world: World, options: Options) -> Iterator[Observation]:
    """A host that none of the gateways of its virtual service serves."""
    if any(node.text == MESH for node in service.base.get("spec", "gateways").elements()):
        return
    gateways = gateways_of(service, world)
    for node in unserved_hosts(service, gateways) if gateways else ():
        names = list(dict.fromkeys(gateway.name for gateway in gateways))
        yield observe(
            node.value_place(),
            related=[
                *(
                    (gateway.base.get("spec", "servers").place(), "what it serves")
                    for gateway in gateways[:3]
                ),
                head(service.base),
            ],
            identity=(node.text or "",),
            name=service.name,
            host=node.text,
            gateways=f"Gateway{'s' if len(names) > 1 else ''} {listed(quoted(names), 3)}",
            verb="do" if len(names) > 1 else "does",
            where=f" to namespace '{service.namespace}'" if service.namespace else "",
        )
