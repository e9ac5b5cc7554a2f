"""The typed elements of a contract in the order in which Redocly goes through them, references followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from archlint.documents import Node
from archlint.finding.records import dataclass
from archlint.model.openapi.references import References, Resolved, reference_text
from archlint.model.redocly.types import EXTENSION, ElementType

MOST_STEPS = 3_000_000
"""Elements that the rules of one document may come to, those behind references counted as often as met."""
_OF_BOOLEANS = ("additionalProperties", "items", "unevaluatedItems", "unevaluatedProperties")


class TooManySteps(RuntimeError):
    """There is too much behind references."""


@dataclass(frozen=True, eq=False)
class Element:
    """An element with a type: where it is written, and what leads to it."""

    node: Node
    type: str
    raw: Node
    """The element itself, or the reference to it."""
    key: str | int
    follow: Callable[[Node], Resolved]
    """Where a reference leads."""

    @property
    def identity(self) -> tuple[Any, ...]:
        """What is one element, whatever leads to it."""
        return (self.type, self.node.document, self.node.route)

    @property
    def way(self) -> tuple[Any, ...]:
        """What is one element that is met at one place."""
        return (*self.identity, self.raw.document, self.raw.route)


class Walker:
    """Walks through one contract; all that it comes to counts as steps."""

    def __init__(self, references: References, types: Mapping[str, ElementType]) -> None:
        self._references = references
        self._types = types
        self._steps = 0
        self._below: dict[tuple[Any, ...], list[Element]] = {}

    def all(self, root: Node) -> Iterator[Element]:
        """All elements, each once."""
        seen: set[tuple[Any, ...]] = set()
        waiting = [Element(root, "Root", root, "", self._references.follow)]
        while waiting:
            element = waiting.pop()
            if element.identity not in seen:
                seen.add(element.identity)
                yield element
                waiting += reversed(self.below(element))

    def nearest(self, element: Element, type_name: str) -> Iterator[Element]:
        """The elements of a type below one, and none below these; each as often as it is referred to."""
        seen: set[tuple[Any, ...]] = set()
        waiting = [*reversed(self.below(element))]
        while waiting:
            found = waiting.pop()
            if type_name in (found.type, "any"):
                yield found
            elif found.identity not in seen:
                seen.add(found.identity)
                waiting += reversed(self.below(found))

    def below(self, element: Element) -> list[Element]:
        """The typed elements right below one."""
        key = element.way
        if key not in self._below:
            self._below[key] = list(self._found_below(element))
        found = self._below[key]
        self._steps += len(found) + 1
        if self._steps > MOST_STEPS:
            raise TooManySteps(f"the rules with 'where' come to more than {MOST_STEPS:,} elements there")
        return found

    def _found_below(self, element: Element) -> Iterator[Element]:
        kind, node, raw = self._types.get(element.type), element.node, element.raw
        if kind is None:
            return
        if node.is_list:
            for at, each in enumerate(node.elements()) if kind.items else ():
                yield from self._element(each, kind.items or "", at)
            return
        if not node.is_map:
            return
        keys = list(kind.members)
        keys += [key for key, _ in node.items() if key not in kind.members]
        is_reference = reference_text(raw) is not None
        if is_reference:
            keys += [key for key, _ in raw.items() if key != "$ref" and key not in keys]
        for key in keys:
            below = node.get(key)
            if not below.exists and is_reference:
                below = raw.get(key)
            name = kind.below(key)
            if name is not None and below.exists:
                yield from self._typed(below, name, key)

    def _typed(self, below: Node, name: str, key: str) -> Iterator[Element]:
        if isinstance(below.value, bool) and key in _OF_BOOLEANS:
            return
        yield from self._element(below, "SchemaList" if name == "Schema" and below.is_list else name, key)

    def _element(self, raw: Node, name: str, key: str | int) -> Iterator[Element]:
        """An element, unless there is nothing: a null, or a reference that leads nowhere."""
        resolved = self._references.follow(raw) if name != EXTENSION or raw.is_map else None
        if resolved is not None and resolved.problem is not None:
            return
        node = raw if resolved is None else resolved.node
        if node.exists and node.value is not None:
            yield Element(node, name, raw, key, self._references.follow)
