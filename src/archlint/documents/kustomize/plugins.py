"""Transformers, generators and validators that are written as files of kustomize's built-in kinds.

Everything else that can stand there is a program (a plugin or a function) and is not run.
"""

from __future__ import annotations

from collections.abc import Callable
from posixpath import basename
from typing import Any

from archlint.documents.kustomize.configuration import field_specs
from archlint.documents.kustomize.generators import generate, hash_of
from archlint.documents.kustomize.images import set_images, set_replicas
from archlint.documents.kustomize.metadata import (
    put_namespace,
    set_entries,
    set_namespace,
    set_prefix,
    set_suffix,
)
from archlint.documents.kustomize.patches import Patcher, SchemaOf
from archlint.documents.kustomize.paths import NO_SPECS, FieldSpec, Specs, apply
from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.replacements import read_replacements, replace_all
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.selectors import Selector
from archlint.documents.kustomize.sources import Sources
from archlint.documents.kustomize.values import Value

_BUILTIN = "builtin"
_GENERATORS = {"ConfigMapGenerator": "ConfigMap", "SecretGenerator": "Secret"}


def run_generator(plugin: Resource, folder: str, resources: Resources, sources: Sources) -> None:
    """Make what an object under ``generators`` says."""
    _need_builtin(plugin)
    kind = _GENERATORS.get(plugin.kind)
    if kind is None:
        raise Refusal(f"{plugin.kind} is no generator that is built.", plugin.origin, Reason.PROGRAM)
    entry = Value(dict(plugin.root.data), plugin.origin)
    for key in ("name", "namespace"):
        said = entry.data.get(key)
        named = plugin.root.get("metadata", key)
        if (said is None or not said.text) and named is not None:
            entry.data[key] = named
    resources.absorb(generate(kind, entry, None, sources, folder), plugin.origin)


def run_transformer(
    plugin: Resource, folder: str, resources: Resources, sources: Sources, schema_of: SchemaOf
) -> None:
    """Do what an object under ``transformers`` says."""
    _need_builtin(plugin)
    run = _TRANSFORMERS.get(plugin.kind)
    if run is None:
        raise Refusal(f"{plugin.kind} is no transformer that is built.", plugin.origin, Reason.PROGRAM)
    run(_Plugin(plugin.root, folder, resources, sources, schema_of))
    resources.drop_gone()


def _need_builtin(plugin: Resource) -> None:
    if plugin.gvk.api_version != _BUILTIN:
        words = f"{plugin.kind} is done by a plugin or function, and programs are not run."
        raise Refusal(words, plugin.origin, Reason.PROGRAM)


class _Plugin:
    """One transformer with all that it may need."""

    def __init__(
        self, value: Value, folder: str, resources: Resources, sources: Sources, schema_of: SchemaOf
    ) -> None:
        self.value = value
        self.folder = folder
        self.resources = resources
        self.sources = sources
        self.schema_of = schema_of

    @property
    def specs(self) -> Specs:
        """Its field specifications."""
        return field_specs(self.value.get("fieldSpecs"))

    @property
    def patcher(self) -> Patcher:
        """What applies its patches."""
        return Patcher(self.resources, self.sources, self.folder, self.schema_of)

    def map(self, key: str) -> Value:
        """A map that it has to have."""
        found = self.value.get(key)
        if found is None or not isinstance(found.data, dict):
            raise Refusal(f"'{key}' must be a map.", self.value.origin)
        return found

    def list(self, key: str) -> list[Value]:
        """The items of a list."""
        found = self.value.get(key)
        return list(found.data) if found is not None and isinstance(found.data, list) else []

    def text(self, *route: str) -> Value | None:
        """A text that says something."""
        found = self.value.get(*route)
        return found if found is not None and found.text else None


