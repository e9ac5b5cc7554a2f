"""What a MutatingAdmissionPolicy makes of an object: an apply configuration, or a JSON patch.

Source: Kubernetes documentation, "Mutating Admission Policy"; lists of an apply configuration merge by the
keys of their kind, a JSON patch is RFC 6902.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from archlint.documents.kustomize.identity import Gvk
from archlint.documents.kustomize.schema import builtin_schema


class Refused(Exception):
    """A patch that cannot be applied; the text says why."""


def mutated(value: Any, change: Any, api_version: str) -> Any:
    """The object with a change: a map is an apply configuration, a list a JSON patch."""
    if isinstance(change, list):
        made = deepcopy(value)
        for operation in change:
            made = _patched(made, operation)
        return made
    if not isinstance(change, dict):
        raise Refused("the mutation is neither an object nor a list of patches")
    kind = value.get("kind", "") if isinstance(value, dict) else ""
    group, _, version = api_version.rpartition("/")
    return _merged(value, change, builtin_schema(Gvk(group, version, kind)))


def _merged(old: Any, new: Any, schema: Any) -> Any:
    if isinstance(old, dict) and isinstance(new, dict):
        made = dict(old)
        for key, value in new.items():
            made[key] = _merged(old[key], value, schema.field(key)) if key in old else value
        return made
    if isinstance(old, list) and isinstance(new, list) and schema.is_merged:
        return _merged_list(old, new, schema)
    return new


def _merged_list(old: list[Any], new: list[Any], schema: Any) -> list[Any]:
    made = list(old)
    for item in new:
        at = next((at for at, other in enumerate(made) if _are_one(other, item, schema)), None)
        if at is None:
            made.append(item)
        else:
            made[at] = _merged(made[at], item, schema.items)
    return made


def _are_one(one: Any, other: Any, schema: Any) -> bool:
    if not schema.keys:
        return bool(one == other)
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    return all(one.get(key) == other.get(key) for key in schema.keys)


def _patched(root: Any, operation: Any) -> Any:
    if not isinstance(operation, dict):
        raise Refused("an operation of the patch is no object")
    name, steps = operation.get("op"), _steps(operation.get("path"))
    if name in ("move", "copy"):
        source = _steps(operation.get("from"))
        value = deepcopy(_at(root, source))
        if name == "move":
            root = _changed(root, source, "remove", None)
        return _changed(root, steps, "add", value)
    if name == "test":
        if _at(root, steps) != operation.get("value"):
            raise Refused(f"the test of {operation.get('path')} does not hold")
        return root
    if name not in ("add", "replace", "remove"):
        raise Refused(f"'{name}' is no operation of a patch")
    return _changed(root, steps, name, operation.get("value"))


def _steps(path: Any) -> list[str]:
    if not isinstance(path, str) or (path and not path.startswith("/")):
        raise Refused(f"'{path}' is no path")
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def _at(value: Any, steps: list[str]) -> Any:
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step[:9]) < len(value):
            value = value[int(step[:9])]
        else:
            raise Refused(f"there is no '{step}' on the way of the patch")
    return value


def _changed(root: Any, steps: list[str], name: str, value: Any) -> Any:
    if not steps:
        return value
    *way, last = steps
    holder = _at(root, way)
    if isinstance(holder, list):
        at = len(holder) if last == "-" else int(last[:9]) if last.isdecimal() else -1
        if not 0 <= at < len(holder) + (name == "add"):
            raise Refused(f"there is no item '{last}' in the list")
        if name == "add":
            holder.insert(at, value)
        elif name == "remove":
            del holder[at]
        else:
            holder[at] = value
    elif isinstance(holder, dict):
        if name != "add" and last not in holder:
            raise Refused(f"there is no '{last}' on the way of the patch")
        if name == "remove":
            del holder[last]
        else:
            holder[last] = value
    else:
        raise Refused(f"there is no '{last}' on the way of the patch")
    return root
