"""Kyverno's policies in CEL as admission policies, and rules with ``validate.cel``.

Kyverno applies policies for pods to the templates of workloads as well (autogen), and needs no bindings.

Source: Kyverno's documentation (ValidatingPolicy, CEL in ClusterPolicy), and its package ``pkg/cel/autogen``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from archlint.documents import Node
from archlint.finding import Severity
from archlint.finding.records import replace
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.policies.admission_matching import (
    AdmissionSubject,
    Meant,
    answer_of,
    any_of,
    label_answer,
)
from archlint.model.kubernetes.policies.admission_policies import (
    ACTIONS,
    AdmissionPolicy,
    named,
    policy_of,
    validations,
)
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.world import World

_GROUP = "policies.kyverno.io"
_OLD_GROUP = "kyverno.io"
_KINDS = ("ValidatingPolicy", "NamespacedValidatingPolicy", "MutatingPolicy", "NamespacedMutatingPolicy")
CONTROLLERS = frozenset({"daemonsets", "deployments", "replicasets", "statefulsets", "jobs", "cronjobs"})
"""The resources to whose pod templates policies for pods are applied, unless they say otherwise."""
_AUTOGEN = "pod-policies.kyverno.io/autogen-controllers"
_MOST_PATTERN = 200


def kyverno_policies(world: World) -> list[AdmissionPolicy]:
    """The policies of a world; ask with ``world.fact(kyverno_policies)``."""
    found: list[AdmissionPolicy] = []
    for base in world.all(KubernetesObject):
        if base.group == _GROUP and base.kind in _KINDS:
            found += _of_resources(base)
        elif base.group == _OLD_GROUP and base.kind in ("ClusterPolicy", "Policy"):
            found += _of_rules(base)
    return found


def excepted(world: World) -> frozenset[str]:
    """The names of policies from which some exception takes objects out."""
    names: set[str] = set()
    for base in world.all(KubernetesObject):
        if base.kind == "PolicyException" and base.group in (_GROUP, _OLD_GROUP):
            for key, word in (("exceptions", "policyName"), ("policyRefs", "name")):
                names.update(item.get(word).text or "" for item in base.get("spec", key).elements())
    return frozenset(names)


def _of_resources(base: KubernetesObject) -> Iterator[AdmissionPolicy]:
    """A policy that chooses by resources, as those of Kubernetes do."""
    spec = base.get("spec")
    if spec.get("evaluation", "mode").text == "JSON":
        return
    actions = {item.text for item in spec.get("validationActions").elements()} or {"Deny"}
    severity = next((grade for action, grade in ACTIONS.items() if action in actions), Severity.INFO)
    if spec.get("evaluation", "admission", "enabled").value is False:
        severity = Severity.INFO
    controllers = spec.get("autogen", "podControllers", "controllers")
    wanted = frozenset(item.text or "" for item in controllers.elements()) & CONTROLLERS
    yield replace(
        policy_of(base),
        flavour="kyverno",
        severity=severity,
        controllers=(wanted if controllers.is_list else CONTROLLERS)
        if _is_for_pods(spec.get("matchConstraints"))
        else frozenset(),
    )


def _is_for_pods(match: Node) -> bool:
    """Whether a policy is applied to templates, too: it means pods alone, without any choice among them."""
    rules = [*match.get("resourceRules").elements()]
    if match.get("objectSelector").value or match.get("excludeResourceRules").value or len(rules) != 1:
        return False
    said = [[item.text for item in rules[0].get(key).elements()] for key in ("apiGroups", "resources")]
    return said == [[""], ["pods"]] and not rules[0].get("resourceNames").value


def _of_rules(base: KubernetesObject) -> Iterator[AdmissionPolicy]:
    """The rules of a ClusterPolicy that validate by CEL."""
    spec = base.get("spec")
    general = spec.get("validationFailureAction").text or "Audit"
    for rule in spec.get("rules").elements():
        said = rule.get("validate", "cel")
        if not said.is_map:
            continue
        action = rule.get("validate", "failureAction").text or general
        yield AdmissionPolicy(
            base,
            flavour="kyverno",
            match=rule,
            conditions=named(rule.get("celPreconditions")),
            variables=named(said.get("variables")),
            validations=validations(said.get("expressions")),
            fails=spec.get("failurePolicy").text != "Ignore",
            param_kind=_kind_of(said.get("paramKind")),
            severity=Severity.ERROR if action.lower() == "enforce" else Severity.INFO,
            controllers=_controllers_of(base, rule),
            parameters=said.get("paramRef"),
            rule=rule.get("name").text or "",
            has_kinds=True,
        )


def _kind_of(node: Node) -> tuple[str, str] | None:
    if not node.is_map:
        return None
    return (node.get("apiVersion").text or "").rpartition("/")[0], node.get("kind").text or ""


def _controllers_of(base: KubernetesObject, rule: Node) -> frozenset[str]:
    kinds = {kind for part in _filters(rule.get("match")) for kind in _texts(part.get("resources", "kinds"))}
    written = base.annotations.get(_AUTOGEN)
    if kinds != {"Pod"} or _filters(rule.get("exclude")):
        return frozenset()
    if any(part.get("resources", "selector").value for part in _filters(rule.get("match"))):
        return frozenset()
    if written is None:
        return CONTROLLERS
    names = {f"{name.strip().lower()}s" for name in written.split(",")}
    return frozenset(names) & CONTROLLERS


def rule_means(rule: Node, item: KubernetesObject, subject: AdmissionSubject, kind: str) -> Meant:
    """Whether a rule of a ClusterPolicy is about an object, which counts as one of some kind."""
    meant = _block_means(rule.get("match"), item, subject, kind)
    if meant is False or not _filters(rule.get("exclude")):
        return meant
    excluded = _block_means(rule.get("exclude"), item, subject, kind)
    return answer_of((meant, None if excluded is None else not excluded))


def may_mean_kind(rule: Node, kind: str) -> bool:
    """Whether some part of a rule names a kind, or none."""
    parts = _filters(rule.get("match"))
    kinds = [_texts(part.get("resources", "kinds")) for part in parts]
    return any(not names or any(_fits(name.split("/")[-1], kind) for name in names) for names in kinds)


def _filters(block: Node) -> list[Node]:
    parts = [*block.get("any").elements(), *block.get("all").elements()]
    return parts or ([block] if block.get("resources").is_map else [])


def _block_means(block: Node, item: KubernetesObject, subject: AdmissionSubject, kind: str) -> Meant:
    answers = [_filter_means(part, item, subject, kind) for part in _filters(block)]
    if block.get("all").is_list:
        return answer_of(answers) if answers else False
    return any_of(answers)


def _filter_means(part: Node, item: KubernetesObject, subject: AdmissionSubject, kind: str) -> Meant:
    said = part.get("resources")
    asks_who = any(part.get(key).value for key in ("subjects", "roles", "clusterRoles"))
    kinds, operations = _texts(said.get("kinds")), _texts(said.get("operations"))
    names = [*_texts(said.get("names")), *filter(None, [said.get("name").text])]
    annotations = said.get("annotations")
    return answer_of(
        (
            not kinds or any(_is_kind(wanted, subject, kind) for wanted in kinds),
            not operations or "CREATE" in operations,
            not names or any(_fits(wanted, subject.name) for wanted in names),
            _in_namespaces(_texts(said.get("namespaces")), subject),
            all(_fits(value.text or "", item.annotations.get(key, "")) for key, value in annotations.items()),
            not said.get("selector").value or label_selector_matches(said.get("selector"), subject.labels),
            label_answer(said.get("namespaceSelector"), subject),
            None if asks_who else True,
        )
    )


def _texts(node: Node) -> list[str]:
    return [item.text for item in node.elements() if item.text is not None]


def _is_kind(wanted: str, subject: AdmissionSubject, kind: str) -> bool:
    """Whether a kind as rules write it, ``Kind``, ``v1/Kind`` or ``group/v1/Kind``, is that of an object."""
    *before, name = wanted.split("/")
    if not _fits(name, kind):
        return False
    version = "*" if not before else before[-1]
    group = "*" if len(before) < 2 else before[-2]
    return _fits(version, subject.version) and _fits(group, subject.group)


def _in_namespaces(wanted: list[str], subject: AdmissionSubject) -> Meant:
    if not wanted:
        return True
    if subject.is_namespace:
        return any(_fits(pattern, subject.name) for pattern in wanted)
    if subject.is_namespaced is False:
        return False
    return None if subject.namespace is None else any(_fits(pattern, subject.namespace) for pattern in wanted)


def _fits(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern with ``*`` and ``?``."""
    if pattern in ("*", text):
        return True
    if len(pattern) > _MOST_PATTERN or pattern.count("*") > 5:
        return False
    return fnmatchcase(text, pattern.replace("[", "[[]"))
