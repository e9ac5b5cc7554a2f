"""What stands between a container and the kernel of its node: seccomp, AppArmor, SELinux, /proc, sysctls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents.editing import with_setting
from archlint.finding import Severity
from archlint.finding.words import listed, quoted
from archlint.model.kubernetes import Container, Workload
from archlint.model.kubernetes.pod_security import (
    LATEST,
    Breach,
    all_proc_mounts,
    apparmor,
    minor_version,
    seccomp_turned_off,
    selinux,
    unsafe_sysctls,
)
from archlint.model.kubernetes.security import (
    capability_name,
    context_of,
    effective,
    has_user_namespace,
    lacking_context,
    pod_context,
)
from archlint.model.world import World

_PROFILE = ("securityContext", "seccompProfile", "type")
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"


@join(Workload)
def seccomp_profile_missing(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Containers that may call everything that the kernel offers, as nothing is said of it."""
    if workload.is_windows:
        return
    bare = [
        container
        for container in workload.containers
        if not effective(container, "seccompProfile").get("type").is_set
    ]
    if not bare:
        return
    names = ["pss:seccompProfile_restricted"]
    names += ["polaris:linuxHardening"] if any(map(_is_soft, bare)) else []
    # kube-score looks at main containers, and takes the older annotation for a profile
    has_annotation = any("seccomp.security.alpha" in key for key in workload.pod_annotations)
    is_main = any(container.role == "main" for container in bare)
    names += ["kube-score:container-seccomp-profile"] if is_main and not has_annotation else []
    yield observe(
        lacking_context(workload, "seccompProfile").place(),
        "annotated" if has_annotation else "default",
        aliases=names,
        containers=containers_in_words(bare),
        fix=with_setting(workload.pod_spec, _PROFILE, "RuntimeDefault", safe=False),
    )


def _is_soft(container: Container) -> bool:
    """Whether nothing of what Polaris counts keeps the container from the kernel."""
    if container.workload.pod_annotations.get(_APPARMOR + container.name, "unconfined") != "unconfined":
        return False
    profile = effective(container, "seccompProfile").get("type")
    if profile.is_set and profile.text != "Unconfined":
        return False
    labels = [context_of(container, "seLinuxOptions"), pod_context(container.workload, "seLinuxOptions")]
    if any(node.value for node in labels):
        return False
    capabilities = context_of(container, "capabilities")
    added = {capability_name(node) for node in capabilities.get("add").elements()}
    return not capabilities.get("drop").value or "ALL" in added


def containers_in_words(containers: Iterable[Container]) -> str:
    """``container 'a'``, ``containers 'a', 'b' and 'c'``."""
    names = quoted(container.name for container in containers)
    return f"container{'s' if len(names) > 1 else ''} {listed(names)}"


@check(Workload)
def seccomp_unconfined(workload: Workload, options: Options) -> Iterator[Observation]:
    """No filter of system calls, because somebody says so."""
    for breach in seccomp_turned_off(workload):
        meant = [breach.container] if breach.container else workload.containers
        soft = any(_is_soft(container) for container in meant)
        names = ["pss:seccompProfile_baseline", "pss:seccompProfile_restricted"]
        names += ["polaris:linuxHardening"] if soft else []
        yield _told(workload, breach, aliases=names)


@check(Workload)
def apparmor_turned_off(workload: Workload, options: Options) -> Iterator[Observation]:
    """No AppArmor profile, because somebody says so."""
    for breach in apparmor(workload):
        yield _told(workload, breach)


@check(Workload)
def selinux_label_changed(workload: Workload, options: Options) -> Iterator[Observation]:
    """A label of SELinux other than those for containers."""
    for breach in selinux(workload, _version(options)):
        yield _told(workload, breach)


@check(Workload)
def proc_mount_unmasked(workload: Workload, options: Options) -> Iterator[Observation]:
    """A container that sees all of /proc."""
    is_apart = has_user_namespace(workload)
    for breach in all_proc_mounts(workload):
        names = ["pss:procMount_restricted", "polaris:procMount"]
        names += ["kube-linter:unsafe-proc-mount"] if breach.value == "Unmasked" else []
        names += [] if is_apart else ["pss:procMount"]
        message = "apart" if is_apart else "default"
        severity = Severity.INFO if is_apart else None
        yield _told(workload, breach, message, severity=severity, aliases=names)


@check(Workload)
def sysctl_unsafe(workload: Workload, options: Options) -> Iterator[Observation]:
    """A setting of the kernel that reaches beyond the pod."""
    for breach in unsafe_sysctls(workload, _version(options)):
        is_linted = breach.value.startswith(("kernel.msg", "kernel.sem", "kernel.shm", "fs.mqueue.", "net."))
        names = ["pss:sysctls", *(["kube-linter:unsafe-sysctls"] if is_linted else [])]
        if breach.value not in options["allowed"]:
            yield _told(workload, breach, aliases=names, identity=(breach.value,))


def _version(options: Options) -> int:
    return minor_version(str(options["kubernetes-version"])) or LATEST


def _told(workload: Workload, breach: Breach, message: str = "default", **given: Any) -> Observation:
    container = breach.container
    who = f"Container '{container.name}'" if container else f"The pod of {workload.kind} '{workload.name}'"
    return observe(
        breach.node.place(), message, who=who, key=breach.node.route[-1], value=breach.value, **given
    )
