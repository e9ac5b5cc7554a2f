"""How messages call a place in a contract, and whose finding a change of it is.

A contract may be spread over files. What a file holds is called by what it is used for, as if it stood there:
nobody who reads a message knows the files by heart.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from posixpath import basename, splitext

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Route
from archlint.finding.records import dataclass
from archlint.model.openapi import METHODS, Contract, references_in

_KINDS = {
    "schemas": "Schema",
    "parameters": "Parameter",
    "responses": "Response",
    "requestBodies": "RequestBody",
    "headers": "Header",
    "pathItems": "PathItem",
    "definitions": "Schema",
    "$defs": "Schema",
}
_WORDS = {
    "parameters": "the shared parameter",
    "responses": "the shared response",
    "requestBodies": "the shared body",
    "headers": "the shared header",
}
"""What is said before the name of a component; schemas are known by their names alone."""
_ROOT_HOMES = ("definitions", "parameters", "responses", "$defs")
_SOLE = 1
"""Uses of a file that is called by its use; one that is used more often has a name of its own."""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A node as if all files stood where they are used."""

    route: Route
    node: Node
    above: _Spot | None = None
    """The use of the file that the node is in."""

    def at(self, depth: int) -> Node:
        """The node that so many steps of the route lead to, in whatever file it is."""
        own = depth - (len(self.route) - len(self.node.route))
        if own >= 0 or self.above is None:
            return self.node.document.at(self.node.route[: max(own, 0)])
        return self.above.at(depth)


class Names:
    """Calls the places of some contracts, those of the first side before those of the others."""

    def __init__(self, *sides: Sequence[Contract]) -> None:
        self._sides = sides
        self._documents = {contract.document for side in sides for contract in side}
        self._uses: dict[str, dict[Route, list[Node]]] | None = None

    def about(self, node: Node) -> ObjectRef:
        """The component that a place belongs to, else the operation or path, else the contract."""
        route = self._spot(node).route
        home = _component(route)
        if home is not None:
            return ObjectRef(_KINDS.get(home[0], "Component"), home[1])
        if len(route) >= 3 and route[0] in ("paths", "webhooks") and route[2] in METHODS:
            return ObjectRef("Operation", f"{str(route[2]).upper()} {route[1]}")
        if len(route) >= 2 and route[0] in ("paths", "webhooks"):
            return ObjectRef("Path", str(route[1]))
        if self._is_in_contract(node):
            return ObjectRef("OpenAPI", node.document.root.get("info", "title").text or "")
        return ObjectRef("File", basename(node.document.path))

    def label(self, node: Node) -> str:
        """A place in words: ``Order.lines[].price``, ``items[] in the 200 response of GET /orders``."""
        spot = self._spot(node)
        route = spot.route
        home = _component(route)
        begin = _path_at(route)
        if begin is not None and len(route) > begin:
            return _in_path(spot, begin)
        if home is not None:
            return _of_component(*home, route[2 if route[0] in _ROOT_HOMES else 3 :])
        return splitext(basename(node.document.path))[0] + _tail(route)

    def _spot(self, node: Node) -> _Spot:
        """Where a node stands once each file is put where it is used, if that is one place."""
        spots: list[Node] = [node]
        tails: list[Route] = []
        while True:
            here = spots[-1]
            length, site = self._use(here)
            if site is None or len(spots) > len(self._all_uses()):
                break
            tails.append(here.route[length:])
            spots.append(site)
        found = _Spot(self._known_as(spots[-1]), spots[-1])
        for here, tail in zip(reversed(spots[:-1]), reversed(tails), strict=True):
            found = _Spot((*found.route, *tail), here, found)
        return found

    def _known_as(self, node: Node) -> Route:
        """The route of a node outside of files with one use; what is used often is like a component."""
        if self._is_in_contract(node) or _component(node.route) is not None:
            return node.route
        uses = self._all_uses().get(node.document.path, {})
        for length in range(len(node.route), -1, -1):
            sites = uses.get(node.route[:length])
            if sites:
                kind = _kind_at(sites[0].route)
                stem = splitext(basename(node.document.path))[0]
                name = str(node.route[length - 1]) if length else stem
                return ("components", kind, name, *node.route[length:])
        if node.route and isinstance(node.route[0], str) and node.route[0] not in METHODS:
            return ("components", "schemas", *node.route)
        return node.route

    def _use(self, node: Node) -> tuple[int, Node | None]:
        """The reference to what a node is a part of, if it is the only one or gives it a name: how much of
        the route leads to what is referred to, and the element with the reference."""
        if self._is_in_contract(node):
            return 0, None
        uses = self._all_uses().get(node.document.path, {})
        for length in range(len(node.route), -1, -1):
            sites = uses.get(node.route[:length], [])
            named = [site for site in sites if _is_component(site.route)]
            if named:
                return length, named[0]
            if len(sites) == _SOLE and not (length and _is_component(node.route[:length])):
                return length, sites[0]
            if sites:
                return length, None
        return 0, None

    def _is_in_contract(self, node: Node) -> bool:
        return node.document in self._documents

    def _all_uses(self) -> dict[str, dict[Route, list[Node]]]:
        """Each element of another file that something refers to, by path and route, with all who do."""
        if self._uses is None:
            self._uses = {}
            for side in self._sides:
                known, seen = frozenset(self._uses), set[str]()
                for contract in side:
                    if contract.document.path not in seen:
                        self._gather(contract, self._uses, known, seen)
        return self._uses

    def _gather(
        self,
        contract: Contract,
        uses: dict[str, dict[Route, list[Node]]],
        known: Collection[str],
        seen: set[str],
    ) -> None:
        """Add what refers to the files that a contract reaches, save what is ``known`` or was ``seen``."""
        waiting: list[Document] = [contract.document]
        seen.add(contract.document.path)
        while waiting:
            document = waiting.pop()
            for site, text in sorted(references_in(document), key=lambda each: _order(each[0].route)):
                target, _ = contract.references.step(site, text)
                if target is None or target.document is document or target.document.path in known:
                    continue
                uses.setdefault(target.document.path, {}).setdefault(target.route, []).append(site)
                if target.document.path not in seen:
                    seen.add(target.document.path)
                    waiting.append(target.document)


