"""What the API server refuses in roles, bindings, webhooks and priorities.

Source: ``pkg/apis/{rbac,admissionregistration,scheduling}/validation`` of Kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.articles import article
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.validation.pods import twice
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, reach, shown
from archlint.model.kubernetes.validation.selectors import selector_refusals
from archlint.model.kubernetes.validation.syntax import dns_subdomain

_RESOURCES = ("apiGroups", "resources", "resourceNames")
_HIGHEST = 1_000_000_000
_SYSTEM = frozenset({"system-node-critical", "system-cluster-critical"})
_LEAST_LABELS = 3


def role_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A role with rules that mean nothing."""
    for rule in base.get("rules").elements():
        if not rule.is_map:
            continue
        urls = rule.get("nonResourceURLs")
        if not rule.get("verbs").value and not is_open(rule.get("verbs")):
            yield Refused(
                rule.get("verbs"), Cause.LACKING, "A rule allows no verb", "at least one, such as 'get'"
            )
        given = [rule.get(key) for key in _RESOURCES if rule.get(key).value]
        if urls.value and base.kind == "Role":
            problem = "A Role is of one namespace, and URLs are of none"
            yield Refused(urls, Cause.CONFLICT, problem, "a ClusterRole")
        elif urls.value and given:
            problem = "A rule is about URLs and about resources"
            yield Refused(urls, Cause.CONFLICT, problem, "a rule for each", given[0])
        elif not urls.value:
            for key in ("apiGroups", "resources"):
                node = rule.get(key)
                if not node.value and not is_open(node):
                    example = "'\"\"' for the core group" if key == "apiGroups" else "such as 'pods'"
                    yield Refused(node, Cause.LACKING, f"A rule has no '{key}'", f"them, {example}")
    for selector in reach(base.node, "aggregationRule/clusterRoleSelectors/*"):
        yield from selector_refusals(selector)


def binding_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A binding whose role or subjects are not written as they must."""
    reference = base.get("roleRef")
    if base.kind == "ClusterRoleBinding" and reference.get("kind").text == "Role":
        problem = "A ClusterRoleBinding gives a Role, which is of one namespace"
        yield Refused(reference.get("kind"), Cause.CONFLICT, problem, "'kind: ClusterRole', or a RoleBinding")
    for subject in base.get("subjects").elements():
        yield from _subject(subject, subject.get("kind").text, base)


def _subject(subject: Node, kind: str | None, base: KubernetesObject) -> Iterator[Refused]:
    group = subject.get("apiGroup")
    wanted = "" if kind == "ServiceAccount" else "rbac.authorization.k8s.io"
    if (
        kind in ("ServiceAccount", "User", "Group")
        and group.text
        and group.text != wanted
        and not is_open(group)
    ):
        problem = f"{article(kind).capitalize()} {kind} is of the API group '{wanted}', not '{group.text}'"
        yield Refused(group, Cause.CONFLICT, problem, f"'apiGroup: \"{wanted}\"', or leave it out")
    if kind == "ServiceAccount" and base.kind == "ClusterRoleBinding" and not subject.get("namespace").value:
        problem = f"The ServiceAccount '{subject.get('name').text}' of a ClusterRoleBinding has no namespace"
        yield Refused(subject.get("namespace"), Cause.LACKING, problem, "'namespace'")


def webhook_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """Webhooks that the server cannot call."""
    yield from twice(reach(base.node, "webhooks/*/name"), f"webhook of {base.kind} '{base.name}'")
    for hook in base.get("webhooks").elements():
        name, client = hook.get("name"), hook.get("clientConfig")
        if (
            name.text
            and not is_open(name)
            and (name.text.count(".") < _LEAST_LABELS - 1 or dns_subdomain(name.text))
        ):
            problem = f"The webhook's name '{shown(name.text)}' is no domain of three parts"
            yield Refused(name, Cause.NAME, problem, "a name such as 'pods.cart.example.com'")
        url, service = client.get("url"), client.get("service")
        if client.is_map and url.is_set and service.is_set:
            problem = "A webhook has a URL and a Service"
            yield Refused(url, Cause.CONFLICT, problem, "only one of the two", service)
        elif client.is_map and not url.is_set and not service.is_set:
            problem = "A webhook says nothing to call"
            yield Refused(client, Cause.LACKING, problem, "'service' or 'url'")
        if url.text and not is_open(url) and not url.text.startswith("https://"):
            yield Refused(
                url,
                Cause.FORMAT,
                f"The URL '{shown(url.text)}' is not encrypted",
                "one that begins with 'https://'",
            )
        path = service.get("path")
        if path.text and not is_open(path) and not path.text.startswith("/"):
            yield Refused(
                path,
                Cause.FORMAT,
                f"The path '{shown(path.text)}' does not begin with '/'",
                "a path such as '/check'",
            )
        yield from selector_refusals(hook.get("namespaceSelector"))
        yield from selector_refusals(hook.get("objectSelector"))


def priority_refusals(base: KubernetesObject) -> Iterator[Refused]:
    """A priority that is the cluster's own."""
    value, name = base.get("value"), base.get("metadata", "name")
    if base.name in _SYSTEM:
        return
    if base.name.startswith("system-"):
        problem = f"Names such as '{base.name}' are for the cluster's own priorities"
        yield Refused(name, Cause.NAME, problem, "a name without 'system-'")
    elif value.integer is not None and value.integer > _HIGHEST:
        problem = f"The priority {value.integer:,} is above {_HIGHEST:,}, which is for the cluster's own"
        yield Refused(value, Cause.NUMBER, problem, f"{_HIGHEST} or less")
