"""Argo CD Applications: which folder each applies, and what it changes in a kustomization or in manifests.

Sources: the Application API (argoproj.io/v1alpha1), and Argo CD's ``util/kustomize``, which calls
``kustomize edit``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase

from archlint.documents.kustomize.changes import Changes, put_namespace_if_unset
from archlint.documents.kustomize.images import split_image
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.values import Value
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.kubernetes.building.appliers import (
    Applier,
    entries,
    folder_of,
    is_true,
    keep_present,
    source_of,
    text,
    written_in,
)
from archlint.model.kubernetes.building.argo_environment import environment, expanded
from archlint.model.kubernetes.building.kustomizations import ARGO


@dataclass(frozen=True, slots=True)
class Folders:
    """What Applications ask of the repository."""

    listed: Callable[[str, bool], tuple[str, ...]]
    """What a folder without a kustomization takes in, with the folders below it or without."""
    is_there: Callable[[str], bool]
    """Whether a folder is there."""


_COPIED = ("namePrefix", "nameSuffix", "namespace", "commonAnnotations", "patches", "replicas", "components")
_MOST_BRACES = 64


def argo_applications(value: Value, folders: Folders) -> Iterator[Applier]:
    """What an Application applies: a folder for each of its sources that is no chart and no plugin."""
    if not text(value, "apiVersion").startswith(ARGO) or text(value, "kind") != "Application":
        return
    several = entries(value, "spec", "sources")
    single = value.get("spec", "source")
    for source in several or ([single] if single is not None else []):
        found = _applied(value, source, folders)
        if found is not None:
            yield found


def _applied(value: Value, source: Value, folders: Folders) -> Applier | None:
    named = text(source, "path")
    folder = folder_of(named)
    is_other = any(source.get(key) is not None for key in ("chart", "helm", "plugin"))
    if not named or folder is None or is_other:
        return None
    is_deep = is_true(source, "directory", "recurse")
    files = folders.listed(folder, is_deep)
    namespace = value.get("spec", "destination", "namespace")
    finish: list[Callable[[Resource], None]] = []
    if namespace is not None and namespace.text:
        finish.append(put_namespace_if_unset(namespace))
    settings = source.get("kustomize")
    fields: dict[str, Value] = {}
    if settings is not None and isinstance(settings.data, dict):
        fields = _fields(settings, environment(value, source))
        if is_true(settings, "ignoreMissingComponents"):
            keep_present(fields, folder, folders.is_there)
    changes = Changes(written_in(value), value.origin, fields, tuple(_chosen(files, source)), tuple(finish))
    name, home = text(value, "metadata", "name"), text(value, "metadata", "namespace")
    return Applier(
        ObjectRef("Application", name, home or None),
        value,
        source_of(text(source, "repoURL")),
        folder,
        changes,
    )


def _fields(settings: Value, known: Mapping[str, str | None]) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    for key in _COPIED:
        found = settings.get(key)
        if found is not None and found.data not in (None, "", [], {}):
            fields[key] = found
    labels = settings.get("commonLabels")
    if labels is not None and isinstance(labels.data, dict) and labels.data:
        without = settings.get("labelWithoutSelector")
        if without is not None and without.data is True:
            entry = Value({"pairs": labels}, labels.origin)
            templates = settings.get("labelIncludeTemplates")
            if templates is not None and templates.data is True:
                entry.data["includeTemplates"] = Value(True, templates.origin)
            fields["labels"] = Value([entry], labels.origin)
        else:
            fields["commonLabels"] = labels
    images = settings.get("images")
    if images is not None and isinstance(images.data, list) and images.data:
        fields["images"] = Value(
            [_image(expanded(item, known)) for item in images.data if item.text], images.origin
        )
    notes = fields.get("commonAnnotations")
    if notes is not None and is_true(settings, "commonAnnotationsEnvsubst") and isinstance(notes.data, dict):
        filled = {key: expanded(item, known) for key, item in notes.data.items()}
        fields["commonAnnotations"] = Value(filled, notes.origin)
    return fields


def _image(said: Value) -> Value:
    """``[NAME=]IMAGE[:TAG|@DIGEST]`` as an entry of ``images``."""
    name, equals, new = said.text.partition("=")
    new_name, tag, digest = split_image(new if equals else said.text)
    parts = {"name": name if equals else new_name}
    if equals:
        parts["newName"] = new_name
    if tag:
        parts["newTag"] = tag
    if digest:
        parts["digest"] = digest
    return Value({key: Value(part, said.origin) for key, part in parts.items()}, said.origin)


def _chosen(files: tuple[str, ...], source: Value) -> Iterator[str]:
    """Those of the files that ``directory`` includes and does not exclude."""
    include, exclude = (text(source, "directory", key) for key in ("include", "exclude"))
    for name in files:
        if (not include or _fits(name, include)) and not (exclude and _fits(name, exclude)):
            yield name


def _fits(name: str, pattern: str) -> bool:
    return any(fnmatchcase(name, each) for each in _alternatives(pattern))


def _alternatives(pattern: str) -> list[str]:
    """A pattern without braces: ``{a,b}`` means either."""
    found = [pattern]
    for _ in range(_MOST_BRACES):
        if not any("{" in each and "}" in each for each in found) or len(found) > _MOST_BRACES:
            break
        found = [other for each in found for other in _expanded(each)]
    return found


def _expanded(pattern: str) -> list[str]:
    start = pattern.find("{")
    end = pattern.find("}", start)
    if start < 0 or end < 0:
        return [pattern]
    return [pattern[:start] + each + pattern[end + 1 :] for each in pattern[start + 1 : end].split(",")]
