"""Which policies are in force for which objects, with which parameters: the cases that are to be judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import field
from typing import Any

from archlint.finding import Route, Severity
from archlint.finding.records import dataclass, replace
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.policies.admission_matching import (
    NAME_LABEL,
    AdmissionSubject,
    Meant,
    answer_of,
    is_exempt,
    matches,
    may_mean,
    namespaces_of,
    resource_of,
    subject_of,
)
from archlint.model.kubernetes.policies.admission_policies import AdmissionPolicy, PolicyBinding
from archlint.model.kubernetes.policies.admitted import admitted
from archlint.model.kubernetes.policies.kyverno_policies import (
    excepted,
    kyverno_policies,
    may_mean_kind,
    rule_means,
)
from archlint.model.kubernetes.policies.policy_parameters import PolicyParameters, parameters_for
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.kubernetes.workloads import POD_TEMPLATES
from archlint.model.world import World

_UNDECIDED = (
    "is about objects that the repository does not tell enough of, such as the labels of their namespace"
)
_EXCEPTED = "has exceptions, which archlint does not read"
_OF_POD = (("metadata",), ("spec",))
_ITS_NAMESPACE = ("metadata", "namespace")
_OF_NAMESPACE = frozenset({"Policy", "NamespacedValidatingPolicy", "NamespacedMutatingPolicy"})
"""Kinds of policy that hold in their own namespace alone."""
_NO_PARAMETERS = "has parameters that are not in the repository"


@dataclass(frozen=True, slots=True)
class Enforcement:
    """A policy in force."""

    policy: AdmissionPolicy
    binding: PolicyBinding | None
    severity: Severity


@dataclass(frozen=True, slots=True)
class Case:
    """An object as one policy sees it."""

    enforcement: Enforcement
    target: KubernetesObject
    value: Any = None
    """The object's data with the defaults of the server."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """What is known of the request, by the names of expressions."""
    group: object = None
    """What the cases of one policy share that is written down several times."""
    unknown: str = ""
    """Why it cannot be judged."""

    template: Route | None = None
    """The way to the pod template that is judged in place of the object."""
    original: Any = None
    """The object's data as it was before any policy changed it, with the defaults of the server."""

    def way(self, route: Sequence[str | int]) -> Route:
        """The way into the object as it is written, as far as policies that changed it left it alone."""
        way = tuple(route)
        if self.template is not None and way[:1] in _OF_POD and way[:2] != _ITS_NAMESPACE:
            way = (*self.template, *way)
        return way if self.original is None else _common(self.whole(self.value), self.original, way)

    def whole(self, value: Any) -> Any:
        """The object whose view by a policy is a value."""
        if self.template is None:
            return value
        made = deepcopy(self.value if self.original is None else self.original)
        holder = made
        for step in self.template:
            holder = holder[step]
        for (key,) in _OF_POD:
            if isinstance(value.get(key), dict):
                holder[key] = {
                    name: part for name, part in value[key].items() if (key, name) != _ITS_NAMESPACE
                }
        return made


def enforcements(world: World) -> list[Enforcement]:
    """Each policy with each of its bindings: one of the set in which the binding is, else all of the name."""
    by_name: dict[tuple[str, str], list[AdmissionPolicy]] = {}
    for policy in world.all(AdmissionPolicy):
        by_name.setdefault((policy.kind, policy.name), []).append(policy)
    found: list[Enforcement] = []
    for binding in world.all(PolicyBinding):
        every = by_name.get((binding.policy_kind, binding.policy_name), [])
        severity = binding.severity
        if severity is None and binding.policy_kind == "MutatingAdmissionPolicy":
            severity = Severity.ERROR
        if severity is not None:
            found += [
                Enforcement(policy, binding, severity) for policy in _nearest(binding.base, every, world)
            ]
    found += [
        Enforcement(policy, None, policy.severity)
        for policy in world.fact(kyverno_policies)
        if policy.severity is not None
    ]
    return found


def _nearest(
    asker: KubernetesObject, items: Sequence[AdmissionPolicy], world: World
) -> Sequence[AdmissionPolicy]:
    sets = world.fact(deployment_sets)
    return [item for item in items if sets.are_together(asker, item.base)] or items


