"""Labels that namespaces get from elsewhere than the manifests that define them.

Sources: Argo CD, "Sync Options" (namespace metadata: ``managedNamespaceMetadata`` goes to the namespace that
an Application leads to); Terraform's provider for Kubernetes (``kubernetes_labels`` and
``kubernetes_namespace``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.model.kubernetes.commands import labelled_by_commands
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.terraform import HclBlock, resources
from archlint.model.world import World

_ANY = "*"
_LABELS = "labels"
_RESOURCES = ("kubernetes_labels", "kubernetes_namespace", "kubernetes_namespace_v1")


def may_be_labelled(namespace: str, keys: Iterable[str], world: World) -> bool:
    """Whether something else than its manifest may give a namespace a label with one of some keys."""
    known = world.fact(_labelled)
    return any((name, key) in known for name in (namespace, _ANY) for key in (*keys, _ANY))


def _labelled(world: World) -> frozenset[tuple[str, str]]:
    """Namespace and key of each label that commands, Argo CD or Terraform give; ``*`` is one not known."""
    return frozenset((*world.fact(labelled_by_commands), *_by_argo(world), *_by_terraform(world)))


def _by_argo(world: World) -> Iterator[tuple[str, str]]:
    for item in world.all(KubernetesObject):
        if item.kind not in ("Application", "ApplicationSet"):
            continue
        for spec in (item.get("spec"), item.get("spec", "template", "spec")):
            name = spec.get("destination", "namespace").text or _ANY
            for key, _ in spec.get("syncPolicy", "managedNamespaceMetadata", _LABELS).items():
                yield _ANY if is_placeholder(name) else name, key


def _by_terraform(world: World) -> Iterator[tuple[str, str]]:
    for resource in resources(world, _RESOURCES):
        metadata = [block for block in resource.block.blocks if block.kind == "metadata"]
        named = [resource.literals.of(block.values.get("name")) for block in metadata]
        name = next((found.value for found in named if found is not None), _ANY)
        for block in (resource.block, *metadata):
            for key in _keys(block):
                yield name, key


def _keys(block: HclBlock) -> Iterator[str]:
    """The labels that a block sets; ``*`` for those of an expression."""
    if _LABELS in block.names and not any(inner.kind == _LABELS for inner in block.blocks):
        yield _ANY
    for inner in block.blocks:
        if inner.kind == _LABELS:
            yield from inner.names
