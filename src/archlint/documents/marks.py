"""Where each key and value of a document stands in its text, as code point offsets."""

from __future__ import annotations

from typing import Any, Protocol

from archlint.finding import Route
from archlint.finding.records import dataclass

Extent = tuple[int, int]
MarkTree = tuple[int, int, Any]
"""The marks of a YAML value: see ``documents.yaml``."""


class Marks(Protocol):
    """Offsets of the tokens of one document."""

    def key(self, route: Route) -> Extent | None:
        """Start and end of the key that leads to ``route``; ``None`` for list items and missing routes."""

    def value(self, route: Route) -> Extent | None:
        """Start and end of the value at ``route``; for a collection the end is that of its first token."""


@dataclass(slots=True)
class YamlMarks:
    """The ``Marks`` of a YAML document."""

    tree: MarkTree

    def key(self, route: Route) -> Extent | None:
        """See ``Marks.key``."""
        if not route:
            return None
        parent = self._find(route[:-1])
        if parent is None or not isinstance(parent[2], dict) or route[-1] not in parent[2]:
            return None
        start, end, _ = parent[2][route[-1]]
        return start, end

    def value(self, route: Route) -> Extent | None:
        """See ``Marks.value``."""
        found = self._find(route)
        return None if found is None else (found[0], found[1])

    def _find(self, route: Route) -> MarkTree | None:
        here: MarkTree = self.tree
        for part in route:
            children = here[2]
            if isinstance(children, dict) and part in children:
                here = children[part][2]
            elif isinstance(children, list) and isinstance(part, int) and part < len(children):
                here = children[part]
            else:
                return None
        return here
