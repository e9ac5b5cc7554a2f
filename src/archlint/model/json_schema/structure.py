"""What of a JSON Schema its draft does not allow, and which of its references lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import Route
from archlint.finding.regex import regex
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


def _told_here(schema: JsonSchema, around: Sequence[Node], leading: Node) -> Iterator[tuple[Node, bool]]:
    """Where a document tells of a circle of references: at one that is in it; where no schema holds any, at
    what leads there. Of several schemas the first by path tells."""
    kinds = schema.references.world.kinds
    homes = {each.document.path for each in around if kinds.get(each.document.path) is Kind.JSON_SCHEMA}
    own = (each.get("$ref") for each in around if each.document.path == schema.document.path)
    if not homes or min(homes) == schema.document.path:
        yield next(own, leading), True


def loose_ends(schema: JsonSchema) -> Iterator[tuple[Node, bool]]:
    """References in a document that lead to nothing in the repository where it has to be, and one of each
    chain that leads back to itself, with whether it does."""
    is_old = draft_of(schema.document.root) is Draft.D4
    told: set[tuple[Document, Route]] = set()
    waiting = [schema.document.root]
    while waiting:
        node = waiting.pop()
        stated = node.get("$ref")
        if stated.text is not None and not (is_old and _NAMED.search(stated.text)):
            target, problem = schema.references.step(node, stated.text)
            if problem in _NOWHERE:
                yield stated, False
            is_chain = target is not None and target.get("$ref").text is not None
            around = schema.references.circle(node) if is_chain else ()
            if around and (around[0].document, around[0].route) not in told:
                told.add((around[0].document, around[0].route))
                yield from _told_here(schema, around, stated)
        for name, child in node.items():
            if name not in _OF_DATA:
                waiting.append(child)
        waiting.extend(node.elements())
