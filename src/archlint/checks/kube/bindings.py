"""Bindings: who gets a role, and what comes with it."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.documents import Node
from archlint.finding import Severity
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.kubernetes.rbac import (
    BUILT_IN,
    POWER,
    POWERS,
    ROLES,
    bound_roles,
    gives,
    gives_everything,
    is_binding,
    is_of_platform,
    is_role,
    rules_of,
    subjects_of,
    words,
)
from archlint.model.kubernetes.references import is_missing
from archlint.model.world import World

_TOLD = ("exec", "secrets", "pods", "escalate", "bind", "impersonate")
_OF_BUILT_IN = {"admin": ("exec", "secrets", "pods"), "edit": ("exec", "secrets", "pods")}
"""What the roles of every cluster give (Kubernetes documentation, "User-facing roles")."""
_LINTER = {"secrets": "kube-linter:access-to-secrets", "pods": "kube-linter:access-to-create-pods"}
_LINTED_VERBS = frozenset({"get", "list", "delete", "create", "watch", "*"})
_EVERYBODY = {
    "system:anonymous": "anonymous",
    "system:unauthenticated": "anonymous",
    "system:authenticated": "authenticated",
    "system:masters": "masters",
}
_FOR_EVERYBODY = frozenset(
    {
        "system:public-info-viewer",
        "system:basic-user",
        "system:discovery",
        "system:service-account-issuer-discovery",
        "kubeadm:bootstrap-signer-clusterinfo",
    }
)
"""Roles that Kubernetes itself binds to everybody."""


@join(KubernetesObject)
def cluster_admin_bound(binding: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A binding that gives everything."""
    if not _is_judged(binding):
        return
    whole = _whole_rule(binding, world)
    role = binding.get("roleRef", "name")
    if whole is None and role.text != "cluster-admin":
        return
    yield observe(
        role.place(),
        "default" if role.text == "cluster-admin" else "same",
        severity=Severity.WARNING if binding.kind == "RoleBinding" else None,
        related=[(whole.get("verbs").place(), "the role allows everything")] if whole else [],
        aliases=_names_of_admin(binding, role.text or "", is_seen=whole is not None),
        binding=f"{binding.kind} '{binding.name}'",
        role=f"{binding.get('roleRef', 'kind').text} '{role.text}'",
        subjects=subjects_of(binding),
        where=_where(binding),
    )


def _whole_rule(binding: KubernetesObject, world: World) -> Node | None:
    rules = (rule for role in bound_roles(binding, world) for rule in rules_of(role, world))
    return next(filter(gives_everything, rules), None)


def _names_of_admin(binding: KubernetesObject, role: str, *, is_seen: bool) -> list[str]:
    prefix = binding.kind.lower()
    kind = binding.get("roleRef", "kind").text or ""
    suffix = "" if binding.kind == "ClusterRoleBinding" else kind
    names = [f"polaris:{prefix}ClusterAdmin{suffix}", _exec_name(binding)]
    names += _LINTER.values() if is_seen else []
    if binding.kind == "ClusterRoleBinding" and role == "cluster-admin":
        names += ["kube-linter:cluster-admin-role-binding"]
    return names


def _exec_name(binding: KubernetesObject) -> str:
    kind = binding.get("roleRef", "kind").text or ""
    middle = "" if binding.kind == "ClusterRoleBinding" else kind
    return f"polaris:{binding.kind.lower()}{middle}PodExecAttach"


def _is_judged(item: KubernetesObject) -> bool:
    return is_binding(item) and not is_of_platform(item) and item.get("roleRef", "kind").text in ROLES


def _where(binding: KubernetesObject) -> str:
    if binding.kind == "ClusterRoleBinding":
        return "the whole cluster"
    return f"namespace '{binding.namespace}'" if binding.namespace else "its namespace"


