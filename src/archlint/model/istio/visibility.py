"""Which namespaces see an object of Istio: ``exportTo``."""

from __future__ import annotations

from archlint.model.kubernetes import KubernetesObject

_EVERYWHERE = "*"


def are_seen_together(one: KubernetesObject, other: KubernetesObject) -> bool:
    """Whether the proxies of some namespace see both objects."""
    both = visible_in(one), visible_in(other)
    return any(_EVERYWHERE in names for names in both) or bool(both[0] & both[1])


def visible_in(item: KubernetesObject) -> frozenset[str]:
    """The namespaces that see an object; ``*`` stands for all.

    Source: Istio's reference of VirtualService and ServiceEntry, ``exportTo``: none means all, ``.`` the
    object's own.
    """
    named = {node.text or "" for node in item.get("spec", "exportTo").elements()}
    own = item.namespace or "?"
    return frozenset(own if name == "." else name for name in named) or frozenset({_EVERYWHERE})
