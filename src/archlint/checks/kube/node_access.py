"""What of its node a pod gets at: ports, files, processes, and hosts that the kubelet calls for it."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.finding import Severity
from archlint.model.kubernetes import Container, Workload
from archlint.model.kubernetes.pod_security import host_ports, host_processes, other_volumes, probe_hosts
from archlint.model.kubernetes.security import is_node_agent

_SOCKETS = ("docker.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock", "podman.sock")
"""Whoever may write to one of these starts any container on the node, with all rights."""
_LINTED = ("/", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr")
"""Folders that kube-linter asks about."""
_CHECKED = (*_LINTED, "/root", "/var/log")
_OF_NODE = (
    *_CHECKED,
    *(
        "/bin",
        "/sbin",
        "/lib64",
        "/var",
        "/var/lib",
        "/var/run",
        "/run",
        "/home",
        "/etc/kubernetes",
        "/run/containerd",
    ),
    *("/var/lib/kubelet", "/var/lib/docker", "/var/lib/containerd", "/var/lib/etcd"),
)
"""Folders that hold what runs the node, or the secrets of its pods."""


@check(Workload)
def host_port_used(workload: Workload, options: Options) -> Iterator[Observation]:
    """A port of the node that a container takes for itself."""
    for breach in host_ports(workload):
        if breach.container is not None:
            yield observe(breach.node.place(), container=breach.container.name, port=breach.value)


_SHARED_IGNORED_AS = {
    "hostPID": ("checkov:CKV_K8S_17", "trivy:KSV-0010"),
    "hostIPC": ("checkov:CKV_K8S_18", "trivy:KSV-0008"),
    "hostNetwork": ("checkov:CKV_K8S_19", "trivy:KSV-0009"),
}


@check(Workload)
def host_namespace_shared(workload: Workload, options: Options) -> Iterator[Observation]:
    """Pods that see the network, the processes or the shared memory of their node.

    Processes of a Windows node have no other network than that of the node, and the API server asks that
    their pods say so: that they are such processes is the cause.
    """
    if is_node_agent(workload) or any(host_processes(workload)):
        return
    for key in options["namespaces"]:
        shared = workload.pod_spec.get(key)
        if shared.value is True:
            yield observe(
                shared.place(),
                key.lower(),
                aliases=["pss:hostNamespaces", f"polaris:{key}Set", f"kube-linter:host-{key[4:].lower()}"],
                ignored_as=_SHARED_IGNORED_AS.get(key, ()),
                severity=Severity.WARNING if workload.kind == "DaemonSet" else None,
                workload=f"{workload.kind} '{workload.name}'",
            )


@check(Workload)
def host_process_container(workload: Workload, options: Options) -> Iterator[Observation]:
    """A Windows container that runs as a process of its node."""
    for breach in host_processes(workload):
        who = f"Container '{breach.container.name}'" if breach.container else _pod(workload)
        yield observe(breach.node.place(), who=who)


@check(Workload)
def sensitive_host_path(workload: Workload, options: Options) -> Iterator[Observation]:
    """A socket or the whole file system of the node, which give it away."""
    if is_node_agent(workload):
        return
    for volume, path in _host_paths(workload, options):
        if kind := _giving_away(path):
            yield _mounted(workload, volume, path, kind)


@check(Workload)
def host_path_used(workload: Workload, options: Options) -> Iterator[Observation]:
    """Any other path of the node."""
    for volume, path in _host_paths(workload, options):
        if is_node_agent(workload) or not _giving_away(path):
            message = _giving_away(path) or ("folder" if _bare(path) in _OF_NODE else "default")
            yield _mounted(workload, volume, path, message)


def _host_paths(workload: Workload, options: Options) -> Iterator[tuple[Node, str]]:
    for volume in workload.pod_spec.get("volumes").elements():
        path = volume.get("hostPath", "path").text or ""
        if volume.get("hostPath").is_set and not (path and _bare(path) in options["allowed"]):
            yield volume, path


def _bare(path: str) -> str:
    return path.rstrip("/") or "/"


def _giving_away(path: str) -> str:
    """Which message tells how a path gives its node away; empty if it does not."""
    if not path:
        return ""
    return "socket" if path.endswith(_SOCKETS) else "root" if _bare(path) == "/" else ""


def _mounted(workload: Workload, volume: Node, path: str, message: str) -> Observation:
    mounts = list(_mounts(workload, volume.get("name").text))
    is_written = any(mount.get("readOnly").value is not True for _, mount in mounts)
    place = volume.get("hostPath", "path")
    return observe(
        (place if place.is_set else volume.get("hostPath")).place(),
        message,
        severity=Severity.WARNING if workload.kind == "DaemonSet" else None,
        related=[(mount.place(), f"mounted by container '{item.name}'") for item, mount in mounts[:5]],
        aliases=_names_of_path(path, is_mounted=bool(mounts), is_written=is_written),
        ignored_as=_ignored_as(path),
        pod=_pod(workload),
        path=path or "a path of its node",
    )


def _mounts(workload: Workload, name: str | None) -> Iterator[tuple[Container, Node]]:
    for container in workload.containers:
        for mount in container.get("volumeMounts").elements():
            if name is not None and mount.get("name").text == name:
                yield container, mount


def _names_of_path(path: str, *, is_mounted: bool, is_written: bool) -> list[str]:
    names = ["pss:hostPathVolumes", "pss:restrictedVolumes", "polaris:hostPathSet"]
    is_docker = path.endswith("docker.sock")
    if is_mounted:
        names += ["kube-linter:docker-sock"] if is_docker else []
        names += ["kube-linter:sensitive-host-mounts"] if path in _LINTED else []
        names += ["kube-linter:writable-host-mount"] if is_written else []
    return names


def _ignored_as(path: str) -> list[str]:
    names = ["trivy:KSV-0023"]
    names += ["checkov:CKV_K8S_27", "trivy:KSV-0006"] if path.endswith(_SOCKETS) else []
    return names + (["trivy:KSV-0121"] if _bare(path) in _CHECKED else [])


@check(Workload)
def volume_type_restricted(workload: Workload, options: Options) -> Iterator[Observation]:
    """A volume that is no data of the pod, of the cluster or of a storage driver."""
    for breach in other_volumes(workload):
        if breach.value != "hostPath" and breach.value not in options["allowed"]:
            yield observe(breach.node.place(), pod=_pod(workload), type=breach.value)


@check(Workload)
def probe_host_set(workload: Workload, options: Options) -> Iterator[Observation]:
    """A probe or hook that makes the kubelet call another address than the pod's."""
    for breach in probe_hosts(workload):
        if breach.container is not None and breach.value not in options["allowed"]:
            handler = breach.node.route[-3]
            yield observe(
                breach.node.place(), container=breach.container.name, handler=handler, host=breach.value
            )


@check(Workload)
def host_aliases_set(workload: Workload, options: Options) -> Iterator[Observation]:
    """Names that the pod resolves by itself."""
    aliases = workload.pod_spec.get("hostAliases")
    if aliases.value:
        yield observe(aliases.place(), pod=_pod(workload))


def _pod(workload: Workload) -> str:
    return f"The pod of {workload.kind} '{workload.name}'"
