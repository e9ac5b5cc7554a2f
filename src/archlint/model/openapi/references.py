"""Following ``$ref``: inside a document and over the files of the tree, never over the network.

And what an element says, in its place or behind references, to see whether two say the same (``meaning``).
"""

from __future__ import annotations

import json
from enum import StrEnum
from urllib.parse import unquote

from archlint.documents import MISSING, Document, Node, load_text
from archlint.files import Kind
from archlint.finding import Route
from archlint.finding.place import steps_of
from archlint.finding.records import dataclass
from archlint.model.openapi.resources import Resource, Resources, is_absolute, join
from archlint.model.submodules import may_be_in_submodule
from archlint.model.world import World

MAX_CHAIN = 50
"""References of a chain that are kept; the end of a longer one is looked up once for all that lead to it."""


class Broken(StrEnum):
    """Why a reference leads nowhere."""

    REMOTE = "remote"
    """It names another host, or a file of a submodule that is not here; nothing is fetched, so nothing is
    known about it."""
    OUTSIDE = "outside"
    FILE = "file"
    TEXT = "text"
    """The file is there, and is no YAML or JSON."""
    POINTER = "pointer"
    SCOPE = "scope"
    """It would lead somewhere if the schema around it had no ``$id``."""
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The end of a chain of references; without any it is the node itself."""

    node: Node
    references: tuple[Node, ...] = ()
    """The first nodes that hold the ``$ref`` keys, in the order in which they were followed."""
    problem: Broken | None = None


class References:
    """Resolves the references of one world; answers are remembered."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._fragments: dict[str, Document | None] = {}
        self._steps: dict[tuple[Document, Route, str], tuple[Node | None, Broken | None]] = {}
        self._resources: dict[Document, Resources] = {}
        self._circles: dict[tuple[Document, Route], tuple[Node, ...]] = {}
        self._ends: dict[tuple[Document, Route], Resolved] = {}
        """Where long chains end, by each reference in them."""

    def follow(self, node: Node) -> Resolved:
        """The element a node means: itself, or what its ``$ref`` leads to over any number of steps."""
        seen: list[Node] = []
        while (text := reference_text(node)) is not None:
            if any(_is_same(node, other) for other in seen):
                return Resolved(_nowhere(node), tuple(seen), Broken.LOOP)
            if len(seen) >= MAX_CHAIN:
                end = self._far_end(node)
                return Resolved(end.node, tuple(seen), end.problem)
            seen.append(node)
            target, problem = self.step(node, text)
            if target is None:
                return Resolved(_nowhere(node), tuple(seen), problem)
            node = target
        return Resolved(node, tuple(seen))

    def _far_end(self, node: Node) -> Resolved:
        """Where a chain of any length ends; each reference is walked once, whoever asks."""
        way: set[tuple[Document, Route]] = set()
        key = node.document, node.route
        while key not in self._ends and (text := reference_text(node)) is not None:
            if key in way:
                self._ends[key] = Resolved(_nowhere(node), problem=Broken.LOOP)
                break
            way.add(key)
            target, problem = self.step(node, text)
            if target is None:
                self._ends[key] = Resolved(_nowhere(node), problem=problem)
                break
            node, key = target, (target.document, target.route)
        found = self._ends.get(key) or Resolved(node)
        self._ends |= dict.fromkeys(way, found)
        return found

    def circle(self, node: Node) -> tuple[Node, ...]:
        """The references that lead round, each to the next, of those to which a node leads; none if its chain
        ends. Each is walked once, whoever asks."""
        way: dict[tuple[Document, Route], Node] = {}
        key = node.document, node.route
        found: tuple[Node, ...] = ()
        while (text := reference_text(node)) is not None:
            if key in self._circles:
                found = self._circles[key]
                break
            if key in way:
                found = tuple(way.values())[[*way].index(key) :]
                break
            way[key] = node
            target, _ = self.step(node, text)
            if target is None:
                break
            node, key = target, (target.document, target.route)
        self._circles |= dict.fromkeys(way, found)
        return found

    def step(self, node: Node, text: str) -> tuple[Node | None, Broken | None]:
        """The element that one reference written in ``node`` names, or why there is none."""
        here = self.resources(node.document).around(node.route)
        key = (node.document, here.route, text)
        found = self._steps.get(key)
        if found is None:
            self._steps[key] = (None, Broken.LOOP)  # met again only by a pointer that leads through itself
            found = self._steps[key] = self._look_up(here, text)
        return found

    def is_apart(self, document: Document) -> bool:
        """Whether a document is a contract that is looked at for its own sake, with all that is in it."""
        root = document.root
        is_contract = root.is_map and (root.get("openapi").exists or root.get("swagger").exists)
        return is_contract and self.world.is_judged(document.path)

    def resources(self, document: Document) -> Resources:
        """What has an identifier in a document."""
        if document not in self._resources:
            self._resources[document] = Resources(document)
        return self._resources[document]

    def resource(self, here: Resource, address: str) -> tuple[Resource | None, Broken | None]:
        """What a reference without fragment names in a resource; the resource itself if it is empty."""
        if not address:
            return here, None
        whole = join(here.base, address)
        known = self.resources(here.document).named(whole)
        if known is not None:
            return known, None
        if is_absolute(address):
            return None, Broken.REMOTE
        is_guess = is_absolute(whole)  # nothing is fetched; but files that are named so lie side by side
        path = join(here.document.path, address) if is_guess else whole
        if _is_outside(path) and not _is_outside(here.document.path):
            return None, Broken.REMOTE if is_guess else Broken.OUTSIDE
        target = self._document(path)
        if target is None:  # what lies beside a file that was named outside of the root may not be read
            is_elsewhere = is_guess or _is_outside(path) or path in self.world.tree.absent
            if is_elsewhere:
                return None, Broken.REMOTE
            if self.world.text(path) is not None:
                return None, Broken.TEXT
            return None, Broken.REMOTE if may_be_in_submodule(self.world, path) else Broken.FILE
        return self.resources(target).root, None

    def _look_up(self, here: Resource, text: str) -> tuple[Node | None, Broken | None]:
        address, _, fragment = text.partition("#")
        resource, problem = self.resource(here, address)
        if resource is None:
            return None, problem
        found = self._point(resource, fragment)
        if found is not None:
            return found, None
        root = self.resources(resource.document).root
        is_scope = resource is not root and self._point(root, fragment) is not None
        return None, Broken.SCOPE if is_scope else Broken.POINTER

    def _document(self, path: str) -> Document | None:
        """A file that a reference names, read the way OpenAPI documents are read."""
        if path in self._fragments:
            return self._fragments[path]
        document = self.world.document(path)
        if document is not None and document.kind is not Kind.OPENAPI and not path.lower().endswith(".json"):
            text = self.world.text(path)
            loaded = load_text(path, text or "", Kind.OPENAPI, revision=document.revision).documents
            document = loaded[0] if loaded else document
        self._fragments[path] = document
        return document

    def _point(self, resource: Resource, fragment: str) -> Node | None:
        node = resource.document.at(resource.route)
        if fragment == "":
            return node
        if not fragment.startswith("/"):
            route = resource.anchors.get(unquote(fragment))
            return None if route is None else resource.document.at(route)
        for name in steps_of(unquote(fragment)):
            below = _child(node, name)
            if not below.exists and reference_text(node) is not None:
                below = _child(self.follow(node).node, name)
            if not below.exists:
                return None
            node = below
        return node


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


_MOST, _DEEPEST = 5_000, 60


def meaning(node: Node, references: References) -> str | None:
    """Equal for elements that say the same, however their parts are divided over ``$ref``; ``None`` for an
    element that refers back to itself, leads nowhere or is too large to be told."""
    found: list[str] = []
    return "".join(found) if _add(node, references, found, 0) else None


def _add(node: Node, references: References, found: list[str], depth: int) -> bool:
    node = references.follow(node).node
    if depth > _DEEPEST or len(found) > _MOST or not node.exists:
        return False
    if node.is_map:
        found.append("{")
        for name, child in sorted(node.items()):
            found.append(json.dumps(name))
            if not _add(child, references, found, depth + 1):
                return False
        found.append("}")
    elif node.is_list:
        found.append("[")
        if not all(_add(child, references, found, depth + 1) for child in node.elements()):
            return False
        found.append("]")
    else:
        found.append(json.dumps(node.value, default=str) + ",")
    return True
