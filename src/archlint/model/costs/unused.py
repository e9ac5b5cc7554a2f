"""ConfigMaps, Secrets and Services whose names stand nowhere else in the repository.

A name counts as used wherever it is a word of a text: in other objects, in source, scripts, templates and
documentation. Who may read all objects of a namespace needs no name, so what such rights reach is left alone,
like what labels or annotations may pick.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.sets import deployment_sets
from archlint.model.mentions import NAME, unmentioned
from archlint.model.world import World

_KINDS = frozenset({"ConfigMap", "Secret", "Service"})
_NOT_USES = frozenset({"labels", "matchLabels", "selector", "namespace", "annotations", "image"})
"""Keys below which a name means something else."""
_USUAL_LABELS = regex(
    r"(?:app\.kubernetes\.io|helm\.sh|kustomize\.toolkit\.fluxcd\.io|argocd\.argoproj\.io)/"
    r"|(?:app|name|component|tier|version|release|chart|heritage|team|owner|k8s-app|environment|env)\Z"
)
_USUAL_ANNOTATIONS = regex(
    r"(?:argocd\.argoproj\.io|kubectl\.kubernetes\.io|kustomize\.toolkit\.fluxcd\.io)/"
)
_PLAIN_SECRETS = (None, "Opaque", "kubernetes.io/tls", "kubernetes.io/basic-auth", "kubernetes.io/ssh-auth")
_PLATFORM = regex(r"kube-|openshift|istio-system|default\Z")
_READING = frozenset({"get", "list", "watch", "*"})
_LONGEST = 1_000_000


@dataclass(frozen=True, eq=False)
class UnusedObject:
    """An object of which no other text speaks."""

    base: KubernetesObject

    @classmethod
    def all(cls, world: World) -> Iterable[UnusedObject]:
        """Every such object, in the order of the text."""
        candidates = [item for item in world.all(KubernetesObject) if _may_be_unused(item, world)]
        if candidates:
            unnamed = {item.name for item in candidates} - world.fact(_words_of_objects)
            files = (path for path, kind in world.kinds.items() if kind is not Kind.KUBERNETES)
            unused = unmentioned(unnamed, files, world)
            for item in candidates:
                if item.name in unused and not _is_readable(item, world):
                    yield cls(item)

    @property
    def place(self) -> Place:
        """Its name."""
        return self.base.get("metadata", "name").value_place()

    @property
    def source(self) -> Document:
        """The document that defines it."""
        return self.base.source

    @property
    def object(self) -> ObjectRef:
        """The object."""
        return self.base.object


def _may_be_unused(item: KubernetesObject, world: World) -> bool:
    if item.kind not in _KINDS or item.group or not item.name or is_placeholder(item.name):
        return False
    written = item.get("kind").value_place().source.path
    if item.get("metadata", "name").text is None or "/templates/" in f"/{written}":
        return False
    if _PLATFORM.match(item.namespace or ""):
        return False
    if item.kind == "Secret" and item.get("type").text not in _PLAIN_SECRETS:
        return False
    is_open = item.get("spec", "type").text in ("NodePort", "LoadBalancer", "ExternalName")
    if item.kind == "Service" and (is_open or not item.get("spec", "selector").value):
        return False
    if any(not _USUAL_ANNOTATIONS.match(key) for key in item.annotations):
        return False
    is_picked = any(not _USUAL_LABELS.match(key) for key in item.labels)
    sets = world.fact(deployment_sets).of(item)
    return not is_picked and all(group.is_complete for group in sets)


def _words_of_objects(world: World) -> frozenset[str]:
    """The names that are words of other objects, below keys that mean nothing else."""
    names = {item.name for item in world.all(KubernetesObject) if item.kind in _KINDS}
    holders: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for item in world.all(KubernetesObject):
        for text in _texts(item.node):
            for word in names.intersection(NAME.findall(text[:_LONGEST])):
                holders[word].add((item.kind, item.name))
    return frozenset(
        word
        for word, found in holders.items()
        if any(name != word or kind not in _KINDS for kind, name in found)
    )


def _texts(root: Node) -> Iterator[str]:
    """The texts of an object without its own name."""
    waiting: list[object] = []
    for key, each in root.items():
        is_own = key == "metadata" and each.is_map
        waiting += [_nameless(each.value) if is_own else each.value] if key not in _NOT_USES else []
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            waiting += [each for key, each in here.items() if key not in _NOT_USES]
        elif isinstance(here, list):
            waiting += here
        elif here and isinstance(here, str):
            yield here


def _nameless(metadata: dict[str, object]) -> dict[str, object]:
    return {key: each for key, each in metadata.items() if key != "name" or not isinstance(each, str)}


def _is_readable(item: KubernetesObject, world: World) -> bool:
    """Whether a role of the object's deployment sets lets somebody read all objects of its kind."""
    resource = {"ConfigMap": "configmaps", "Secret": "secrets", "Service": "services"}[item.kind]
    sets = world.fact(deployment_sets)
    roles = world.fact(_reading_roles).get(resource, ())
    return any(role.kind == "ClusterRole" or sets.are_together(role, item) for role in roles)


def _reading_roles(world: World) -> dict[str, list[KubernetesObject]]:
    found: dict[str, list[KubernetesObject]] = defaultdict(list)
    for item in world.all(KubernetesObject):
        if item.kind not in ("Role", "ClusterRole"):
            continue
        for rule in item.get("rules").elements():
            verbs = {node.text for node in rule.get("verbs").elements()}
            if rule.get("resourceNames").value or verbs.isdisjoint(_READING):
                continue
            resources = {node.text for node in rule.get("resources").elements()}
            for resource in ("configmaps", "secrets", "services"):
                if not resources.isdisjoint((resource, "*")):
                    found[resource].append(item)
    return found
