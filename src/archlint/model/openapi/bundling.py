"""One document from a contract of many files: what stands in others moves in, and references stay such.

What a reference names in another file becomes a component of the kind that is expected where it stands, and
so does what that refers to. Where a version has no home for such components (paths before 3.1, servers, maps
of names), it is written in place. References to other hosts stay as they are, and so does what leads nowhere.
``$id`` and ``$anchor`` leave schemas of 3.1 and later, as all references to them become pointers.

Source: OpenAPI Specification, Components Object and Reference Object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from posixpath import basename, splitext
from typing import Any
from urllib.parse import quote

from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.finding.place import pointer_of
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi.contracts import Contract, Dialect
from archlint.model.openapi.elements import Element, Role
from archlint.model.openapi.references import Broken, reference_text

_MOST_VALUES, _MOST_COPIES = 3_000_000, 1_000
"""Values of a bundle, and how often one element is written: what has no home is written wherever it is
named."""
_HOMES = {
    Role.SCHEMA: "schemas",
    Role.RESPONSE: "responses",
    Role.PARAMETER: "parameters",
    Role.EXAMPLE: "examples",
    Role.BODY: "requestBodies",
    Role.HEADER: "headers",
    Role.SECURITY: "securitySchemes",
    Role.LINK: "links",
    Role.CALLBACK: "callbacks",
}
_HOMES_OF_2 = {Role.SCHEMA: "definitions", Role.RESPONSE: "responses", Role.PARAMETER: "parameters"}
_NO_NAME = regex(r"[^A-Za-z0-9._-]++")
_OF_FILES = (".yaml", ".yml", ".json")
_IDENTIFIERS = ("$id", "$anchor")
_DEEPEST = 100
"""Elements without a home that are written into one another."""
_WHY = {
    Broken.REMOTE: "it names another host, and nothing is fetched",
    Broken.OUTSIDE: "it leads out of the repository",
    Broken.FILE: "there is no such file",
    Broken.TEXT: "the file is no YAML or JSON",
    Broken.POINTER: "there is nothing at that place of the file",
    Broken.SCOPE: "it is relative to the `$id` around it",
    Broken.LOOP: "it leads back to itself",
}
_WHY_NAMELESS = "the operation has no `operationId`, by which it can be named in one document"
_WHY_DYNAMIC = "what it means depends on the files or identifiers around it, which one document has not"

_Key = tuple[Document, Route]


class BundleTooLarge(Exception):
    """A bundle that would be larger than anybody could mean."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A reference that stays as it is, and why."""

    node: Node
    text: str
    why: str
    is_remote: bool
    keyword: str = "$ref"
    """The key of the reference."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The document, and what is to be told of it."""

    data: Any
    files: tuple[str, ...]
    """The other files that parts of it come from."""
    kept: tuple[Kept, ...]
    identifiers: int
    """How many ``$id`` and ``$anchor`` were left out."""
    in_data: tuple[str, ...]
    """References to files in extensions, examples and other data, which stay as they are."""


def bundle(contract: Contract) -> Bundle:
    """One document from a contract and all that it refers to."""
    return _Bundler(contract).run()


