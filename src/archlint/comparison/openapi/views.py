"""What a schema says once its references and ``allOf`` are followed: one view for each schema."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import field
from typing import Any

from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.finding.records import dataclass, replace
from archlint.model.openapi import Broken, Contract, Dialect, reference_text

ALL_TYPES = frozenset(("string", "number", "integer", "boolean", "array", "object"))
_MOST_PARTS = 200
"""Members of ``allOf``, with those inside them, that are merged; a schema with more is left alone."""
_DEEPEST = 40
"""Choices within choices that are looked into."""
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_REMARKS = frozenset(("$ref", "title", "summary", "description", "$comment", "example", "examples"))
"""What may stand beside a reference and says nothing of values."""
_TYPE_ALONE = frozenset(("type", "title", "description"))
_SEPARATE = frozenset(("$ref", "allOf", "properties", "required", "oneOf", "anyOf", "type", "nullable"))


@dataclass(frozen=True, slots=True)
class Aim:
    """What an entry of a mapping means: a schema of the contract by its name, or else an address."""

    address: str
    component: str = ""


@dataclass(slots=True)
class View:
    """A schema with its parts merged; each keyword is the node that states it."""

    node: Node
    """The schema itself, behind all references and choices of one."""
    home: Node
    """The schema itself, behind all references."""
    keywords: dict[str, Node] = field(default_factory=dict)
    properties: dict[str, Node] = field(default_factory=dict)
    required: dict[str, Node] = field(default_factory=dict)
    """The entry of ``required`` that names each required property."""
    types: frozenset[str] | None = None
    """The JSON types without null; ``None`` if every type is allowed or the types are not known."""
    is_stated: bool = False
    """Whether ``type`` is written down, and not only concluded from other keywords."""
    type_node: Node | None = None
    foreign_types: frozenset[str] = frozenset()
    """What ``type`` names that is no type of JSON."""
    alternatives: tuple[frozenset[str] | None, str] = (None, "")
    """The types as alternatives, if the schema itself states one type or is a choice between plain types;
    and the keyword of that choice."""
    is_list: bool = False
    """Whether the types are stated as a choice between schemas that say nothing but their type."""
    is_nullable: bool = False
    is_null_below: bool = False
    """Whether only branches of its choice say that it may be null."""
    choice: str = ""
    """``oneOf`` or ``anyOf`` if the schema is a choice of at least two branches other than null."""
    branches: tuple[Node, ...] = ()
    choice_node: Node | None = None
    """Where the choice is stated."""
    listed: tuple[Node, ...] = ()
    """The branches of a choice that counts as a list of types."""
    lone: Node | None = None
    """The only branch other than null of its choice, wherever that is stated."""
    depth: int = 0
    """How many choices with one branch besides null, one in the other, stand around the rest."""
    single: Node | None = None
    """The only branch other than null, if the schema says nothing beside it."""
    is_certain: bool = True
    """Whether the view says all that the schema says; nothing is claimed about others."""

    def text(self, keyword: str) -> str | None:
        """The value of a keyword if it is a string."""
        node = self.keywords.get(keyword)
        return None if node is None else node.text

    def flag(self, keyword: str) -> bool:
        """Whether a keyword is there and true."""
        node = self.keywords.get(keyword)
        return node is not None and node.value is True

    @property
    def is_closed(self) -> bool:
        """Whether names that are not declared are refused."""
        node = self.keywords.get("additionalProperties")
        return node is not None and node.value is False


Made = dict[tuple[Document, Route], View]
"""Views that were made, by schema."""


class Views:
    """Makes the views of one contract's schemas and remembers them.

    They may be shared with other contracts of the same version.
    """

    def __init__(self, contract: Contract, made: Made | None = None) -> None:
        self._references = contract.references
        self._schemas = contract.schemas_home
        self.dialect = contract.dialect or Dialect.V3_0
        self._made: Made = {} if made is None else made
        self._open: set[tuple[Document, Route]] = set()

    def of(self, node: Node) -> View:
        """The view of the schema at a node, or behind its reference."""
        key = (node.document, node.route)
        view = self._made.get(key)
        if view is not None:
            return view
        if key in self._open or len(self._open) >= _DEEPEST:
            return View(node, node, is_certain=False)  # a branch of itself, or of a chain without end
        self._open.add(key)
        view = self._made[key] = self._make(node)
        self._open.discard(key)
        return view

    def without(self, node: Node, parts: Collection[Node]) -> View:
        """The view of a schema as if some parts of its ``allOf`` were not there."""
        return self._make(node, frozenset(part.route for part in parts))

    def choosing(self, node: Node, depth: int) -> View:
        """The view of a schema in which a choice with one branch besides null is a choice, if ``depth`` such
        choices stand around it."""
        return self._make(node, depth=depth)

    def target(self, node: Node) -> Node:
        """The schema behind the references of a node."""
        return self._references.follow(node).node

    def is_link(self, node: Node) -> bool:
        """Whether a schema only refers to another one: beside the reference there are at most remarks."""
        if reference_text(node) is None:
            return False
        return self.dialect < Dialect.V3_1 or node.value.keys() <= _REMARKS

    def linked(self, node: Node) -> Node:
        """The schema that a link names, which may refer on; the link leads somewhere."""
        target = self.step(node)
        assert target is not None
        return target

    def step(self, node: Node) -> Node | None:
        """The schema that a reference names, which may refer on; ``None`` where there is none."""
        text = reference_text(node)
        return None if text is None else self._references.step(node, text)[0]

    def lone_branch(self, node: Node) -> Node | None:
        """The only branch of a choice that is not null."""
        for keyword in ("oneOf", "anyOf"):
            branches = [branch for branch in node.get(keyword).elements() if not self._is_null(branch)]
            if branches:
                return branches[0] if len(branches) == 1 else None
        return None

    def aims_of(self, mapping: Node) -> dict[str, Aim]:
        """What each entry of a discriminator's mapping leads to, by name or by reference."""
        return {key: self._aim(entry) for key, entry in mapping.items()}

    def _aim(self, entry: Node) -> Aim:
        text = entry.text
        if text is None:
            return Aim(repr(entry.value))
        named = self._schemas.get(text)
        node = named if named.exists and "/" not in text and "#" not in text else None
        if node is None:
            node, _ = self._references.step(entry, text)
        if node is None:
            return Aim(text)
        if node.document is self._schemas.document:
            home = node.route[: len(self._schemas.route)]
            if home == self._schemas.route and len(node.route) == len(home) + 1:
                return Aim("", str(node.route[-1]))
            return Aim("#" + "/".join(map(str, node.route)))
        return Aim(f"{node.document.path}#{'/'.join(map(str, node.route))}")

    def address(self, node: Node) -> str | None:
        """Where the references of a node lead on another host, if they do; nothing is fetched from there."""
        found = self._references.follow(node)
        return reference_text(found.references[-1]) if found.problem is Broken.REMOTE else None

    def _make(
        self, declared: Node, left_out: frozenset[Route] = frozenset(), depth: int | None = None
    ) -> View:
        node = self.target(declared)
        view = View(node, node)
        if not node.is_map:
            view.is_certain = node.value is True
            return view
        choices: list[tuple[str, Node]] = []
        for count, part in enumerate(self._parts(declared, left_out)):
            if count > _MOST_PARTS:
                view.is_certain = False
                break
            self._merge(view, part, choices)
        view.alternatives = self._alternatives(node)
        self._choose(view, choices, depth)
        if view.types is None:
            view.types = self._conclude(view)
        return view

    def _parts(self, declared: Node, left_out: frozenset[Route] = frozenset()) -> Iterator[Node]:
        """The schema, then what its references and ``allOf`` add, each once."""
        waiting, seen = [declared], set()
        while waiting:
            part = waiting.pop(0)
            key = (part.document, part.route)
            if key in seen or not part.is_map:
                continue
            seen.add(key)
            if reference_text(part) is not None:
                target, _ = self._references.step(part, part.value["$ref"])
                waiting[:0] = [target] if target is not None else []
                if self.dialect < Dialect.V3_1 or len(part.value) == 1:
                    continue
            yield part
            waiting.extend(each for each in part.get("allOf").elements() if each.route not in left_out)

    def _merge(self, view: View, part: Node, choices: list[tuple[str, Node]]) -> None:
        for key, value in part.items():
            if key == "properties":
                for name, schema in value.items():
                    view.properties.setdefault(name, schema)
            elif key == "required":
                for item in value.elements():
                    if item.text is not None:
                        view.required.setdefault(item.text, item)
            elif key in ("oneOf", "anyOf"):
                choices.append((key, value))
            elif key == "type":
                self._merge_type(view, value)
            elif key in ("nullable", "x-nullable"):
                old = self.dialect < Dialect.V3_1
                view.is_nullable = view.is_nullable or (old and value.value is True)
            elif key not in _SEPARATE and (
                key not in view.keywords or _is_tighter(key, value, view.keywords[key])
            ):
                view.keywords[key] = value

    def _merge_type(self, view: View, node: Node) -> None:
        names = [node.value] if isinstance(node.value, str) else node.value if node.is_list else []
        plain = {name for name in names if isinstance(name, str)}
        known = frozenset("string" if name == "file" else name for name in plain) & (ALL_TYPES | {"null"})
        view.foreign_types |= plain - ALL_TYPES - {"null", "file"}
        if not known or view.is_stated:
            return
        view.is_nullable = view.is_nullable or "null" in known
        view.types, view.is_stated, view.type_node = known - {"null"}, True, node

    def _choose(self, view: View, choices: list[tuple[str, Node]], depth: int | None) -> None:
        """A choice with null is a nullable schema; a choice of one is that one, also if that is a choice.

        ``depth``: in how many choices of one that is so, and no deeper.
        """
        if not choices:
            return
        keyword, node = choices[0]
        view.is_certain = view.is_certain and len(choices) == 1
        branches = [branch for branch in node.elements() if not self._is_null(branch)]
        if len(branches) < len(node.value if node.is_list else ()):
            view.is_nullable = True
        if len(branches) == 1 and view.depth != depth:
            view.lone = branches[0]
            view.depth += 1
            inner: list[tuple[str, Node]] = []
            for part in self._parts(branches[0]):
                self._merge(view, part, inner)
            is_own = node.route == (*view.home.route, keyword) and view.single is None
            if is_own and _says_only(view.home, keyword):
                view.single = branches[0]
            if view.node.value.keys() <= {keyword, "description", "title"}:
                view.node = self.target(branches[0])
            if view.depth < _DEEPEST:
                self._choose(view, inner, depth)
            else:
                view.is_certain = view.is_certain and not inner
        elif branches:
            view.choice_node = node
            if self._choose_types(view, branches):
                view.listed = tuple(branches)
            else:
                view.choice, view.branches = keyword, tuple(branches)

    def _choose_types(self, view: View, branches: list[Node]) -> bool:
        """A choice between schemas that only state a type is a list of types."""
        values = [branch.value for branch in branches]
        if view.is_stated or not all(isinstance(v, dict) and v.keys() <= _TYPE_ALONE for v in values):
            return False
        types = [value.get("type") for value in values]
        if not all(isinstance(name, str) and name in ALL_TYPES for name in types):
            return False
        view.types, view.is_stated, view.is_list = frozenset(types), True, True
        view.type_node = view.node.get("oneOf" if view.node.get("oneOf").exists else "anyOf")
        return True

    def _alternatives(self, home: Node) -> tuple[frozenset[str] | None, str]:
        if {"not", "allOf", "properties"} & home.value.keys():
            return None, ""
        stated = home.get("type").value
        if isinstance(stated, (str, list)) and stated:
            return frozenset({str(stated if isinstance(stated, str) else stated[0])}), ""
        for keyword in ("oneOf", "anyOf"):
            branches = [self.target(branch).value for branch in home.get(keyword).elements()]
            types = [_only_type(branch) for branch in branches]
            if types and all(types):
                return frozenset(types), keyword
        return None, ""

    def _is_null(self, branch: Node) -> bool:
        node = self.target(branch)
        return node.is_map and (
            node.get("type").value in ("null", ["null"]) or node.get("enum").value == [None]
        )

    def _conclude(self, view: View) -> frozenset[str] | None:
        """The types of a schema that does not state them, where the other keywords leave no doubt."""
        if view.branches:
            found = [self.of(branch) for branch in view.branches]
            view.is_null_below = not view.is_nullable and any(branch.is_nullable for branch in found)
            view.is_nullable = view.is_nullable or view.is_null_below
            if any(branch.types is None for branch in found):
                return None
            return frozenset().union(*(branch.types for branch in found if branch.types is not None))
        values = listed_values(view)
        if values is not None:
            return frozenset(json_type(value) for value in values if value is not None) or None
        if view.properties or {"additionalProperties", "patternProperties"} & view.keywords.keys():
            return frozenset({"object"})
        return frozenset({"array"}) if "items" in view.keywords else None


