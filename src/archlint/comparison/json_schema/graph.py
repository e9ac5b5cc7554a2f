"""Schemas of files as the engine takes them, as they are or with an edit made in one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from archlint.comparison.schemas.dialects import judge_format
from archlint.comparison.schemas.formats import is_known
from archlint.comparison.schemas.json_schema import keywords_of
from archlint.comparison.schemas.schema import FALSE, TRUE, Keywords, Schema, schema_with
from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import Route
from archlint.model.json_schema import LISTS, ONE, View, Views

Written = dict[str, Any]
"""A schema as keywords of 2020-12 whose schemas are nodes of the engine's graph."""
_Key = tuple[Document, Route]
Edited = Mapping[_Key, Callable[[Written], Written]]


class Graph:
    """The nodes of the schemas of one world, each made when it is first looked at."""

    def __init__(self, views: Views, edited: Edited | None = None, plain: Graph | None = None) -> None:
        """``edited``: what some schemas say instead of what is written; ``plain`` has the others, of which
        those are taken that lead to none of these."""
        self.views = views
        self._edited: Edited = {} if edited is None else edited
        self._plain = plain
        self._touched: frozenset[_Key] = frozenset() if plain is None else plain._leading_to(self._edited)
        self._nodes: dict[int, tuple[View, Schema]] = {}
        self._above: dict[_Key, list[_Key]] = {}
        """What is known to be walked, each with the schemas that it stands in."""

    @property
    def size(self) -> int:
        """How many schemas were looked at."""
        return len(self._nodes)

    def node(self, schema: Node) -> Schema:
        """The node of a schema."""
        return self.of_view(self.views.view(schema))

    def of_view(self, view: View) -> Schema:
        """The node of what a schema says."""
        value = view.node.value
        if isinstance(value, bool) and view.key not in self._edited:
            return TRUE if value else FALSE
        if self._plain is not None and view.key not in self._touched:
            return self._plain.of_view(view)
        if id(view) not in self._nodes:  # the view is kept too, so that its id stays its own
            self._nodes[id(view)] = view, Schema(lambda: self._keywords(view))
        return self._nodes[id(view)][1]

    def with_edits(self, root: Node, edits: Edited) -> Graph:
        """The schemas below a root with edits made in some of them; what leads to none of these is shared."""
        self._walk(root)
        return Graph(self.views, edits, self)

    def _walk(self, root: Node) -> None:
        """Note for all schemas below one in which they stand."""
        top = self.views.view(root)
        if top.key in self._above:
            return
        self._above[top.key] = []
        waiting = [top]
        while waiting:
            view = waiting.pop()
            for child in map(self.views.view, view.slots.values()):
                if child.key not in self._above:
                    self._above[child.key] = []
                    waiting.append(child)
                self._above[child.key].append(view.key)

    def _leading_to(self, keys: Iterable[_Key]) -> frozenset[_Key]:
        """Some schemas, and all that they stand in, at whatever distance."""
        found = set(keys)
        waiting = [*found]
        while waiting:
            fresh = [key for key in self._above.get(waiting.pop(), ()) if key not in found]
            found.update(fresh)
            waiting += fresh
        return frozenset(found)

    def _keywords(self, view: View) -> Keywords:
        written = self.written(view)
        edit = self._edited.get(view.key)
        found = written if edit is None else edit(written)
        return keywords_of(_formatted(found) if _has_formats(view) else found, _as_it_is)

    def written(self, view: View) -> Written:
        """What a schema says, with the nodes of the schemas in it."""
        if view.node.value is False:
            return {"enum": []}
        found = dict(view.plain)
        if not _has_formats(view) and not is_known(str(found.get("format", ""))):
            found.pop("format", None)
        for (keyword, name), child in view.slots.items():
            put(found, keyword, name, self.node(child))
        if view.unresolved:
            found["unknown"] = frozenset((f"$ref: {view.unresolved}",))
        return found


def _has_formats(view: View) -> bool:
    """Whether formats of numbers count, which AsyncAPI defines beside those of JSON Schema."""
    return view.node.document.kind is Kind.ASYNCAPI


def _formatted(written: Written) -> Written:
    found = dict(written)
    judge_format(found)
    if isinstance(found.get("allOf"), list):  # a pattern that a format means, beside another one
        found["allOf"] = [
            schema_with(**keywords_of(each, _as_it_is)) if isinstance(each, dict) else each
            for each in found["allOf"]
        ]
    return found


def put(written: Written, keyword: str, name: str | int, schema: Schema) -> None:
    """Let a schema stand at a keyword; in a list at its end."""
    if keyword in ONE:
        written[keyword] = schema
    elif keyword in LISTS:
        written[keyword] = [*written.get(keyword, ()), schema]
    else:
        written[keyword] = {**written.get(keyword, {}), name: schema}


def _as_it_is(keyword: str, schema: Schema) -> Schema:
    return schema
