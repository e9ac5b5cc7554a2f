"""What the API server refuses in selectors.

Source: ``ValidateLabelSelector`` in ``k8s.io/apimachinery/pkg/apis/meta/v1/validation``.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.words import listed
from archlint.model.kubernetes.validation.refusal import Cause, Refused, is_open, shown
from archlint.model.kubernetes.validation.syntax import label_value, qualified_name
from archlint.model.kubernetes.validation.tables import labels_in

_WITH, _WITHOUT = ("In", "NotIn"), ("Exists", "DoesNotExist")


def selector_refusals(selector: Node) -> Iterator[Refused]:
    """What is wrong with labels and expressions of a selector."""
    if not selector.is_map:
        return
    yield from labels_in(selector.get("matchLabels"))
    for item in selector.get("matchExpressions").elements():
        key, operator, values = item.get("key"), item.get("operator"), item.get("values")
        if key.text and not is_open(key) and (wrong := qualified_name(key.text)):
            yield Refused(
                key, Cause.NAME, f"The label '{shown(key.text)}' {wrong}", "a name such as 'example.com/tier'"
            )
        if operator.text and not is_open(operator) and operator.text not in (*_WITH, *_WITHOUT):
            problem = (
                f"'operator' is '{shown(operator.text)}', which is none of {listed((*_WITH, *_WITHOUT))}"
            )
            meant = {word.lower(): word for word in (*_WITH, *_WITHOUT)}.get(operator.text.lower())
            yield Refused(operator, Cause.FORMAT, problem, f"'{meant}'" if meant else "one of these")
        elif operator.text in _WITH and not values.value:
            problem = f"'{operator.text}' has no values to compare with"
            yield Refused(operator, Cause.CONFLICT, problem, "at least one value")
        elif operator.text in _WITHOUT and values.value:
            problem = f"'{operator.text}' asks for no values, but has some"
            yield Refused(values, Cause.CONFLICT, problem, "no values", operator)
        for value in values.elements():
            if value.text and not is_open(value) and (wrong := label_value(value.text)):
                yield Refused(
                    value, Cause.NAME, f"The value '{shown(value.text)}' {wrong}", "a value such as 'cart-2'"
                )


def shape_refusals(selector: Node) -> Iterator[Refused]:
    """What the schema of a selector refuses, for the kinds whose schema is not at hand."""
    labels, expressions = selector.get("matchLabels"), selector.get("matchExpressions")
    for node, is_right, form in (
        (selector, selector.is_map, "an object with 'matchLabels'"),
        (labels, labels.is_map, "labels with their values"),
        (expressions, expressions.is_list, "a list of expressions"),
        *((value, value.text is not None, "a text") for _, value in labels.items()),
    ):
        if node.is_set and not is_right and not is_open(node):
            yield Refused(node, Cause.FORMAT, f"'{node.route[-1]}' is of another type", form)
    for item in expressions.elements():
        for key in ("key", "operator"):
            if not item.get(key).is_set:
                yield Refused(item.get(key), Cause.LACKING, f"An expression has no '{key}'", f"'{key}'")


def is_empty(selector: Node) -> bool:
    """Whether a selector that is there asks for nothing. Labels that stand in it without ``matchLabels`` ask
    for something: they are fields that it does not have."""
    return selector.is_map and not any(value.value for _, value in selector.items())