@join(KubernetesObject)
def binding_grants_power(binding: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A binding that gives more than the name of its role says."""
    name = binding.get("roleRef", "name").text
    if not _is_judged(binding) or name == "cluster-admin" or _whole_rule(binding, world) is not None:
        return
    rules = [rule for role in bound_roles(binding, world) for rule in rules_of(role, world)]
    for power in _TOLD:
        if power not in options["powers"]:
            continue
        giving = [rule for rule in rules if gives(rule, POWER[power])]
        is_built_in = not rules and power in _OF_BUILT_IN.get(name or "", ())
        if giving or is_built_in:
            yield _power_finding(binding, power, giving)


def _power_finding(binding: KubernetesObject, power: str, giving: list[Node]) -> Observation:
    names = [_exec_name(binding)] if power == "exec" else []
    is_linted = any(not words(rule.get("verbs")).isdisjoint(_LINTED_VERBS) for rule in giving)
    names += [_LINTER[power]] if power in _LINTER and is_linted else []
    return observe(
        binding.get("roleRef", "name").place(),
        power,
        related=[(rule.get("resources").place(), "given by this rule") for rule in giving[:5]],
        identity=(power,),
        aliases=names,
        binding=f"{binding.kind} '{binding.name}'",
        role=f"{binding.get('roleRef', 'kind').text} '{binding.get('roleRef', 'name').text}'",
        subjects=subjects_of(binding),
        where=_where(binding),
    )


@join(KubernetesObject)
def everybody_bound(binding: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A role for callers who need no account, or one that leads far for all who have one."""
    role = binding.get("roleRef", "name").text
    if not _is_judged(binding) or role in _FOR_EVERYBODY:
        return
    for subject in binding.get("subjects").elements():
        node = subject.get("name")
        message = _EVERYBODY.get(node.text or "")
        if message is None or subject.get("kind").text not in ("User", "Group"):
            continue
        far = _leading_far(binding, world)
        if message != "authenticated" or _leads_far(binding) or far:
            yield observe(
                node.place(),
                message,
                related=[(rule.get("resources").place(), "given by this rule") for rule in far[:5]],
                identity=(node.text or "",),
                binding=f"{binding.kind} '{binding.name}'",
                role=f"{binding.get('roleRef', 'kind').text} '{role}'",
                subject=node.text,
                where=_where(binding),
            )


def _leads_far(binding: KubernetesObject) -> bool:
    return binding.get("roleRef", "name").text in ("cluster-admin", *_OF_BUILT_IN)


def _leading_far(binding: KubernetesObject, world: World) -> list[Node]:
    """The rules of a role here that lead far."""
    rules = (rule for role in bound_roles(binding, world) for rule in rules_of(role, world))
    return [rule for rule in rules if any(gives(rule, power) for power in POWERS)]


@join(KubernetesObject)
def role_undefined(binding: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A binding to a role that nobody defines, where others are defined."""
    if _is_judged(binding) and _is_unknown(binding, world) and _is_certainly_missing(binding, world):
        yield _unknown_finding(binding)


@join(KubernetesObject)
def role_elsewhere(binding: KubernetesObject, world: World, options: Options) -> Iterator[Observation]:
    """A binding to a role that the repository does not show, so that nobody sees what it gives."""
    if not _is_judged(binding) or not _is_unknown(binding, world):
        return
    if not _is_certainly_missing(binding, world):
        yield _unknown_finding(binding)


def _is_unknown(binding: KubernetesObject, world: World) -> bool:
    name, kind = binding.get("roleRef", "name").text, binding.get("roleRef", "kind").text
    if not name or is_placeholder(name) or bound_roles(binding, world):
        return False
    return kind == "Role" or not (name in BUILT_IN or name.startswith("system:"))


def _is_certainly_missing(binding: KubernetesObject, world: World) -> bool:
    """Whether the role is missing: a Role by the others of its namespace, a ClusterRole, which any operator
    may bring, only if another one here is called almost the same."""
    reference = binding.get("roleRef")
    kind, name = reference.get("kind").text or "", reference.get("name").text or ""
    if kind == "ClusterRole" and not world.fact(_cluster_roles).nearest(name):
        return False
    return is_missing(world, binding, kind, name, binding.namespace if kind == "Role" else None)


def _cluster_roles(world: World) -> SimilarNames:
    found = world.all(KubernetesObject)
    return SimilarNames(item.name for item in found if item.kind == "ClusterRole" and is_role(item))


def _unknown_finding(binding: KubernetesObject) -> Observation:
    reference = binding.get("roleRef")
    return observe(
        reference.get("name").place(),
        aliases=[_exec_name(binding)],
        binding=f"{binding.kind} '{binding.name}'",
        role=f"{reference.get('kind').text} '{reference.get('name').text}'",
        subjects=subjects_of(binding),
    )
