"""Which objects a policy is about: as the API server decides it, as far as the repository tells.

An answer is yes, no, or ``None`` where it hangs on what the repository does not say, such as the labels of a
namespace that it does not define. Objects are judged as they are created.

Source: Kubernetes documentation, "Validating Admission Policy" (matching), and the package
``k8s.io/apiserver/pkg/admission/plugin/policy/matching``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from archlint.documents import Node
from archlint.documents.kustomize.identity import gvk_of
from archlint.finding.records import dataclass
from archlint.model.kubernetes.namespaces import namespace_objects
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.policies.admission_policies import GROUP
from archlint.model.kubernetes.selectors import label_selector_matches
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.world import World

NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that every namespace has: its name."""
_OWN_GROUPS = (
    *("", "apps", "batch", "autoscaling", "policy", "extensions", "networking.k8s.io"),
    *("rbac.authorization.k8s.io", "storage.k8s.io"),
)
_ODD_PLURALS = {"Endpoints": "endpoints"}
_MOVED = {"extensions": ("apps", "networking.k8s.io", "policy")}
Meant = bool | None
"""Whether something is meant; ``None`` where that hangs on what nobody says."""


@dataclass(frozen=True, slots=True)
class AdmissionSubject:
    """What a policy is matched by: an object as the request that creates it."""

    group: str
    version: str
    resource: str
    labels: Mapping[str, str]
    name: str = ""
    namespace: str | None = None
    """``None`` if there is none, or nobody knows it."""
    is_namespaced: Meant = True
    namespaces: Sequence[Mapping[str, str]] = ()
    """The labels of its namespace, as each definition in the repository has them; none if nobody says."""
    is_namespace: bool = False


def answer_of(answers: Iterable[Meant]) -> Meant:
    """Whether all hold: one that does not decides, whatever is unknown."""
    worst: Meant = True
    for answer in answers:
        if answer is False:
            return False
        worst = worst and answer
    return worst


def any_of(answers: Iterable[Meant]) -> Meant:
    """Whether one holds."""
    found = set(answers)
    return True if True in found else None if None in found else False


def matches(constraints: Node, subject: AdmissionSubject) -> Meant:
    """Whether ``matchConstraints`` or ``matchResources`` mean an object; without rules all are meant."""
    rules = [*constraints.get("resourceRules").elements()]
    is_equivalent = constraints.get("matchPolicy").text != "Exact"
    meant = any_of(_rule_matches(rule, subject, is_equivalent) for rule in rules) if rules else True
    if meant is False:
        return False
    excluded = any_of(_excluded(rule, subject) for rule in constraints.get("excludeResourceRules").elements())
    return answer_of(
        (
            meant,
            _selected(constraints.get("objectSelector"), subject.labels),
            label_answer(constraints.get("namespaceSelector"), subject),
            _not(excluded),
        )
    )


def may_mean(constraints: Node, resource: str) -> bool:
    """Whether some rule names a resource; without rules all are meant."""
    rules = [*constraints.get("resourceRules").elements()]
    named = (item.text or "" for rule in rules for item in rule.get("resources").elements())
    return not rules or any(_is_resource(name, resource) for name in named)


def _not(answer: Meant) -> Meant:
    return None if answer is None else not answer


def _excluded(rule: Node, subject: AdmissionSubject) -> Meant:
    return _rule_matches(rule, subject, is_equivalent=True)


def _rule_matches(rule: Node, subject: AdmissionSubject, is_equivalent: bool) -> Meant:
    """Whether a rule means the creation of an object; ``None`` if its scope is unknown, or if the policy sees
    the object in another version than it is written in."""
    if not _has(rule.get("operations"), "CREATE"):
        return False
    names = [item.text for item in rule.get("resourceNames").elements()]
    if names and subject.name not in names:
        return False
    if not any(_is_resource(item.text or "", subject.resource) for item in rule.get("resources").elements()):
        return False
    groups = rule.get("apiGroups")
    is_moved = not _has(groups, subject.group)
    if is_moved and not (is_equivalent and any(_has(groups, g) for g in _MOVED.get(subject.group, ()))):
        return False
    if is_moved or not _has(rule.get("apiVersions"), subject.version):
        return None if is_equivalent else False
    return _scope_matches(rule.get("scope").text or "*", subject)


def _has(items: Node, wanted: str) -> bool:
    return any(item.text in ("*", wanted) for item in items.elements())


def _is_resource(written: str, resource: str) -> bool:
    """Whether a rule's resource means objects of a resource, rather than a part such as ``status``."""
    return written in ("*", "*/*", resource)


