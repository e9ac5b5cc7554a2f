"""How a peer is written that means the pods of a workload."""

from __future__ import annotations

from archlint.model.kubernetes import Workload
from archlint.model.network.openness import NAMESPACE_NAME_LABEL

_TELLING = ("app.kubernetes.io/name", "app", "name", "k8s-app", "app.kubernetes.io/component", "component")
"""Labels that tell workloads apart, the most telling first."""


def peer_for(workload: Workload, namespace: str | None) -> str:
    """The peer to write in a policy of a namespace, such as ``podSelector: {matchLabels: {app: web}}``."""
    labels = workload.pod_labels
    key = next((key for key in _TELLING if key in labels), next(iter(labels), None))
    chosen = "{}" if key is None else f"{{matchLabels: {{{key}: {labels[key]}}}}}"
    pods = f"podSelector: {chosen}"
    if workload.namespace is None or workload.namespace == namespace:
        return pods
    return f"namespaceSelector: {{matchLabels: {{{NAMESPACE_NAME_LABEL}: {workload.namespace}}}}}, {pods}"
