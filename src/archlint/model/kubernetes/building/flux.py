"""Flux Kustomizations: which folder each applies, what it changes, and the values of its variables.

Sources: the Kustomization API of Flux (kustomize.toolkit.fluxcd.io/v1), and ``fluxcd/pkg/kustomize``, which
writes its settings into the kustomization file, and makes one for a folder that has none.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from typing import Any

from archlint.documents.kustomize.changes import Changes, put_entries
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.substitution import Variables
from archlint.documents.kustomize.values import Value
from archlint.finding import ObjectRef
from archlint.model.kubernetes.building.appliers import (
    Applier,
    entries,
    folder_of,
    is_true,
    keep_present,
    text,
    written_in,
)
from archlint.model.kubernetes.building.kustomizations import FLUX

Files = Callable[[str], tuple[str, ...]]
"""What a folder without a kustomization takes in."""
Find = Callable[[str, str, str, str], list[Value]]
"""The objects of a kind, name and namespace in the repository that a file may mean: one, or nobody knows."""
_ENCRYPTED = "ENC["


def flux_kustomization(
    value: Value, files: Files, find: Find, is_there: Callable[[str], bool]
) -> Applier | None:
    """What a Flux Kustomization applies; ``None`` if it is none, or applies nothing of a repository.

    ``is_there`` tells whether the repository has a folder.
    """
    if not text(value, "apiVersion").startswith(FLUX) or text(value, "kind") != "Kustomization":
        return None
    spec = value.get("spec")
    folder = folder_of(text(value, "spec", "path"))
    if spec is None or folder is None:
        return None
    namespace = text(value, "metadata", "namespace")
    kind, name = text(spec, "sourceRef", "kind"), text(spec, "sourceRef", "name")
    source = f"{kind} {text(spec, 'sourceRef', 'namespace') or namespace} {name}"
    variables = _variables(spec, lambda kind, name: find(kind, name, namespace, written_in(value)))
    finish = [variables.replace_in] if variables is not None else []
    fields = _fields(spec)
    if is_true(spec, "ignoreMissingComponents"):
        keep_present(fields, folder, is_there)
    changes = Changes(written_in(value), value.origin, fields, files(folder), (*finish, *_metadata(spec)))
    about = ObjectRef("Flux Kustomization", text(value, "metadata", "name"), namespace or None)
    return Applier(about, value, source, folder, changes, variables is not None)


def _fields(spec: Value) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for key, wanted in (
        ("targetNamespace", "namespace"),
        ("namePrefix", "namePrefix"),
        ("nameSuffix", "nameSuffix"),
        ("patches", "patches"),
        ("patchesStrategicMerge", "patchesStrategicMerge"),
        ("patchesJson6902", "patchesJson6902"),
        ("images", "images"),
        ("components", "components"),
    ):
        found = spec.get(key)
        if found is not None and found.data not in (None, "", []):
            fields[wanted] = found
    return fields


def _metadata(spec: Value) -> Iterator[Callable[[Resource], None]]:
    for field in ("labels", "annotations"):
        found = spec.get("commonMetadata", field)
        if found is not None and isinstance(found.data, dict):
            yield put_entries(field, found)


def _variables(spec: Value, find: Callable[[str, str], list[Value]]) -> Variables | None:
    """The values for ``${NAME}``; ``None`` if nothing is replaced."""
    build = spec.get("postBuild")
    if build is None or not isinstance(build.data, dict):
        return None
    values: dict[str, Value | None] = {}
    is_closed = True
    for entry in entries(build, "substituteFrom"):
        kind, name = text(entry, "kind"), text(entry, "name")
        found = find(kind, name)
        is_closed = is_closed and len(found) == 1
        for item in found:
            said = _said(item, kind)
            values.update(said if len(found) == 1 else dict.fromkeys(said))
    own = build.get("substitute")
    if own is not None and isinstance(own.data, dict):
        values.update(own.data)
    return Variables(values, is_closed) if values or not is_closed else None


def _said(item: Value, kind: str) -> dict[str, Value | None]:
    """What a ConfigMap or Secret says."""
    values: dict[str, Value | None] = {}
    for field in ("data", "stringData"):
        found = item.get(field)
        for key, value in found.data.items() if found is not None and isinstance(found.data, dict) else ():
            is_coded = kind == "Secret" and field == "data"
            values[key] = decoded(value) if is_coded else _readable(value)
    return values


def _readable(value: Value) -> Value | None:
    return None if value.text.startswith(_ENCRYPTED) or "${" in value.text else value


def decoded(value: Value) -> Value | None:
    """The text of a Secret; ``None`` if it is encrypted."""
    if value.text.startswith(_ENCRYPTED):
        return None
    try:
        said: Any = base64.b64decode(value.text, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return Value(said, value.origin)
