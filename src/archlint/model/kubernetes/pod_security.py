"""The Pod Security Standards: one function for each control, and the table of them with level and version.

Source: Kubernetes documentation, "Pod Security Standards", with the changes of each version. A control is
about a pod as it is written; what an administrator exempts is not known here. Versions are the minor one:
35 means Kubernetes 1.35.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.finding.words import written
from archlint.model.kubernetes.security import context_of, contexts, has_user_namespace, pod_context
from archlint.model.kubernetes.workloads import Container, Workload

LATEST = 1_000_000
"""Later than any version: what ``latest`` stands for."""
_VERSION = regex(r"v?1\.([0-9]{1,3})\Z")

BASELINE_CAPABILITIES = frozenset(
    {
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"),
        *("NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    }
)
"""What container runtimes give anyway, without ``NET_RAW``."""
HOST_NAMESPACES = ("hostNetwork", "hostPID", "hostIPC")
_PROFILES = (None, "RuntimeDefault", "Localhost")
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
_OLD_SECCOMP = "seccomp.security.alpha.kubernetes.io/pod"
_OLD_CONTAINER_SECCOMP = "container.seccomp.security.alpha.kubernetes.io/"
_SELINUX_TYPES = ("", "container_t", "container_init_t", "container_kvm_t")
_VOLUMES = frozenset(
    {
        *("configMap", "downwardAPI", "emptyDir", "projected", "secret", "csi", "persistentVolumeClaim"),
        *("ephemeral", "image"),
    }
)
_SYSCTLS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (
        0,
        (
            *("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies"),
            *("net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start"),
        ),
    ),
    (27, ("net.ipv4.ip_local_reserved_ports",)),
    (
        29,
        (
            *("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout"),
            *("net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"),
        ),
    ),
    (32, ("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem")),
    (37, ("net.ipv4.tcp_slow_start_after_idle", "net.ipv4.tcp_notsent_lowat")),
)
"""By version: the kernel settings that are safe from then on, because they are the pod's own."""
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")


@dataclass(frozen=True, slots=True)
class Breach:
    """One setting that a control forbids, or that it asks for and does not find."""

    node: Node
    """What a person edits."""
    container: Container | None
    """``None`` if the whole pod is meant."""
    value: str
    """What stands there, as it is to be told; empty if nothing does."""


def minor_version(text: str) -> int | None:
    """The minor version of ``v1.29``; that of ``latest`` is later than all; ``None`` for anything else."""
    found = _VERSION.match(text)
    return int(found[1]) if found else LATEST if text == "latest" else None


