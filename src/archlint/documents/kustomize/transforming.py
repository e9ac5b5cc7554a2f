"""What the fields of a kustomization do to its objects, in kustomize's order."""

from __future__ import annotations

from archlint.documents.kustomize.configuration import Configuration, field_specs
from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.images import set_images, set_replicas
from archlint.documents.kustomize.metadata import set_entries, set_namespace, set_prefix, set_suffix
from archlint.documents.kustomize.patches import Patcher
from archlint.documents.kustomize.paths import FieldSpec, Specs, merged
from archlint.documents.kustomize.refusal import Tolerance
from archlint.documents.kustomize.replacements import read_replacements, replace_all
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.settings import Settings
from archlint.documents.kustomize.values import Value

_METADATA_LABELS = FieldSpec(Gvk(), "metadata/labels", True)


def transform(
    settings: Settings, patcher: Patcher, configuration: Configuration, tolerance: Tolerance
) -> None:
    """Carry out all fields of a kustomization that change objects, but for steps that may be left out."""
    resources, sources = patcher.resources, patcher.sources
    for entry in settings.entries("patchesStrategicMerge"):
        with tolerance:
            patcher.merge_listed([entry])
    for entry in settings.entries("patches"):
        with tolerance:
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
        with tolerance:
            patcher.operate(entry)
    for entry in settings.entries("replicas"):
        with tolerance:
            set_replicas(resources, entry, configuration["replicas"])
    set_images(resources, settings.images, configuration["images"])
    for entry in settings.entries("replacements"):
        with tolerance:
            replace_all(resources, read_replacements([entry], sources, settings.folder))


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
