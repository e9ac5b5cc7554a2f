"""Label selectors, as the API server evaluates them.

Labels may hold patterns for what only a controller knows (see ``controller_labels``): what a pattern may
stand for is taken to be there.
"""

from __future__ import annotations

from collections.abc import Mapping

from archlint.documents import Node
from archlint.model.kubernetes.controller_labels import spellings
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.objects import string_map


def selects(selector: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Whether an equality selector (a Service's) selects these labels; an empty one selects nothing."""
    return bool(selector) and all(_has(labels, key, value) for key, value in selector.items())


def may_select(selector: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """As ``selects``, where a placeholder on either side may stand for what the other one says."""
    return bool(selector) and all(
        _has(labels, key, value)
        or any(is_placeholder(text) for text in (key, value, labels.get(key, "")))
        or any(is_placeholder(other) for other in labels)
        for key, value in selector.items()
    )


def label_selector_matches(selector: Node, labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector (matchLabels and matchExpressions) matches; an empty one matches everything.

    Source: the Kubernetes API reference, meta/v1 LabelSelector. An expression with an unknown operator
    matches nothing, as the API server refuses it.
    """
    wanted = string_map(selector.get("matchLabels"))
    if not all(_has(labels, key, value) for key, value in wanted.items()):
        return False
    return all(_expression_matches(item, labels) for item in selector.get("matchExpressions").elements())


def _has(labels: Mapping[str, str], key: str, value: str) -> bool:
    return labels.get(key) in spellings(key, value)


def _expression_matches(expression: Node, labels: Mapping[str, str]) -> bool:
    key = expression.get("key").text
    if key is None:
        return False
    values = {item.text for item in expression.get("values").elements()}
    match expression.get("operator").text:
        case "In":
            return any(_has(labels, key, value) for value in values if value is not None)
        case "NotIn":
            return key not in labels or labels[key] not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return False
