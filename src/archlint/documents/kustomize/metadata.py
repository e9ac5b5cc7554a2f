"""Names, namespaces, labels and annotations that a kustomization gives to its objects.

Source: kustomize's ``filters/{prefix,suffix,namespace,labels,annotations}`` and the plugins around them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.paths import FieldSpec, Specs, apply
from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.values import Origin, Value

_KEPT_NAMES = (
    Gvk("", "", "CustomResourceDefinition"),
    Gvk("apiregistration.k8s.io", "", "APIService"),
    Gvk("", "", "Namespace"),
)
_METADATA_NAMESPACE = FieldSpec(Gvk(), "metadata/namespace", True)
_BINDINGS = ("RoleBinding", "ClusterRoleBinding")


def set_prefix(resources: Resources, prefix: Value, specs: Specs) -> None:
    """Put a text before names."""
    for item in resources:
        _affix(item, specs, prefix, item.prefixes, lambda name: prefix.text + name)


def set_suffix(resources: Resources, suffix: Value, specs: Specs) -> None:
    """Put a text behind names."""
    for item in resources:
        _affix(item, specs, suffix, item.suffixes, lambda name: name + suffix.text)


def _affix(item: Resource, specs: Specs, said: Value, known: list[str], rename: Callable[[str], str]) -> None:
    first = item.first_identity.gvk
    if any(first.is_selected(gvk) for gvk in _KEPT_NAMES):
        return

    def setter(holder: Any, key: Any) -> None:
        old = holder[key]
        if isinstance(old.data, (dict, list)):
            raise Refusal("A prefix or suffix can only be given to a text.", old.origin)
        is_name = holder is item.metadata().data
        holder[key] = Value(rename(old.text), old.origin if is_name else said.origin)

    for spec in specs.of(first):
        if spec.path == "metadata/name" and said.text:
            known.append(said.text)
            item.remember()
        apply(item.root, spec, setter, blank=str, origin=said.origin)


def set_namespace(
    resources: Resources,
    namespace: Value,
    specs: Specs,
    *,
    subjects: str = "defaultOnly",
    unset_only: bool = False,
) -> None:
    """Put objects into a namespace."""

    def setter(holder: Any, key: Any) -> None:
        old = holder[key]
        if isinstance(old.data, (dict, list)):
            raise Refusal("A namespace can only be set where a text stands.", old.origin)
        if not unset_only or not old.text:
            holder[key] = Value(namespace.text, namespace.origin)

    for item in resources:
        item.remember()
        put_namespace(item, setter, specs, subjects, namespace.origin)
    resources.check(namespace.origin)


def put_namespace(item: Resource, setter: Any, specs: Specs, subjects: str, origin: Origin) -> None:
    """Put one object into a namespace."""
    gvk = item.gvk
    if not gvk.is_of_cluster:
        apply(item.root, _METADATA_NAMESPACE, setter, blank=str, origin=origin)
    if gvk.kind in _BINDINGS:
        _set_subjects(item, setter, subjects)
    for spec in specs.of(gvk):
        if spec.path == "metadata/namespace":
            continue
        if spec.path == "metadata/name" and gvk.api_version != "v1":
            continue
        if spec.gvk.kind in _BINDINGS and spec.path == "subjects/namespace":
            continue
        apply(item.root, spec, setter, blank=str, origin=origin)


def _set_subjects(item: Resource, setter: Any, mode: str) -> None:
    """Subjects of role bindings: only those that are called ``default``, unless told otherwise."""
    subjects = item.root.data.get("subjects")
    if mode == "none" or subjects is None or subjects.data is None:
        return
    if not isinstance(subjects.data, list):
        raise Refusal("'subjects' is no list.", subjects.origin)
    for subject in subjects.data:
        if not isinstance(subject.data, dict):
            raise Refusal("A subject must be a map.", subject.origin)
        key, wanted = ("kind", "ServiceAccount") if mode == "allServiceAccounts" else ("name", "default")
        named = subject.data.get(key)
        if named is not None and named.text == wanted:
            subject.data.setdefault("namespace", Value("", subject.origin))
            setter(subject.data, "namespace")


def set_entries(resources: Resources, entries: Value, specs: Specs, origin: Origin | None = None) -> None:
    """Put labels or annotations into maps."""
    if not isinstance(entries.data, dict):
        return
    pairs = sorted(entries.data.items())
    for item in resources:
        for spec in specs.of(item.gvk):
            apply(item.root, spec, _entry_setter(pairs), blank=dict, origin=origin or entries.origin)


def _entry_setter(pairs: Sequence[tuple[str, Value]]) -> Any:
    def setter(holder: Any, key: Any) -> None:
        target = holder[key]
        if target.data is None:
            target = holder[key] = Value({}, target.origin)
        if not isinstance(target.data, dict):
            raise Refusal("Labels and annotations can only be put into a map.", target.origin)
        for name, value in pairs:
            target.data[name] = Value(value.text, value.origin)

    return setter
