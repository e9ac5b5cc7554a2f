"""Compares the JSON Schemas of events of two worlds: what one side may write, the other has to take.

Each question is one of containment, and each answer has a value as its proof. An edit is told if the
writer's schema with this edit alone refuses what it took before, by a value that the reader's schema refuses
as it stands. A writer is taken to use only names that its schema lists; what else an open schema allows is
told apart (``UndeclaredDataRefused``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename

from archlint.comparison.json_schema.changes import (
    EventDataRefused,
    EventEdit,
    EventSchemaRemoved,
    EventUndecided,
    RegistryRefused,
    UndeclaredDataRefused,
)
from archlint.comparison.json_schema.edits import Edit, edits_between
from archlint.comparison.json_schema.graph import Graph
from archlint.comparison.json_schema.kinds import is_refused, kind_of
from archlint.comparison.openapi.judge import sent
from archlint.comparison.schemas.answers import Answer, Budget, No, Unknown, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.schemas.schema import Schema, schema_with
from archlint.comparison.schemas.validation import separates
from archlint.comparison.schemas.values import Undecided
from archlint.comparison.terms import ComparisonTerms, Readers
from archlint.comparison.worlds import Change
from archlint.documents import Node
from archlint.files import Kind
from archlint.finding.records import replace
from archlint.model.asyncapi import AsyncDescription
from archlint.model.json_schema import JsonSchema, Views, names_events
from archlint.model.openapi.references import References
from archlint.model.world import World

_STEPS, _TOTAL, _LEAST = 4_000, 60_000, 100
_MOST_EDITS, _LEAST_EDITS = 60, 4
"""Edits of a schema that are tried one by one, and how many of a large one are."""
_EFFORT = 40_000
"""Schemas that are looked at anew for all edits of one."""


def compare(base: World, revision: World, terms: ComparisonTerms) -> Iterable[Change]:
    """What changed in schemas of events, for the readers that count; and those that are gone."""
    pairs, gone = _paired(base, revision, terms)
    yield from map(EventSchemaRemoved, gone)
    if not pairs:
        return
    yield from _once(_changes(base, revision, pairs, terms))


def _changes(
    base: World, revision: World, pairs: Iterable[tuple[JsonSchema, JsonSchema]], terms: ComparisonTerms
) -> Iterator[Change]:
    older, newer = Graph(base.fact(Views)), Graph(revision.fact(Views))
    for before, after in pairs:
        promised = terms.compatibility_of(after.document.path, after.name)
        with terms.losing(f"schema '{after.name}'", after.document.path):
            ends = before.document.root, after.document.root
            judged = _Pair(before, after, terms.registry == "confluent")
            new: tuple[Change, ...] = ()
            old: tuple[Change, ...] = ()
            if promised.is_backward:
                new = tuple(judged.changes((older, ends[0]), (newer, ends[1]), Readers.NEW))
            if promised.is_forward:
                old = tuple(judged.changes((newer, ends[1]), (older, ends[0]), Readers.OLD))
            yield from _merged(new, old)


def _once(changes: Iterable[Change]) -> Iterator[Change]:
    """An edit of what several schemas refer to is told once: of the schema that it is written in, if it is
    one of them, else of the first."""
    found: dict[tuple[object, ...], Change] = {}
    for at, each in enumerate(changes):
        if isinstance(each, EventEdit):
            key = type(each), each.readers, each.told_as
            if key not in found or each.told_as[0] == each.revision.document.path:
                found[key] = each
        else:
            found[at,] = each
    yield from found.values()


def _merged(new: Iterable[Change], old: Iterable[Change]) -> Iterator[Change]:
    """What both readers refuse is told once."""
    left = {(type(each), each.edit.key): each for each in old if isinstance(each, EventEdit) and each.edit}
    for each in new:
        same = None
        if isinstance(each, EventEdit) and each.edit is not None:
            same = left.pop((type(each), each.edit.key), None)
        if same is not None and isinstance(each, EventEdit):
            kinds = tuple(dict.fromkeys((*each.kinds, *same.kinds)))
            yield replace(each, readers=Readers.BOTH, kinds=kinds)
        else:
            yield each
    yield from left.values()
    yield from (each for each in old if not isinstance(each, EventEdit) or each.edit is None)


class _Pair:
    """One schema at both revisions."""

    def __init__(self, base: JsonSchema, revision: JsonSchema, by_registry: bool) -> None:
        self._schemas = base, revision
        self._by_registry = by_registry
        self._engine = Engine(Budget(steps=_STEPS, total=_TOTAL, least=_LEAST))

    def changes(
        self, writer: tuple[Graph, Node], reader: tuple[Graph, Node], readers: Readers
    ) -> Iterator[Change]:
        """What is refused of what the one side writes."""
        narrow, wide = writer[0].node(writer[1]), reader[0].node(reader[1])
        whole = self._engine.contains(narrow, wide)
        if isinstance(whole, Yes) and not self._by_registry:
            return
        exact = self._engine.contains(sent(narrow), wide)
        edits = edits_between(writer, reader)
        told = False
        tried = min(_MOST_EDITS, max(_LEAST_EDITS, _EFFORT // (1 + writer[0].size)))
        for edit in edits[:tried]:
            change = self._change(edit, (writer, narrow), (reader, wide), readers, exact)
            if change is not None:
                told = told or isinstance(change, (EventDataRefused, UndeclaredDataRefused))
                yield change
        if isinstance(exact, No) and not told:
            yield EventDataRefused(*self._schemas, readers, None, (), exact.witness)
        elif isinstance(exact, Unknown) and not told:
            yield EventUndecided(*self._schemas, readers, exact.reason)

    def _change(
        self,
        edit: Edit,
        writer: tuple[tuple[Graph, Node], Schema],
        reader: tuple[tuple[Graph, Node], Schema],
        readers: Readers,
        exact: Answer,
    ) -> EventEdit | None:
        """What an edit does by itself."""
        (graph, root), narrow = writer
        other, wide = reader[0][0], reader[1]
        edited = {edit.writer.key: lambda written: edit.made(written, other)}
        alone = Graph(graph.views, edited).node(root)
        usual = None if isinstance(exact, Yes) else self._witness(sent(narrow), alone, wide)
        found = usual if isinstance(usual, No) else self._witness(narrow, alone, wide)
        kind = kind_of(edit, is_harmful=isinstance(found, No))
        kinds = (kind,) if kind is not None and is_refused(kind) else ()
        if isinstance(found, No):
            told: type[EventEdit] = EventDataRefused
            if usual is not found or _describes_anew(edit):
                told = RegistryRefused if self._by_registry and kinds else UndeclaredDataRefused
            is_passed = self._by_registry and kind is not None and not kinds
            return told(*self._schemas, readers, edit, kinds, found.witness, is_passed_by_registry=is_passed)
        if self._by_registry and kinds:
            return RegistryRefused(*self._schemas, readers, edit, kinds, is_proved=False)
        return None

    def _witness(self, narrow: Schema, alone: Schema, wide: Schema) -> Answer:
        """A value of the writer that is refused with an edit alone, and by the reader as it stands."""
        found = self._engine.contains(narrow, alone)
        if not isinstance(found, No):
            return found
        try:
            if separates(found.witness, narrow, wide):
                return found
        except (Undecided, ValueError):
            pass
        return self._engine.contains(narrow, schema_with(anyOf=(alone, wide)))


def _describes_anew(edit: Edit) -> bool:
    """Whether an edit says for the first time what a member looks like that was allowed all along."""
    return edit.keyword == "properties" and edit.is_added and not edit.is_required


def _paired(
    base: World, revision: World, terms: ComparisonTerms
) -> tuple[list[tuple[JsonSchema, JsonSchema]], list[JsonSchema]]:
    """Older schemas with what they became, by path, else the new file of the same title or identifier; and
    those that are gone."""
    newer = {each.document.path: each for each in revision.all(JsonSchema)}
    paths: Mapping[str, str] = {old: new for new, old in terms.renames.items()}
    pairs, left = [], []
    is_named = bool(base.named and revision.named)
    payloads = base.fact(_payloads)
    for schema in base.all(JsonSchema):
        path = schema.document.path
        is_subject = terms.is_subject(path, schema.name)
        if not is_named and not is_subject and (path in payloads or not names_events(path)):
            continue
        same = newer.get(paths.get(path, path)) or _unnamed(paths.get(path, path), revision)
        if same is None and is_named and len(newer) == 1:
            same = next(iter(newer.values()))
        if same is None:
            left.append(schema)
        else:
            pairs.append((schema, same))
    taken = {
        each.document.path for schemas in (base.all(JsonSchema), dict(pairs).values()) for each in schemas
    }
    free: dict[str, list[JsonSchema]] = {}
    for path, schema in newer.items():
        if path not in taken:
            free.setdefault(schema.object.name, []).append(schema)
    unreadable = {problem.path for problem in revision.problems}
    gone = []
    for schema in left:
        path, name = schema.document.path, schema.object.name
        same = _most_alike(path, free.get(name, [])) if name else None
        if same is not None:
            free[name].remove(same)
            pairs.append((schema, same))
        elif path not in unreadable:
            gone.append(schema)
    return pairs, gone


def _unnamed(path: str, world: World) -> JsonSchema | None:
    """What a file says that was a schema and that nothing names one any more."""
    document = world.document(path) if world.kinds.get(path) is Kind.DATA else None
    if document is None or not (document.root.is_map or isinstance(document.root.value, bool)):
        return None
    return JsonSchema(document, world.fact(References))


def _most_alike(path: str, schemas: Iterable[JsonSchema]) -> JsonSchema | None:
    """Of schemas with one name the one whose file is called as that of a path, else the first."""
    return min(schemas, key=lambda each: basename(each.document.path) != basename(path), default=None)


def _payloads(world: World) -> frozenset[str]:
    """The files that AsyncAPI documents refer to: they are compared there, by who sends them."""
    if not world.paths(Kind.ASYNCAPI):
        return frozenset()
    references = (each for found in world.all(AsyncDescription) for each in found.pieces.references)
    return frozenset(each.target.document.path for each in references if each.target is not None)


def contradiction(schema: JsonSchema, other: JsonSchema, world: World) -> EventDataRefused | None:
    """What a schema refuses of the data of another one in the same world, if that refuses some of its data
    too; ``None`` if one of them takes all that the other does, or nobody can tell."""
    graphs = Graph(world.fact(Views)), Graph(world.fact(Views))
    ends = (graphs[0], schema.document.root), (graphs[1], other.document.root)
    judged = _Pair(other, schema, by_registry=False)
    read = [each for each in judged.changes(ends[1], ends[0], Readers.NEW) if _is_refusal(each)]
    written = read and [each for each in judged.changes(ends[0], ends[1], Readers.OLD) if _is_refusal(each)]
    return next((each for each in read if isinstance(each, EventDataRefused)), None) if written else None


def _is_refusal(change: Change) -> bool:
    return isinstance(change, EventDataRefused)
