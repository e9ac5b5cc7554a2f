"""kube-score names an object and at most a container; the place to edit follows from its check."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.documents import Node
from archlint.finding import Severity
from archlint.finding.regex import regex
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.remarks import Remark
from archlint.model.kubernetes.workloads import POD_TEMPLATES
from archlint.model.world import World

_OBJECT = {
    "cronjob-has-deadline": ("spec", "startingDeadlineSeconds"),
    "deployment-pod-selector-labels-match-template-metadata-labels": ("spec", "selector"),
    "deployment-replicas": ("spec", "replicas"),
    "deployment-strategy": ("spec", "strategy", "type"),
    "deployment-targeted-by-hpa-does-not-have-replicas-configured": ("spec", "replicas"),
    "horizontalpodautoscaler-has-target": ("spec", "scaleTargetRef"),
    "horizontalpodautoscaler-replicas": ("spec", "minReplicas"),
    "networkpolicy-targets-pod": ("spec", "podSelector"),
    "poddisruptionbudget-has-policy": ("spec", "minAvailable"),
    "service-targets-pod": ("spec", "selector"),
    "service-type": ("spec", "type"),
    "stable-version": ("apiVersion",),
    "statefulset-has-servicename": ("spec", "serviceName"),
    "statefulset-pod-selector-labels-match-template-metadata-labels": ("spec", "selector"),
}
"""By check: the way from the object to what is edited. It may end before it gets there."""

_POD = {
    "cronjob-restartpolicy": ("restartPolicy",),
    "deployment-has-host-podantiaffinity": ("affinity", "podAntiAffinity"),
    "pod-probes": ("containers",),
    "pod-probes-identical": ("containers",),
    "pod-topology-spread-constraints": ("topologySpreadConstraints",),
    "statefulset-has-host-podantiaffinity": ("affinity", "podAntiAffinity"),
}
"""By check: the way from the pod spec."""

_CONTAINER = {
    "container-cpu-requests-equal-limits": ("resources", "requests", "cpu"),
    "container-ephemeral-storage-request-equals-limit": ("resources", "requests", "ephemeral-storage"),
    "container-image-pull-policy": ("imagePullPolicy",),
    "container-image-tag": ("image",),
    "container-memory-requests-equal-limits": ("resources", "requests", "memory"),
    "container-ports-check": ("ports",),
    "container-resource-requests-equal-limits": ("resources", "requests"),
    "container-seccomp-profile": ("securityContext", "seccompProfile"),
    "container-security-context-privileged": ("securityContext", "privileged"),
    "container-security-context-readonlyrootfilesystem": ("securityContext", "readOnlyRootFilesystem"),
}
"""By check: the way from the container."""

_WORDS = {
    "container-ephemeral-storage-request-and-limit": (
        ("limit", ("resources", "limits", "ephemeral-storage")),
        ("request", ("resources", "requests", "ephemeral-storage")),
    ),
    "container-resources": (
        ("cpu limit", ("resources", "limits", "cpu")),
        ("memory limit", ("resources", "limits", "memory")),
        ("cpu request", ("resources", "requests", "cpu")),
        ("memory request", ("resources", "requests", "memory")),
    ),
    "container-security-context-user-group-id": (
        ("user id", ("securityContext", "runAsUser")),
        ("group id", ("securityContext", "runAsGroup")),
        ("security context", ("securityContext",)),
    ),
}
"""By check that remarks several things: a word of the summary, and the way from the container."""

_QUOTED = regex(r"'([^']*)'")


@join(Remark)
def kube_score(remark: Remark, world: World, options: Options) -> Iterator[Observation]:
    """A remark of kube-score, at the place where it is fixed."""
    node = _node(remark)
    yield observe(
        node.place(),
        "default" if remark.advice else "short",
        identity=(remark.check, *node.document.names(node.route)[len(remark.base.node.route) :]),
        aliases=[f"kube-score:{remark.check}"],
        severity=None if remark.is_critical else Severity.INFO,
        check=remark.check,
        summary=remark.summary,
        where=f" for '{remark.path}'" if remark.path else "",
        advice=remark.advice,
    )


def _node(remark: Remark) -> Node:
    """What is edited; a missing node stands for what has to be added."""
    base, check = remark.base, remark.check
    if check == "label-values":
        return base.get("metadata", "labels", remark.path)
    if check == "ingress-targets-service":
        return _backend(base, remark.path)
    if check in _OBJECT:
        return base.get(*_OBJECT[check])
    spec = _pod_spec(base)
    if spec is None:
        return base.node
    if check in _POD:
        return spec.get(*_POD[check])
    container = _container(spec, remark.path)
    return base.node if container is None else _inside(container, remark)


def _pod_spec(base: KubernetesObject) -> Node | None:
    way = POD_TEMPLATES.get((base.group, base.kind))
    return None if way is None else base.get(*way, "spec")


def _container(spec: Node, name: str) -> Node | None:
    for key in ("containers", "initContainers"):
        for node in spec.get(key).elements():
            if name and node.get("name").text == name:
                return node
    return None


def _inside(container: Node, remark: Remark) -> Node:
    if remark.check == "environment-variable-key-duplication":
        return _second_variable(container, remark.advice)
    summary = remark.summary.lower()
    for word, way in _WORDS.get(remark.check, ()):
        if word in summary:
            return container.get(*way)
    return container.get(*_CONTAINER.get(remark.check, ()))


def _second_variable(container: Node, advice: str) -> Node:
    """The later one of two variables of the same name."""
    quoted = _QUOTED.search(advice)
    name = quoted[1] if quoted else ""
    found = [item for item in container.get("env").elements() if item.get("name").text == name]
    return found[1] if len(found) > 1 else container.get("env")


def _backend(ingress: KubernetesObject, path: str) -> Node:
    for rule in ingress.get("spec", "rules").elements():
        for entry in rule.get("http", "paths").elements():
            if (entry.get("path").text or "") == path:
                return entry.get("backend")
    return ingress.get("spec", "rules")