def host_processes(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Windows containers that run as processes of the node."""
    for container, context in contexts(workload):
        node = context.get("windowsOptions", "hostProcess")
        if node.value is True:
            yield Breach(node, container, "true")


def host_namespaces(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Namespaces of the node that the pod shares."""
    for key in HOST_NAMESPACES:
        node = workload.pod_spec.get(key)
        if node.value is True:
            yield Breach(node, None, "true")


def privileged(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Containers with all rights of their node."""
    for container in workload.containers:
        node = context_of(container, "privileged")
        if node.value is True:
            yield Breach(node, container, "true")


def added_capabilities(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Capabilities beyond those that container runtimes give anyway."""
    for container in workload.containers:
        for node in context_of(container, "capabilities", "add").elements():
            if node.text is not None and node.text not in BASELINE_CAPABILITIES:
                yield Breach(node, container, node.text)


def host_paths(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Volumes that are a folder or file of the node."""
    for volume in workload.pod_spec.get("volumes").elements():
        node = volume.get("hostPath")
        if node.is_set:
            yield Breach(node, None, node.get("path").text or "")


def host_ports(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Ports of the node that a container takes."""
    for container in workload.containers:
        for port in container.get("ports").elements():
            node = port.get("hostPort")
            if node.integer:
                yield Breach(node, container, str(node.integer))


def probe_hosts(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Probes and hooks that make the kubelet call another host than the pod."""
    for container in workload.containers:
        handlers = [container.get(key) for key in _PROBES]
        handlers += [container.get("lifecycle", key) for key in _HOOKS]
        for handler in handlers if container.role != "ephemeral" else ():
            for action in ("httpGet", "tcpSocket"):
                node = handler.get(action, "host")
                if node.text:
                    yield Breach(node, container, node.text)


def apparmor(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """AppArmor turned off, as a field or in the older annotation."""
    for key, node in workload.template.get("metadata", "annotations").items():
        value = node.text or ""
        if not key.startswith(_APPARMOR) or value in ("", "runtime/default"):
            continue
        if not value.startswith("localhost/"):
            name = key.removeprefix(_APPARMOR)
            meant = next((item for item in workload.containers if item.name == name), None)
            yield Breach(node, meant, value)
    yield from _profiles(workload, "appArmorProfile")


def _profiles(workload: Workload, key: str) -> Iterator[Breach]:
    for container, context in contexts(workload):
        node = context.get(key, "type")
        if node.is_set and node.text not in _PROFILES:
            yield Breach(node, container, written(node.value))


def selinux(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """SELinux labels that do not stand for an ordinary container."""
    types = (*_SELINUX_TYPES, "container_engine_t") if version >= 31 else _SELINUX_TYPES
    for container, context in contexts(workload):
        options = context.get("seLinuxOptions")
        for key in ("type", "user", "role"):
            node = options.get(key)
            if node.text and not (key == "type" and node.text in types):
                yield Breach(node, container, node.text)


def proc_mounts(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """``/proc`` without its masks, where the pod is not in a user namespace of its own."""
    if version < 35 or not has_user_namespace(workload):
        yield from all_proc_mounts(workload)


def all_proc_mounts(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """``/proc`` without its masks."""
    for container in workload.containers:
        node = context_of(container, "procMount")
        if node.is_set and node.text != "Default":
            yield Breach(node, container, written(node.value))


def seccomp_turned_off(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """No filter of system calls, where somebody says so: in fields, before 1.19 in annotations."""
    if version >= 19:
        yield from _profiles(workload, "seccompProfile")
        return
    for key, node in workload.template.get("metadata", "annotations").items():
        value = node.text or ""
        is_seccomp = key == _OLD_SECCOMP or key.startswith(_OLD_CONTAINER_SECCOMP)
        is_allowed = value in ("", "docker/default", "runtime/default") or value.startswith("localhost/")
        if is_seccomp and not is_allowed:
            yield Breach(node, None, value)


def unsafe_sysctls(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Kernel settings that reach beyond the pod."""
    safe = {name for since, names in _SYSCTLS if version >= since for name in names}
    for item in pod_context(workload, "sysctls").elements():
        node = item.get("name")
        if node.text and node.text not in safe:
            yield Breach(node, None, node.text)


def escalations(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Containers whose processes may gain rights."""
    for container in _linux_containers(workload, version):
        node = context_of(container, "allowPrivilegeEscalation")
        if node.value is not False:
            yield Breach(node, container, "true" if node.value is True else "")


def capabilities_left(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Containers that do not drop all capabilities, and capabilities that they add again."""
    for container in _linux_containers(workload, version):
        node = context_of(container, "capabilities", "drop")
        if not any(item.text == "ALL" for item in node.elements()):
            yield Breach(node, container, ", ".join(item.text or "" for item in node.elements()))
        for added in context_of(container, "capabilities", "add").elements():
            if added.text is not None and added.text != "NET_BIND_SERVICE":
                yield Breach(added, container, added.text)


def other_volumes(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Volumes that are more than data of the pod, the cluster or a storage driver."""
    for volume in workload.pod_spec.get("volumes").elements():
        for key, node in volume.items():
            if key != "name" and node.is_set and key not in _VOLUMES:
                yield Breach(node, None, key)


def possible_roots(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Containers that nothing keeps from running as root."""
    if version >= 35 and has_user_namespace(workload):
        return
    pod = pod_context(workload, "runAsNonRoot")
    if pod.value is False:
        yield Breach(pod, None, "false")
    for container in workload.containers:
        own = context_of(container, "runAsNonRoot")
        if own.value is False or (not own.is_set and pod.value is not True):
            yield Breach(own if own.is_set else pod, container, "false" if own.is_set else "")


def root_users(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """User 0."""
    if version >= 35 and has_user_namespace(workload):
        return
    for container, context in contexts(workload):
        node = context.get("runAsUser")
        if node.integer == 0:
            yield Breach(node, container, "0")


def seccomp_missing(workload: Workload, version: int = LATEST) -> Iterator[Breach]:
    """Containers without a filter of system calls, or with none on purpose."""
    if version >= 25 and _says_windows(workload):
        return
    yield from _profiles(workload, "seccompProfile")
    pod = pod_context(workload, "seccompProfile", "type")
    for container in workload.containers:
        own = context_of(container, "seccompProfile", "type")
        if not own.is_set and not pod.is_set:
            yield Breach(pod, container, "")


def _linux_containers(workload: Workload, version: int) -> tuple[Container, ...]:
    return () if version >= 25 and _says_windows(workload) else workload.containers


def _says_windows(workload: Workload) -> bool:
    return workload.pod_spec.get("os", "name").text == "windows"


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a level, since a version; ``replaces`` is what it takes the place of."""

    name: str
    level: str
    find: Callable[[Workload, int], Iterator[Breach]]
    remedy: str
    since: int = 0
    replaces: str = ""


CONTROLS = (
    Control("windowsHostProcess", "baseline", host_processes, "remove 'hostProcess'"),
    Control("hostNamespaces", "baseline", host_namespaces, "remove the setting"),
    Control("privileged", "baseline", privileged, "remove 'privileged'"),
    Control("capabilities_baseline", "baseline", added_capabilities, "remove the capability"),
    Control("hostPathVolumes", "baseline", host_paths, "use another kind of volume"),
    Control("hostPorts", "baseline", host_ports, "remove 'hostPort'"),
    Control("hostProbesAndHostLifecycle", "baseline", probe_hosts, "remove 'host'", since=34),
    Control("appArmorProfile", "baseline", apparmor, "set RuntimeDefault, or remove it"),
    Control("seLinuxOptions", "baseline", selinux, "remove the option"),
    Control("procMount", "baseline", proc_mounts, "remove 'procMount'"),
    Control("seccompProfile_baseline", "baseline", seccomp_turned_off, "set RuntimeDefault, or remove it"),
    Control("sysctls", "baseline", unsafe_sysctls, "remove the setting"),
    Control(
        "allowPrivilegeEscalation",
        "restricted",
        escalations,
        "set 'allowPrivilegeEscalation: false'",
        since=8,
    ),
    Control(
        "capabilities_restricted",
        "restricted",
        capabilities_left,
        "set 'capabilities: {drop: [ALL]}', and add NET_BIND_SERVICE at most",
        since=22,
        replaces="capabilities_baseline",
    ),
    Control(
        "restrictedVolumes",
        "restricted",
        other_volumes,
        "use another kind of volume",
        replaces="hostPathVolumes",
    ),
    Control("runAsNonRoot", "restricted", possible_roots, "set 'runAsNonRoot: true'"),
    Control("runAsUser", "restricted", root_users, "choose another user than 0", since=23),
    Control(
        "seccompProfile_restricted",
        "restricted",
        seccomp_missing,
        "set 'seccompProfile: {type: RuntimeDefault}'",
        since=19,
        replaces="seccompProfile_baseline",
    ),
    Control(
        "procMount_restricted",
        "restricted",
        all_proc_mounts,
        "remove 'procMount'",
        since=35,
        replaces="procMount",
    ),
)


def controls_of(level: str, version: int) -> tuple[Control, ...]:
    """The controls of a level at a version; ``restricted`` has those of ``baseline`` that it keeps."""
    levels = {"baseline": ("baseline",), "restricted": ("baseline", "restricted")}.get(level, ())
    valid = [item for item in CONTROLS if item.level in levels and version >= item.since]
    replaced = {item.replaces for item in valid}
    return tuple(item for item in valid if item.name not in replaced)
