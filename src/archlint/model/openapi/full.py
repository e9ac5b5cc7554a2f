"""Contracts whose references say where they lead without what stands around them.

A comparison asks about schemas apart from their surroundings, but ``$id`` gives references another base and
``$dynamicRef`` leads to what the schemas that were passed on the way have under its name (JSON Schema
2020-12, section 8.2.3.2). So documents with either are read as copies in which every reference is written as
a pointer from the top, and every dynamic one as the plain one that it is on that way. All else is as it was
written, and places are those of the document itself.
"""

from __future__ import annotations

import posixpath
from typing import Any

from archlint.documents import Document, Node
from archlint.finding import Place, Route, Token
from archlint.finding.place import pointer_of
from archlint.finding.records import dataclass
from archlint.model.openapi.contracts import Contract
from archlint.model.openapi.references import Broken, References
from archlint.model.openapi.resources import Resource
from archlint.model.openapi.walk import kind_of
from archlint.model.world import World

_MOST_WAYS = 2_000
"""Ways to schemas that are told apart; a contract with more is not decided there."""
Bound = tuple[tuple[str, Document, Route], ...]
"""What dynamic references lead to, by name: the outermost schema on the way that has the name."""


def full(contract: Contract) -> Contract:
    """A contract as it is compared; the same document if nothing in it depends on what stands around."""
    references = contract.references.world.fact(FullReferences)
    return Contract(references.full(contract.document), references)


@dataclass(frozen=True, slots=True)
class _Aim:
    """Where a reference of a copy leads: a place in another copy, or nowhere."""

    document: Document | None
    route: Route = ()
    entry: Route = ()
    bound: Bound = ()
    problem: Broken | None = None


class FullDocument(Document):
    """A document as it is seen on one way to it."""

    __slots__ = ("aims", "written")

    def __init__(self, written: Document, load: Any) -> None:
        super().__init__(
            written.path,
            load,
            written.marks,
            written._lines,
            kind=written.kind,
            index=written.index,
            revision=written.revision,
        )
        self.written = written
        self.aims: dict[str, _Aim] = {}

    def place(self, route: Route, token: Token) -> Place:
        """The place in the document itself, where a plain reference may be a dynamic one."""
        if route and route[-1] == "$ref" and not self.written.at(route).exists:
            route = (*route[:-1], "$dynamicRef")
        known = self.written.existing(route)
        return Place(self.written, known, token if known == route else Token.ANCHOR)


