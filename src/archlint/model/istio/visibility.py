"""Which namespaces see an object of Istio, or a Service: ``exportTo``."""

from __future__ import annotations

from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject

EVERYWHERE = "*"
_UNKNOWN = "?"
"""Stands for the namespace of an object that does not say it."""
_ANNOTATION = "networking.istio.io/exportTo"
SERVICE_KINDS = ("Service", "ServiceImport")


def are_seen_together(one: KubernetesObject, other: KubernetesObject) -> bool:
    """Whether the proxies of some namespace see both objects."""
    both = visible_in(one), visible_in(other)
    return any(EVERYWHERE in names for names in both) or bool(both[0] & both[1])


def is_visible_from(item: KubernetesObject, namespace: str | None) -> bool:
    """Whether the proxies of a namespace see an object; where one of the two namespaces that have to be held
    against each other is not known, they are taken to."""
    return namespace is None or bool({EVERYWHERE, _UNKNOWN, namespace} & visible_in(item))


def exports_of(item: KubernetesObject) -> Node:
    """Where an object says to which namespaces it is exported: a Service by an annotation. Source: Istio's
    reference of Resource Annotations, ``networking.istio.io/exportTo``."""
    if item.kind in SERVICE_KINDS:
        return item.get("metadata", "annotations", _ANNOTATION)
    return item.get("spec", "exportTo")


def visible_in(item: KubernetesObject) -> frozenset[str]:
    """The namespaces that see an object; ``*`` stands for all.

    Source: Istio's reference of VirtualService and ServiceEntry, ``exportTo``: none means all, ``.`` the
    object's own.
    """
    said = exports_of(item)
    if item.kind in SERVICE_KINDS:
        named = {part.strip() for part in (said.text or "").split(",")}
    else:
        named = {node.text or "" for node in said.elements()}
    own = item.namespace or _UNKNOWN
    return frozenset(own if name == "." else name for name in named if name) or frozenset({EVERYWHERE})
