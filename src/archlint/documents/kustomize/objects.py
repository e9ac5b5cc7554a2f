"""The objects of files: each needs a kind and a name, and lists give their items.

Source: kustomize's ``resource.Factory``.
"""

from __future__ import annotations

from archlint.documents.kustomize.refusal import Refusal
from archlint.documents.kustomize.values import Value


def expanded(documents: list[Value]) -> list[Value]:
    """The objects of some documents, the items of lists at the end."""
    waiting: list[Value] = []
    for value in documents:
        items = value.get("items")
        kind = value.get("kind")
        if len(documents) == 1 and kind is not None and kind.text in ("List", "ResourceList") and items:
            waiting.extend(items.data if isinstance(items.data, list) else ())
        else:
            waiting.append(value)
    objects: list[Value] = []
    waiting = [checked(value) for value in waiting if value.data not in (None, {})]
    for value in waiting:  # grows while it is read
        items = value.data.get("items")
        if not value.data["kind"].text.endswith("List") or items is None:
            objects.append(value)
        elif isinstance(items.data, list):
            waiting.extend(checked(item) for item in items.data if item.data not in (None, {}))
        elif items.data is not None:
            raise Refusal("'items' must be a list.", items.origin)
    return objects


def checked(value: Value) -> Value:
    """A value that is an object."""
    kind, name = value.get("kind"), value.get("metadata", "name")
    if not isinstance(value.data, dict):
        raise Refusal("An object must be a map.", value.origin)
    if kind is None or not kind.text:
        raise Refusal("An object has no 'kind'.", value.origin)
    if not kind.text.endswith("List") and (name is None or not name.text):
        raise Refusal("An object has no 'metadata.name'.", kind.origin)
    return value