def cases(world: World, in_force: Sequence[Enforcement], made: Mapping[int, Any]) -> Iterator[Case]:
    """What is to be judged by some policies in all their definitions; ``made`` are objects as other policies
    left them, by the identity of what is written."""
    if not in_force:
        return
    groups: dict[object, list[Enforcement]] = {}
    for item in in_force:
        groups.setdefault(_key(item), []).append(item)
    near: dict[tuple[str, str], list[tuple[object, list[Enforcement]]]] = {}
    for target in world.all(KubernetesObject):
        if is_exempt(target) or not target.node.is_map:
            continue
        sort = (target.api_version, target.kind)
        if sort not in near:
            resource = resource_of(target, world)[0]
            every = groups.items()
            near[sort] = [
                (key, group)
                for key, group in every
                if any(_may_be_about(item.policy, target.kind, resource) for item in group)
            ]
        if not near[sort]:
            continue
        case = _Admission(target, world, made.get(id(target)))
        for key, group in near[sort]:
            for enforcement in _of_its_set(target, group, world):
                yield from case.under(enforcement, (key, id(target)))


def _may_be_about(policy: AdmissionPolicy, kind: str, resource: str) -> bool:
    """Whether a policy may mean objects of a kind, or the templates in them."""
    if resource in policy.controllers:
        return True
    return may_mean_kind(policy.match, kind) if policy.has_kinds else may_mean(policy.match, resource)


def _key(item: Enforcement) -> object:
    binding = item.binding
    policy = item.policy
    return (policy.kind, policy.name, policy.namespace, policy.rule, binding.name if binding else None)


def _of_its_set(
    target: KubernetesObject, group: Sequence[Enforcement], world: World
) -> Sequence[Enforcement]:
    """The definitions of a policy that are applied with an object; else all."""
    if len(group) == 1:
        return group
    sets = world.fact(deployment_sets)
    return [item for item in group if sets.are_together(target, item.policy.base)] or group


