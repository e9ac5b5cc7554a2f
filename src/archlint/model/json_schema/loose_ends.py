"""Which references of JSON Schemas lead nowhere or round, over all files of a world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import Route
from archlint.finding.place import pointer_of
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.graph.cycles import strongly_connected
from archlint.model.json_schema.drafts import Draft, draft_of
from archlint.model.json_schema.schemas import JsonSchema
from archlint.model.openapi import Broken
from archlint.model.openapi.references import References
from archlint.model.world import World

_NOWHERE = frozenset((Broken.FILE, Broken.POINTER, Broken.SCOPE, Broken.OUTSIDE))
_NAMED = regex(r"#[^/]")
"""A fragment that is a name: in draft 4 any ``id`` gives one, which nothing here looks for."""
_OF_DATA = frozenset(("enum", "const", "default", "examples", "example"))
"""Keywords below which a ``$ref`` is data."""
_HOLDERS = (dict, list)


class Looseness(StrEnum):
    """What is wrong with where a reference leads."""

    NOWHERE = "default"
    LOOP = "loop"
    """To itself, over nothing but references."""
    ENDLESS = "endless"
    """To a schema that it is a part of by ``allOf``, so that values are held against it again and again."""


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """A reference, and what is wrong with it."""

    node: Node
    fault: Looseness
    others: tuple[Node, ...] = ()
    """The other references of a circle."""


class LooseEnds:
    """The references in each file that lead to nothing in the repository where they have to, and one of each
    circle; ask with ``world.fact``."""

    def __init__(self, world: World) -> None:
        self._found: dict[str, list[LooseEnd]] = defaultdict(list)
        self._references = world.fact(References)
        self._schemas = frozenset(world.paths(Kind.JSON_SCHEMA))
        self._in_place = _InPlace()
        self._looped: set[tuple[Document, Route]] = set()
        for schema in world.all(JsonSchema):
            self._walk(schema.document.root)
        for circle in self._in_place.endless(self._looped):
            self._tell(circle, Looseness.ENDLESS)

    def of(self, path: str) -> Sequence[LooseEnd]:
        """Those that a file tells of."""
        return self._found.get(path, ())

    def _walk(self, root: Node) -> None:
        """All references of a document, from its end."""
        draft = draft_of(root)
        for node in _with_parts(root):
            stated, target = node.get("$ref"), None
            if stated.text is not None and not (draft is Draft.D4 and _NAMED.search(stated.text)):
                target, problem = self._references.step(node, stated.text)
                if problem in _NOWHERE:
                    self._found[root.document.path].append(LooseEnd(stated, Looseness.NOWHERE))
            if target is not None and target.get("$ref").text is not None:
                self._look_for_loop(node)
            if target is not None or node.get("allOf").is_list:
                self._in_place.add(node, target, draft)
                self._look_around(target)

    def _look_for_loop(self, node: Node) -> None:
        around = self._references.circle(node)
        if around and (around[0].document, around[0].route) not in self._looped:
            self._looped.update((each.document, each.route) for each in around)
            self._tell(around, Looseness.LOOP, leading=node)

    def _look_around(self, target: Node | None) -> None:
        """Note what files that are no schemas by themselves combine, as far as schemas lead there."""
        waiting = [target] if target is not None else []
        while waiting:
            node = waiting.pop()
            if node.document.path in self._schemas or self._in_place.knows(node):
                continue
            text = node.get("$ref").text
            further = self._references.step(node, text)[0] if text is not None else None
            self._in_place.add(node, further, draft_of(node.document.root))
            waiting += node.get("allOf").elements()
            waiting += [further] if further is not None else []

    def _tell(self, around: Sequence[Node], found: Looseness, leading: Node | None = None) -> None:
        """Tell of a circle of references at the first one in the first schema by path that has any; where no
        schema has, at what leads there."""
        homes = [each for each in around if each.document.path in self._schemas]
        home = min(homes, key=lambda each: each.document.path) if homes else leading
        if home is not None:
            others = tuple(each.get("$ref") for each in around if each is not home)
            self._found[home.document.path].append(LooseEnd(home.get("$ref"), found, others))


class _InPlace:
    """Which schemas hold values against which others, as they stand."""

    def __init__(self) -> None:
        self._inner: dict[str, list[str]] = {}
        self._references: list[tuple[str, str, Node]] = []
        """Of each reference the schema that it stands in, where it leads, and that schema again."""

    def knows(self, node: Node) -> bool:
        """Whether a schema was added."""
        return _key(node) in self._inner

    def add(self, node: Node, target: Node | None, draft: Draft) -> None:
        """Note what a schema refers to, if anything, and what it is combined of."""
        key, is_bare = _key(node), target is not None and draft <= Draft.D7
        parts = () if is_bare or not node.is_map else node.get("allOf").elements()
        self._inner[key] = [_key(part) for part in parts]
        if target is not None:
            self._inner[key].append(_key(target))
            self._references.append((key, _key(target), node))

    def endless(self, looped: set[tuple[Document, Route]]) -> Iterator[list[Node]]:
        """The schemas with references of each circle of which nothing is told yet, in the order of the text:
        they were met from the end."""
        circles = {key: circle for circle in strongly_connected(self._inner) for key in circle}
        found: dict[frozenset[str], list[Node]] = {}
        told: set[frozenset[str]] = set()
        for key, target, node in reversed(self._references):
            circle = circles[key]
            if (node.document, node.route) in looped:
                told.add(circle)
            if target in circle:
                found.setdefault(circle, []).append(node)
        yield from (around for circle, around in found.items() if circle not in told)


def _with_parts(root: Node) -> Iterator[Node]:
    """Whatever in a document refers to others or is combined of some, from the end."""
    waiting: list[tuple[Route, Any]] = [((), root.value)]
    while waiting:
        route, value = waiting.pop()
        if isinstance(value, list):
            waiting += [((*route, at), each) for at, each in enumerate(value) if isinstance(each, _HOLDERS)]
        elif isinstance(value, dict):
            if "$ref" in value or "allOf" in value:
                yield Node(root.document, route, value)
            waiting += [
                ((*route, name), each)
                for name, each in value.items()
                if isinstance(each, _HOLDERS) and name not in _OF_DATA
            ]


def _key(node: Node) -> str:
    return f"{node.document.path}#{pointer_of(node.route)}"
