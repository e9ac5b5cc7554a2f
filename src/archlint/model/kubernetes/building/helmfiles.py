"""Charts that helmfiles deploy from folders beside them, and the values that these state.

Source: helmfile's documentation: ``values`` in their order, each a file or a map, then ``set``. What is
written with ``{{`` is filled in by helmfile first, by values that are known where it runs: it is told as not
read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from posixpath import basename, dirname

from archlint.documents import Document
from archlint.documents.charts.given_values import Layers
from archlint.documents.kustomize.values import Value, from_document, plain
from archlint.documents.load import load_text
from archlint.files import Kind
from archlint.finding import Unread
from archlint.finding.regex import regex
from archlint.model.kubernetes.building.appliers import entries, is_true, text, written_in
from archlint.model.kubernetes.building.stated import Stated, ValueFiles, below, settings_of, with_commas
from archlint.model.world import World

_NAME = regex(r"helmfile\.ya?ml(?:\.gotmpl)?")
_TEMPLATE = ".gotmpl"
_NOT_DONE = ("strategicMergePatches", "jsonPatches", "transformers", "postRenderer", "inherit", "secrets")
_MOST = 500
"""Helmfiles that are followed."""


class Helmfiles:
    """The helmfiles of a world."""

    def __init__(self, world: World, files: ValueFiles, charts: Set[str]) -> None:
        """``charts`` are the folders of the charts of the world."""
        self._world = world
        self._files = files
        self._charts = charts
        self.unread: list[Unread] = []
        """What of them is not read."""

    def stated(self) -> Iterator[tuple[str, Stated]]:
        """What they say of charts of the world, by the chart's folder."""
        waiting = sorted(path for path in self._world.kinds if _is_helmfile(path))
        known = set(waiting)
        while waiting:
            path = waiting.pop(0)
            if path.endswith(_TEMPLATE):
                if "chart:" in (self._world.text(path) or ""):
                    self._tell(path, "helmfile fills it in first")
                continue
            for document in self._documents(path):
                top = from_document(document)
                asked = (text(item, "path") or item.text for item in _items(top, "helmfiles"))
                named = dict.fromkeys(below(dirname(path), each) for each in asked if each)
                more = [each for each in named if each in self._world.kinds and each not in known]
                more = more[: max(_MOST - len(known), 0)]
                known.update(more)
                waiting += more
                for release in entries(top, "releases"):
                    yield from self._release(path, top, release)

    def _documents(self, path: str) -> list[Document]:
        """The documents of a helmfile that are maps."""
        found = self._world.loaded(path).documents
        if not found:
            loaded = load_text(path, self._world.text(path) or "", Kind.DATA)
            found = () if loaded.problems else loaded.documents
        return [document for document in found if isinstance(document.data, dict)]

    def _release(self, path: str, top: Value, release: Value) -> Iterator[tuple[str, Stated]]:
        chart, name = text(release, "chart"), text(release, "name")
        folder = below(dirname(path), chart)
        folder = "" if folder == "." else folder
        repositories = {text(item, "name") for item in entries(top, "repositories")}
        is_remote = "://" in chart or (chart[:1] != "." and chart.partition("/")[0] in repositories)
        installed = release.get("installed")
        if "{{" in chart:
            self._tell(path, f"release '{name}' has the chart '{chart[:80]}', which helmfile fills in first")
        if not chart or is_remote or folder not in self._charts or (installed and installed.data is False):
            return
        layers = Layers()
        missing = text(release, "missingFileHandler") or text(top, "missingFileHandler") or "Error"
        for item in _items(release, "values"):
            self._add(layers, path, item, may_be_missing=missing != "Error")
        self._set(layers, path, release)
        layers.unknown += [f"its '{key}' are not carried out" for key in _NOT_DONE if release.get(key)]
        space = text(release, "namespace") or text(top, "namespace")
        layers.unknown += [f"'{each[:80]}' is filled in first" for each in (name, space) if "{{" in each]
        apis = [item.text for item in (*_items(top, "apiVersions"), *_items(release, "apiVersions"))]
        yield (
            folder,
            Stated(
                f"helmfile release {name}",
                written_in(release),
                layers.value,
                "release" if "{{" in name else name,
                None if "{{" in space else space or None,
                tuple(layers.files),
                tuple(layers.faults),
                tuple(layers.unknown),
                version=text(release, "kubeVersion") or text(top, "kubeVersion"),
                apis=tuple(apis),
                has_crds=not is_true(release, "skipCRDs"),
            ),
        )

    def _add(self, layers: Layers, path: str, item: Value, *, may_be_missing: bool) -> None:
        """Values in a file or in a map."""
        if not isinstance(item.data, str):
            if "{{" in json.dumps(plain(item), default=str):
                layers.unknown.append("values in it are filled in first")
            else:
                layers.add(item, "an entry of 'values'")
        elif "{{" in item.text or item.text.endswith(_TEMPLATE):
            layers.unknown.append(f"'{item.text[:80]}' is filled in first")
        else:
            found = below(dirname(path), item.text)
            self._files.add(layers, found, item.origin, may_be_missing=may_be_missing, is_kept=False)

    def _set(self, layers: Layers, path: str, release: Value) -> None:
        """Single values."""
        for key, as_text in (("set", False), ("setString", True)):
            for entry in settings_of(layers, entries(release, key)):
                name, value, file = text(entry, "name"), entry.get("value"), text(entry, "file")
                several = [with_commas(item.text) for item in _items(entry, "values")]
                said = f"{{{','.join(several)}}}" if several else with_commas(text(entry, "value"))
                if "{{" in name + said + file:
                    layers.unknown.append(f"'{name[:80]}' is filled in first")
                elif file:
                    asked = (entry.get("file") or entry).origin
                    content = self._files.text(layers, below(dirname(path), file), asked, is_kept=False)
                    if content is not None:
                        layers.put(name, Value(content, asked))
                else:
                    layers.set(f"{name}={said}", (value or entry).origin, as_text=as_text)

    def _tell(self, path: str, detail: str) -> None:
        self.unread.append(Unread(path, "template", detail=detail))


def _is_helmfile(path: str) -> bool:
    folder, name = basename(dirname(path)), basename(path)
    is_part = folder == "helmfile.d" and name.removesuffix(_TEMPLATE).endswith((".yaml", ".yml"))
    return is_part or _NAME.fullmatch(name) is not None


def _items(value: Value, *route: str) -> list[Value]:
    found = value.get(*route)
    return found.data if found is not None and isinstance(found.data, list) else []
