"""Charts that Argo CD Applications deploy, and the values that these state.

Sources: the Application API (argoproj.io/v1alpha1), and Argo CD's repository server, which calls ``helm
template``: files of values in their order, then ``valuesObject`` or else ``values``, then parameters, those
that are texts after the others, then parameters from files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.documents.charts.given_values import Layers, merged
from archlint.documents.kustomize.values import Value, from_document, stamped
from archlint.finding.regex import regex
from archlint.model.kubernetes.building.application_sets import fits_pattern
from archlint.model.kubernetes.building.appliers import entries, folder_of, is_true, text, written_in
from archlint.model.kubernetes.building.argo_environment import environment, expanded
from archlint.model.kubernetes.building.kustomizations import ARGO
from archlint.model.kubernetes.building.stated import (
    ChartUse,
    Stated,
    ValueFiles,
    below,
    settings_of,
    with_commas,
)

_GLOB = regex(r"[*?\[]")


def argo_charts(value: Value) -> Iterator[ChartUse]:
    """The charts that an Application deploys from folders."""
    if not text(value, "apiVersion").startswith(ARGO) or text(value, "kind") != "Application":
        return
    several = entries(value, "spec", "sources")
    single = value.get("spec", "source")
    named = {f"${text(each, 'ref')}": text(each, "repoURL") for each in several if text(each, "ref")}
    for source in several or ([single] if single is not None else []):
        folder = folder_of(text(source, "path"))
        is_other = any(source.get(key) is not None for key in ("chart", "plugin", "kustomize", "directory"))
        if not text(source, "path") or folder is None or is_other:
            continue
        reader = _Application(value, source, folder, named)
        yield ChartUse(text(source, "repoURL"), folder, written_in(value), reader.stated, reader.claims())


class _Application:
    """One source of an Application."""

    def __init__(self, value: Value, source: Value, folder: str, named: Mapping[str, str]) -> None:
        self._value = value
        self._source = source
        self._folder = folder
        self._named = named
        self._name = text(value, "metadata", "name")

    def claims(self) -> tuple[tuple[str, str], ...]:
        """The files of values that it names in other sources."""
        asked = (item.text.partition("/") for item in _listed(self._source, "helm", "valueFiles"))
        return tuple(
            (self._named[name], path)
            for name, _, path in asked
            if name in self._named and not _GLOB.search(path)
        )

    def stated(self, files: ValueFiles) -> Stated:
        """What it says of its chart."""
        layers = Layers()
        helm = self._overridden(files).get("helm") or Value({}, self._source.origin)
        for item in _listed(helm, "valueFiles"):
            self._add_files(layers, files, item, is_true(helm, "ignoreMissingValueFiles"))
        inline = helm.get("valuesObject")
        if inline is not None and inline.data:
            layers.add(inline, "'valuesObject'")
        elif (said := helm.get("values")) is not None and said.data:
            layers.add_text(said, "'values'")
        self._set_parameters(layers, files, helm)
        space = helm.get("namespace") or self._value.get("spec", "destination", "namespace")
        return Stated(
            f"Application {self._name}",
            written_in(self._value),
            layers.value,
            text(helm, "releaseName") or self._name,
            (space.text if space is not None else "") or None,
            tuple(layers.files),
            tuple(layers.faults),
            tuple(layers.unknown),
            version=text(helm, "kubeVersion"),
            apis=tuple(item.text for item in _listed(helm, "apiVersions")),
            has_crds=not is_true(helm, "skipCrds"),
        )

    def _overridden(self, files: ValueFiles) -> Value:
        """The source with what files beside the chart change in it."""
        source = self._source
        for name in ("", f"-{self._name}"):
            path = below(self._folder, f".argocd-source{name}.yaml")
            document = files.document(path) if "/" not in name else None
            if document is not None and isinstance(document.data, dict):
                source = merged(source, from_document(document))
        return source

    def _add_files(self, layers: Layers, files: ValueFiles, item: Value, may_be_missing: bool) -> None:
        said = item.text
        name, _, rest = said.partition("/")
        if name in self._named and self._named[name] not in files.sources:
            layers.unknown.append(f"'{said}' is in another repository")
            return
        said = self._filled(layers, Value(rest, item.origin) if name in self._named else item)
        path = said if "://" in said else below("" if name in self._named else self._folder, said)
        found = [path]
        if _GLOB.search(path):
            found = sorted(each for each in files.paths if fits_pattern(each, path))
        for each in found:
            files.add(layers, each, item.origin, may_be_missing=may_be_missing)

    def _set_parameters(self, layers: Layers, files: ValueFiles, helm: Value) -> None:
        given = settings_of(layers, entries(helm, "parameters"))
        for as_text in (False, True):
            for entry in given:
                if is_true(entry, "forceString") is as_text:
                    origin = (entry.get("value") or entry).origin
                    said = _escaped(self._filled(layers, entry.get("value")))
                    layers.set(f"{text(entry, 'name')}={said}", origin, as_text=as_text)
        for entry in settings_of(layers, entries(helm, "fileParameters")):
            asked = (entry.get("path") or entry).origin
            content = files.text(layers, below(self._folder, self._filled(layers, entry.get("path"))), asked)
            if content is not None:
                layers.put(text(entry, "name"), stamped(content, asked))

    def _filled(self, layers: Layers, said: Value | None) -> str:
        """A text with what Argo CD knows of the Application."""
        if said is None:
            return ""
        known = environment(self._value, self._source)
        filled = expanded(said, known).text
        if any(f"${{{name}}}" in filled for name, value in known.items() if value is None):
            layers.unknown.append(f"nobody here knows what '{filled[:80]}' is")
        return filled


def _escaped(said: str) -> str:
    """A value in which commas part nothing, unless it is a list."""
    return said if said.startswith("{") and said.endswith("}") else with_commas(said)


def _listed(value: Value, *route: str) -> list[Value]:
    found = value.get(*route)
    return found.data if found is not None and isinstance(found.data, list) else []
