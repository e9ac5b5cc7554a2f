"""Connections that Istio's AuthorizationPolicies allow: whom their principals name, by service account.

Source: Istio, "Authorization Policy" (``rules[].from[].source.principals`` and ``serviceAccounts``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.model.istio.principals import admitted_accounts
from archlint.model.kubernetes import KubernetesObject, Workload, string_map
from archlint.model.kubernetes.selectors import selects
from archlint.model.system.evidence import Declaration
from archlint.model.system.parties import Parties, parties
from archlint.model.world import World


def declared_by_mesh(world: World) -> Iterator[Declaration]:
    """A declaration for each workload that an ALLOW policy selects and each that runs as one it names."""
    policies = [
        item
        for item in world.all(KubernetesObject)
        if item.group == "security.istio.io" and item.kind == "AuthorizationPolicy"
    ]
    if not policies:
        return
    found: Parties = world.fact(parties)
    by_account = _by_account(world)
    for policy in policies:
        if policy.get("spec", "action").text not in (None, "ALLOW"):
            continue
        selector = string_map(policy.get("spec", "selector", "matchLabels"))
        for subject in _selected(world, policy, selector):
            for account, node in admitted_accounts(policy):
                for caller in by_account.get(account, ()):
                    for one in found.of(caller):
                        for other in found.of(subject):
                            if one is not other:
                                text = f"AuthorizationPolicy {policy.name}"
                                yield Declaration(one, other, node.value_place(), text)


def _by_account(world: World) -> dict[tuple[str | None, str], list[Workload]]:
    accounts: dict[tuple[str | None, str], list[Workload]] = defaultdict(list)
    for workload in world.all(Workload):
        name = workload.pod_spec.get("serviceAccountName").text
        if name and workload.name:
            accounts[workload.namespace, name].append(workload)
    return accounts


def _selected(world: World, policy: KubernetesObject, selector: dict[str, str]) -> Iterator[Workload]:
    for workload in world.all(Workload):
        if (
            workload.name
            and workload.namespace == policy.namespace
            and selects(selector, workload.pod_labels)
        ):
            yield workload
