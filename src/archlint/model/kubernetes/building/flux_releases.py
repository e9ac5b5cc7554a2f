"""Charts that Flux deploys, and the values that its HelmReleases state.

Sources: the HelmRelease API (helm.toolkit.fluxcd.io/v2), the HelmChart API (source.toolkit.fluxcd.io/v1), and
``fluxcd/pkg/chartutil``: ``valuesFrom`` in its order, then ``values``. ``valuesFiles`` stand for the chart's
own values, and are named from the root of the source.
"""

from __future__ import annotations

from collections.abc import Callable

from archlint.documents.charts.given_values import Layers
from archlint.documents.kustomize.values import Value, stamped
from archlint.model.kubernetes.building.appliers import entries, folder_of, is_true, text, written_in
from archlint.model.kubernetes.building.flux import decoded
from archlint.model.kubernetes.building.stated import ChartUse, Stated, ValueFiles, below, settings_of

_HELM = "helm.toolkit.fluxcd.io/"
_FOLDERS = ("GitRepository", "Bucket", "OCIRepository")
"""Sources in which a chart is a folder."""
_ENCRYPTED = "ENC["
_LONGEST_NAME = 53
_FINISH = ("postRenderers", "commonMetadata")
Find = Callable[[str, str, str, str], list[Value]]
"""The objects of a kind, name and namespace that a file may mean."""


def flux_release(value: Value, find: Find, has_variables: bool) -> ChartUse | None:
    """The chart that a HelmRelease deploys from a folder; ``None`` if there is none."""
    if not text(value, "apiVersion").startswith(_HELM) or text(value, "kind") != "HelmRelease":
        return None
    home = text(value, "metadata", "namespace")
    chart = _chart(value, find, home)
    folder = folder_of(text(chart, "chart")) if chart is not None else None
    if chart is None or not folder or text(chart, "sourceRef", "kind") not in _FOLDERS:
        return None
    namespace = text(chart, "sourceRef", "namespace") or home
    source = f"{text(chart, 'sourceRef', 'kind')} {namespace} {text(chart, 'sourceRef', 'name')}"
    reader = _Release(value, chart, find, has_variables)
    return ChartUse(source, folder, written_in(value), reader.stated)


def _chart(value: Value, find: Find, home: str) -> Value | None:
    """What is said of the chart: in the release, or in an object that it names."""
    own = value.get("spec", "chart", "spec")
    if own is not None:
        return own
    name, space = text(value, "spec", "chartRef", "name"), text(value, "spec", "chartRef", "namespace")
    if text(value, "spec", "chartRef", "kind") != "HelmChart":
        return None
    found = find("HelmChart", name, space or home, written_in(value))
    return found[0].get("spec") if len(found) == 1 else None


class _Release:
    """One HelmRelease."""

    def __init__(self, value: Value, chart: Value, find: Find, has_variables: bool) -> None:
        self._value = value
        self._chart = chart
        self._find = find
        self._has_variables = has_variables
        self._home = text(value, "metadata", "namespace")

    def stated(self, files: ValueFiles) -> Stated:
        """What it says of its chart."""
        layers = Layers()
        named = self._chart.get("valuesFiles")
        asked = named.data if named is not None and isinstance(named.data, list) else []
        single = self._chart.get("valuesFile")
        may_be_missing = is_true(self._chart, "ignoreMissingValuesFiles")
        for item in (*([single] if single is not None and single.text else []), *asked):
            files.add(layers, below("", item.text), item.origin, may_be_missing=may_be_missing)
        for entry in settings_of(layers, entries(self._value, "spec", "valuesFrom")):
            self._add_from(layers, entry)
        spec = self._value.get("spec")
        values = self._value.get("spec", "values")
        if values is not None:
            layers.add(values, "'values'")
        name, target = text(self._value, "metadata", "name"), text(self._value, "spec", "targetNamespace")
        return Stated(
            f"HelmRelease {name}",
            written_in(self._value),
            layers.value,
            _short(text(self._value, "spec", "releaseName") or (f"{target}-{name}" if target else name)),
            target or self._home or None,
            tuple(layers.files),
            tuple(layers.faults),
            tuple(layers.unknown),
            self._has_variables,
            is_without_own=bool(asked) or (single is not None and bool(single.text)),
            has_crds=text(self._value, "spec", "install", "crds") != "Skip",
            finish=spec if spec is not None and any(map(spec.get, _FINISH)) else None,
        )

    def _add_from(self, layers: Layers, entry: Value) -> None:
        """Values in a ConfigMap or Secret."""
        kind, name = text(entry, "kind"), text(entry, "name")
        key = text(entry, "valuesKey") or "values.yaml"
        found = self._find(kind, name, self._home, written_in(self._value))
        may_be_missing = is_true(entry, "optional")
        said = _said(found[0], kind, key) if len(found) == 1 else None
        if said is None or said.text.startswith(_ENCRYPTED):
            if found or not may_be_missing:
                layers.unknown.append(f"'{key}' of {kind} '{name}' is not in this repository")
            return
        target = text(entry, "targetPath")
        if not target:
            layers.add_text(said, f"'{key}' of {kind} '{name}'")
            return
        value = said.text
        is_quoted = any(value.startswith(sign) and value.endswith(sign) for sign in "'\"")
        value = value.strip("'\"") if is_quoted else value
        layers.set(f"{target}={value}", said.origin, as_text=is_quoted)


def _said(item: Value, kind: str, key: str) -> Value | None:
    """What a ConfigMap or Secret has under a key."""
    plain = item.get("stringData", key) if kind == "Secret" else item.get("data", key)
    if plain is not None and plain.data is not None:
        return plain if isinstance(plain.data, str) else stamped(plain.text, plain.origin)
    coded = item.get("data", key) if kind == "Secret" else None
    return None if coded is None else decoded(coded)


def _short(name: str) -> str:
    """A name that Helm takes, as Flux shortens it."""
    if len(name) <= _LONGEST_NAME:
        return name
    from hashlib import sha256

    return f"{name[:40]}-{sha256(name.encode()).hexdigest()[:12]}"
