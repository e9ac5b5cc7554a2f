"""``crds``: definitions of custom resources that say which fields hold names, labels and annotations.

Source: kustomize's ``accumulator.LoadConfigFromCRDs``. These are definitions in OpenAPI's form, by type name;
a CustomResourceDefinition has none of it and adds nothing.
"""

from __future__ import annotations

from typing import Any

from archlint.documents.kustomize.configuration import Configuration
from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.paths import FieldSpec, Specs
from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.values import Value, plain

_MARKS = {
    "x-kubernetes-annotation": "annotations",
    "x-kubernetes-label-selector": "common_labels",
    "x-kubernetes-identity": "prefix",
}
_DEEPEST = 30


def read_definitions(value: Value) -> Configuration:
    """The field specifications that a file of definitions stands for."""
    if not isinstance(value.data, dict):
        raise Refusal("Definitions of custom resources must be a map.", value.origin)
    types: dict[str, Any] = plain(value)
    specs: dict[str, list[FieldSpec]] = {}
    names: dict[Gvk, list[FieldSpec]] = {}
    for name, definition in types.items():
        properties = _properties(definition)
        if {"kind", "apiVersion", "metadata"} <= set(properties):
            _Definition(types, Gvk("", "", name.rpartition(".")[2]), specs, names).read(name, (), 0)
    return Configuration(
        {key: Specs(found) for key, found in specs.items()},
        tuple((target, Specs(found)) for target, found in names.items()),
    )


def _properties(definition: Any) -> dict[str, Any]:
    schema = definition.get("Schema") if isinstance(definition, dict) else None
    if schema is None and isinstance(definition, dict):
        schema = definition.get("schema")
    found = schema.get("properties") if isinstance(schema, dict) else None
    return found if isinstance(found, dict) else {}


class _Definition:
    def __init__(
        self,
        types: dict[str, Any],
        gvk: Gvk,
        specs: dict[str, list[FieldSpec]],
        names: dict[Gvk, list[FieldSpec]],
    ) -> None:
        self.types = types
        self.gvk = gvk
        self.specs = specs
        self.names = names

    def read(self, name: str, way: tuple[str, ...], depth: int) -> None:
        """Note what the properties of a type say."""
        if depth > _DEEPEST:
            return
        for key, schema in _properties(self.types.get(name)).items():
            if not isinstance(schema, dict):
                continue
            here = (*way, key)
            for mark, purpose in _MARKS.items():
                if isinstance(schema.get(mark), str):
                    self.specs.setdefault(purpose, []).append(FieldSpec(self.gvk, "/".join(here)))
            self._reference(schema, here)
            reference = schema.get("$ref")
            if isinstance(reference, str):
                self.read(reference, here, depth + 1)

    def _reference(self, schema: dict[str, Any], here: tuple[str, ...]) -> None:
        version = schema.get("x-kubernetes-object-ref-api-version")
        kind = schema.get("x-kubernetes-object-ref-kind")
        if isinstance(version, str) and isinstance(kind, str):
            field = schema.get("x-kubernetes-object-ref-name-key")
            path = "/".join((*here, field if isinstance(field, str) else "name"))
            self.names.setdefault(Gvk("", version, kind), []).append(FieldSpec(self.gvk, path))
