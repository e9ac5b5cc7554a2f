"""A document with all that its references lead to, in one tree, as rules of Spectral look at it.

What several references lead to is one object in memory, so the tree takes no more room than its files. A
reference that leads back into itself stays as it is written: exactly those that lie on a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from archlint.documents import MISSING, Document, Node
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.model.openapi.references import References, reference_text

_Target = tuple[Document, Route]
_LARGEST = 10**12
_DIGITS = 9
"""Digits of a position in a list, at most."""
_MOST_DOCUMENTS = 500
"""Files that one document may be made of."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """A reference and what it leads to."""

    route: Route
    target: _Target
    has_siblings: bool
    """Whether there are other keys beside it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an element of the resolved document is written, as far as it exists there."""

    node: Node
    missing: Route = ()
    """The steps that lead no further."""


class _Way:
    """The way from the top of a document to an element, of which the next often shares the first steps."""

    def __init__(self, top: Node, follow: Callable[[Node], Node | None]) -> None:
        """``follow`` gives where the way goes on from an element, if elsewhere."""
        self._follow = follow
        self._route: Route = ()
        self._nodes = [top]

    def to(self, route: Route) -> Origin:
        """The way to an element, as far as it leads."""
        nodes, shared = self._nodes, 0
        for step, before in zip(route, self._route[: len(nodes) - 1], strict=False):
            if step != before:
                break
            shared += 1
        del nodes[shared + 1 :]
        self._route = route
        here = self._follow(nodes[-1]) or nodes[-1]
        for at in range(shared, len(route)):
            step = _step(here.value, route[at])
            below = _member(here.value, step)
            if below is MISSING:
                return Origin(here, route[at:])
            node = Node(here.document, (*here.route, step), below)
            nodes.append(node)
            here = self._follow(node) or node
        return Origin(here)


def _stay(node: Node) -> None:
    """The way straight down goes on from where it is."""


class ResolvedDocument:
    """One document, its references followed."""

    def __init__(self, document: Document, references: References) -> None:
        self.document = document
        self._references = references
        self._found: dict[Document, list[_Reference]] = {}
        self._targets: set[_Target] = set()
        self._built: dict[_Target, Any] = {}
        self._sizes: dict[int, int] = {}
        self._replaced: dict[_Target, _Target] = {}
        """The references that are not on a circle, and what they were replaced by."""
        self._apart: set[_Target] = set()
        """The targets that are copied once more where they stand."""
        self._straight = _Way(document.root, _stay)
        self._through = _Way(document.root, self._led)

    @cached_property
    def data(self) -> Any:
        """The tree."""
        self._collect()
        parts = _components(self._edges())
        for document, found in self._found.items():
            for reference in found:
                around = self._around(document, reference.route)
                if around is None or parts[around] != parts[reference.target]:
                    self._replaced[document, reference.route] = reference.target
        trees = {document: self._tree(document, found) for document, found in self._found.items()}
        for target in parts:  # what it leads to comes before it
            self._built[target] = self._copy(target, trees)
        root = (self.document, ())
        self._apart = self._holders()
        is_built = root in self._built and root not in self._apart
        return self._built[root] if is_built else self._copy(root, trees)

    def _holders(self) -> set[_Target]:
        """The targets of the document in which a reference has other keys beside it.

        Where the way to such a reference leads straight down, its place is its own; where it leads through
        a reference to the target, the place is what it leads to, as the tree has no keys beside it. So
        these targets are in the tree twice.
        """
        document = self.document
        return {
            target
            for reference in self._found.get(document, ())
            if reference.has_siblings and (document, reference.route) in self._replaced
            for length in range(len(reference.route) + 1)
            if (target := (document, reference.route[:length])) in self._built
        }

    def origin(self, route: Route) -> Origin:
        """Where the element at a route of the tree is written."""
        found = self._followed(route)
        text = reference_text(found.node)
        if text is None or text.startswith("#") or (found.node.document, found.node.route) in self._replaced:
            return found
        here = self.document.existing(route)  # of what is not here, the reference is told
        return Origin(self.document.at(here), route[len(here) :])

    def _followed(self, route: Route) -> Origin:
        """The way to an element in the text: straight down, or through references if it ends at one.

        Keys beside a reference are taken as they stand where the way leads straight down; as soon as it
        leads through one reference, all others on it are followed too, because the tree has none of the
        keys beside them.
        """
        _ = self.data
        straight = self._straight.to(route)
        node = straight.node
        if (node.document, node.route) not in self._replaced:
            return straight
        if len(node.value) > 1 and not (
            straight.missing and self._is_in_tree(node.route, straight.missing[0])
        ):
            return straight
        return self._through.to(route)

    def _is_in_tree(self, route: Route, below: str | int) -> bool:
        """Whether the value at a route of the tree has a member."""
        value = self.data
        for step in (*route, below):
            value = _member(value, _step(value, step))
        return value is not MISSING

    @cached_property
    def referenced(self) -> frozenset[str]:
        """Pointers of the document itself that something refers to, with the keys as they are."""
        _ = self.data
        return frozenset(
            "/".join(("#", *map(str, route)))
            for document, route in self._targets
            if document is self.document
        )

    def size(self, value: Any, most: int) -> int:
        """How many values there are in a part of the tree, each as often as it is met; ``most`` if more."""
        waiting: list[tuple[Any, bool]] = [(value, False)]
        sizes = self._sizes
        while waiting:
            here, is_done = waiting.pop()
            if not isinstance(here, (dict, list)) or id(here) in sizes:
                continue
            children = list(here.values() if isinstance(here, dict) else here)
            if is_done:
                told = sum(sizes.get(id(child), 1) for child in children)
                sizes[id(here)] = min(1 + told, _LARGEST)
            else:
                waiting.append((here, True))
                waiting += [(child, False) for child in children]
        return min(sizes.get(id(value), 1), most)

    def _led(self, node: Node) -> Node | None:
        """What a reference was replaced by, over any number of steps."""
        here: Node | None = None
        seen = 0
        while (target := self._replaced.get((node.document, node.route))) is not None and seen < 100:
            node = here = target[0].at(target[1])
            seen += 1
        return here

    def _collect(self) -> None:
        """Find all references of the document and of those that it leads to."""
        waiting = [self.document]
        while waiting:
            document = waiting.pop()
            if document in self._found or len(self._found) > _MOST_DOCUMENTS:
                continue
            found: list[_Reference] = []
            for node, text in _references(document):
                target, _ = self._references.step(node, text)
                if target is not None:
                    leads_to = (target.document, target.route)
                    found.append(_Reference(node.route, leads_to, len(node.value) > 1))
                    waiting.append(target.document)
            self._found[document] = found
            self._targets.update(reference.target for reference in found)

    def _around(self, document: Document, route: Route, *, least: int = 0) -> _Target | None:
        """The innermost target that a route lies in, itself if ``least`` is 0."""
        for length in range(len(route) - least, -1, -1):
            target = (document, route[:length])
            if target in self._targets:
                return target
        return None

    def _edges(self) -> dict[_Target, list[_Target]]:
        """What each target holds: the targets in it, and what its own references lead to."""
        edges: dict[_Target, list[_Target]] = {target: [] for target in self._targets}
        for document, route in self._targets:
            around = self._around(document, route, least=1) if route else None
            if around is not None:
                edges[around].append((document, route))
        for document, found in self._found.items():
            for reference in found:
                around = self._around(document, reference.route)
                if around is not None:
                    edges[around].append(reference.target)
        return edges

    def _tree(self, document: Document, found: Sequence[_Reference]) -> dict[Any, Any]:
        """The ways to the references that are replaced, as maps within maps that end in targets."""
        tree: dict[Any, Any] = {}
        for reference in found:
            target = self._replaced.get((document, reference.route))
            here = tree
            for step in reference.route if target is not None else ():
                here = here.setdefault(step, {})
            if target is not None:
                here[None] = target
        return tree

    def _copy(self, target: _Target, trees: dict[Document, dict[Any, Any]]) -> Any:
        """The value at a target with its references replaced; what has none is not copied."""
        document, route = target
        tree = trees.get(document, {})
        for step in route:
            tree = tree.get(step, {})
        return self._replacing(document, route, document.at(route).value, tree)

    def _replacing(self, document: Document, route: Route, value: Any, tree: dict[Any, Any]) -> Any:
        if not tree:
            return value
        if None in tree:
            return self._built[tree[None]]
        made = dict(value) if isinstance(value, dict) else list(value)
        for step, below in tree.items():
            here = (*route, step)
            known = (document, here)
            if known in self._built and known not in self._apart:
                made[step] = self._built[known]
            else:
                made[step] = self._replacing(document, here, value[step], below)
        return made


def _references(document: Document) -> Iterator[tuple[Node, str]]:
    """All references that are written in a document, in the order of its text."""
    waiting: list[tuple[Route, Any]] = [((), document.data)]
    while waiting:
        route, value = waiting.pop()
        if isinstance(value, dict):
            node = Node(document, route, value)
            text = reference_text(node)
            if text is not None:
                yield node, text
                continue
            children = [
                ((*route, key), child) for key, child in value.items() if isinstance(child, (dict, list))
            ]
        else:
            children = [
                ((*route, at), child)
                for at, child in enumerate(value if isinstance(value, list) else ())
                if isinstance(child, (dict, list))
            ]
        waiting += reversed(children)


def _step(value: Any, step: str | int) -> str | int:
    """A step as the value has it: keys of digits alone may come as numbers, and positions as texts."""
    if isinstance(step, int):
        return str(step) if isinstance(value, dict) else step
    is_position = isinstance(value, list) and step.isascii() and step.isdigit() and len(step) <= _DIGITS
    return int(step) if is_position else step


def _member(value: Any, step: str | int) -> Any:
    """What is one step down."""
    if isinstance(value, dict):
        return value.get(step, MISSING)
    is_there = isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)
    return value[step] if is_there else MISSING


def _components(edges: dict[_Target, list[_Target]]) -> dict[_Target, int]:
    """The number of the circle that each target belongs to, in an order in which what a target leads to
    comes before it (Tarjan's algorithm, without recursion)."""
    number: dict[_Target, int] = {}
    lowest: dict[_Target, int] = {}
    found: dict[_Target, int] = {}
    stack: list[_Target] = []
    for start, below in edges.items():
        if start in number:
            continue
        work: list[tuple[_Target, Iterator[_Target]]] = [(start, iter(below))]
        number[start] = lowest[start] = len(number)
        stack.append(start)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in number:
                    number[other] = lowest[other] = len(number)
                    stack.append(other)
                    work.append((other, iter(edges[other])))
                    break
                if other not in found:
                    lowest[node] = min(lowest[node], number[other])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == number[node]:
                    _close(node, stack, found)
    return found


def _close(node: _Target, stack: list[_Target], found: dict[_Target, int]) -> None:
    """Take the targets of one circle from the stack."""
    part = len(found)
    while True:
        other = stack.pop()
        found[other] = part
        if other == node:
            return