def _namespace(plugin: _Plugin) -> None:
    namespace = plugin.text("metadata", "namespace")
    mode, unset = plugin.text("setRoleBindingSubjects"), plugin.value.get("unsetOnly")
    subjects = mode.text if mode is not None else "defaultOnly"
    if mode is not None and subjects not in ("defaultOnly", "allServiceAccounts", "none"):
        raise Refusal(f"'{subjects}' is no choice of subjects.", mode.origin)
    if namespace is not None:
        is_unset_only = unset is not None and unset.data is True
        set_namespace(plugin.resources, namespace, plugin.specs, subjects=subjects, unset_only=is_unset_only)


def _affix(key: str, put: Callable[[Resources, Value, Any], None]) -> Callable[[_Plugin], None]:
    def run(plugin: _Plugin) -> None:
        if plugin.value.get("fieldSpecs") is None:
            raise Refusal("'fieldSpecs' is missing.", plugin.value.origin)
        put(plugin.resources, plugin.text(key) or Value("", plugin.value.origin), plugin.specs)

    return run


def _entries(key: str) -> Callable[[_Plugin], None]:
    def run(plugin: _Plugin) -> None:
        if plugin.value.get(key) is not None:
            set_entries(plugin.resources, plugin.map(key), plugin.specs)

    return run


def _patch_listed(plugin: _Plugin) -> None:
    text = plugin.text("patches")
    entries = [*plugin.list("paths"), *([text] if text is not None else [])]
    if not entries:
        raise Refusal("There is neither a path nor a patch.", plugin.value.origin)
    plugin.patcher.merge_listed(entries)


def _patch_json(plugin: _Plugin) -> None:
    entry = Value(dict(plugin.value.data), plugin.value.origin)
    entry.data["patch"] = entry.data.get("jsonOp", Value(None, entry.origin))
    plugin.patcher.operate(entry)


def _hash(plugin: _Plugin) -> None:
    for item in plugin.resources:
        if item.needs_hash:
            item.remember()
            item.set_name(f"{item.name}-{hash_of(item)}")


def _add_value(plugin: _Plugin) -> None:
    said = plugin.text("value")
    text = said.text.strip() if said is not None else basename(plugin.folder)
    value = Value(text, said.origin if said is not None else plugin.value.origin)

    def setter(holder: Any, key: Any) -> None:
        if isinstance(holder[key].data, (dict, list)):
            raise Refusal("A value can only be added where a text stands.", holder[key].origin)
        holder[key] = value

    for target in plugin.list("targets"):
        path, select = target.get("fieldPath"), target.get("selector")
        position = target.get("filePathPosition")
        if path is None or not path.text or (position is not None and position.data):
            raise Refusal("This target of a value is not built.", target.origin, Reason.PROGRAM)
        chosen = plugin.resources.items if select is None else list(Selector(select).chosen(plugin.resources))
        for item in chosen:
            if path.text == "metadata/namespace":
                put_namespace(item, setter, NO_SPECS, "defaultOnly", value.origin)
            else:
                apply(item.root, FieldSpec(item.gvk, path.text, True), setter, blank=str, origin=value.origin)


def _replace(plugin: _Plugin) -> None:
    replace_all(
        plugin.resources, read_replacements(plugin.list("replacements"), plugin.sources, plugin.folder)
    )


_TRANSFORMERS: dict[str, Callable[[_Plugin], None]] = {
    "NamespaceTransformer": _namespace,
    "PrefixTransformer": _affix("prefix", set_prefix),
    "SuffixTransformer": _affix("suffix", set_suffix),
    "LabelTransformer": _entries("labels"),
    "AnnotationsTransformer": _entries("annotations"),
    "PatchTransformer": lambda plugin: plugin.patcher.apply(plugin.value),
    "PatchStrategicMergeTransformer": _patch_listed,
    "PatchJson6902Transformer": _patch_json,
    "ReplicaCountTransformer": lambda plugin: set_replicas(
        plugin.resources, plugin.map("replica"), plugin.specs
    ),
    "ImageTagTransformer": lambda plugin: set_images(
        plugin.resources, [plugin.map("imageTag")], plugin.specs
    ),
    "ReplacementTransformer": _replace,
    "ValueAddTransformer": _add_value,
    "HashTransformer": _hash,
}
