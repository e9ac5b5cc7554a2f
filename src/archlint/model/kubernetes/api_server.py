"""What the API server calls: webhooks and aggregated APIs. It is no pod, so no policy can name it as a peer.

Source: the Kubernetes API reference of ValidatingWebhookConfiguration, MutatingWebhookConfiguration,
CustomResourceDefinition (``spec.conversion``) and APIService.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from archlint.documents import Node
from archlint.model.kubernetes.objects import CALLING, KubernetesObject, string_map
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.kubernetes.workloads import Workload
from archlint.model.world import World


def called_by_api_server(world: World) -> frozenset[Workload]:
    """The workloads behind such Services; ask with ``world.fact(called_by_api_server)``."""
    named = {
        (reference.get("namespace").text, reference.get("name").text)
        for base in world.all(KubernetesObject)
        for reference in service_references(base)
    }
    if not named:
        return frozenset()
    workloads = world.fact(routing).workloads
    return frozenset(
        workload
        for service in world.all(KubernetesService)
        if is_named(service, named)
        for workload in workloads[service]
    )


def is_about_webhooks(base: KubernetesObject, selector: Node) -> bool:
    """Whether a manifest says by name, labels or selected pods that it is about a webhook."""
    labels = string_map(base.get("metadata", "labels")) | string_map(selector.get("matchLabels"))
    return any("webhook" in text.lower() for text in (base.name, *labels.values()))


def service_references(base: KubernetesObject) -> Iterator[Node]:
    """The references to Services in a resource of these kinds."""
    if base.kind not in CALLING.get(base.group, ()):
        return
    yield base.get("spec", "service")
    yield base.get("spec", "conversion", "webhook", "clientConfig", "service")
    for webhook in base.get("webhooks").elements():
        yield webhook.get("clientConfig", "service")


def is_named(service: KubernetesService, named: Collection[tuple[str | None, str | None]]) -> bool:
    """Whether a Service has one of the names; a namespace that a manifest leaves open may be any."""
    namespace = service.base.namespace
    return any(
        name == service.name and (namespace is None or wanted is None or wanted == namespace)
        for wanted, name in named
    )
