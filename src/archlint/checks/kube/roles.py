"""Roles that allow something which leads further than its name says."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents import Node
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.rbac import POWER, gives, is_of_platform, is_role, words

_IGNORED_AS: dict[str, tuple[str, ...]] = {
    "exec": ("trivy:KSV-0053", "trivy:KSV-0054", "checkov:CKV2_K8S_2"),
    "secrets": ("trivy:KSV-0041", "trivy:KSV-0113", "checkov:CKV2_K8S_5"),
    "pods": ("trivy:KSV-0048",),
    "escalate": ("trivy:KSV-0050", "trivy:KSV-0051", "trivy:KSV-0052", "checkov:CKV_K8S_158"),
    "bind": ("trivy:KSV-0050", "trivy:KSV-0051", "checkov:CKV_K8S_157", "checkov:CKV2_K8S_1"),
    "impersonate": ("trivy:KSV-0043", "checkov:CKV2_K8S_3"),
    "webhooks": ("trivy:KSV-0114", "checkov:CKV_K8S_155"),
    "certificates": ("checkov:CKV_K8S_156",),
    "nodes": ("trivy:KSV-0047",),
}


@check(KubernetesObject)
def role_allows_exec(role: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A role whose holders run programs in the containers of others."""
    yield from _allowed(role, ("exec",))


@check(KubernetesObject)
def role_allows_secrets(role: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A role whose holders read all Secrets."""
    yield from _allowed(role, ("secrets",))


@check(KubernetesObject)
def role_allows_pod_creation(role: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A role whose holders start pods, and so act as any account and read any Secret of the namespace."""
    yield from _allowed(role, ("pods",))


@check(KubernetesObject)
def role_allows_escalation(role: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A role whose holders may give themselves more than it says."""
    yield from _allowed(role, ("escalate", "bind", "impersonate"))


@check(KubernetesObject)
def role_allows_takeover(role: KubernetesObject, options: Options) -> Iterator[Observation]:
    """A role whose holders get at the control plane, at nodes or at the tokens of others."""
    yield from _allowed(role, ("webhooks", "certificates", "tokens", "nodes", "volumes"))


def _allowed(role: KubernetesObject, powers: tuple[str, ...]) -> Iterator[Observation]:
    if not is_role(role) or is_of_platform(role):
        return
    for rule in role.get("rules").elements():
        if "*" in words(rule.get("verbs")) and "*" in words(rule.get("resources")):
            continue  # told as a whole: rbac-wildcard
        for power in powers:
            if gives(rule, POWER[power]):
                yield _allowed_finding(role, rule, power)


def _allowed_finding(role: KubernetesObject, rule: Node, power: str) -> Observation:
    resources = rule.get("resources")
    seen = sorted(words(resources) & {*POWER[power].resources, "*"}) or ["*"]
    return observe(
        resources.place(),
        power,
        aliases=_polaris(role, rule, power),
        ignored_as=_IGNORED_AS.get(power, ()),
        identity=(power, *seen),
        role=f"{role.kind} '{role.name}'",
        verbs=", ".join(sorted(words(rule.get("verbs")) & {*POWER[power].verbs, "*"})),
        resources=", ".join(seen),
    )


def _polaris(role: KubernetesObject, rule: Node, power: str) -> list[str]:
    is_named = not words(rule.get("resources")).isdisjoint(("*", "pods/exec", "pods/attach"))
    return [f"polaris:{role.kind.lower()}PodExecAttach"] if power == "exec" and is_named else []