class _Admission:
    """The creation of an object."""

    def __init__(self, target: KubernetesObject, world: World, made: Any) -> None:
        self._target = target
        self._world = world
        self._subject: AdmissionSubject = subject_of(target, world)
        self._made = made
        if made is not None:
            self._subject = replace(self._subject, labels=_labels(made))
        self._value: Any = None
        self._original: Any = None
        self._given: dict[str, Any] | None = None

    def under(self, enforcement: Enforcement, group: object) -> Iterator[Case]:
        """The case of this object under a policy, if it is about it; one for each set of parameters."""
        answer = self._is_meant(enforcement)
        template = None
        if answer is False:
            template = self._template(enforcement.policy)
            answer = False if template is None else self._is_template_meant(enforcement.policy)
        if answer is False:
            return
        unknown = _UNDECIDED if answer is None else ""
        if enforcement.policy.flavour == "kyverno" and enforcement.policy.name in self._world.fact(excepted):
            unknown = _EXCEPTED
        if unknown:
            yield Case(enforcement, self._target, group=group, unknown=unknown)
            return
        if self._given is None:
            self._value = self._original = admitted(self._target)
            if self._made is not None:
                self._value = self._made
            self._given = self._request()
        several = self._parameters(enforcement)
        names = {_name(item) for item in several}
        for parameters in several:
            if parameters is None:
                yield Case(enforcement, self._target, group=group, unknown=_NO_PARAMETERS)
                continue
            given = {**self._given, "params": parameters.node.value if parameters.node.exists else None}
            # objects of several names are parameters of several judgements
            of_one = group if len(names) == 1 else (group, _name(parameters))
            value = self._value if template is None else _as_pod(self._value, template)
            original = None if self._made is None and template is None else self._original
            yield Case(enforcement, self._target, value, given, of_one, template=template, original=original)

    def _is_meant(self, enforcement: Enforcement) -> Meant:
        policy, constraints = enforcement.policy, enforcement.policy.match
        if not constraints.is_map or not self._is_in_namespace(policy):
            return False
        if policy.has_kinds:
            return rule_means(constraints, self._target, self._subject, self._target.kind)
        binding = enforcement.binding
        meant = matches(constraints, self._subject)
        if meant is False or binding is None or not binding.match.is_map:
            return meant
        return answer_of((meant, matches(binding.match, self._subject)))

    def _is_in_namespace(self, policy: AdmissionPolicy) -> bool:
        """Whether a policy is one of the cluster, or of the object's namespace."""
        return policy.kind not in _OF_NAMESPACE or policy.namespace == self._subject.namespace

    def _template(self, policy: AdmissionPolicy) -> Route | None:
        """The way to the pod template to which a policy for pods is applied, if it is."""
        if self._subject.resource not in policy.controllers or not self._is_in_namespace(policy):
            return None
        route = POD_TEMPLATES.get((self._subject.group, self._target.kind))
        return route if route and self._target.get(*route, "spec").is_map else None

    def _is_template_meant(self, policy: AdmissionPolicy) -> Meant:
        as_pod = replace(self._subject, group="", version="v1", resource="pods")
        if policy.has_kinds:
            return rule_means(policy.match, self._target, as_pod, "Pod")
        return matches(policy.match, as_pod)

    def _parameters(self, enforcement: Enforcement) -> Sequence[PolicyParameters | None]:
        return parameters_for(enforcement.policy, enforcement.binding, self._subject, self._world)

    def _request(self) -> dict[str, Any]:
        subject, target = self._subject, self._target
        kind = {"group": subject.group, "version": subject.version, "kind": target.kind}
        resource = {"group": subject.group, "version": subject.version, "resource": subject.resource}
        known: dict[str, Any] = {
            "request.operation": "CREATE",
            "request.kind": kind,
            "request.requestKind": kind,
            "request.resource": resource,
            "request.requestResource": resource,
            "request.subResource": "",
            "request.requestSubResource": "",
        }
        if target.get("metadata", "name").text:
            known["request.name"] = target.name
        if subject.is_namespaced is False:
            known |= {
                "request.namespace": subject.name if subject.is_namespace else "",
                "namespaceObject": None,
            }
        elif subject.namespace is not None:
            known["request.namespace"] = known["namespaceObject.metadata.name"] = subject.namespace
            values = [item.node.value for item in namespaces_of(target, subject.namespace, self._world)]
            if values and all(value == values[0] for value in values):
                known["namespaceObject"] = _with_name_label(values[0], subject.namespace)
        return known


def _name(parameters: PolicyParameters | None) -> tuple[str | None, ...]:
    metadata = parameters.node.get("metadata") if parameters else None
    return (metadata.get("namespace").text, metadata.get("name").text) if metadata else ()


def _labels(value: Any) -> dict[str, str]:
    metadata = value.get("metadata") if isinstance(value, dict) else None
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    return labels if isinstance(labels, dict) else {}


def _common(value: Any, original: Any, way: Route) -> Route:
    """As much of a way as leads to the same items of lists in what was made and in what is written."""
    for depth, step in enumerate(way):
        value, original = _child(value, step), _child(original, step)
        is_item = isinstance(step, int) and isinstance(value, dict)
        if is_item and (not isinstance(original, dict) or value.get("name") != original.get("name")):
            return way[:depth]
    return way


def _child(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    is_there = isinstance(value, list) and isinstance(step, int) and step < len(value)
    return value[step] if is_there else None


def _as_pod(value: Any, route: Route) -> Any:
    """A workload as policies for pods see it: what its template says, in the namespace of the workload."""
    template = value
    for step in route:
        template = template[step]
    metadata = template.get("metadata")
    metadata = dict(metadata) if isinstance(metadata, dict) else {}
    own = value.get("metadata")
    if isinstance(own, dict) and "namespace" in own:
        metadata["namespace"] = own["namespace"]
    return {**value, "metadata": metadata, "spec": template.get("spec")}


def _with_name_label(value: Any, name: str) -> Any:
    metadata = value.get("metadata") if isinstance(value, dict) else None
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict):
        return value
    labels = {**(labels if isinstance(labels, dict) else {}), NAME_LABEL: name}
    return {**value, "metadata": {**metadata, "labels": labels}}
