"""Whom Istio's AuthorizationPolicies name: callers, by the ServiceAccounts that they run under.

Source: Istio, "Authorization Policy" (``rules[].from[].source.principals`` and ``serviceAccounts``).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject

_PRINCIPAL = regex(r"[\w.*-]++/ns/([\w.-]++)/sa/([\w.-]++)\Z")


def admitted_accounts(policy: KubernetesObject) -> Iterator[tuple[tuple[str | None, str], Node]]:
    """Namespace and name of each service account that a policy admits, and where it stands."""
    for rule in policy.get("spec", "rules").elements():
        for source in rule.get("from").elements():
            for node in source.get("source", "principals").elements():
                principal = _PRINCIPAL.match(node.text or "")
                if principal:
                    yield (principal[1], principal[2]), node
            for node in source.get("source", "serviceAccounts").elements():
                namespace, slash, name = (node.text or "").rpartition("/")
                yield (namespace if slash else policy.namespace, name), node
