"""The configuration of the whole mesh, wherever a repository keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.documents import Node
from archlint.model.appconfig.inner import documents_in
from archlint.model.istio.objects import INSTALL_GROUP, SAIL_GROUP, of_kind
from archlint.model.kubernetes import KubernetesObject
from archlint.model.world import World

_USUAL_ROOT = "istio-system"
"""Where Istio's default profile looks for settings of the whole mesh."""
AUTO_ADDRESS = "ISTIO_META_DNS_AUTO_ALLOCATE"
"""The setting of proxies that gives hosts without addresses one of their own."""


def mesh_configs(world: World) -> Sequence[Node]:
    """The maps of ``meshConfig`` settings; ask for them with ``world.fact(mesh_configs)``.

    Sources: Istio's reference of Global Mesh Options (the key ``mesh`` of ConfigMap ``istio``, or
    ``istio-REVISION``) and of IstioOperator (``spec.meshConfig``); the Sail operator's Istio
    (``spec.values.meshConfig``).
    """
    return tuple(node for item in world.all(KubernetesObject) for node in _configs_in(item) if node.is_map)


def _configs_in(item: KubernetesObject) -> Iterator[Node]:
    if item.kind == "ConfigMap" and (item.name == "istio" or item.name.startswith("istio-")):
        text = item.get("data", "mesh")
        if text.text:
            yield from (document.root for document in documents_in(text))
    elif item.kind == "IstioOperator" and item.group == INSTALL_GROUP:
        yield item.get("spec", "meshConfig")
    elif item.kind == "Istio" and item.group == SAIL_GROUP:
        yield item.get("spec", "values", "meshConfig")


def root_namespaces(world: World) -> frozenset[str]:
    """Where settings of the whole mesh are looked for; several if installations differ, so that it is not
    known. Ask with ``world.fact(root_namespaces)``.

    Source: Istio's Global Mesh Options (``rootNamespace``); its charts, which put the namespace of Istio
    itself there (``global.istioNamespace``).
    """
    said = [node.get("rootNamespace").text or _USUAL_ROOT for node in world.fact(mesh_configs)]
    for item in of_kind(world, "IstioOperator"):
        values = item.get("spec", "values")
        for keys in (("meshConfig", "rootNamespace"), ("global", "istioNamespace")):
            said.append(values.get(*keys).text or "")
    return frozenset(filter(None, said)) or frozenset({_USUAL_ROOT})


def gives_addresses(world: World) -> bool:
    """Whether some configuration of the mesh gives hosts without addresses one of their own."""
    return any(
        str(node.get("defaultConfig", "proxyMetadata", AUTO_ADDRESS).value).lower() == "true"
        for node in world.fact(mesh_configs)
    )


def deprecated_providers(world: World) -> dict[str, Node]:
    """The extension providers of kinds that are deprecated, by name."""
    return {
        name: provider.get(kind)
        for config in world.fact(mesh_configs)
        for provider in config.get("extensionProviders").elements()
        for kind in DEPRECATED_KINDS
        if provider.get(kind).exists and (name := provider.get("name").text)
    }


DEPRECATED_KINDS = ("lightstep", "opencensus")
"""Kinds of tracing providers that Istio's reference of Global Mesh Options calls deprecated."""