def _kind_at(route: Route) -> str:
    """What a reference at a route leads to, as the key of components of that kind."""
    if route[-1:] == ("requestBody",):
        return "requestBodies"
    return str(route[-2]) if len(route) > 1 and route[-2] in _WORDS else "schemas"


def _order(route: Route) -> tuple[str, ...]:
    return tuple(map(str, route))


def _is_component(route: Route) -> bool:
    """Whether a route leads to a component itself, which has a name."""
    return (len(route) == 3 and route[0] == "components") or (len(route) == 2 and route[0] in _ROOT_HOMES)


def _component(route: Route) -> tuple[str, str] | None:
    kind, *rest = route or ("",)
    if kind == "components" and len(rest) >= 2:
        return str(rest[0]), str(rest[1])
    if kind in _ROOT_HOMES and rest and isinstance(rest[0], str):
        return str(kind), rest[0]
    return None


def component_route(route: Route) -> Route:
    """The way to the component that a place belongs to; empty if it belongs to none."""
    if _component(route) is None:
        return ()
    return route[: 3 if route[0] == "components" else 2]


def _of_component(kind: str, name: str, rest: Route) -> str:
    word = _WORDS.get(kind)
    if word is None:
        return name + _tail(rest)
    return _inside(f"{word} '{name}'", rest)


_PATHS = {("paths",): 1, ("webhooks",): 1, ("components", "pathItems"): 2, ("components", "callbacks"): 3}
"""Where routes that begin so have the name of a path: callbacks have a name of their own before it."""
_TO_CALLBACK = 4
"""Steps from the name of a path to that of a path that one of its operations calls back."""


def _path_at(route: Route) -> int | None:
    """Where a route has the name of the path that it is in; of a callback's own, not of that around it."""
    begin = next((at for home, at in _PATHS.items() if route[: len(home)] == home), None)
    while begin is not None and len(route) > begin + _TO_CALLBACK and route[begin + 2] == "callbacks":
        begin += _TO_CALLBACK
    return begin


def _in_path(spot: _Spot, begin: int) -> str:
    name, *inside = route = spot.route[begin:]
    is_operation = bool(inside) and inside[0] in METHODS
    owner = f"{str(inside[0]).upper()} {name}" if is_operation else str(name)
    rest = route[2:] if is_operation else route[1:]
    part = str(rest[0]) if rest else ""
    what, used = "", 0
    if part == "requestBody":
        what, used = "the body", 1
    elif part == "responses" and len(rest) > 1:
        what, used = f"the {rest[1]} response", 2
    elif part == "parameters" and len(rest) > 1:
        called = spot.at(len(spot.route) - len(rest) + 2).get("name").text
        what, used = f"the parameter '{called or rest[1]}'", 2
    return _inside(f"{what} of {owner}" if what else owner, rest[used:])


def _inside(whole: str, rest: Route) -> str:
    """Something below a part of an operation, or the part itself."""
    tail = _tail(rest).lstrip(".")
    return f"{tail} in {whole}" if tail else whole


def _tail(route: Route) -> str:
    """The steps of a schema as one would write them in code."""
    text, at = "", 0
    while at < len(route):
        part = route[at]
        if part in ("properties", "patternProperties", "headers") and at + 1 < len(route):
            text += f".{route[at + 1]}"
            at += 2
        elif part == "content" and at + 1 < len(route):
            at += 2
        else:
            text += {"items": "[]", "additionalProperties": "{}"}.get(str(part), "")
            at += 1
    return text
