"""Generators of Pact files: which values are made anew when the provider is called.

Most make a value like the example. What the state of the provider gives, such as the id of what it has just
made, is another one than the example, which stands for nothing there.

Source: Pact Specification, version 3, "Generators".
"""

from __future__ import annotations

from archlint.documents import Node
from archlint.model.evidence.pact_rules import Step, steps_of_path

_OF_PROVIDER = frozenset(("ProviderState", "MockServerURL"))
_MOST = 500


class Generators:
    """The generators of a request or a response."""

    def __init__(self, node: Node) -> None:
        self._node = node

    @property
    def is_path_open(self) -> bool:
        """Whether the provider gives the path, or a part of it."""
        return _is_of_provider(self._node.get("path"))

    def is_open(self, category: str, name: str) -> bool:
        """Whether the provider gives the value of a ``query`` parameter or a ``header``."""
        wanted = name.lower() if category == "header" else name
        for key, rule in list(self._node.get(category).items())[:_MOST]:
            first = (steps_of_path(key) or (key,))[0]
            known = str(first).lower() if category == "header" else str(first)
            if known == wanted and _is_of_provider(rule):
                return True
        return False

    @property
    def open_parts(self) -> tuple[tuple[Step, ...], ...]:
        """The parts of the body that the provider gives."""
        rules = list(self._node.get("body").items())[:_MOST]
        found = (steps_of_path(key) for key, rule in rules if _is_of_provider(rule))
        return tuple(steps for steps in found if steps is not None)


def _is_of_provider(rule: Node) -> bool:
    return rule.get("type").text in _OF_PROVIDER
