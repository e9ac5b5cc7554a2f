"""Which of many labelled things a label selector picks, for all of them at once.

Sets of things are integers with one bit for each thing, so that a policy for all pods, or for all but some,
costs a few steps over machine words instead of one comparison for each pod.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from archlint.documents import Node
from archlint.model.kubernetes import string_map
from archlint.model.kubernetes.controller_labels import spellings

NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"
"""The API server sets this label on every namespace (Kubernetes 1.21 and later)."""
Bits = int
"""A set of numbers: bit ``n`` is set if number ``n`` is in it."""


def numbers(bits: Bits) -> Iterator[int]:
    """The numbers in a set, ascending."""
    digits = f"{bits:b}"[::-1]
    position = digits.find("1")
    while position >= 0:
        yield position
        position = digits.find("1", position + 1)


class LabelIndex:
    """Numbered things by their labels; each number is added once."""

    def __init__(self) -> None:
        self._all: Bits = 0
        self._with_pair: dict[tuple[str, str], Bits] = defaultdict(int)
        self._with_key: dict[str, Bits] = defaultdict(int)

    def add(self, number: int, labels: Mapping[str, str]) -> None:
        """Add one thing."""
        bit = 1 << number
        self._all |= bit
        for key, value in labels.items():
            self._with_pair[key, value] |= bit
            self._with_key[key] |= bit

    def selected(self, selector: Node) -> Bits:
        """What a LabelSelector picks, by the rules of ``label_selector_matches``."""
        found = self._all
        for key, value in string_map(selector.get("matchLabels")).items():
            found &= self._with(key, value)
        for expression in selector.get("matchExpressions").elements():
            found &= self._expressed(expression)
        return found

    def contradicting(self, labels: Mapping[str, str]) -> Bits:
        """What has another value for one of some labels."""
        found = 0
        for key, value in labels.items():
            found |= self._with_key.get(key, 0) & ~self._with(key, value)
        return found

    def _with(self, key: str, value: str) -> Bits:
        """What has a label, or may have it when it runs."""
        found = 0
        for text in spellings(key, value):
            found |= self._with_pair.get((key, text), 0)
        return found

    def _expressed(self, expression: Node) -> Bits:
        key = expression.get("key").text
        if key is None:
            return 0
        present = self._with_key.get(key, 0)
        match expression.get("operator").text:
            case "In":
                return self._with_any(key, expression)
            case "NotIn":
                return self._all & ~self._with_any(key, expression, surely=True)
            case "Exists":
                return present
            case "DoesNotExist":
                return self._all & ~present
        return 0

    def _with_any(self, key: str, expression: Node, *, surely: bool = False) -> Bits:
        found = 0
        for item in expression.get("values").elements():
            if item.text is not None:
                found |= self._with_pair.get((key, item.text), 0) if surely else self._with(key, item.text)
        return found
