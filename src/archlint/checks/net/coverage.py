"""Policies without pods, and pods without policies."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, join, observe
from archlint.checks.net.wording import enumeration
from archlint.documents import Node
from archlint.documents.editing import with_item
from archlint.finding.words import quoted
from archlint.model.kubernetes import Workload, string_map
from archlint.model.network import NetworkPolicy, TrafficDirection
from archlint.model.network.coverage import own_peers, selects_nothing_known
from archlint.model.network.meant_labels import meant_labels
from archlint.model.network.protection import protection
from archlint.model.world import World


@join(NetworkPolicy)
def policy_selects_nothing(policy: NetworkPolicy, world: World, options: Options) -> Iterator[Observation]:
    """A pod selector that fits no workload of the repository."""
    if selects_nothing_known(policy, policy.pod_selector, world):
        yield _selecting_nothing(policy, policy.pod_selector, world)


@join(NetworkPolicy)
def policy_peer_selects_nothing(
    policy: NetworkPolicy, world: World, options: Options
) -> Iterator[Observation]:
    """A peer of the policy's own namespace whose selector fits no workload of the repository."""
    for selector in own_peers(policy):
        if selects_nothing_known(policy, selector, world):
            yield _selecting_nothing(policy, selector, world)


def _selecting_nothing(policy: NetworkPolicy, selector: Node, world: World) -> Observation:
    wanted = [f"{key}: {value}" for key, value in string_map(selector.get("matchLabels")).items()]
    labels = enumeration(quoted(wanted)) if wanted else "what 'matchExpressions' asks for"
    namespace = f" in namespace '{policy.namespace}'" if policy.namespace else ""
    meant = list(meant_labels(policy, selector, world))
    alike = enumeration(quoted(f"{item.key}: {item.value}" for item in meant))
    return observe(
        selector.place(),
        related=[
            (item.node.value_place(), f"the pods of {item.workload.kind} '{item.workload.name}'")
            for item in meant
        ],
        policy=policy.name,
        labels=labels,
        namespace=namespace,
        meant=f", though some have {alike}" if meant else "",
    )


@join(Workload)
def workload_without_policy(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """A workload that no policy selects, where most others of its namespace have one."""
    gap = world.fact(protection).gap_of(workload, options["others-percent"] / 100)
    if gap is not None:
        example, policy = gap.example
        yield observe(
            workload.base.node.place(),
            "ingress" if gap.has_egress else "default",
            related=[(policy.pod_selector.place(), f"selects {example.kind} '{example.name}'")],
            identity=(),
            kind=workload.kind,
            name=workload.name,
            covered=gap.covered,
            others=gap.others,
            namespace=f"of namespace '{workload.namespace}'" if workload.namespace else "beside it",
        )


@check(NetworkPolicy)
def policy_types_omit_rules(policy: NetworkPolicy, options: Options) -> Iterator[Observation]:
    """Rules for a direction that ``policyTypes`` leaves out. With a word in there that is no type the API
    server refuses the whole policy, which is told as that."""
    types = {direction.policy_type for direction in TrafficDirection}
    if any(item.text not in types for item in policy.policy_types.elements()):
        return
    for direction in TrafficDirection:
        rules = policy.rules_node(direction)
        if direction not in policy.directions and rules.is_list and rules.value:
            yield observe(
                policy.policy_types.place(),
                related=[(rules.place(), "these rules are not in force")],
                identity=(direction.value,),
                policy=policy.name,
                direction=direction.value,
                type=direction.policy_type,
                fix=with_item(policy.policy_types, direction.policy_type, safe=False),
                listed=enumeration([item.text or "?" for item in policy.policy_types.elements()]),
            )


@join(Workload)
def pods_not_isolated(workload: Workload, world: World, options: Options) -> Iterator[Observation]:
    """Pods that no policy selects for a direction, so that everybody may use it."""
    open_ones = world.fact(protection).open_directions(workload)
    if not open_ones:
        return
    has_policy = len(open_ones) < len(TrafficDirection)
    yield observe(
        workload.base.node.place(),
        open_ones[0].value if has_policy else "default",
        kind=workload.kind,
        name=workload.name,
        aliases=[
            *("kube-score:pod-networkpolicy", "polaris:missingNetworkPolicy"),
            *([] if has_policy else ["kube-linter:non-isolated-pod"]),
        ],
    )