def _only_type(branch: Any) -> str:
    """The type of a branch that states one, and nothing about properties or further branches."""
    if not isinstance(branch, dict) or {"properties", "oneOf", "anyOf", "allOf"} & branch.keys():
        return ""
    stated = branch.get("type")
    if isinstance(stated, list):
        stated = stated[0] if len(stated) == 1 else ""
    return stated if isinstance(stated, str) else ""


def _says_only(schema: Node, keyword: str) -> bool:
    """Whether a schema is a choice, and what else it says are words, or that it may be null."""
    others = schema.value.keys() - {keyword, "nullable", "x-nullable", "discriminator"} - _REMARKS
    return all(str(name).startswith("x-") for name in others)


def as_choice(view: View) -> View:
    """A list of types as the choice that it is written as."""
    if not view.listed or view.choice_node is None:
        return view
    keyword = str(view.choice_node.route[-1])
    return replace(view, choice=keyword, branches=view.listed, is_list=False, is_stated=False)


def listed_values(view: View) -> list[Any] | None:
    """The values that ``enum`` or ``const`` allow; ``None`` if neither is there."""
    if "const" in view.keywords:
        return [view.keywords["const"].value]
    node = view.keywords.get("enum")
    return list(node.value) if node is not None and node.is_list else None


def json_type(value: Any) -> str:
    """The JSON type of a value; whole numbers are integers."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value == value // 1):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else "object" if isinstance(value, dict) else "array"


def _is_tighter(keyword: str, node: Node, other: Node) -> bool:
    one, two = node.value, other.value
    if not (_is_number(one) and _is_number(two)):
        return False
    return (keyword in _LOWER and one > two) or (keyword in _UPPER and one < two)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
