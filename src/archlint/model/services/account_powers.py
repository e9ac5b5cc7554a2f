"""What a ServiceAccount is good for: roles in the cluster, callers that a mesh lets in, roles in a cloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.model.istio.principals import admitted_accounts
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.rbac import is_binding
from archlint.model.world import World

_CLOUD_ROLES = (
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
    "azure.workload.identity/client-id",
)
Account = tuple[str | None, str]
"""Namespace and name; a namespace that is not known is ``None``."""


@dataclass(frozen=True, slots=True)
class AccountPower:
    """One thing that an account may do because of its name."""

    text: str
    """What it is, to follow "it"."""
    place: Place


def account_powers(world: World) -> Mapping[Account, tuple[AccountPower, ...]]:
    """The powers of each account that has some; ask with ``world.fact(account_powers)``."""
    found: dict[Account, dict[str, AccountPower]] = {}
    for item in world.all(KubernetesObject):
        for account, power in (*_bound(item), *_admitted(item), *_in_cloud(item)):
            found.setdefault(account, {}).setdefault(power.text, power)
    return {account: tuple(powers.values()) for account, powers in found.items()}


def powers_of(world: World, account: Account) -> tuple[AccountPower, ...]:
    """The powers of an account; where a namespace is not known, those of every account of its name."""
    known = world.fact(account_powers)
    namespace, name = account
    if namespace is None:
        return tuple(power for (_, other), powers in known.items() if other == name for power in powers)
    return (*known.get(account, ()), *known.get((None, name), ()))


def _bound(item: KubernetesObject) -> Iterator[tuple[Account, AccountPower]]:
    if not is_binding(item):
        return
    role = f"{item.get('roleRef', 'kind').text} '{item.get('roleRef', 'name').text}'"
    for subject in item.get("subjects").elements():
        name = subject.get("name")
        if subject.get("kind").text == "ServiceAccount" and name.text:
            namespace = subject.get("namespace").text or item.namespace
            yield (namespace, name.text), AccountPower(f"has {role}", name.value_place())


def _admitted(item: KubernetesObject) -> Iterator[tuple[Account, AccountPower]]:
    if (item.group, item.kind) != ("security.istio.io", "AuthorizationPolicy"):
        return
    for account, node in admitted_accounts(item):
        text = f"is let in by AuthorizationPolicy '{item.name}'"
        yield account, AccountPower(text, node.value_place())


def _in_cloud(item: KubernetesObject) -> Iterator[tuple[Account, AccountPower]]:
    if (item.group, item.kind) != ("", "ServiceAccount"):
        return
    for key in _CLOUD_ROLES:
        node = item.get("metadata", "annotations", key)
        if node.text:
            yield (item.namespace, item.name), AccountPower(f"acts as '{node.text}'", node.value_place())
