"""How a peer is written that means the pods of a workload."""

from __future__ import annotations

import json
from collections.abc import Mapping

from archlint.model.kubernetes import KubernetesObject
from archlint.model.network.labels import NAMESPACE_NAME_LABEL

_TELLING = ("app.kubernetes.io/name", "app", "name", "k8s-app", "app.kubernetes.io/component", "component")
"""Labels that tell workloads apart, the most telling first."""
_NO_TEXTS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""Words that YAML takes for something else than text."""


def peer_for(base: KubernetesObject, labels: Mapping[str, str], namespace: str | None) -> str:
    """The peer to write in a policy of a namespace for the pods of an object that have some labels, such as
    ``podSelector: {matchLabels: {app: web}}``."""
    key = next((key for key in _TELLING if key in labels), next(iter(labels), None))
    chosen = "{}" if key is None else f"{{matchLabels: {{{as_yaml(key)}: {as_yaml(labels[key])}}}}}"
    pods = f"podSelector: {chosen}"
    if base.namespace is None or base.namespace == namespace:
        return pods
    space = f"{NAMESPACE_NAME_LABEL}: {as_yaml(base.namespace)}"
    return f"namespaceSelector: {{matchLabels: {{{space}}}}}, {pods}"


def as_yaml(text: str) -> str:
    """A text as YAML has it, in quotes where it would be a number or the like without."""
    is_word = text[:1].isalpha() and text.isascii() and text.lower() not in _NO_TEXTS
    return text if is_word and all(each.isalnum() or each in "._-/" for each in text) else json.dumps(text)
