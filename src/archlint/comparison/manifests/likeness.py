"""Values as the API server stores them, so that what means the same is no change.

Nulls, empty maps and empty lists are left out, quantities are numbers, and defaults that somebody writes down
are what they were before. Source: ``equality.Semantic`` and the defaults of ``k8s.io/kubernetes/pkg/apis``.
"""

from __future__ import annotations

from typing import Any

from archlint.documents import Node
from archlint.model.kubernetes.amounts import parse_quantity
from archlint.model.kubernetes.images import default_pull_policy
from archlint.model.kubernetes.policies.admitted import CONTAINER, POD, PROBE

AMOUNTS = frozenset({"requests", "limits", "capacity", "sizeLimit", "divisor"})
"""Keys of amounts, and of maps of amounts."""
_DEFAULTS: dict[str, object] = {
    **{key: value for key, value in POD.items() if key != "restartPolicy"},  # containers mean another by it
    **CONTAINER,
    **PROBE,
    "initialDelaySeconds": 0,
    "scheme": "HTTP",
    "protocol": "TCP",
    "apiVersion": "v1",
    "expirationSeconds": 3600,
    "volumeMode": "Filesystem",
    "podManagementPolicy": "OrderedReady",
    "defaultMode": 420,
    "enableServiceLinks": True,
    **dict.fromkeys(("readOnly", "optional", "hostNetwork", "hostPID", "hostIPC", "tty", "stdin"), False),
}
"""Defaults of fields in pods and claims, by key: where one is written, nothing else is meant."""
_SAME_FIELD = {"serviceAccount": "serviceAccountName"}
"""Old names of fields that the server keeps beside the new ones."""


def likeness(value: Any, key: str = "") -> Any:
    """A value in a form that is equal for all values that mean the same; ``None`` if it means nothing."""
    if isinstance(value, dict):
        found = {name: likeness(item, key if key in AMOUNTS else name) for name, item in value.items()}
        for old, new in _SAME_FIELD.items():
            if old in found and found.get(new, found[old]) == found[old]:
                found[new] = found.pop(old)
        image, policy = found.get("image"), found.get("imagePullPolicy")
        if isinstance(image, str) and policy == default_pull_policy(image):
            del found["imagePullPolicy"]
        if key == "httpGet" and found.get("path") == "/":
            del found["path"]
        return {name: item for name, item in found.items() if item is not None} or None
    if isinstance(value, list):
        return [likeness(item, key) for item in value] or None
    if key in AMOUNTS:
        quantity = parse_quantity(value)
        return value if quantity is None else quantity
    if value == "" or (key in _DEFAULTS and type(value) is type(_DEFAULTS[key]) and value == _DEFAULTS[key]):
        return None
    return value


def is_same(one: Any, other: Any, key: str = "") -> bool:
    """Whether two values of a field mean the same."""
    return bool(likeness(one, key) == likeness(other, key))


def worth(node: Node) -> Any:
    """The value of a node; ``None`` for one that is not there."""
    return node.value if node.is_set else None


def is_like(one: Node, other: Node, key: str = "") -> bool:
    """Whether two nodes mean the same."""
    return is_same(worth(one), worth(other), key)
