"""How a peer is written that means the pods of a workload."""

from __future__ import annotations

from collections.abc import Mapping

from archlint.model.kubernetes import KubernetesObject
from archlint.model.network.openness import NAMESPACE_NAME_LABEL

_TELLING = ("app.kubernetes.io/name", "app", "name", "k8s-app", "app.kubernetes.io/component", "component")
"""Labels that tell workloads apart, the most telling first."""


def peer_for(base: KubernetesObject, labels: Mapping[str, str], namespace: str | None) -> str:
    """The peer to write in a policy of a namespace for the pods of an object that have some labels, such as
    ``podSelector: {matchLabels: {app: web}}``."""
    key = next((key for key in _TELLING if key in labels), next(iter(labels), None))
    chosen = "{}" if key is None else f"{{matchLabels: {{{key}: {labels[key]}}}}}"
    pods = f"podSelector: {chosen}"
    if base.namespace is None or base.namespace == namespace:
        return pods
    return f"namespaceSelector: {{matchLabels: {{{NAMESPACE_NAME_LABEL}: {base.namespace}}}}}, {pods}"