class FullReferences(References):
    """References between copies, and from and to documents that need none."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._plain = world.fact(References)
        self._copies: dict[tuple[Document, Route, Bound], FullDocument] = {}
        self._plainness: dict[Document, bool] = {}

    def full(self, document: Document) -> Document:
        """A document as it is seen from its top."""
        return document if isinstance(document, FullDocument) else self._copy(document, (), ())

    def node(self, node: Node) -> Node:
        """An element as it is seen from the top of its document."""
        copy = self.full(node.document)
        return node if copy is node.document else copy.at(node.route)

    def step(self, node: Node, text: str) -> tuple[Node | None, Broken | None]:
        """See ``References.step``."""
        if not isinstance(node.document, FullDocument):
            return super().step(node, text)
        aim = node.document.aims.get(text)
        if aim is None:
            found, problem = super().step(Node(node.document.written, node.route, None), text)
            return None if found is None else self.node(found), problem
        if aim.document is None:
            return None, aim.problem
        return self._copy(aim.document, aim.entry, aim.bound).at(aim.route), None

    def _document(self, path: str) -> Document | None:
        found = super()._document(path)
        return None if found is None else self.full(found)

    def _copy(self, document: Document, entry: Route, bound: Bound) -> Document:
        if not bound and self._is_plain(document):
            return document
        key = (document, entry, bound)
        if key not in self._copies:
            self._copies[key] = _Copying(self._plain, document, entry, bound, self._has_room).made
        return self._copies[key]

    def _is_plain(self, document: Document) -> bool:
        """Whether there is nothing in a document that would be written otherwise."""
        known = self._plainness.get(document)
        if known is None:
            known = self._plain.resources(document).is_plain and "$dynamicRef" not in document.text
            self._plainness[document] = known
        return known

    def _has_room(self, document: Document, entry: Route, bound: Bound) -> bool:
        return (document, entry, bound) in self._copies or len(self._copies) < _MOST_WAYS


class _Copying:
    """Copies what stands at and below a schema of a document; what is around it is only passed."""

    def __init__(
        self, references: References, document: Document, entry: Route, bound: Bound, has_room: Any
    ) -> None:
        self._references = references
        self._resources = references.resources(document)
        self._document = document
        self._entry = entry
        self._bound = bound
        self._has_room = has_room
        self.made = FullDocument(document, self._load)

    def _load(self) -> Any:
        here = self._resources.around(self._entry)
        inner = self._value(self._document.at(self._entry).value, self._entry, here, self._bound, False)
        return _put(self._document.data, self._entry, inner)

    def _value(self, value: Any, route: Route, here: Resource, bound: Bound, is_names: bool) -> Any:
        """A copy of a value; ``bound`` is what was passed before it."""
        if isinstance(value, list):
            return [self._value(item, (*route, at), here, bound, False) for at, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if is_names:
            return {key: self._value(item, (*route, key), here, bound, False) for key, item in value.items()}
        stated = self._resources.at(route)
        here = stated if stated is not None else here
        if stated is not None:
            bound = enter(bound, stated)
        found: dict[str, Any] = {}
        for key, item in value.items():
            if key in ("$ref", "$dynamicRef") and isinstance(item, str):
                continue
            kind = kind_of(key, item)
            found[key] = item if kind is None else self._value(item, (*route, key), here, bound, kind)
        return self._with_references(value, found, here, bound)

    def _with_references(
        self, value: dict[str, Any], found: dict[str, Any], here: Resource, bound: Bound
    ) -> dict[str, Any]:
        texts = [
            self._text(here, bound, value[key], is_dynamic=key == "$dynamicRef")
            for key in ("$ref", "$dynamicRef")
            if isinstance(value.get(key), str)
        ]
        if len(texts) > 1:
            parts = found.get("allOf")
            found["allOf"] = [*(parts if isinstance(parts, list) else []), {"$ref": texts.pop()}]
        return {"$ref": texts[0], **found} if texts else found

    def _text(self, here: Resource, bound: Bound, text: str, *, is_dynamic: bool) -> str:
        """A reference as the copy has it; where it leads is noted."""
        target, problem = self._references.step(Node(here.document, here.route, None), text)
        if target is not None and is_dynamic:
            target = self._rebound(here, bound, text, target)
        if target is None:
            whole = text if problem is Broken.REMOTE else f"{text}?nowhere"
            self.made.aims[whole] = _Aim(None, problem=problem)
            return whole
        resource = self._references.resources(target.document).around(target.route)
        bound, entry = enter(bound, resource), target.route
        if bound == _on_the_way(self._references, resource):
            bound, entry = (), ()  # as it is seen from the top
        if not self._has_room(target.document, entry, bound):
            # the sides of a comparison never agree on what is not known
            whole = f"{text}?undecided={self._document.revision or 'revision'}"
            self.made.aims[whole] = _Aim(None, problem=Broken.LOOP)
            return whole
        whole = self._written_out(target, bound)
        self.made.aims[whole] = _Aim(target.document, target.route, entry, bound)
        return whole

    def _rebound(self, here: Resource, bound: Bound, text: str, target: Node) -> Node:
        """What a dynamic reference leads to: the first schema on the way that has its name, if what it names
        by itself is a dynamic anchor."""
        address, _, name = text.partition("#")
        resource, _ = self._references.resource(here, address)
        if resource is None or resource.dynamic.get(name) != target.route:
            return target
        for known, document, route in bound:
            if known == name:
                return document.at(route)
        return target

    def _written_out(self, target: Node, bound: Bound) -> str:
        """A pointer to an element, and what is bound on the way to it where that is not the usual."""
        ways = [f"{name}={self._file(document)}#{pointer_of(route)}" for name, document, route in bound]
        return (
            f"{self._file(target.document)}{'?' if ways else ''}{'&'.join(ways)}#{pointer_of(target.route)}"
        )

    def _file(self, document: Document) -> str:
        if document is self._document:
            return ""
        return posixpath.relpath(document.path, posixpath.dirname(self._document.path) or ".")


def enter(bound: Bound, resource: Resource) -> Bound:
    """What is bound once a resource was passed: what was before it stays."""
    known = {name for name, _, _ in bound}
    fresh = [
        (name, resource.document, route) for name, route in resource.dynamic.items() if name not in known
    ]
    return (*bound, *fresh) if fresh else bound


def _on_the_way(references: References, resource: Resource) -> Bound:
    """What is bound in a resource that is seen from the top of its document."""
    bound: Bound = ()
    resources = references.resources(resource.document)
    for length in range(len(resource.route) + 1):
        around = resources.at(resource.route[:length])
        bound = bound if around is None else enter(bound, around)
    return bound


def _put(data: Any, route: Route, inner: Any) -> Any:
    """Data with something else at a route, sharing all that is not on the way."""
    if not route:
        return inner
    made: Any = list(data) if isinstance(data, list) else dict(data)
    made[route[0]] = _put(data[route[0]], route[1:], inner)
    return made
