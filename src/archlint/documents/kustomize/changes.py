"""What those who apply a kustomization change in it: fields that they set, and what they do to the result.

Flux writes its settings into the kustomization file before it builds, Argo CD calls ``kustomize edit``. Each
value that is set has its origin where that is said: in the Flux Kustomization, in the Application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.values import Origin, Value, copied
from archlint.finding.records import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """What is done to one kustomization by whoever applies it."""

    path: str
    """The file that says so."""
    origin: Origin
    fields: Mapping[str, Value]
    """Fields of the kustomization: texts replace what it says, lists and maps are added to it."""
    files: tuple[str, ...] = ()
    """What a folder without a kustomization file takes in, relative to it."""
    finish: tuple[Callable[[Resource], None], ...] = ()
    """What is done to each object in the end."""


def change(value: Value, fields: Mapping[str, Value]) -> None:
    """Write fields into a kustomization."""
    for key, said in fields.items():
        old = value.data.get(key)
        if isinstance(said.data, list) and old is not None and isinstance(old.data, list):
            value.data[key] = Value([*old.data, *copied(said).data], old.origin)
        elif isinstance(said.data, dict) and old is not None and isinstance(old.data, dict):
            value.data[key] = Value({**old.data, **copied(said).data}, old.origin)
        else:
            value.data[key] = copied(said)


def generated_kustomization(files: Iterable[str], origin: Origin) -> Value:
    """The kustomization of a folder that has none."""
    listed = [Value(name, origin) for name in files]
    return Value({"resources": Value(listed, origin)}, origin)


def put_entries(field: str, entries: Value) -> Callable[[Resource], None]:
    """Labels or annotations for the metadata of each object."""

    def put(item: Resource) -> None:
        metadata = item.metadata()
        old = metadata.data.get(field)
        known = old.data if old is not None and isinstance(old.data, dict) else {}
        added = {key: Value(said.text, said.origin) for key, said in entries.data.items()}
        metadata.data[field] = Value({**known, **added}, old.origin if old is not None else entries.origin)

    return put


def put_namespace_if_unset(namespace: Value) -> Callable[[Resource], None]:
    """A namespace for those objects that name none, as applying them with ``-n`` gives it.

    Whether a custom resource has a namespace is not known here, so these keep none.
    """

    def put(item: Resource) -> None:
        gvk = item.gvk
        is_builtin = "." not in gvk.group or gvk.group.endswith(".k8s.io")
        if is_builtin and not gvk.is_of_cluster and not item.namespace:
            item.set_namespace(namespace.text, namespace.origin)

    return put
