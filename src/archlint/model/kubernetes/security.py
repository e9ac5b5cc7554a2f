"""What a container may do: its security context, merged with that of its pod.

Source: the Kubernetes API reference. ``runAsUser``, ``runAsNonRoot``, ``seccompProfile`` and the like stand
at both levels and the container's value wins; ``privileged``, ``allowPrivilegeEscalation``, ``capabilities``,
``procMount`` and ``readOnlyRootFilesystem`` stand at the container only.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.model.kubernetes.workloads import Container, Workload

_OF_THE_SYSTEM = ("system-node-critical", "system-cluster-critical")
"""Classes that Kubernetes keeps for what a node or cluster cannot run without, such as its network."""
_WATCHED = ("/", "/proc", "/sys")


def context_of(container: Container, *route: str) -> Node:
    """A node below the container's own security context."""
    return container.get("securityContext", *route)


def effective(container: Container, key: str) -> Node:
    """The node that decides a setting that pod and container share; missing if neither sets it."""
    own = context_of(container, key)
    return own if own.is_set else pod_context(container.workload, key)


def pod_context(workload: Workload, *route: str) -> Node:
    """A node below the security context that the pod's containers share."""
    return workload.pod_spec.get("securityContext", *route)


def lacking_context(workload: Workload, key: str) -> Node:
    """Where a setting is to be written that containers lack: in the only one whose neighbours each have their
    own, else in the pod."""
    lacking = [container for container in workload.containers if not effective(container, key).is_set]
    is_alone = len(lacking) == 1 < len(workload.containers)
    return context_of(lacking[0]) if is_alone else pod_context(workload)


def contexts(workload: Workload) -> Iterator[tuple[Container | None, Node]]:
    """The security contexts of a pod: its own, without a container, and that of each container."""
    yield None, pod_context(workload)
    for container in workload.containers:
        yield container, context_of(container)


def is_privileged(container: Container) -> bool:
    """Whether the container has all rights of its node."""
    return context_of(container, "privileged").value is True


def capability_name(node: Node) -> str:
    """A Linux capability as it is usually written: capitals, without ``CAP_``."""
    return (node.text or "").upper().removeprefix("CAP_")


def adds_capability(container: Container, name: str) -> bool:
    """Whether the container asks for a Linux capability, written with or without ``CAP_``."""
    added = context_of(container, "capabilities", "add").elements()
    return any(capability_name(item) == name for item in added)


def dropped_capabilities(drop: Node) -> frozenset[str]:
    """The names in a list of dropped capabilities, as they are usually written."""
    return frozenset(map(capability_name, drop.elements()))


def has_user_namespace(workload: Workload) -> bool:
    """Whether root in the pod is an ordinary user of the node (``hostUsers: false``)."""
    return workload.pod_spec.get("hostUsers").value is False


def is_node_agent(workload: Workload) -> bool:
    """Whether it is a part of the cluster's system, or watches its node: a DaemonSet that mounts the root,
    the processes or the devices of it."""
    if workload.pod_spec.get("priorityClassName").text in _OF_THE_SYSTEM:
        return True
    paths = (volume.get("hostPath", "path").text for volume in workload.pod_spec.get("volumes").elements())
    return workload.kind == "DaemonSet" and any(path in _WATCHED for path in paths)
