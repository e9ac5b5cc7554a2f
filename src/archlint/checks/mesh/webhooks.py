"""Istio's own webhooks: who answers them, and which of them are for the same pods."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.mesh.heads import head
from archlint.model.istio.webhooks import IstioWebhook, injectors_by_selector
from archlint.model.kubernetes.sets import deployment_sets, find_objects, may_be_elsewhere
from archlint.model.world import World

NEEDS = ("admissionregistration.k8s.io",)


@join(IstioWebhook)
def injector_webhook_wrong(webhook: IstioWebhook, world: World, options: Options) -> Iterator[Observation]:
    """An injector that calls a Service nobody defines, or that is for the same namespaces as another one."""
    if not webhook.is_injector:
        return
    related = [head(webhook.base)]
    if webhook.service is not None and _is_undefined(webhook, *webhook.service, world):
        namespace, name = webhook.service
        yield observe(
            webhook.node.get("clientConfig", "service", "name").value_place(),
            "service",
            related=related,
            name=webhook.name,
            webhook=webhook.webhook,
            service=name,
            namespace=namespace,
        )
    other = _overlapping(webhook, world)
    if other is not None:
        yield observe(
            webhook.node.get("namespaceSelector").place(),
            "overlap",
            related=[(other.node.get("name").value_place(), "the other one"), *related],
            identity=(webhook.webhook, "selector"),
            name=webhook.name,
            webhook=webhook.webhook,
            other=other.name,
        )


def _is_undefined(webhook: IstioWebhook, namespace: str, name: str, world: World) -> bool:
    """Whether the Services of that namespace are defined beside it, and this one is not."""
    if find_objects(world, webhook.base, "Service", name, namespace):
        return False
    beside = world.fact(deployment_sets).of(webhook.base)
    is_home = any(
        item.namespace == namespace for group in beside for item in group.by_kind.get("Service", ())
    )
    return is_home and not may_be_elsewhere(world, webhook.base, "Service", name)


def _overlapping(webhook: IstioWebhook, world: World) -> IstioWebhook | None:
    """Another injector of the same revision in another object, applied together, for the same pods."""
    sets = world.fact(deployment_sets)
    for other in world.fact(injectors_by_selector)[webhook.selector][:20]:
        is_other = other.name != webhook.name and other.revision == webhook.revision
        if is_other and sets.are_together(other.base, webhook.base):
            return other
    return None


@check(IstioWebhook)
def control_plane_address_missing(webhook: IstioWebhook, options: Options) -> Iterator[Observation]:
    """A webhook of Istio that calls nobody."""
    if webhook.calls_nobody:
        yield observe(
            webhook.node.get("clientConfig", "url").place(),
            related=[head(webhook.base)],
            identity=(webhook.webhook,),
            name=webhook.name,
            webhook=webhook.webhook,
        )


@check(IstioWebhook)
def control_plane_address_numeric(webhook: IstioWebhook, options: Options) -> Iterator[Observation]:
    """A webhook of Istio that calls an IP address."""
    host = webhook.numeric_host
    if host is not None:
        yield observe(
            webhook.address.value_place(),
            related=[head(webhook.base)],
            identity=(webhook.webhook,),
            name=webhook.name,
            webhook=webhook.webhook,
            address=host,
        )
