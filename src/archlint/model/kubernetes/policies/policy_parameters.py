"""The parameters that a binding gives to its policy: objects of the repository, by name or by labels.

Source: Kubernetes documentation, "Validating Admission Policy" (parameter resources).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from archlint.documents import Node
from archlint.documents.node import MISSING
from archlint.finding.records import dataclass
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.policies.admission_policies import AdmissionPolicy, PolicyBinding
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.model.kubernetes.policies.admission_matching import AdmissionSubject


@dataclass(frozen=True, slots=True)
class PolicyParameters:
    """What an expression sees as ``params``."""

    node: Node
    """The object; a missing node if the policy has none."""


def parameters_for(
    policy: AdmissionPolicy, binding: PolicyBinding | None, subject: AdmissionSubject, world: World
) -> Sequence[PolicyParameters | None]:
    """The parameters with which a policy judges an object, one for each judgement; ``None`` if they are not
    in the repository. None at all where the policy then judges nothing."""
    reference = _reference(policy, binding)
    if policy.param_kind is None or not reference.is_map:
        return (PolicyParameters(Node(policy.source, (), MISSING)),)
    lies_there = [item for item in candidates_for(policy, binding, world) if _is_in(item, reference, subject)]
    found = _distinct(lies_there)
    if found:
        return [PolicyParameters(item.node) for item in found]
    return () if reference.get("parameterNotFoundAction").text == "Allow" else (None,)


def _reference(policy: AdmissionPolicy, binding: PolicyBinding | None) -> Node:
    if binding is not None:
        return binding.parameters
    return policy.parameters or Node(policy.source, (), MISSING)


def candidates_for(
    policy: AdmissionPolicy, binding: PolicyBinding | None, world: World
) -> list[KubernetesObject]:
    """The objects that may be meant as parameters, in whatever namespace: those applied with the
    binding, else all."""
    reference = _reference(policy, binding)
    name, selector = reference.get("name").text, reference.get("selector")
    found = [
        item
        for item in objects_of_kind(policy, world)
        if (item.name == name if name else selector.is_map and label_selector_matches(selector, item.labels))
    ]
    sets = world.fact(deployment_sets)
    return [item for item in found if sets.are_together((binding or policy).base, item)] or found


def _is_in(item: KubernetesObject, reference: Node, subject: AdmissionSubject) -> bool:
    """Whether an object lies where the parameters are looked for: the namespace that is named, else
    that of the object; what has no namespace, or an unknown one, may lie there."""
    wanted = reference.get("namespace").text or subject.namespace
    return item.namespace is None or wanted is None or item.namespace == wanted


def _distinct(items: Iterable[KubernetesObject]) -> list[KubernetesObject]:
    found: list[KubernetesObject] = []
    for item in items:
        if all(item.node.value != other.node.value for other in found):
            found.append(item)
    return found


def objects_of_kind(policy: AdmissionPolicy, world: World) -> list[KubernetesObject]:
    """The objects of the repository that may be parameters of a policy."""
    if policy.param_kind is None:
        return []
    return world.fact(_by_kind).get(policy.param_kind, [])


def _by_kind(world: World) -> dict[tuple[str, str], list[KubernetesObject]]:
    found: dict[tuple[str, str], list[KubernetesObject]] = {}
    for item in world.all(KubernetesObject):
        found.setdefault((item.group, item.kind), []).append(item)
    return found