class _Bundler:
    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._references = contract.references
        self._root = contract.document
        dialect = contract.dialect or Dialect.V3_0
        homes = dict(_HOMES_OF_2 if dialect is Dialect.V2_0 else _HOMES)
        if dialect >= Dialect.V3_1:
            homes[Role.PATH] = "pathItems"
        if dialect >= Dialect.V3_2:
            homes[Role.MEDIA] = "mediaTypes"
        self._homes = homes
        self._drops_identifiers = dialect >= Dialect.V3_1
        self._names: dict[tuple[_Key, str], str] = {}
        """What each element of another file is called, by the home that it has."""
        self._taken: dict[str, set[str]] = {home: set() for home in homes.values()}
        self._waiting: list[tuple[Node, Role, str, str]] = []
        self._kept: list[Kept] = []
        self._files: dict[str, None] = {}
        self._own_entries: dict[_Key, Node] = {}
        """Entries of the contract's own components that are nothing but a reference to another file."""
        self._identifiers = 0
        self._in_data: list[str] = []
        self._left = _MOST_VALUES
        self._copies: Counter[_Key] = Counter()

    def run(self) -> Bundle:
        self._take_own_names()
        data = self._copied(self._root.root, Role.OTHER, 0)
        made: dict[str, dict[str, Any]] = {}
        for node, role, home, name in self._waiting:  # grows while it is walked
            made.setdefault(home, {})[name] = self._copied(node, role, 0)
        for home in (name for name in self._homes.values() if name in made):
            self._home_in(data, home).update(made[home])
        kept = tuple(self._kept)
        return Bundle(data, tuple(self._files), kept, self._identifiers, tuple(self._in_data))

    @property
    def _is_v2(self) -> bool:
        return self._contract.is_v2

    def _home(self, name: str) -> Node:
        return self._root.root.get(name) if self._is_v2 else self._root.root.get("components", name)

    def _home_in(self, data: Any, home: str) -> dict[str, Any]:
        """The map of a kind of components in the new document."""
        around = data if self._is_v2 else data.setdefault("components", {})
        found = around.setdefault(home, {})
        return found if isinstance(found, dict) else {}

    def _take_own_names(self) -> None:
        """Keep the names that the contract has; what it names in another file keeps that name."""
        for home in self._homes.values():
            for name, entry in self._home(home).items():
                self._taken[home].add(name)
                target = self._elsewhere(entry)
                if target is None or set(entry.value) != {"$ref"}:
                    continue
                key = (target.document, target.route)
                if (key, home) not in self._names:
                    self._names[key, home] = name
                    self._own_entries[entry.document, entry.route] = target

    def _elsewhere(self, node: Node) -> Node | None:
        """What a reference names in another file."""
        text = reference_text(node)
        target = None if text is None else self._references.step(node, text)[0]
        return None if target is None or target.document is self._root else target

    def _copied(self, start: Node, role: Role, depth: int) -> Any:
        """A value with all references in it as they are in the new document."""
        edits: dict[Route, Any] = {}
        if start.document is not self._root:
            self._files.setdefault(start.document.path)
        if isinstance(start.value, (dict, list)):
            for element in self._contract.elements.below(start, role):
                self._edit(element, edits, depth)
        return self._written(start.value, start.route, edits)

    def _written(self, value: Any, route: Route, edits: dict[Route, Any]) -> Any:
        self._left -= 1
        if self._left < 0:
            raise BundleTooLarge
        if route in edits:
            edit = edits[route]
            return (
                self._map(value, route, edits, edit)
                if isinstance(edit, dict)
                else edit.over(self._written, edits)
            )
        if isinstance(value, dict):
            self._note_in_data(value)
            return self._map(value, route, edits, {})
        if isinstance(value, list):
            return [self._written(item, (*route, at), edits) for at, item in enumerate(value)]
        return value

    def _note_in_data(self, value: dict[str, Any]) -> None:
        """Note a reference to a file that is no reference by the specification."""
        text = value.get("$ref")
        if isinstance(text, str) and _names_file(text):
            self._in_data.append(text)

    def _map(
        self, value: dict[str, Any], route: Route, edits: dict[Route, Any], changed: dict[str, Any]
    ) -> dict[str, Any]:
        found = {
            key: changed[key] if key in changed else self._written(item, (*route, key), edits)
            for key, item in value.items()
        }
        return {key: item for key, item in (found | changed).items() if item is not _GONE}

    def _edit(self, element: Element, edits: dict[Route, Any], depth: int) -> None:
        """Note what becomes of an element."""
        node, role = element.node, element.role
        changed: dict[str, Any] = {}
        if role is Role.SCHEMA and self._drops_identifiers:
            for key in _IDENTIFIERS:
                if node.get(key).text is not None:
                    changed[key] = _GONE
                    self._identifiers += 1
        dynamic = node.get("$dynamicRef").text if role is Role.SCHEMA else None
        if dynamic is not None and not self._keeps_meaning(node, dynamic):
            self._kept.append(Kept(node, dynamic, _WHY_DYNAMIC, False, "$dynamicRef"))
        text = reference_text(node)
        if text is not None and not (role is Role.NAMES and len(node.value) > 1):
            instead = self._referred(node, role, text, depth)
            if isinstance(instead, _Instead):
                edits[node.route] = instead
                return
            changed["$ref"] = instead
        if role is Role.SCHEMA and node.get("discriminator").is_map:
            self._edit_discriminator(node, edits)
        if role is Role.LINK and node.get("operationRef").text is not None:
            changed |= self._linked(node, node.get("operationRef").text or "")
        if changed:
            edits[node.route] = changed

    def _referred(self, node: Node, role: Role, text: str, depth: int) -> Any:
        """The new text of a reference, or what stands in its place."""
        target, problem = self._references.step(node, text)
        if target is None:
            self._keep(node, text, problem)
            return text
        entry = self._own_entries.get((node.document, node.route))
        if entry is not None:
            return _Instead(self._copied(entry, role, depth + 1))
        if target.document is self._root:
            is_same = node.document is self._root and text.startswith("#") and self._is_plain
            return text if is_same else _fragment(target.route)
        home = self._homes.get(role)
        if home is not None:
            return self._pointer(target, role, home)
        if depth >= _DEEPEST:
            self._keep(node, text, Broken.LOOP)
            return text
        key = (target.document, target.route)
        self._copies[key] += 1
        if self._copies[key] > _MOST_COPIES:
            raise BundleTooLarge
        return _Instead(self._copied(target, role, depth + 1), node)

    def _keeps_meaning(self, node: Node, dynamic: str) -> bool:
        """Whether a dynamic reference means the same in the bundle: it leads from the contract into itself,
        and no identifier is around it."""
        if not self._drops_identifiers:
            return True
        own = self._references.resources(self._root)
        is_inside = node.document is self._root and dynamic.startswith("#")
        return is_inside and own.around(node.route) is own.root

    @property
    def _is_plain(self) -> bool:
        """Whether references are relative to the whole document, and not to a part with an identifier."""
        return self._references.resources(self._root).is_plain or not self._drops_identifiers

    def _linked(self, node: Node, text: str) -> dict[str, Any]:
        """What becomes of the operation that a link names: one of another file is named by its identifier."""
        target, problem = self._references.step(node, text)
        if target is not None and target.document is self._root:
            is_same = node.document is self._root and text.startswith("#")
            return {} if is_same else {"operationRef": _fragment(target.route)}
        name = None if target is None else target.get("operationId").text
        if name is not None:
            return {"operationRef": _GONE, "operationId": name}
        if target is not None or node.document is not self._root:
            why = _WHY_NAMELESS if target is not None else _WHY.get(problem or Broken.POINTER, "")
            self._kept.append(Kept(node, text, why, problem is Broken.REMOTE, "operationRef"))
        return {}

    def _edit_discriminator(self, node: Node, edits: dict[Route, Any]) -> None:
        """Note what becomes of the values of a discriminator: they lead where they led before."""
        discriminator = node.get("discriminator")
        mapping = discriminator.get("mapping")
        mapped = dict(self._mapped(mapping)) if mapping.is_map else {}
        unnamed = {key: text for key, text in self._renamed(node) if not mapping.get(key).exists}
        if mapping.is_map:
            edits[mapping.route] = mapped | unnamed
        elif unnamed:
            edits[discriminator.route] = {"mapping": unnamed}

    def _renamed(self, node: Node) -> Iterator[tuple[str, str]]:
        """The branches whose names are values of a discriminator, and that have other names in the bundle."""
        for branch in (*node.get("oneOf").elements(), *node.get("anyOf").elements()):
            target = self._elsewhere(branch)
            if target is None or not target.route:
                continue
            pointer = self._pointer(target, Role.SCHEMA, self._homes[Role.SCHEMA])
            if pointer != _fragment((*self._home(self._homes[Role.SCHEMA]).route, str(target.route[-1]))):
                yield str(target.route[-1]), pointer

    def _mapped(self, mapping: Node) -> Iterator[tuple[str, Any]]:
        """The entries of a discriminator that name what has moved."""
        for key, value in mapping.items():
            text = value.text
            if text is None:
                continue
            if any(mark in text for mark in "#/."):
                target = self._references.step(mapping, text)[0]
            else:
                target = self._named_beside(mapping, text)
            if target is None:
                continue
            if target.document is not self._root:
                yield key, self._pointer(target, Role.SCHEMA, self._homes[Role.SCHEMA])
            elif not text.startswith("#") or mapping.document is not self._root:
                yield key, _fragment(target.route)

    def _named_beside(self, node: Node, name: str) -> Node | None:
        """The schema that has a name in another file, where a value of its discriminator is that name."""
        root = node.document.root
        found = root.get("definitions", name) if self._is_v2 else root.get("components", "schemas", name)
        return found if found.exists and node.document is not self._root else None

    def _pointer(self, target: Node, role: Role, home: str) -> str:
        """The reference to an element of another file, which moves in if it has not yet."""
        key = ((target.document, target.route), home)
        if key not in self._names:
            self._names[key] = name = self._free_name(target, home)
            self._waiting.append((target, role, home, name))
        return _fragment((home, self._names[key]) if self._is_v2 else ("components", home, self._names[key]))

    def _free_name(self, target: Node, home: str) -> str:
        stem = splitext(basename(target.document.path))[0]
        named = [part for part in target.route if isinstance(part, str)]
        wanted = _NO_NAME.sub("_", named[-1] if named else stem).strip("_") or home
        taken = self._taken[home]
        first = _NO_NAME.sub("_", f"{stem}_{wanted}")
        candidates = (wanted, first, *(f"{first}_{number}" for number in range(2, len(taken) + 4)))
        name = next(each for each in candidates if each not in taken)
        taken.add(name)
        return name

    def _keep(self, node: Node, text: str, problem: Broken | None) -> None:
        why = _WHY.get(problem or Broken.POINTER, "")
        self._kept.append(Kept(node, text, why, problem is Broken.REMOTE))


class _Gone:
    """Stands for a value that is left out."""


_GONE = _Gone()


@dataclass(frozen=True, slots=True)
class _Instead:
    """What stands in the place of a reference."""

    value: Any
    node: Node | None = None
    """The reference, if what is beside it counts."""

    def over(self, written: Callable[[Any, Route, dict[Route, Any]], Any], edits: dict[Route, Any]) -> Any:
        """The value, under what stands beside the reference."""
        if self.node is None or not isinstance(self.value, dict):
            return self.value
        beside = ((key, item) for key, item in self.node.value.items() if key != "$ref")
        route = self.node.route
        return {**self.value, **{key: written(item, (*route, key), edits) for key, item in beside}}


def _names_file(text: str) -> bool:
    """Whether a text is a reference to a file of data, and not to another host."""
    return "://" not in text and text.partition("#")[0].lower().endswith(_OF_FILES)


def _fragment(route: Route) -> str:
    return "#" + quote(pointer_of(route), safe="/~!$&'()*+,;=:@-._")
