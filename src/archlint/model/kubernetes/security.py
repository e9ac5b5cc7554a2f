"""What a container may do: its security context, merged with that of its pod.

Source: the Kubernetes API reference. ``runAsUser`` and ``runAsNonRoot`` stand at both levels and the
container's value wins; ``privileged``, ``allowPrivilegeEscalation`` and ``readOnlyRootFilesystem`` stand at
the container only.
"""

from __future__ import annotations

from archlint.documents import Node
from archlint.model.kubernetes.workloads import Container


def effective(container: Container, key: str) -> Node:
    """The node that decides a setting that pod and container share; missing if neither sets it."""
    own = container.get("securityContext", key)
    return own if own.is_set else container.workload.pod_spec.get("securityContext", key)


def is_privileged(container: Container) -> bool:
    """Whether the container has all rights of its node."""
    return container.get("securityContext", "privileged").value is True


def adds_capability(container: Container, name: str) -> bool:
    """Whether the container asks for a Linux capability, written with or without ``CAP_``."""
    added = container.get("securityContext", "capabilities", "add").elements()
    return any((item.text or "").upper().removeprefix("CAP_") == name for item in added)


def has_user_namespace(container: Container) -> bool:
    """Whether root in the pod is an ordinary user of the node (``hostUsers: false``)."""
    return container.workload.pod_spec.get("hostUsers").value is False
