"""What objects are called once kustomize has built them: prefixes, suffixes and namespaces along the way.

Bases of several components may all define a Deployment ``controller``: each kustomization renames its own.

Source: the kustomize reference: an outer ``namePrefix`` stands before an inner one, an outer ``namespace``
wins; namespaces, custom resource definitions and API services get no prefix and no suffix.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.finding.records import dataclass
from archlint.model.kubernetes.building.kustomizations import Kustomization
from archlint.model.kubernetes.objects import KubernetesObject
from archlint.model.kubernetes.sets import DeploymentSet, ObjectKey, object_key

_MOST_WAYS = 16
"""Ways into one kustomization that are followed: overlays of overlays may be entered in very many."""
_KEEP_NAMES = frozenset({"Namespace", "CustomResourceDefinition", "APIService"})
_WITHOUT_NAMESPACE = frozenset(
    {
        *("ClusterRole", "ClusterRoleBinding", "PersistentVolume", "StorageClass", "PriorityClass"),
        *("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "IngressClass"),
        *_KEEP_NAMES,
    }
)


@dataclass(frozen=True, slots=True)
class _Change:
    """What kustomizations, from the outermost inwards, do to names."""

    prefix: str = ""
    suffix: str = ""
    namespace: str | None = None

    def then(self, inner: Kustomization) -> _Change:
        """The change with that of a kustomization further in."""
        return _Change(
            self.prefix + (inner.node.get("namePrefix").text or ""),
            (inner.node.get("nameSuffix").text or "") + self.suffix,
            self.namespace or inner.namespace,
        )

    def applied(self, item: KubernetesObject) -> ObjectKey:
        """The identity of an object after the change."""
        group, kind, namespace, name = object_key(item)
        if kind == "Namespace":
            return (group, kind, None, self.namespace or name)
        if kind not in _KEEP_NAMES:
            name = f"{self.prefix}{name}{self.suffix}"
        return (group, kind, None if kind in _WITHOUT_NAMESPACE else self.namespace or namespace, name)


class BuiltNames:
    """The names that the objects of one deployment set get."""

    def __init__(self, group: DeploymentSet) -> None:
        self._changes: dict[str, list[_Change]] = defaultdict(list)
        if group.kustomizations:
            self._follow(group)

    def of(self, item: KubernetesObject) -> Iterator[ObjectKey]:
        """The identities under which an object is applied: several if it is taken in along several ways."""
        changes = self._changes.get(item.source.path)
        if changes is None:
            yield object_key(item)
        else:
            yield from dict.fromkeys(change.applied(item) for change in changes)

    def _follow(self, group: DeploymentSet) -> None:
        by_folder = {member.folder: member for member in group.kustomizations}
        top = group.kustomizations[0]
        seen: dict[str, set[_Change]] = defaultdict(set)
        waiting = [(top, _Change().then(top))]
        while waiting:
            member, change = waiting.pop()
            if change in seen[member.folder] or len(seen[member.folder]) >= _MOST_WAYS:
                continue
            seen[member.folder].add(change)
            for name in member.includes:
                if name in by_folder:
                    waiting.append((by_folder[name], change.then(by_folder[name])))
                elif name in group.paths and change not in self._changes[name]:
                    self._changes[name].append(change)
