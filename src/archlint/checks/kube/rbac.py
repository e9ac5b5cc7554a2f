"""Roles: do they give more than anybody has listed?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.finding import Severity
from archlint.finding.articles import with_article
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.rbac import is_of_platform, is_role


@check(KubernetesObject)
def rbac_wildcard(role: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A rule of a Role or ClusterRole with ``*`` for verbs or resources."""
    if not is_role(role):
        return
    for rule in role.get("rules").elements():
        if _is_for_own_resources(rule):
            continue
        verbs, resources = _wildcard(rule.get("verbs")), _wildcard(rule.get("resources"))
        if verbs is not None and resources is not None:
            yield _wide(verbs, "everything", role, rule, None if _has_secrets(rule) else Severity.WARNING)
        elif verbs is not None and rule.get("resources").value:
            yield _wide(verbs, "verbs", role, rule, Severity.WARNING)
        elif resources is not None:
            message = "resources" if _has_secrets(rule) else "group"
            yield _wide(resources, message, role, rule, Severity.WARNING)


def _wildcard(names: Node) -> Node | None:
    """The list, if it has ``*`` in it."""
    return names if any(item.text == "*" for item in names.elements()) else None


def _wide(
    node: Node, message: str, role: KubernetesObject, rule: Node, severity: Severity | None
) -> Observation:
    return observe(
        node.place(),
        message,
        severity=severity,
        aliases=_names(message, role, rule),
        role=f"{role.kind} '{role.name}'" if role.name else with_article(role.kind),
        verbs=_listed(rule.get("verbs")),
        resources=_listed(rule.get("resources")),
        groups=_groups(rule),
    )


def _names(message: str, role: KubernetesObject, rule: Node) -> list[str]:
    names = ["kube-linter:wildcard-in-rules"]
    is_exec = message == "everything" and _has_secrets(rule) and not is_of_platform(role)
    return [*names, f"polaris:{role.kind.lower()}PodExecAttach"] if is_exec else names


def _is_for_own_resources(rule: Node) -> bool:
    """Whether all groups are those of custom resources, which an operator may rule over."""
    groups = [item.text or "" for item in rule.get("apiGroups").elements()]
    return bool(groups) and all("." in group and not group.endswith(".k8s.io") for group in groups)


def _has_secrets(rule: Node) -> bool:
    """Whether the rule is about the core group, which has the Secrets."""
    return any(item.text in ("", "*") for item in rule.get("apiGroups").elements())


def _groups(rule: Node) -> str:
    if _wildcard(rule.get("apiGroups")) is not None:
        return "all groups"
    return _listed(rule.get("apiGroups")) or "the core group"


def _listed(names: Node) -> str:
    """A few of the names, for a message."""
    texts = [item.text for item in names.elements() if item.text]
    return ", ".join(texts[:3]) + (f" and {len(texts) - 3} more" if len(texts) > 3 else "")
