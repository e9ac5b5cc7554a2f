"""Following ``$ref``: inside a document and over the files of the tree, never over the network."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from urllib.parse import unquote

from archlint.documents import MISSING, Document, Node, load_text
from archlint.files import Kind
from archlint.finding.records import dataclass
from archlint.model.world import World

MAX_CHAIN = 50
"""References that are followed one after the other before the chain counts as a loop."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_ANCHOR_KEYS = ("$anchor", "$dynamicAnchor")


class Broken(StrEnum):
    """Why a reference leads nowhere."""

    REMOTE = "remote"
    """It names another host; nothing is fetched, so nothing is known about it."""
    OUTSIDE = "outside"
    FILE = "file"
    POINTER = "pointer"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The end of a chain of references; without any it is the node itself."""

    node: Node
    references: tuple[Node, ...] = ()
    """The nodes that hold the ``$ref`` keys, in the order in which they were followed."""
    problem: Broken | None = None


class References:
    """Resolves the references of one world; answers are remembered."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._fragments: dict[str, Document | None] = {}
        self._steps: dict[tuple[Document, str], tuple[Node | None, Broken | None]] = {}
        self._anchors: dict[Document, dict[str, Node]] = {}

    def follow(self, node: Node) -> Resolved:
        """The element a node means: itself, or what its ``$ref`` leads to over any number of steps."""
        seen: list[Node] = []
        while (text := reference_text(node)) is not None:
            if len(seen) >= MAX_CHAIN or any(_is_same(node, other) for other in seen):
                return Resolved(_nowhere(node), tuple(seen), Broken.LOOP)
            seen.append(node)
            target, problem = self.step(node, text)
            if target is None:
                return Resolved(_nowhere(node), tuple(seen), problem)
            node = target
        return Resolved(node, tuple(seen))

    def step(self, node: Node, text: str) -> tuple[Node | None, Broken | None]:
        """The element that one reference written in ``node`` names, or why there is none."""
        key = (node.document, text)
        found = self._steps.get(key)
        if found is None:
            self._steps[key] = (None, Broken.LOOP)  # met again only by a pointer that leads through itself
            found = self._steps[key] = self._look_up(node.document, text)
        return found

    def _look_up(self, document: Document, text: str) -> tuple[Node | None, Broken | None]:
        identified = self._anchors_of(document).get(text) if not text.startswith("#/") else None
        if identified is not None:
            return identified, None
        if _SCHEME.match(text):
            return None, Broken.REMOTE
        file, _, fragment = text.partition("#")
        if file:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), unquote(file)))
            if _is_outside(path) and not _is_outside(document.path):
                return None, Broken.OUTSIDE
            target = document if path == document.path else self._document(path)
            if target is None:  # what lies beside a file that was named outside of the root may not be read
                return None, Broken.REMOTE if self._is_elsewhere(path) else Broken.FILE
            document = target
        found = self._point(document, fragment)
        return found, None if found is not None else Broken.POINTER

    def _is_elsewhere(self, path: str) -> bool:
        """Whether a file that cannot be read may well exist."""
        return _is_outside(path) or path in self._world.tree.absent

    def _document(self, path: str) -> Document | None:
        """A file that a reference names, read the way OpenAPI documents are read."""
        if path in self._fragments:
            return self._fragments[path]
        document = self._world.document(path)
        if document is not None and document.kind is not Kind.OPENAPI and not path.lower().endswith(".json"):
            text = self._world.text(path)
            loaded = load_text(path, text or "", Kind.OPENAPI, revision=document.revision).documents
            document = loaded[0] if loaded else document
        self._fragments[path] = document
        return document

    def _point(self, document: Document, fragment: str) -> Node | None:
        if fragment == "":
            return document.root
        if not fragment.startswith("/"):
            return self._anchors_of(document).get("#" + fragment)
        node = document.root
        for part in unquote(fragment)[1:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            below = _child(node, name)
            if not below.exists and reference_text(node) is not None:
                below = _child(self.follow(node).node, name)
            if not below.exists:
                return None
            node = below
        return node

    def _anchors_of(self, document: Document) -> dict[str, Node]:
        """What ``$id``, ``$anchor`` and ``$dynamicAnchor`` name in a document, as references write it."""
        if document not in self._anchors:
            found: dict[str, Node] = {}
            for node in _maps(document.root):
                for key in _ANCHOR_KEYS:
                    if isinstance(node.value.get(key), str):
                        found.setdefault("#" + node.value[key], node)
                if isinstance(node.value.get("$id"), str) and node.route:
                    found.setdefault(node.value["$id"], node)
            self._anchors[document] = found
        return self._anchors[document]


def reference_text(node: Node) -> str | None:
    """The text of the ``$ref`` of a node, if it has one that is a string."""
    value = node.value
    if isinstance(value, dict):
        text = value.get("$ref")
        return text if isinstance(text, str) else None
    return None


def _is_outside(path: str) -> bool:
    return path.startswith(("../", "/")) or path == ".."


def _child(node: Node, name: str) -> Node:
    if node.is_list and name.isascii() and name.isdigit():
        return node.get(int(name)) if len(name) < 10 else node.get(name)
    return node.get(name)


def _nowhere(node: Node) -> Node:
    return Node(node.document, (*node.route, "$ref", "?"), MISSING)


def _is_same(one: Node, other: Node) -> bool:
    return one.document is other.document and one.route == other.route


def _maps(root: Node) -> Iterator[Node]:
    """Every map with a key that begins with ``$`` and is no reference."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), root.value)]
    while waiting:
        route, value = waiting.pop()
        if isinstance(value, dict):
            if "$id" in value or "$anchor" in value or "$dynamicAnchor" in value:
                yield Node(root.document, route, value)
            children = list(value.items())
        elif isinstance(value, list):
            children = list(enumerate(value))
        else:
            continue
        waiting.extend(((*route, key), child) for key, child in children if isinstance(child, (dict, list)))
