"""Which user and group the processes of a container run as."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.kube.kernel import containers_in_words
from archlint.documents import Node
from archlint.documents.editing import with_setting
from archlint.model.kubernetes import Container, Workload
from archlint.model.kubernetes.security import (
    context_of,
    effective,
    has_user_namespace,
    lacking_context,
    pod_context,
)
from archlint.model.world import World


@join(Workload)
def container_may_run_as_root(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Containers that nothing keeps from running as root: one finding for each place that decides it."""
    causes: dict[tuple[str | int, ...], list[Container]] = {}
    for container in workload.containers:
        if _may_be_root(container):
            causes.setdefault(_decider(container).place().route, []).append(container)
    for containers in causes.values():
        yield _root_finding(containers)


def _may_be_root(container: Container) -> bool:
    if container.workload.is_windows or has_user_namespace(container.workload):
        return False
    if container.workload.kind == "DeploymentConfig":  # OpenShift gives its pods an arbitrary user
        return False
    user = effective(container, "runAsUser").integer
    if user is not None:
        return user == 0
    return effective(container, "runAsNonRoot").value is not True


def _decider(container: Container) -> Node:
    """What a person edits: the setting that allows root, else the security context that lacks it."""
    user, non_root = effective(container, "runAsUser"), effective(container, "runAsNonRoot")
    if user.is_set:
        return user
    return non_root if non_root.is_set else lacking_context(container.workload, "runAsNonRoot")


def _root_finding(containers: list[Container]) -> Observation:
    first = containers[0]
    is_user_zero = effective(first, "runAsUser").is_set
    is_non_root = effective(first, "runAsNonRoot").value is True
    names = ["kube-linter:run-as-non-root", "polaris:runAsRootAllowed"]
    names += [] if is_non_root else ["pss:runAsNonRoot"]
    names += ["pss:runAsUser"] if is_user_zero else []
    message = "contradiction" if is_user_zero and is_non_root else "root" if is_user_zero else "default"
    route = ("securityContext", "runAsNonRoot")
    return observe(
        _decider(first).place(),
        message,
        containers=containers_in_words(containers),
        aliases=names,
        fix=None if is_user_zero else with_setting(_unset(first), route, "true", safe=False),
    )


def _unset(container: Container) -> Node:
    """The container if it says itself that root is allowed, else its pod."""
    own = container.get("securityContext", "runAsNonRoot")
    return container.node if own.is_set else container.workload.pod_spec


@check(Workload)
def root_group_set(workload: Workload, options: Options) -> Iterator[Observation]:
    """Group 0, which owns what images keep for root."""
    for key in ("fsGroup", "supplementalGroups"):
        node = pod_context(workload, key)
        if node.integer == 0 or any(item.integer == 0 for item in node.elements()):
            yield _group_finding(node, key, f"the pod of {workload.kind} '{workload.name}'", [])
    told = set()
    for container in workload.containers:
        node = effective(container, "runAsGroup")
        if node.integer == 0 and node.route not in told:
            told.add(node.route)
            who = f"container '{container.name}'"
            yield _group_finding(node, "runAsGroup", who, ["kube-linter:run-as-non-root"])


def _group_finding(node: Node, key: str, who: str, names: list[str]) -> Observation:
    return observe(node.place(), aliases=names, key=key, who=who)


@join(Container)
def user_id_low(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """A user or group whose number the node may have given to somebody else."""
    if container.workload.is_windows or container.workload.kind == "DeploymentConfig":
        return
    minimum = int(options["minimum"])
    low = {}
    for key, word in (("runAsUser", "user"), ("runAsGroup", "group")):
        node = effective(container, key)
        given = node.integer
        if given is None or given < minimum:
            low[word] = node
    if not low:
        return
    given_low = [node for node in low.values() if node.is_set]
    yield observe(
        (given_low[0] if given_low else _context(container, next(iter(low.values())))).place(),
        "low" if given_low else "default",
        aliases=["kube-score:container-security-context-user-group-id"],
        ignored_as=_ignored_as(low),
        container=container.name,
        what=" and ".join(f"{word} {node.integer}" for word, node in low.items() if node.is_set),
        missing=" and ".join(f"no {word}" for word, node in low.items() if not node.is_set),
        minimum=minimum,
    )


def _context(container: Container, lacking: Node) -> Node:
    """Where a user or group is to be written that nothing says."""
    own = context_of(container)
    return own if own.is_set else lacking_context(container.workload, str(lacking.route[-1]))


def _ignored_as(low: dict[str, Node]) -> list[str]:
    names = ["checkov:CKV_K8S_40", "trivy:KSV-0020"] if "user" in low else []
    return names + (["trivy:KSV-0021"] if "group" in low else [])
