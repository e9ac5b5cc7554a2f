"""What a schema says in the keywords of 2020-12, whatever its draft, references looked through."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.model.json_schema.drafts import SINCE, Draft, draft_of, stated_draft
from archlint.model.json_schema.schemas import Identified
from archlint.model.openapi.references import References
from archlint.model.openapi.resources import join
from archlint.model.world import World

ONE = frozenset(
    (
        *("not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"),
        *("unevaluatedItems", "unevaluatedProperties"),
    )
)
"""Keywords that hold a schema."""
LISTS = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
"""Keywords that hold a list of schemas."""
MAPS = frozenset(("properties", "patternProperties", "dependentSchemas"))
"""Keywords that hold schemas by name."""
PLAIN = frozenset(
    (
        *("type", "enum", "const", "multipleOf", "maximum", "minimum", "exclusiveMaximum"),
        *("exclusiveMinimum", "maxLength", "minLength", "pattern", "format", "maxItems", "minItems"),
        *("uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties", "required"),
        "dependentRequired",
    )
)
_REFERENCES = ("$ref", "$recursiveRef", "$dynamicRef")
_FORMATTED = ("schema", "payload")
"""Fields of messages that hold a schema in the format that is stated beside them."""

Slot = tuple[str, str | int]
"""Where a schema stands in another one: the keyword, with the name or number below it, or an empty name."""


@dataclass(eq=False)
class View:
    """One schema."""

    node: Node
    draft: Draft
    plain: dict[str, Any] = field(default_factory=dict)
    """Keywords without schemas in them, and those that have another form than they may have."""
    slots: dict[Slot, Node] = field(default_factory=dict)
    """The schemas in it; what is referred to beside other keywords is one of ``allOf``, called ``$ref``."""
    unresolved: str = ""
    """A reference that leads nowhere."""

    @property
    def key(self) -> tuple[Document, Route]:
        """Where it stands."""
        return self.node.document, self.node.route

    def names(self, keyword: str) -> list[str | int]:
        """The names or numbers of the schemas at a keyword."""
        return [name for word, name in self.slots if word == keyword]


class Views:
    """The schemas of one world, each read once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._references = world.fact(References)
        self._views: dict[tuple[Document, Route], View] = {}
        """By each schema, and by each reference with nothing beside it that leads to one."""
        self._drafts: dict[Document, Draft] = {}

    def view(self, node: Node) -> View:
        """What a schema says, at the end of references with nothing beside them."""
        key = node.document, node.route
        return self._views[key] if key in self._views else self._followed(node)

    def _followed(self, node: Node) -> View:
        way: set[tuple[Document, Route]] = set()
        key = node.document, node.route
        while key not in self._views and (text := self._bare_reference(node)) is not None:
            target = None if key in way else self.step(node, text)
            if target is None:
                reason = "a reference to itself" if key in way else text
                self._views[key] = View(node, self.draft_at(node), unresolved=reason)
                break
            way.add(key)
            node, key = target, (target.document, target.route)
        if key not in self._views:
            self._views[key] = self._read(node)
        found = self._views[key]
        self._views |= dict.fromkeys(way, found)
        return found

    def draft(self, document: Document) -> Draft:
        """The draft that a document is written in."""
        if document not in self._drafts:
            self._drafts[document] = draft_of(document.root)
        return self._drafts[document]

    def draft_at(self, node: Node) -> Draft:
        """The draft of a schema: in an AsyncAPI document that of the format around it, or else draft 7."""
        if node.document.kind is not Kind.ASYNCAPI:
            return self.draft(node.document)
        for end in range(len(node.route) - 1, -1, -1):
            if node.route[end] in _FORMATTED:
                stated = node.document.root.get(*node.route[:end], "schemaFormat")
                if stated.exists:
                    return stated_draft(stated.text or "") or Draft.D7
        return Draft.D7

    def step(self, node: Node, text: str) -> Node | None:
        """What a reference that is written in a node leads to, also by the identifier of a file."""
        target, _ = self._references.step(node, text)
        if target is not None and target.exists:
            return target
        here = self._references.resources(node.document).around(node.route)
        address, _, fragment = text.partition("#")
        found = self._world.fact(Identified)(join(here.base, address)) if address else None
        if found is None:
            return None
        inner, _ = self._references.step(found.root, f"#{fragment}")
        return inner if inner is not None and inner.exists else None

    def _bare_reference(self, node: Node) -> str | None:
        """The reference that a schema is, if nothing beside it counts."""
        text = _reference(node)
        if text is None or not self.draft_at(node).reads_beside_references:
            return text
        counts = any(name in ONE or name in LISTS or name in MAPS or name in PLAIN for name in node.value)
        return None if counts else text

    def _read(self, node: Node) -> View:
        view = View(node, self.draft_at(node))
        text = _reference(node)
        if text is not None:
            target = self.step(node, text)
            if target is None:
                view.unresolved = text
            else:
                view.slots["allOf", "$ref"] = target
        for name, child in node.items():
            if SINCE.get(name, Draft.D4) <= view.draft:
                _add(view, name, child)
        if view.draft < Draft.D2020:
            _add_old(view)
        return view


def _reference(node: Node) -> str | None:
    found = (node.value.get(name) for name in _REFERENCES) if node.is_map else ()
    return next((text for text in found if isinstance(text, str)), None)


def _add(view: View, name: str, child: Node) -> None:
    """Note a keyword; what is none is passed over, as validators do."""
    if name == "items" and child.is_list and view.draft < Draft.D2020:
        view.slots.update({("prefixItems", at): item for at, item in enumerate(child.elements())})
    elif name in ONE and _is_schema(child):
        view.slots[name, ""] = child
    elif name in LISTS and child.is_list and child.value and all(map(_is_schema, child.elements())):
        view.slots.update({(name, at): item for at, item in enumerate(child.elements())})
    elif name in MAPS and child.is_map and all(_is_schema(item) for _, item in child.items()):
        view.slots.update({(name, key): item for key, item in child.items()})
    elif name == "format":
        if view.draft.asserts_formats:
            view.plain[name] = child.value
    elif name in PLAIN or name in ONE or name in LISTS or name in MAPS:
        view.plain[name] = child.value


def _add_old(view: View) -> None:
    """What drafts before 2020-12 say in words of their own."""
    node = view.node
    if node.get("items").is_list:
        view.slots.pop(("items", ""), None)
        if _is_schema(node.get("additionalItems")):
            view.slots["items", ""] = node.get("additionalItems")
    for bound, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if view.draft is Draft.D4 and isinstance(view.plain.get(bound), bool):
            is_exclusive = view.plain.pop(bound)
            if is_exclusive and limit in view.plain:
                view.plain[bound] = view.plain.pop(limit)
    if view.draft <= Draft.D7:
        demanded: dict[str, Any] = {}
        for name, each in node.get("dependencies").items():
            if each.is_list:
                demanded[name] = each.value
            elif _is_schema(each):
                view.slots["dependentSchemas", name] = each
        if demanded:
            view.plain["dependentRequired"] = demanded


def _is_schema(node: Node) -> bool:
    return node.is_map or isinstance(node.value, bool)
