"""Which fields the transformers of one kustomization work on: the defaults and what ``configurations`` add.

Source: kustomize's ``builtinconfig.TransformerConfig``. Kustomizations hand theirs to those around them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from archlint.documents.kustomize import defaults
from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.paths import NO_SPECS, FieldSpec, Specs, merged
from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.values import Origin, Value

References = tuple[tuple[Gvk, Specs], ...]

_KEYS = {
    "namePrefix": "prefix",
    "nameSuffix": "suffix",
    "namespace": "namespace",
    "commonLabels": "common_labels",
    "labels": "labels",
    "templateLabels": "template_labels",
    "commonAnnotations": "annotations",
    "varReference": "variables",
    "images": "images",
    "replicas": "replicas",
}


class Configuration:
    """Field specifications by what they are for; never changed once it is made."""

    __slots__ = ("by_referrer", "names", "specs")

    def __init__(self, specs: dict[str, Specs], names: References) -> None:
        self.specs = specs
        self.names = names
        self.by_referrer: dict[Gvk, tuple[tuple[FieldSpec, Gvk], ...]] = {}

    def __getitem__(self, key: str) -> Specs:
        return self.specs.get(key, NO_SPECS)

    def references_of(self, referrer: Gvk) -> tuple[tuple[FieldSpec, Gvk], ...]:
        """The fields of a kind that name others, with the kind that they name."""
        found = self.by_referrer.get(referrer)
        if found is None:
            found = tuple(
                (spec, target)
                for target, specs in self.names
                for spec in specs
                if referrer.is_selected(spec.gvk)
            )
            self.by_referrer[referrer] = found
        return found

    def with_(self, other: Configuration, origin: Origin) -> Configuration:
        """Both together."""
        if other is self or other is EMPTY:
            return self
        if self is EMPTY:
            return other
        key = (id(self), id(other))
        known = _MERGED.get(key)
        if known is not None:
            return known[2]
        specs = {name: merged(self[name], other[name], origin) for name in {**self.specs, **other.specs}}
        found = Configuration(specs, _references(self.names, other.names, origin))
        if found.specs == self.specs and found.names == self.names:
            found = self
        if len(_MERGED) > _MOST_KEPT:
            _MERGED.clear()
        _MERGED[key] = (self, other, found)
        return found


_MOST_KEPT = 1000
_MERGED: dict[tuple[int, int], tuple[Configuration, Configuration, Configuration]] = {}
"""What was put together already; both parts are held, so that no other object gets their ``id``."""
EMPTY = Configuration({}, ())


def _references(old: References, new: References, origin: Origin) -> References:
    if old is new:
        return old
    result = dict(old)
    for target, specs in new:
        result[target] = merged(result.get(target, NO_SPECS), specs, origin)
    return tuple(result.items())


@cache
def default_configuration() -> Configuration:
    """What holds without any ``configurations``."""
    name = Specs((FieldSpec(Gvk(), "metadata/name"),))
    specs = {
        "prefix": name,
        "suffix": name,
        "namespace": Specs(defaults.namespace_fields()),
        "common_labels": Specs(defaults.common_labels()),
        "template_labels": Specs(defaults.template_labels()),
        "annotations": Specs(defaults.annotation_fields()),
        "variables": Specs(defaults.variable_fields()),
        "images": Specs(defaults.image_fields()),
        "replicas": Specs(defaults.replica_fields()),
    }
    names = tuple((target, Specs(found)) for target, found in defaults.name_references())
    return Configuration(specs, names)


def read_configuration(value: Value) -> Configuration:
    """What one file of ``configurations`` says."""
    if not isinstance(value.data, dict):
        raise Refusal("A file of transformer configurations must be a map.", value.origin)
    specs: dict[str, Specs] = {}
    names: References = ()
    for key, item in value.data.items():
        if item.data is None:
            continue
        if key == "nameReference":
            found = [(_gvk(entry), field_specs(entry.data.get("fieldSpecs"))) for entry in _entries(item)]
            names = _references((), tuple(found), item.origin)
        elif key in _KEYS:
            specs[_KEYS[key]] = merged(NO_SPECS, field_specs(item), item.origin)
        else:
            raise Refusal(f"'{key}' is no transformer that can be configured.", item.origin)
    return Configuration(specs, names)


def field_specs(value: Value | None) -> Specs:
    """A list of field specifications."""
    return NO_SPECS if value is None else Specs(_field_spec(entry) for entry in _entries(value))


def _entries(value: Value) -> Iterable[Value]:
    if value.data is None:
        return ()
    if not isinstance(value.data, list) or not all(isinstance(item.data, dict) for item in value.data):
        raise Refusal("Field specifications must be a list of maps.", value.origin)
    return tuple(value.data)


def _field_spec(entry: Value) -> FieldSpec:
    path, create = entry.data.get("path"), entry.data.get("create")
    for key, item in entry.data.items():
        if key not in ("group", "version", "kind", "path", "create", "skip"):
            raise Refusal(f"'{key}' is no field of a field specification.", item.origin)
    return FieldSpec(
        _gvk(entry), path.text if path is not None else "", create is not None and create.data is True
    )


def _gvk(entry: Value) -> Gvk:
    return Gvk(*(_text(entry.data.get(key)) for key in ("group", "version", "kind")))


def _text(value: Any) -> str:
    return "" if value is None else value.text
