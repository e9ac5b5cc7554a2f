"""The patches of a kustomization: which kind each is, what it is about, and applying it.

Source: kustomize's patch transformers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.json_patches import apply_operations, check_operations, is_json_patch
from archlint.documents.kustomize.merging import merge
from archlint.documents.kustomize.objects import expanded
from archlint.documents.kustomize.refusal import STRICT, Reason, Refusal, Tolerance
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.resources import Resources
from archlint.documents.kustomize.schema import Schema
from archlint.documents.kustomize.selectors import Selector
from archlint.documents.kustomize.sources import Sources
from archlint.documents.kustomize.values import Value, copied

SchemaOf = Callable[[Gvk], Schema]


class Patcher:
    """Applies patches of one kustomization."""

    def __init__(
        self,
        resources: Resources,
        sources: Sources,
        folder: str,
        schema_of: SchemaOf,
        tolerance: Tolerance = STRICT,
    ) -> None:
        self.tolerance = tolerance
        self.resources = resources
        self.sources = sources
        self.folder = folder
        self.schema_of = schema_of

    def merge_listed(self, entries: Iterable[Value]) -> None:
        """``patchesStrategicMerge``: names of files, or patches themselves."""
        patches = [patch for entry in entries for patch in self._listed(entry)]
        for patch in patches:
            with self.tolerance:
                self._merge(patch, self._target(patch), anew=True)
            self.resources.drop_gone()

    def _listed(self, entry: Value) -> list[Resource]:
        if "\n" in entry.text or entry.text.startswith("{"):
            return objects_of(self.sources.inline(entry))
        return objects_of(self.sources.documents(self.folder, entry.text, entry.origin))

    def operate(self, entry: Value) -> None:
        """One entry of ``patchesJson6902``."""
        target = entry.get("target")
        if target is None or target.get("name") is None or not target.data["name"].text:
            raise Refusal("The target of a JSON 6902 patch must have a name.", entry.origin)
        documents = self._documents(entry, "patch")
        if not documents or not documents[0].data:
            raise Refusal("The patch is empty.", entry.origin)
        check_operations(documents[0])
        for item in Selector(target).chosen(self.resources):
            if item.previous or item.needs_hash:
                _need_annotations(item)
            apply_operations(item, documents[0])

    def apply(self, entry: Value) -> None:
        """One entry of ``patches``."""
        documents = self._documents(entry, "patch")
        target = entry.get("target")
        selector = Selector(target) if target is not None and target.data is not None else None
        if documents and is_json_patch(documents[0]):
            check_operations(documents[0])
            if selector is None:
                raise Refusal("A JSON 6902 patch must have a target.", entry.origin)
            for item in list(selector.chosen(self.resources)):
                item.remember()
                _need_annotations(item)
                apply_operations(item, documents[0])
            return
        self._apply_merged(entry, objects_of(documents), selector)
        self.resources.drop_gone()

    def _apply_merged(self, entry: Value, patches: list[Resource], selector: Selector | None) -> None:
        options = entry.get("options")
        for patch in patches:
            patch.allows_name_change = _is_on(options, "allowNameChange")
            patch.allows_kind_change = _is_on(options, "allowKindChange")
        if selector is None:
            if not patches:
                raise Refusal("The patch is empty.", entry.origin)
            for patch in patches:
                with self.tolerance:
                    self._merge(patch, self._target(patch), anew=False)
            return
        if len(patches) > 1:
            raise Refusal("Several patches in one entry cannot have a target.", entry.origin)
        for item in list(selector.chosen(self.resources)):
            for patch in patches:
                self._merge(patch, item, anew=True)
        self.resources.drop_gone()
        self.resources.check(entry.origin)

    def _documents(self, entry: Value, field: str) -> list[Value]:
        path, text = entry.get("path"), entry.get(field)
        has_path = path is not None and bool(path.text)
        has_text = text is not None and bool(text.text.strip())
        if has_path == has_text:
            raise Refusal("A patch has either a 'path' or a 'patch'.", entry.origin)
        if path is not None and has_path:
            _, content = self.sources.bytes(self.folder, path.text, path.origin, Reason.MISSING)
            _check_json(content.decode("utf-8", "replace"), path)
            return self.sources.documents(self.folder, path.text, path.origin)
        assert text is not None
        _check_json(text.text.strip(), text)
        return self.sources.inline(text)

    def _target(self, patch: Resource) -> Resource:
        found = self.resources.known_as(patch.identity)
        if len(found) == 1:
            return found[0]
        where = patch.root.get("metadata", "name")
        origin = where.origin if where is not None else patch.origin
        if found:
            raise Refusal(f"The patch fits several objects: {patch.identity}.", origin)
        words = f"Nothing in this kustomization is {patch.identity} ({patch.gvk.api_version}), to be patched."
        raise Refusal(words, origin, Reason.MISSING)

    def _merge(self, patch: Resource, item: Resource, *, anew: bool) -> None:
        """Merge a patch into an object; ``anew`` if it may be meant for others as well."""
        name, namespace, kind = item.name, item.namespace, item.kind
        old = item.root.get("metadata", "name")
        if patch.allows_name_change or patch.allows_kind_change:
            item.remember()
        root = copied(patch.root)
        schema = self.schema_of(item.gvk)
        if anew:
            root.data["apiVersion"] = item.root.data.get("apiVersion", Value("", root.origin))
        before = item.root.get("metadata", "namespace")
        kept_kind = item.root.data.get("kind")
        merged = merge(item.root, root, schema)
        if merged is None or merged.data in ({}, None):
            item.is_gone = True
            return
        item.root = merged
        if not patch.allows_kind_change and kept_kind is not None:
            item.root.data["kind"] = Value(kind, kept_kind.origin)
        if not patch.allows_name_change:
            item.set_name(name, old.origin if old is not None else None)
        item.set_namespace(namespace)
        if before is not None and namespace:
            item.metadata().data["namespace"] = before


def _need_annotations(item: Resource) -> None:
    """Make the map that kustomize keeps notes in while it builds: operations may rely on it."""
    metadata = item.metadata()
    found = metadata.data.get("annotations")
    if found is None or found.data is None:
        metadata.data["annotations"] = Value({}, metadata.origin)


def _check_json(text: str, said: Value) -> None:
    """That a patch which begins like JSON is JSON: kustomize takes it for that."""
    if text.startswith("["):
        try:
            json.loads(text)
        except ValueError:
            raise Refusal("A patch that begins with '[' must be valid JSON.", said.origin) from None


def objects_of(documents: Iterable[Value]) -> list[Resource]:
    """The objects of some documents."""
    return [Resource(value) for value in expanded(list(documents))]


def _is_on(options: Value | None, field: str) -> bool:
    found = options.get(field) if options is not None else None
    return found is not None and found.data is True
