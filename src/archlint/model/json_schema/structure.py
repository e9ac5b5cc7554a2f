"""What of a JSON Schema its draft does not allow, and which of its references lead nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence, Set
from dataclasses import field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.graph.cycles import strongly_connected
from archlint.model.json_schema.drafts import SINCE, Draft, draft_of
from archlint.model.json_schema.schemas import JsonSchema
from archlint.model.json_schema.views import LISTS, MAPS, ONE, PLAIN
from archlint.model.openapi import Broken
from archlint.model.openapi.structure import StructureViolation, broken

if TYPE_CHECKING:
    from jsonschema_rs import Validator

_PUBLISHED = {
    Draft.D4: "http://json-schema.org/draft-04/schema#",
    Draft.D6: "http://json-schema.org/draft-06/schema#",
    Draft.D7: "http://json-schema.org/draft-07/schema#",
    Draft.D2019: "https://json-schema.org/draft/2019-09/schema",
    Draft.D2020: "https://json-schema.org/draft/2020-12/schema",
}
_NAMES = frozenset((*PLAIN, *ONE, *LISTS, *MAPS, *SINCE))
_NOWHERE = frozenset((Broken.FILE, Broken.POINTER, Broken.SCOPE, Broken.OUTSIDE))
_NAMED = regex(r"#[^/]")
"""A fragment that is a name: in draft 4 any ``id`` gives one, which nothing here looks for."""
_OF_DATA = frozenset(("enum", "const", "default", "examples", "example"))
"""Keywords below which a ``$ref`` is data."""


def faults(schema: JsonSchema) -> list[StructureViolation]:
    """What the published schema of the draft refuses; nothing if the draft is not known."""
    root = schema.document.root
    draft = draft_of(root)
    stated = (root.get("$schema").text or "").rstrip("#")
    if stated.partition("://")[2] != _PUBLISHED[draft].rstrip("#").partition("://")[2]:
        return []
    return broken(root, _validator(draft), _NAMES)


@cache
def _validator(draft: Draft) -> Validator:
    import jsonschema_rs

    published = _PUBLISHED[draft]
    return jsonschema_rs.validator_for({"$schema": published, "$ref": published}, offline=True)


class Looseness(StrEnum):
    """What is wrong with where a reference leads."""

    NOWHERE = "default"
    LOOP = "loop"
    """To itself, over nothing but references."""
    ENDLESS = "endless"
    """To a schema that it is a part of by ``allOf``, so that values are held against it again and again."""


def _told_here(schema: JsonSchema, around: Sequence[Node], leading: Node) -> Iterator[Node]:
    """Where a document tells of a circle of references: at one that is in it; where no schema holds any, at
    what leads there. Of several schemas the first by path tells."""
    kinds = schema.references.world.kinds
    homes = {each.document.path for each in around if kinds.get(each.document.path) is Kind.JSON_SCHEMA}
    own = (each.get("$ref") for each in around if each.document.path == schema.document.path)
    if not homes or min(homes) == schema.document.path:
        yield next(own, leading)


@dataclass(eq=False)
class _InPlace:
    """Which schemas of one document hold values against which others, as they stand."""

    inner: dict[str, list[str]] = field(default_factory=dict)
    references: list[tuple[str, str, Node]] = field(default_factory=list)
    """Of each reference that has to be followed the schema that it stands in, where it leads, and itself."""

    def add(self, node: Node, target: Node | None) -> None:
        """Note what a schema refers to, if anything, and what it is combined of."""
        key, is_bare = _key(node), target is not None and draft_of(node.document.root) <= Draft.D7
        parts = () if is_bare or not node.is_map else node.get("allOf").elements()
        self.inner[key] = [_key(part) for part in parts]
        if target is not None and target.document is node.document:
            self.inner[key].append(_key(target))
            self.references.append((key, _key(target), node.get("$ref")))

    def endless(self, told: Set[str]) -> Iterator[Node]:
        """The first reference of each circle of which nothing is told yet; they were met from the end."""
        circles = {key: circle for circle in strongly_connected(self.inner) for key in circle}
        done: set[frozenset[str]] = set()
        for key, target, node in reversed(self.references):
            circle = circles[key]
            if target in circle and circle not in done and circle.isdisjoint(told):
                done.add(circle)
                yield node


def _key(node: Node) -> str:
    return json.dumps(node.route)


def loose_ends(schema: JsonSchema) -> Iterator[tuple[Node, Looseness]]:
    """References in a document that lead to nothing in the repository where it has to be, and one of each
    chain that leads back to itself, also through ``allOf`` of the document."""
    is_old = draft_of(schema.document.root) is Draft.D4
    told: set[tuple[Document, Route]] = set()
    rounds: set[str] = set()
    in_place = _InPlace()
    waiting = [schema.document.root]
    while waiting:
        node = waiting.pop()
        stated, target = node.get("$ref"), None
        if stated.text is not None and not (is_old and _NAMED.search(stated.text)):
            target, problem = schema.references.step(node, stated.text)
            if problem in _NOWHERE:
                yield stated, Looseness.NOWHERE
            is_chain = target is not None and target.get("$ref").text is not None
            around = schema.references.circle(node) if is_chain else ()
            if around and (around[0].document, around[0].route) not in told:
                told.add((around[0].document, around[0].route))
                rounds.update(_key(each) for each in around if each.document is schema.document)
                yield from ((each, Looseness.LOOP) for each in _told_here(schema, around, stated))
        if target is not None or node.get("allOf").is_list:
            in_place.add(node, target)
        for name, child in node.items():
            if name not in _OF_DATA:
                waiting.append(child)
        waiting.extend(node.elements())
    yield from ((each, Looseness.ENDLESS) for each in in_place.endless(rounds))