def _scope_matches(scope: str, subject: AdmissionSubject) -> Meant:
    if scope == "*":
        return True
    if scope not in ("Cluster", "Namespaced"):
        return False
    is_namespaced = False if subject.is_namespace else subject.is_namespaced
    return None if is_namespaced is None else is_namespaced == (scope == "Namespaced")


def _selected(selector: Node, labels: Mapping[str, str]) -> bool:
    return not selector.is_map or label_selector_matches(selector, labels)


def label_answer(selector: Node, subject: AdmissionSubject) -> Meant:
    """Whether a namespace selector takes an object; it does not hold for objects that have no namespace."""
    if (
        not selector.is_map
        or not selector.value
        or (subject.is_namespaced is False and not subject.is_namespace)
    ):
        return True
    if subject.is_namespace:
        return label_selector_matches(selector, {**subject.labels, NAME_LABEL: subject.name})
    if subject.namespace is None:
        return None
    own = {NAME_LABEL: subject.namespace}
    if subject.namespaces:
        found = {label_selector_matches(selector, {**labels, **own}) for labels in subject.namespaces}
        return found.pop() if len(found) == 1 else None
    return _by_name(selector, own)


def _by_name(selector: Node, own: Mapping[str, str]) -> Meant:
    """What the name of a namespace alone decides, of which nobody knows the other labels."""
    asked = [*selector.get("matchLabels").value] if selector.get("matchLabels").is_map else []
    parts: list[Meant] = []
    for key in asked:
        value = selector.get("matchLabels", key).text
        parts.append(own[key] == value if key in own else None)
    for expression in selector.get("matchExpressions").elements():
        key = expression.get("key").text or ""
        if key not in own:
            parts.append(None)
            continue
        values = {item.text for item in expression.get("values").elements()}
        is_in = own[key] in values
        operator = expression.get("operator").text or ""
        parts.append({"In": is_in, "NotIn": not is_in, "Exists": True}.get(operator, False))
    return answer_of(parts)


def subject_of(item: KubernetesObject, world: World) -> AdmissionSubject:
    """An object as policies are matched by it."""
    group, _, version = item.api_version.rpartition("/")
    resource, is_namespaced = resource_of(item, world)
    namespace = item.namespace if is_namespaced is not False else None
    return AdmissionSubject(
        group,
        version,
        resource,
        item.labels,
        name=item.name,
        namespace=namespace,
        is_namespaced=is_namespaced,
        namespaces=tuple(namespace_labels(item, namespace, world)) if namespace else (),
        is_namespace=(group, item.kind) == ("", "Namespace"),
    )


def is_exempt(item: KubernetesObject) -> bool:
    """Whether no policy judges it, so that nobody locks himself out."""
    return item.group == GROUP


def namespaces_of(item: KubernetesObject, name: str, world: World) -> Sequence[KubernetesObject]:
    """The definitions of a namespace: those that are applied with an object, else all."""
    every = world.fact(namespace_objects).get(name, ())
    sets = world.fact(deployment_sets)
    return [other for other in every if sets.are_together(item, other)] or every


def namespace_labels(item: KubernetesObject, name: str, world: World) -> list[Mapping[str, str]]:
    """The labels that definitions of a namespace have, each once."""
    found: list[Mapping[str, str]] = []
    for other in namespaces_of(item, name, world):
        if other.labels not in found:
            found.append(other.labels)
    return found


def resource_of(item: KubernetesObject, world: World) -> tuple[str, Meant]:
    """The name of an object's resource, and whether such objects have a namespace."""
    known = world.fact(_custom_resources).get((item.group, item.kind))
    if known is not None:
        return known
    if item.kind == "Namespace" or gvk_of(item.api_version, item.kind).is_of_cluster:
        return plural_of(item.kind), False
    is_namespaced = True if item.namespace or item.group in _OWN_GROUPS else None
    return plural_of(item.kind), is_namespaced


def plural_of(kind: str) -> str:
    """The resource of a kind, as Kubernetes guesses it."""
    word = kind.lower()
    if kind in _ODD_PLURALS:
        return _ODD_PLURALS[kind]
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2:-1] not in "aeiou" else f"{word}s"


def _custom_resources(world: World) -> dict[tuple[str, str], tuple[str, Meant]]:
    """The resources that definitions in the repository name, by group and kind."""
    found: dict[tuple[str, str], tuple[str, Meant]] = {}
    for item in world.all(KubernetesObject):
        names = item.get("spec", "names")
        kind, plural = names.get("kind").text, names.get("plural").text
        if item.kind == "CustomResourceDefinition" and kind and plural:
            group = item.get("spec", "group").text or ""
            found[group, kind] = (plural, item.get("spec", "scope").text != "Cluster")
    return found
