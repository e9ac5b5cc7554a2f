"""What containers may do on their node.

Rules about a setting that is not there are joins: whether a manifest is a whole object or a kustomize patch
shows only beside the kustomizations.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents import Node
from archlint.finding import Severity
from archlint.model.kubernetes import Container, Workload
from archlint.model.kubernetes.patched import is_given
from archlint.model.kubernetes.security import adds_capability, effective, has_user_namespace, is_privileged
from archlint.model.world import World


@check(Container)
def privileged_container(container: Container, options: Options) -> Iterator[Observation]:
    """A container with all rights of its node."""
    if is_privileged(container):
        yield observe(container.get("securityContext", "privileged").place(), container=container.name)


@join(Workload)
def container_may_run_as_root(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Containers that nothing keeps from running as root: one finding for each place that decides it."""
    causes: dict[tuple[str | int, ...], list[Container]] = {}
    for container in workload.containers:
        if _may_be_root(container) and not _is_kept_from_root(container, world):
            causes.setdefault(_decider(container).place().route, []).append(container)
    for containers in causes.values():
        yield _root_finding(containers)


def _may_be_root(container: Container) -> bool:
    if container.workload.is_windows or has_user_namespace(container):
        return False
    if container.workload.kind == "DeploymentConfig":  # OpenShift gives its pods an arbitrary user
        return False
    user = effective(container, "runAsUser").integer
    if user is not None:
        return user == 0
    return effective(container, "runAsNonRoot").value is not True


def _is_kept_from_root(container: Container, world: World) -> bool:
    """Whether patches of kustomizations keep it from running as root."""
    settings = (
        (("securityContext", "runAsNonRoot"), lambda node: node.value is True),
        (("securityContext", "runAsUser"), lambda node: bool(node.integer)),
    )
    return any(is_given(container, world, route, holds) for route, holds in settings)


def _decider(container: Container) -> Node:
    """What a person edits: the setting that allows root, else the pod's security context or what lacks it."""
    user, non_root = effective(container, "runAsUser"), effective(container, "runAsNonRoot")
    if user.is_set:
        return user
    return non_root if non_root.is_set else container.workload.pod_spec.get("securityContext")


def _root_finding(containers: list[Container]) -> Observation:
    first = containers[0]
    is_user_zero = effective(first, "runAsUser").is_set
    is_non_root = effective(first, "runAsNonRoot").value is True
    names = ["kube-linter:run-as-non-root", "polaris:runAsRootAllowed"]
    names += [] if is_non_root else ["pss:runAsNonRoot"]
    names += ["pss:runAsUser"] if is_user_zero else []
    message = "contradiction" if is_user_zero and is_non_root else "root" if is_user_zero else "default"
    return observe(_decider(first).place(), message, containers=_listed(containers), aliases=names)


def _listed(containers: list[Container]) -> str:
    names = [f"'{container.name}'" for container in containers]
    if len(names) == 1:
        return f"container {names[0]}"
    return f"containers {', '.join(names[:-1])} and {names[-1]}"


@join(Container)
def privilege_escalation_allowed(
    container: Container, world: World, options: Options
) -> Iterator[Observation]:
    """A container whose processes may gain more rights than they started with."""
    allowed = container.get("securityContext", "allowPrivilegeEscalation")
    if allowed.value is False or container.workload.is_windows:
        return
    if is_given(
        container, world, ("securityContext", "allowPrivilegeEscalation"), lambda node: node.value is False
    ):
        return
    is_explicit = allowed.value is True or is_privileged(container) or adds_capability(container, "SYS_ADMIN")
    yield observe(
        allowed.place(),
        "allowed" if allowed.value is True else "default",
        aliases=[
            "pss:allowPrivilegeEscalation",
            "polaris:privilegeEscalationAllowed",
            *(["kube-linter:privilege-escalation-container"] if is_explicit else []),
        ],
        container=container.name,
    )


_OF_THE_SYSTEM = ("system-node-critical", "system-cluster-critical")
"""Classes that Kubernetes keeps for what a node or cluster cannot run without, such as its network."""


def _is_node_agent(workload: Workload) -> bool:
    """Whether it is a part of the cluster's system, or watches its node: a DaemonSet that mounts the root,
    the processes or the devices of it."""
    if workload.pod_spec.get("priorityClassName").text in _OF_THE_SYSTEM:
        return True
    paths = (volume.get("hostPath", "path").text for volume in workload.pod_spec.get("volumes").elements())
    return workload.kind == "DaemonSet" and any(path in ("/", "/proc", "/sys") for path in paths)


@check(Workload)
def host_namespace_shared(workload: Workload, options: Options) -> Iterator[Observation]:
    """Pods that see the network, the processes or the shared memory of their node."""
    if _is_node_agent(workload):
        return
    for key in options["namespaces"]:
        shared = workload.pod_spec.get(key)
        if shared.value is True:
            yield observe(
                shared.place(),
                key.lower(),
                aliases=["pss:hostNamespaces", f"polaris:{key}Set", f"kube-linter:host-{key[4:].lower()}"],
                severity=Severity.WARNING if workload.kind == "DaemonSet" else None,
                workload=f"{workload.kind} '{workload.name}'",
            )


@join(Container)
def root_filesystem_writable(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """A container that may write to its own image."""
    read_only = container.get("securityContext", "readOnlyRootFilesystem")
    if read_only.value is True or container.workload.is_windows:
        return
    route = ("securityContext", "readOnlyRootFilesystem")
    if container.is_lasting and not is_given(container, world, route, lambda node: node.value is True):
        yield observe(read_only.place(), container=container.name)
