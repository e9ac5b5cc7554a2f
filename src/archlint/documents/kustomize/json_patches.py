"""JSON 6902 patches, as the library applies them that kustomize uses (evanphx/json-patch 4)."""

from __future__ import annotations

from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.resource import Resource
from archlint.documents.kustomize.values import Value, copied, plain
from archlint.finding.place import steps_of

_OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")


def is_json_patch(value: Value) -> bool:
    """Whether a document is a list of operations."""
    return isinstance(value.data, list)


def check_operations(patch: Value) -> None:
    """That a patch is a list of operations that can be read."""
    if not isinstance(patch.data, list):
        raise Refusal("A JSON 6902 patch must be a list of operations.", patch.origin)
    for operation in patch.data:
        if not isinstance(operation.data, dict):
            raise Refusal("An operation of a JSON 6902 patch must be a map.", operation.origin)


def apply_operations(item: Resource, patch: Value) -> None:
    """Apply all operations to an object."""
    for operation in patch.data:
        said = operation.get("op")
        name = said.text if said is not None else ""
        if name not in _OPERATIONS:
            origin = said.origin if said is not None else operation.origin
            raise Refusal(f"'{name}' is no operation of a JSON 6902 patch.", origin)
        _Operation(item, operation).apply(name)


class _Operation:
    def __init__(self, item: Resource, operation: Value) -> None:
        self.item = item
        self.operation = operation
        path = operation.get("path")
        self.origin = path.origin if path is not None else operation.origin
        if path is None or not isinstance(path.data, str):
            raise Refusal("An operation needs a 'path'.", operation.origin)
        self.path = path.data

    def apply(self, name: str) -> None:
        """Carry it out."""
        if name == "add":
            self._add(self.path, self._value())
        elif name == "remove":
            self._remove(self.path)
        elif name == "replace":
            self._replace()
        elif name == "test":
            self._test()
        else:
            self._move(keep=name == "copy")

    def _value(self) -> Value:
        value = self.operation.get("value")
        return copied(value) if value is not None else Value(None, self.operation.origin)

    def _holder(self, path: str) -> tuple[Value, str]:
        """The map or list that a path leads into, and the last part of it."""
        steps = steps_of(path)
        if not steps:
            raise Refusal(f"The path '{path}' does not begin with '/'.", self.origin)
        here: Value = self.item.root
        for part in steps[:-1]:
            found = self._step(here, part)
            if found is None or not isinstance(found.data, (dict, list)):
                raise self._missing(path)
            here = found
        return here, steps[-1]

    def _step(self, here: Value, part: str) -> Value | None:
        if isinstance(here.data, dict):
            return here.data.get(part)
        index = self._index(part, len(here.data))
        return here.data[index] if 0 <= index < len(here.data) else None

    def _index(self, part: str, length: int) -> int:
        if not part.lstrip("-").isdigit():
            raise Refusal(f"'{part}' is no index of a list.", self.origin)
        index = int(part)
        return index + length if index < 0 else index

    def _missing(self, path: str) -> Refusal:
        words = f"{self.item.identity} has nothing at '{path}'."
        return Refusal(words, self.origin, Reason.MISSING)

    def _add(self, path: str, value: Value) -> None:
        holder, part = self._holder(path)
        if isinstance(holder.data, dict):
            holder.data[part] = value
            return
        if part == "-":
            holder.data.append(value)
            return
        index = self._index(part, len(holder.data) + (1 if part.startswith("-") else 0))
        if not 0 <= index <= len(holder.data):
            raise self._missing(path)
        holder.data.insert(index, value)

    def _remove(self, path: str) -> Value:
        holder, part = self._holder(path)
        found = self._step(holder, part)
        if found is None:
            raise self._missing(path)
        if isinstance(holder.data, dict):
            holder.drop(part, self.origin)
        else:
            del holder.data[self._index(part, len(holder.data))]
        return found

    def _replace(self) -> None:
        holder, part = self._holder(self.path)
        if isinstance(holder.data, dict):  # the key need not be there
            holder.data[part] = self._value()
            return
        if self._step(holder, part) is None:
            raise self._missing(self.path)
        holder.data[self._index(part, len(holder.data))] = self._value()

    def _test(self) -> None:
        holder, part = self._holder(self.path)
        found = self._step(holder, part)
        seen = None if found is None else plain(found)
        if seen != plain(self._value()):
            raise Refusal(f"{self.item.identity} does not pass the test at '{self.path}'.", self.origin)

    def _move(self, *, keep: bool) -> None:
        source = self.operation.get("from")
        if source is None or not isinstance(source.data, str):
            raise Refusal("An operation that moves or copies needs 'from'.", self.operation.origin)
        if keep:
            holder, part = self._holder(source.data)
            found = self._step(holder, part)
            if found is None and not isinstance(holder.data, dict):
                raise self._missing(source.data)
            # a key that is not there gives null
            self._add(self.path, copied(found) if found is not None else Value(None, source.origin))
        else:
            self._add(self.path, self._remove(source.data))
