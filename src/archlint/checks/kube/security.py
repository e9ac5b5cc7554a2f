"""What containers may do on their node.

Rules about a setting that is not there are joins: whether a manifest is a whole object or a kustomize patch
shows only beside the kustomizations.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents.editing import with_setting
from archlint.finding import Fix
from archlint.model.kubernetes import Container, KubernetesObject
from archlint.model.kubernetes.security import (
    adds_capability,
    context_of,
    is_privileged,
    pod_context,
)
from archlint.model.world import World


@check(Container)
def privileged_container(container: Container, options: Options) -> Iterator[Observation]:
    """A container with all rights of its node."""
    if is_privileged(container):
        yield observe(
            container.get("securityContext", "privileged").place(),
            container=container.name,
            fix=_set(container, "privileged", "false", safe=False),
        )


@join(Container)
def privilege_escalation_allowed(
    container: Container, world: World, options: Options
) -> Iterator[Observation]:
    """A container whose processes may gain more rights than they started with."""
    allowed = container.get("securityContext", "allowPrivilegeEscalation")
    if allowed.value is False or container.workload.is_windows:
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
        fix=_set(container, "allowPrivilegeEscalation", "false", safe=True),
        container=container.name,
    )


@join(Container)
def root_filesystem_writable(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """A container that may write to its own image."""
    read_only = container.get("securityContext", "readOnlyRootFilesystem")
    if read_only.value is True or container.workload.is_windows:
        return
    if container.is_lasting:
        fix = _set(container, "readOnlyRootFilesystem", "true", safe=False)
        yield observe(read_only.place(), fix=fix, container=container.name)


def _set(container: Container, key: str, value: str, *, safe: bool) -> Fix | None:
    return with_setting(container.node, ("securityContext", key), value, safe=safe)


@check(Container)
def security_context_missing(container: Container, options: Options) -> Iterator[Observation]:
    """A container of which neither it nor its pod says what it may do."""
    own, shared = context_of(container), pod_context(container.workload)
    if not own.value and not shared.value:
        yield observe(own.place(), container=container.name)


@check(KubernetesObject)
def scc_privileged_allowed(item: KubernetesObject, options: Options) -> Iterator[Observation]:
    """Constraints of OpenShift that let privileged containers in."""
    allowed = item.get("allowPrivilegedContainer")
    if item.kind == "SecurityContextConstraints" and allowed.value is True:
        yield observe(allowed.place(), name=item.name)
