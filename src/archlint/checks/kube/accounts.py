"""The ServiceAccount of a pod, and the token for the API of the cluster that comes with it."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.documents.editing import with_setting
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.rbac import bound_accounts
from archlint.model.kubernetes.sets import find_objects
from archlint.model.kubernetes.workloads import account_of
from archlint.model.world import World


@join(Workload)
def service_account_token_mounted(
    workload: Workload, world: World, options: Options
) -> Iterator[Observation]:
    """A pod with a token for the API of the cluster, although no role is bound to its account."""
    own = workload.pod_spec.get("automountServiceAccountToken")
    account = account_of(workload).text or "default"
    found = find_objects(world, workload.base, "ServiceAccount", account, workload.namespace)
    if own.value is False or (not own.is_set and any(map(_gives_none, found))):
        return
    if account in world.fact(bound_accounts):
        return
    where = own if own.is_set else workload.pod_spec
    yield observe(
        where.place(),
        "set" if own.value is True else "default",
        related=[(item.get("metadata", "name").place(), "the account") for item in found[:1]],
        pod=f"The pod of {workload.kind} '{workload.name}'",
        account=account,
        fix=with_setting(workload.pod_spec, ("automountServiceAccountToken",), "false", safe=False),
    )


def _gives_none(account: KubernetesObject) -> bool:
    return account.get("automountServiceAccountToken").value is False


@check(Workload)
def service_account_default(workload: Workload, options: Options) -> Iterator[Observation]:
    """Pods that share the account that their namespace comes with."""
    named = account_of(workload)
    if named.text in (None, "", "default"):
        place = named.place() if named.text else workload.pod_spec.place()
        yield observe(place, pod=f"The pod of {workload.kind} '{workload.name}'")
