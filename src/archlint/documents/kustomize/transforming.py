"""What the fields of a kustomization do to its objects, in kustomize's order."""

from __future__ import annotations

from archlint.documents.kustomize.configuration import Configuration, field_specs
from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.images import set_images, set_replicas
from archlint.documents.kustomize.metadata import set_entries, set_namespace, set_prefix, set_suffix
from archlint.documents.kustomize.patches import Patcher, SchemaOf
from archlint.documents.kustomize.paths import FieldSpec, Specs, merged
from archlint.documents.kustomize.replacements import read_replacements, replace_all
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.settings import Settings
from archlint.documents.kustomize.sources import Sources
from archlint.documents.kustomize.values import Value

_METADATA_LABELS = FieldSpec(Gvk(), "metadata/labels", True)


def transform(
    settings: Settings,
    resources: Resources,
    configuration: Configuration,
    sources: Sources,
    schema_of: SchemaOf,
) -> None:
    """Carry out all fields of a kustomization that change objects."""
    patcher = Patcher(resources, sources, settings.folder, schema_of)
    if settings.entries("patchesStrategicMerge"):
        patcher.merge_listed(settings.entries("patchesStrategicMerge"))
    for entry in settings.entries("patches"):
        patcher.apply(entry)
    _name(settings, resources, configuration)
    for entry in settings.entries("labels"):
        pairs = entry.get("pairs")
        if pairs is not None:
            set_entries(resources, pairs, _label_specs(entry, configuration))
    for key, purpose in (("commonLabels", "common_labels"), ("commonAnnotations", "annotations")):
        entries = settings.value.get(key)
        if entries is not None:
            set_entries(resources, entries, configuration[purpose])
    for entry in settings.entries("patchesJson6902"):
        patcher.operate(entry)
    for entry in settings.entries("replicas"):
        set_replicas(resources, entry, configuration["replicas"])
    set_images(resources, settings.images, configuration["images"])
    replace_all(resources, read_replacements(settings.entries("replacements"), sources, settings.folder))


def _name(settings: Settings, resources: Resources, configuration: Configuration) -> None:
    namespace, prefix = settings.text("namespace"), settings.text("namePrefix")
    suffix = settings.text("nameSuffix")
    if namespace is not None:
        set_namespace(resources, namespace, configuration["namespace"])
    if prefix is not None:
        set_prefix(resources, prefix, configuration["prefix"])
    if suffix is not None:
        set_suffix(resources, suffix, configuration["suffix"])


def _label_specs(entry: Value, configuration: Configuration) -> Specs:
    specs = merged(field_specs(entry.get("fields")), configuration["labels"], entry.origin)
    if _is_on(entry, "includeSelectors"):
        return merged(specs, configuration["common_labels"], entry.origin)
    if _is_on(entry, "includeTemplates"):
        specs = merged(specs, configuration["template_labels"], entry.origin)
    return merged(specs, (_METADATA_LABELS,), entry.origin)


def _is_on(entry: Value, key: str) -> bool:
    found = entry.get(key)
    return found is not None and found.data is True
