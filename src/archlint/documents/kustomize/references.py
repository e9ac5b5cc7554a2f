"""Names that refer to other objects follow these where they got other names or namespaces.

Source: kustomize's ``filters/nameref``. Which fields refer to what is said by the configuration.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from archlint.documents.kustomize.configuration import Configuration
from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.paths import FieldSpec, apply
from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.values import Value


def follow_references(resources: Resources, configuration: Configuration) -> None:
    """Write the new names of objects wherever the old ones are used."""
    by_name: dict[str, list[Resource]] = defaultdict(list)
    for item in resources:
        for name in dict.fromkeys(known.name for known in item.earlier()):
            by_name[name].append(item)
    if not by_name:
        return
    for item in resources:
        referrer = _Referrer(item, by_name)
        for spec, target in configuration.references_of(item.first_identity.gvk):
            referrer.follow(spec, target)


class _Referrer:
    """An object that may refer to others."""

    def __init__(self, item: Resource, by_name: dict[str, list[Resource]]) -> None:
        self.item = item
        self.by_name = by_name
        self.identity = item.identity
        self.namespaces = _subject_namespaces(item)

    def follow(self, spec: FieldSpec, target: Gvk) -> None:
        """Follow the references at one path, which are to objects of one kind."""

        def setter(holder: Any, key: Any) -> None:
            value = holder[key]
            if value.data is None:
                return
            if isinstance(value.data, list):
                for index, entry in enumerate(value.data):
                    if isinstance(entry.data, dict):
                        self._set_map(entry, spec, target)
                    elif isinstance(entry.data, list):
                        raise Refusal("A reference must be a text or a map.", entry.origin)
                    elif entry.data is not None:
                        self._set_text(value.data, index, spec, target)
            elif isinstance(value.data, dict):
                self._set_map(value, spec, target)
            else:
                self._set_text(holder, key, spec, target)

        apply(self.item.root, spec, setter)

    def _candidates(self, name: str) -> list[Resource]:
        """The objects that had a name and can be referred to from here."""
        return [item for item in self.by_name.get(name, ()) if self._is_near(item)]

    def _is_near(self, other: Resource) -> bool:
        theirs = other.identity
        return (
            self.identity.gvk.is_of_cluster
            or theirs.gvk.is_of_cluster
            or theirs.effective == self.identity.effective
            or other.namespace in self.namespaces
        )

    def _set_text(self, holder: Any, key: Any, spec: FieldSpec, target: Gvk) -> None:
        old: Value = holder[key]
        found = self._select(old, self._candidates(old.text), spec, target, by_namespace=False)
        if found is not None and found.name != old.text:
            holder[key] = Value(found.name, old.origin)

    def _set_map(self, value: Value, spec: FieldSpec, target: Gvk) -> None:
        named = value.data.get("name")
        if named is None:
            raise Refusal("A reference has no 'name'.", value.origin)
        candidates = self._candidates(named.text)
        namespace = value.data.get("namespace")
        if namespace is not None:
            candidates = _in_namespace(candidates, namespace.text)
        found = self._select(named, candidates, spec, target, by_namespace=True)
        if found is None or (found.name == named.text and not found.namespace):
            return
        if found.name != named.text:
            value.data["name"] = Value(found.name, named.origin)
        if found.namespace and (namespace is None or namespace.text != found.namespace):
            value.data["namespace"] = Value(
                found.namespace, namespace.origin if namespace is not None else value.origin
            )

    def _select(
        self, name: Value, candidates: list[Resource], spec: FieldSpec, target: Gvk, *, by_namespace: bool
    ) -> Resource | None:
        """The one object that is meant."""
        role = self._role() if spec.path.endswith("roleRef/name") else None
        found = [
            item
            for item in candidates
            if any(known.gvk.is_selected(target) for known in item.earlier())
            and (role is None or any(known.gvk.is_selected(role) for known in item.earlier()))
            and self._shares_namespace(item)
        ]
        if len(found) == 1:
            return found[0]
        found = [item for item in found if _same_affixes(item, self.item, allow_empty=True)]
        if len(found) > 1:
            found = [item for item in found if _same_affixes(item, self.item, allow_empty=False)]
        if len(found) <= 1:
            return found[0] if found else None
        first = found[0]
        if all(
            item.name == first.name and (not by_namespace or item.namespace == first.namespace)
            for item in found
        ):
            return first
        raise Refusal(f"'{name.text}' may mean several objects.", name.origin)

    def _shares_namespace(self, other: Resource) -> bool:
        theirs = other.identity
        return (
            self.identity.gvk.is_of_cluster
            or theirs.gvk.is_of_cluster
            or theirs.gvk.kind == "ServiceAccount"
            or theirs.effective == self.identity.effective
        )

    def _role(self) -> Gvk | None:
        role = self.item.root.get("roleRef")
        group, kind = (role.get("apiGroup"), role.get("kind")) if role is not None else (None, None)
        if group is None or kind is None:
            return None
        return Gvk(group.text, "", kind.text)


def _subject_namespaces(item: Resource) -> frozenset[str]:
    """Where the service accounts are that a role binding names."""
    if item.kind != "RoleBinding":
        return frozenset()
    subjects = item.root.get("subjects")
    found: set[str] = set()
    for subject in subjects.data if subjects is not None and isinstance(subjects.data, list) else ():
        kind, namespace = subject.get("kind"), subject.get("namespace")
        if kind is not None and kind.text == "ServiceAccount" and namespace is not None:
            if not isinstance(namespace.data, str):
                raise Refusal("The namespace of a subject must be a text.", namespace.origin)
            found.add(namespace.text)
    return frozenset(found)


def _in_namespace(candidates: Sequence[Resource], namespace: str) -> list[Resource]:
    """Those that were in a namespace at first, else those that are in it now."""
    first = [item for item in candidates if item.first_identity.effective == namespace]
    return first or [item for item in candidates if item.identity.effective == namespace]


def _same_affixes(one: Resource, other: Resource, *, allow_empty: bool) -> bool:
    return all(
        (allow_empty and not (mine and theirs)) or _same_ending(mine, theirs)
        for mine, theirs in ((one.prefixes, other.prefixes), (one.suffixes, other.suffixes))
    )


def _same_ending(one: Sequence[str], other: Sequence[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return not longer
    return list(longer[len(longer) - len(shorter) :]) == list(shorter)
