"""Role-based access control: what rules of roles allow, and to whom bindings give it.

Source: Kubernetes documentation, "Using RBAC Authorization": ``*`` stands for all groups, resources or verbs,
and ``*/exec`` for that part of every resource; a ClusterRole may gather the rules of others by their labels.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.sets import find_objects
from archlint.model.world import World

GROUP = "rbac.authorization.k8s.io"
ROLES = frozenset({"Role", "ClusterRole"})
BINDINGS = frozenset({"RoleBinding", "ClusterRoleBinding"})
BUILT_IN = frozenset({"cluster-admin", "admin", "edit", "view"})
"""ClusterRoles for people that every cluster has, besides those that begin with ``system:``."""
_OF_PLATFORMS = ("system:", "gce:", "eks:")
_ALL_VERBS = frozenset({"get", "list", "watch", "create", "update", "patch", "delete"})


@dataclass(frozen=True, slots=True)
class Power:
    """Something that rules of a role may allow, and that leads further than its name says."""

    name: str
    groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]


_MAKERS = (
    *("pods", "deployments", "statefulsets", "daemonsets", "replicasets", "replicationcontrollers"),
    *("jobs", "cronjobs"),
)
_WRITE = ("create", "update", "patch")
POWERS = (
    Power("exec", ("",), ("pods/exec", "pods/attach"), ("create", "get")),
    Power("secrets", ("",), ("secrets",), ("get", "list", "watch")),
    Power("pods", ("", "apps", "batch"), _MAKERS, ("create",)),
    Power("escalate", (GROUP,), ("roles", "clusterroles"), ("escalate",)),
    Power("bind", (GROUP,), ("roles", "clusterroles"), ("bind",)),
    Power(
        "impersonate",
        ("", "authentication.k8s.io"),
        ("users", "groups", "serviceaccounts", "userextras", "uids"),
        ("impersonate",),
    ),
    Power(
        "webhooks",
        ("admissionregistration.k8s.io",),
        ("mutatingwebhookconfigurations", "validatingwebhookconfigurations"),
        _WRITE,
    ),
    Power(
        "certificates",
        ("certificates.k8s.io",),
        ("certificatesigningrequests/approval", "signers"),
        ("update", "patch", "approve"),
    ),
    Power("tokens", ("",), ("serviceaccounts/token",), ("create",)),
    Power("nodes", ("",), ("nodes/proxy",), ("get", "create")),
    Power("volumes", ("",), ("persistentvolumes",), ("create",)),
)
POWER = {power.name: power for power in POWERS}


def is_role(item: KubernetesObject) -> bool:
    """Whether it is a Role or ClusterRole."""
    return item.kind in ROLES and item.group == GROUP


def is_binding(item: KubernetesObject) -> bool:
    """Whether it is a RoleBinding or ClusterRoleBinding."""
    return item.kind in BINDINGS and item.group == GROUP


def is_of_platform(item: KubernetesObject) -> bool:
    """Whether the cluster's own software owns a role or binding, as its name says."""
    own = {"ClusterRole": BUILT_IN, "ClusterRoleBinding": ("cluster-admin",)}.get(item.kind, ())
    return item.name.startswith(_OF_PLATFORMS) or item.name in own


def words(node: Node) -> frozenset[str]:
    """The texts of a list."""
    return frozenset(item.text for item in node.elements() if item.text is not None)


def gives(rule: Node, power: Power) -> bool:
    """Whether a rule of a role gives a power; one that is limited to named objects does not."""
    if rule.get("resourceNames").value:
        return False
    resources = words(rule.get("resources"))
    is_meant = any(_covers(resources, resource) for resource in power.resources)
    groups, verbs = words(rule.get("apiGroups")), words(rule.get("verbs"))
    return is_meant and _any_of(groups, power.groups) and _any_of(verbs, power.verbs)


def _any_of(written: frozenset[str], wanted: tuple[str, ...]) -> bool:
    return "*" in written or not written.isdisjoint(wanted)


def _covers(written: frozenset[str], resource: str) -> bool:
    _, slash, part = resource.partition("/")
    return "*" in written or resource in written or (bool(slash) and f"*/{part}" in written)


def gives_everything(rule: Node) -> bool:
    """Whether a rule allows all that can be done, written with ``*`` or with all verbs."""
    verbs = words(rule.get("verbs"))
    has_all = all("*" in words(rule.get(key)) for key in ("apiGroups", "resources"))
    return has_all and ("*" in verbs or verbs >= _ALL_VERBS)


def rules_of(role: KubernetesObject, world: World) -> Iterator[Node]:
    """The rules of a role, with those that it gathers from other ClusterRoles."""
    yield from role.get("rules").elements()
    selectors = list(role.get("aggregationRule", "clusterRoleSelectors").elements())
    if not selectors:
        return
    for other in find_objects(world, role, "ClusterRole"):
        if other != role and any(label_selector_matches(selector, other.labels) for selector in selectors):
            yield from other.get("rules").elements()


def bound_roles(binding: KubernetesObject, world: World) -> list[KubernetesObject]:
    """The roles of the repository that a binding may mean."""
    kind, name = binding.get("roleRef", "kind").text, binding.get("roleRef", "name").text
    if kind not in ROLES or not name:
        return []
    namespace = binding.namespace if kind == "Role" else None
    return [item for item in find_objects(world, binding, kind, name, namespace) if is_role(item)]


def bound_accounts(world: World) -> frozenset[str]:
    """Names of the ServiceAccounts to which some binding gives something."""
    return frozenset(
        subject.get("name").text or ""
        for item in world.all(KubernetesObject)
        if is_binding(item)
        for subject in item.get("subjects").elements()
        if subject.get("kind").text == "ServiceAccount"
    )


def subjects_of(binding: KubernetesObject) -> str:
    """To whom a binding gives its role, for a message."""
    found = [
        f"{subject.get('kind').text} '{subject.get('name').text}'"
        for subject in binding.get("subjects").elements()
        if subject.get("kind").text and subject.get("name").text
    ]
    if not found:
        return "nobody yet"
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
