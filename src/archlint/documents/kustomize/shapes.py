"""Which fields a kustomization file may have, and of which type.

Source: kustomize 5.7, ``api/types``. It refuses unknown fields and values of another type, and does not care
about capital letters in the names of fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.values import Value

_TYPES: dict[str, tuple[type, ...]] = {"text": (str,), "bool": (bool,), "int": (int,)}
_WORDS = {"text": "a text", "bool": "true or false", "int": "an integer"}
_FIELD_SPEC = {"group": "text", "version": "text", "kind": "text", "path": "text", "create": "bool"}
_IDENTITY = {"group": "text", "version": "text", "kind": "text", "name": "text", "namespace": "text"}
_SOURCES = {
    "namespace": "text",
    "name": "text",
    "behavior": "text",
    "literals": "[]text",
    "files": "[]text",
    "envs": "[]text",
    "env": "text",
    "options": "GeneratorOptions",
}
_REPLACEMENT = {"source": "Source", "targets": "[]Target", "sourceValue": "text"}
_SHAPES: dict[str, Mapping[str, str]] = {
    "Kustomization": {
        "apiVersion": "text",
        "kind": "text",
        "metadata": "ObjectMeta",
        "openapi": "{}text",
        "namePrefix": "text",
        "nameSuffix": "text",
        "namespace": "text",
        "commonLabels": "{}text",
        "labels": "[]Label",
        "commonAnnotations": "{}text",
        "patchesStrategicMerge": "[]text",
        "patchesJson6902": "[]Patch",
        "patches": "[]Patch",
        "images": "[]Image",
        "imageTags": "[]Image",
        "replacements": "[]ReplacementField",
        "replicas": "[]Replica",
        "vars": "[]Var",
        "sortOptions": "SortOptions",
        "resources": "[]text",
        "components": "[]text",
        "crds": "[]text",
        "bases": "[]text",
        "configMapGenerator": "[]ConfigMap",
        "secretGenerator": "[]Secret",
        "helmGlobals": "HelmGlobals",
        "helmCharts": "[]any",
        "helmChartInflationGenerator": "[]any",
        "generatorOptions": "GeneratorOptions",
        "configurations": "[]text",
        "generators": "[]text",
        "transformers": "[]text",
        "validators": "[]text",
        "buildMetadata": "[]text",
    },
    "ObjectMeta": {"name": "text", "namespace": "text", "labels": "{}text", "annotations": "{}text"},
    "HelmGlobals": {"chartHome": "text", "configHome": "text"},
    "Label": {
        "pairs": "{}text",
        "includeSelectors": "bool",
        "includeTemplates": "bool",
        "fields": "[]FieldSpec",
    },
    "FieldSpec": _FIELD_SPEC,
    "Patch": {"path": "text", "patch": "text", "target": "Selector", "options": "{}bool"},
    "Selector": {**_IDENTITY, "annotationSelector": "text", "labelSelector": "text"},
    "Image": dict.fromkeys(("name", "newName", "tagSuffix", "newTag", "digest"), "text"),
    "Replacement": _REPLACEMENT,
    "ReplacementField": {**_REPLACEMENT, "path": "text"},
    "Source": {**_IDENTITY, "fieldPath": "text", "options": "FieldOptions"},
    "Target": {
        "select": "Selector",
        "reject": "[]Selector",
        "fieldPaths": "[]text",
        "options": "FieldOptions",
    },
    "FieldOptions": {"delimiter": "text", "index": "int", "encoding": "text", "create": "bool"},
    "Replica": {"name": "text", "count": "int"},
    "Var": {"name": "text", "objref": "Object", "fieldref": "FieldSelector"},
    "Object": {"apiVersion": "text", **_IDENTITY},
    "FieldSelector": {"fieldPath": "text"},
    "SortOptions": {"order": "text", "legacySortOptions": "LegacySort"},
    "LegacySort": {"orderFirst": "[]text", "orderLast": "[]text"},
    "ConfigMap": _SOURCES,
    "Secret": {**_SOURCES, "type": "text"},
    "GeneratorOptions": {
        "labels": "{}text",
        "annotations": "{}text",
        "disableNameSuffixHash": "bool",
        "immutable": "bool",
    },
}
_LOWER = {shape: {name.lower(): name for name in fields} for shape, fields in _SHAPES.items()}


def check_shape(value: Value, shape: str) -> None:
    """That a value has the fields of a shape and no other, of the right types; names get their spelling."""
    _check(value, shape, "")


def _check(value: Value, shape: str, name: str) -> None:
    data = value.data
    if data is None or shape == "any":
        return
    if shape.startswith("[]"):
        if not isinstance(data, list):
            raise Refusal(f"'{name}' must be a list.", value.origin)
        for item in data:
            _check(item, shape[2:], name)
    elif shape.startswith("{}"):
        if not isinstance(data, dict):
            raise Refusal(f"'{name}' must be a map.", value.origin)
        for key, item in data.items():
            _check(item, shape[2:], key)
    elif shape in _TYPES:
        _check_scalar(value, shape, name)
    else:
        _check_fields(value, shape, name)


def _check_scalar(value: Value, shape: str, name: str) -> None:
    is_right = isinstance(value.data, _TYPES[shape]) and (shape != "int" or not isinstance(value.data, bool))
    if not is_right:
        said: Any = value.data
        seen = "" if isinstance(said, (dict, list)) else f", not {value.text}"
        hint = " Put it in quotes." if shape == "text" and seen else ""
        raise Refusal(f"'{name}' must be {_WORDS[shape]}{seen}.{hint}", value.origin)


def _check_fields(value: Value, shape: str, name: str) -> None:
    data = value.data
    if not isinstance(data, dict):
        raise Refusal(f"'{name}' must be a map." if name else "This must be a map.", value.origin)
    known = _LOWER[shape]
    for key in list(data):
        proper = known.get(key.lower())
        if proper is None:
            near = get_close_matches(key, list(_SHAPES[shape]), 1)
            hint = f" Is '{near[0]}' meant?" if near else ""
            raise Refusal(f"'{key}' is no field that kustomize knows here.{hint}", data[key].origin)
        if proper != key:
            data[proper] = data.pop(key)
        _check(data[proper], _SHAPES[shape][proper], proper)
