"""What each edit between two schemas does by itself: a value of the writer that is refused because of it.

An edit is tried in the writer's schema, everything else as it is. What that refuses counts only if the
reader's schema, as it stands, refuses it too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from archlint.comparison.json_schema.edits import SchemaEdit, edits_between
from archlint.comparison.json_schema.graph import Graph, Written
from archlint.comparison.openapi.judge import sent
from archlint.comparison.schemas.answers import Answer, No, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.schema import Schema, schema_with
from archlint.comparison.schemas.validation import separates
from archlint.comparison.schemas.values import Undecided
from archlint.documents import Node

End = tuple[Graph, Node]
"""A schema, and the graph that it is in."""

_MOST_EDITS, _LEAST_EDITS = 60, 4
"""Edits of a schema that are tried one by one, and how many of a large one are."""
_EFFORT = 40_000
"""Schemas that are looked at anew for all edits of one."""


class EditTrial:
    """A schema that data is written by, and one that it is read by."""

    def __init__(self, engine: Engine, writer: End, reader: End) -> None:
        self._engine = engine
        self._writer, self._reader = writer, reader
        self._narrow, self._wide = (graph.node(node) for graph, node in (writer, reader))

    @cached_property
    def whole(self) -> Answer:
        """Whether all is read that the writer's schema allows."""
        return self._engine.contains(self._narrow, self._wide)

    @cached_property
    def usual(self) -> Answer:
        """Whether all is read that a writer writes who uses only names that its schema lists."""
        return self._engine.contains(sent(self._narrow), self._wide)

    @property
    def is_about_overlaps(self) -> bool:
        """Whether only values are refused that several branches of a ``oneOf`` take, as few authors mean."""
        return isinstance(self._engine.contains(sent(self._narrow), self._wide, True), Yes)

    @cached_property
    def edits(self) -> list[SchemaEdit]:
        """All edits."""
        return edits_between(self._writer, self._reader)

    @property
    def tried(self) -> list[SchemaEdit]:
        """The edits that are few enough to be tried one by one."""
        most = min(_MOST_EDITS, max(_LEAST_EDITS, _EFFORT // (1 + self._writer[0].size)))
        return self.edits[:most]

    @property
    def groups(self) -> list[list[SchemaEdit]]:
        """The edits that are tried, those of one schema together."""
        found: dict[object, list[SchemaEdit]] = {}
        for edit in self.tried:
            found.setdefault(edit.writer.key, []).append(edit)
        return list(found.values())

    def usually(self, *edits: SchemaEdit) -> Answer:
        """Whether edits of one schema refuse something of a writer who uses only names that it lists."""
        if isinstance(self.usual, Yes):
            return self.usual
        return self._refused(sent(self._narrow), edits)

    def ever(self, edit: SchemaEdit) -> Answer:
        """Whether an edit alone refuses something that the writer's schema allows."""
        return self._refused(self._narrow, (edit,))

    def beyond(self, edits: Sequence[SchemaEdit]) -> Answer:
        """Whether something usual is refused that none of some edits refuses by itself."""
        if isinstance(self.usual, Yes):
            return self.usual
        by_each = (self._alone((edit,)) for edit in edits)
        return self._engine.contains(schema_with(allOf=(sent(self._narrow), *by_each)), self._wide)

    def _refused(self, narrow: Schema, edits: tuple[SchemaEdit, ...]) -> Answer:
        alone = self._alone(edits)
        found = self._engine.contains(narrow, alone)
        if not isinstance(found, No):
            return found
        try:
            if separates(found.witness, narrow, self._wide):
                return found
        except (Undecided, ValueError):
            pass
        return self._engine.contains(narrow, schema_with(anyOf=(alone, self._wide)))

    def _alone(self, edits: tuple[SchemaEdit, ...]) -> Schema:
        """The writer's schema with some edits of one schema in it."""
        (graph, root), other = self._writer, self._reader[0]

        def edited(written: Written) -> Written:
            for edit in edits:
                written = edit.made(written, other)
            return written

        return graph.with_edits(root, {edits[0].writer.key: edited}).node(root)
