"""What the API server refuses in names, labels and annotations of objects.

Source: ``ValidateObjectMeta`` in ``k8s.io/apimachinery/pkg/api/validation``, and the name of each kind in
``pkg/apis/*/validation`` of Kubernetes. Custom resources are left out: other programs read such files as
well, and have rules of their own for names.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.regex import regex
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, shown
from archlint.model.kubernetes.validation.syntax import (
    Form,
    dns_label,
    dns_subdomain,
    old_dns_label,
    path_segment,
    qualified_name,
)

_RBAC = "rbac.authorization.k8s.io"
_NAMES: dict[tuple[str, str], Form] = {
    ("", "Service"): old_dns_label,
    ("", "Namespace"): dns_label,
    ("apps", "StatefulSet"): dns_label,
    **{(_RBAC, kind): path_segment for kind in ("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding")},
}
"""Kinds whose names are no subdomains."""
_OTHERWISE = frozenset(
    {
        *("APIService", "ComponentStatus", "IPAddress", "PriorityLevelConfiguration", "FlowSchema", "List"),
        *("CertificateSigningRequest", "StorageVersion", "ClusterTrustBundle", "LeaseCandidate"),
    }
)
"""Kinds whose names have rules of their own, which are not looked at."""
_GROUPS = frozenset({"", "apps", "batch", "autoscaling", "policy", "extensions"})
_LOCAL = ("config.", "kustomize", "audit.", "client.")
"""Parts of API groups of files that are read by programs, never by a server."""
_LONGEST = {("batch", "CronJob"): 52}
_CAPITALS = regex(r"-[A-Z]{3,}(?:-|\Z)|\A[A-Z]{3,}-")
"""What a person or a script replaces by a name."""
_MOST_ANNOTATIONS = 256 * 1024


def metadata_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A name, or annotations, that no object can have."""
    is_own = base.group in _GROUPS or base.group.endswith(".k8s.io")
    if not is_own or any(part in base.group for part in _LOCAL):
        return
    metadata = base.get("metadata")
    yield from _name(base, metadata.get("name"))
    namespace = metadata.get("namespace")
    if namespace.text and not is_open(namespace) and (wrong := dns_label(namespace.text)):
        problem = f"The namespace '{shown(namespace.text)}' {wrong}"
        yield Refused(namespace, Cause.NAME, problem, "a name such as 'cart-2'")
    yield from _annotations(metadata.get("annotations"))


def _name(base: KubernetesObject, name: Node) -> Iterator[Refused]:
    if not name.text or is_open(name) or _CAPITALS.search(name.text) or base.kind in _OTHERWISE:
        return
    key = (base.group, base.kind)
    form = _NAMES.get(key, dns_subdomain)
    wrong = form(name.text)
    most = _LONGEST.get(key)
    if wrong is None and most and len(name.text) > most:
        wrong = f"has {len(name.text)} characters, and {most} are allowed, since Jobs get a longer one"
    if wrong:
        yield Refused(
            name, Cause.NAME, f"The name '{shown(name.text, 80)}' {wrong}", "a name such as 'cart-2'"
        )


def _annotations(node: Node) -> Iterator[Refused]:
    size = 0
    for key, value in node.items():
        size += len(key) + len((value.text or "").encode("utf-8", "replace"))
        if (wrong := qualified_name(key.lower())) and "{{" not in key and "${" not in key:
            yield Refused(
                value,
                Cause.NAME,
                f"The annotation '{shown(key)}' {wrong}",
                "a name such as 'example.com/team'",
            )
    if size > _MOST_ANNOTATIONS:
        yield Refused(
            node, Cause.SIZE, f"{size:,} bytes of annotations are more than the 262,144 that fit", "less"
        )
