"""Matches the branches of two choices: what stays, what is new, what is gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archlint.comparison.openapi.sameness import Sameness
from archlint.comparison.openapi.views import View, Views
from archlint.comparison.schemas.sharing import without_words
from archlint.documents import Document, Node
from archlint.finding import Route
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi import reference_text

_EXTENSION = regex(r"\.(?:ya?ml|json)\Z")
_MOST = 200
"""Branches that are matched one by one; larger choices are compared by reference and content only."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The branches that stand for each other, and those that stand alone."""

    pairs: tuple[tuple[Node, Node], ...]
    added: tuple[Node, ...]
    removed: tuple[Node, ...]


def match_branches(base: View, revision: View, sameness: Sameness) -> Matched:
    """Branches of both sides matched by reference, by content, by title; then what is left alone.

    A plain schema is a choice of itself alone; unless it is found among the branches of the other side
    nothing is matched, as whether a choice contains a schema takes more than names to know.
    """
    old = list(base.branches) if base.choice else [base.node]
    new = list(revision.branches) if revision.choice else [revision.node]
    matched = match_listed(old, new, sameness, is_edited=bool(base.choice and revision.choice))
    if not matched.pairs and not (base.choice and revision.choice):
        return Matched((), (), ())
    return matched


def match_listed(old: list[Node], new: list[Node], sameness: Sameness, *, is_edited: bool = True) -> Matched:
    """Members of two lists of schemas matched by reference, by content, by title; ``is_edited``: what is
    left alone on both sides, inline and without a title, is the same member, edited."""
    pairs: list[tuple[Node, Node]] = []
    for is_match in (_same_reference, sameness.same, _same_title, _Wordless().same):
        _take(old, new, pairs, is_match)
    lone = [node for node in (*old, *new) if reference_text(node) is None]
    plain = [node for node in lone if node.get("title").text is None]
    if is_edited and len(plain) == 2 and len(lone) == 2 and plain[0] in old and plain[1] in new:
        pairs.append((plain[0], plain[1]))
        old.remove(plain[0])
        new.remove(plain[1])
    return Matched(tuple(pairs), tuple(new), tuple(old))


def _take(
    old: list[Node], new: list[Node], pairs: list[tuple[Node, Node]], is_match: Callable[[Node, Node], bool]
) -> None:
    if len(old) * len(new) > _MOST * _MOST:
        return
    for one in list(old):
        two = next((branch for branch in new if is_match(one, branch)), None)
        if two is not None:
            pairs.append((one, two))
            old.remove(one)
            new.remove(two)


def _same_reference(one: Node, two: Node) -> bool:
    text = reference_text(one)
    if text is not None:
        return text == reference_text(two) or component_of(text) == shared_name(two)
    return shared_name(one) is not None and shared_name(one) == shared_name(two)


def shared_name(node: Node) -> str | None:
    """The name under which a schema is shared, if it is."""
    text = reference_text(node)
    if text is not None:
        return component_of(text)
    route = node.route
    is_shared = len(route) == 3 and route[:2] == ("components", "schemas")
    return str(route[-1]) if is_shared or (len(route) == 2 and route[0] == "definitions") else None


def same_name(one: Node, two: Node) -> bool:
    """Whether two schemas are both inline, or both references to what is called the same."""
    old, new = reference_text(one), reference_text(two)
    if old is None or new is None:
        return old is new
    return old == new or component_of(old) == component_of(new)


WORDS = frozenset(("title", "description", "example", "examples", "default", "externalDocs", "$comment"))
"""Keywords that say nothing of values."""
_BARE = WORDS | {"allOf", "nullable", "x-nullable"}


def sole_part(schema: Node) -> Node:
    """The one part of ``allOf`` beside words and ``nullable``, as 3.0 has to write them beside references;
    else the schema itself."""
    parts = list(schema.get("allOf").elements())
    is_wrapper = schema.is_map and schema.value.keys() <= _BARE and len(parts) == 1
    return parts[0] if is_wrapper else schema


def component_of(text: str) -> str:
    """The name of what a reference leads to, wherever that is kept: ``#/definitions/Cart`` and
    ``schemas/Cart.yaml`` both name ``Cart``."""
    return _EXTENSION.sub("", text.rsplit("/", 1)[-1])


def _same_title(one: Node, two: Node) -> bool:
    title = one.get("title").text
    return title is not None and title == two.get("title").text


class _Wordless:
    """Compares schemas apart from descriptions, examples and the like; each is rid of these once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Document, Route], Any] = {}

    def same(self, one: Node, two: Node) -> bool:
        """Whether two inline schemas, of which one has no title, are written alike."""
        if reference_text(one) is not None or reference_text(two) is not None:
            return False
        if one.get("title").text is not None and two.get("title").text is not None:
            return False
        return bool(self._bare(one) == self._bare(two))

    def _bare(self, schema: Node) -> Any:
        key = (schema.document, schema.route)
        if key not in self._known:
            self._known[key] = without_words(schema.value)
        return self._known[key]


def match_edited(matched: Matched, base_views: Views, revision_views: Views) -> Matched:
    """Of what is left on both sides, the objects that are most likely the same ones, edited: those that share
    half of their properties; and what is left then."""
    old, new = list(matched.removed), list(matched.added)
    pairs: list[tuple[Node, Node]] = []
    _take(old, new, pairs, lambda one, two: _is_edited(base_views.of(one), revision_views.of(two)))
    kinds = [_kinds(branches, views) for branches, views in ((old, base_views), (new, revision_views))]
    for kind, branch in kinds[0].items():
        other = kinds[1].get(kind)
        if branch is not None and other is not None:
            pairs.append((branch, other))
            old.remove(branch)
            new.remove(other)
    return Matched(tuple(pairs), tuple(new), tuple(old))


def _kinds(branches: list[Node], views: Views) -> dict[frozenset[str], Node | None]:
    """The inline branches by their types, if those are not objects; none where several have the same."""
    found: dict[frozenset[str], Node | None] = {}
    for branch in branches:
        types = views.of(branch).types
        is_plain = reference_text(branch) is None and branch.get("title").text is None
        if is_plain and types and "object" not in types:
            found[types] = None if types in found else branch
    return found


def _is_edited(one: View, two: View) -> bool:
    if any(
        reference_text(view.node) is not None or view.types != frozenset({"object"}) for view in (one, two)
    ):
        return False
    shared = one.properties.keys() & two.properties.keys()
    return bool(shared) and 2 * len(shared) >= max(len(one.properties), len(two.properties))
