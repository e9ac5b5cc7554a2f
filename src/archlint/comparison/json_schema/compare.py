"""Compares the JSON Schemas of events of two worlds: what one side may write, the other has to take.

Each question is one of containment, and each answer has a value as its proof. An edit is told if the
writer's schema with this edit alone refuses what it took before, by a value that the reader's schema refuses
as it stands. A writer is taken to use only names that its schema lists; what else an open schema allows is
told apart (``UndeclaredDataRefused``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import basename

from archlint.comparison.json_schema.changes import (
    EventDataRefused,
    EventEdit,
    EventSchemaRemoved,
    EventUndecided,
    RegistryRefused,
    UndeclaredDataRefused,
)
from archlint.comparison.json_schema.edits import SchemaEdit
from archlint.comparison.json_schema.graph import Graph
from archlint.comparison.json_schema.kinds import is_refused, kind_of
from archlint.comparison.json_schema.trials import EditTrial, End
from archlint.comparison.schemas.answers import Answer, Budget, No, Unknown, Yes
from archlint.comparison.schemas.containment import Engine
from archlint.comparison.terms import ComparisonTerms, Readers
from archlint.comparison.worlds import Change
from archlint.files import Kind
from archlint.finding.records import replace
from archlint.model.asyncapi import AsyncDescription
from archlint.model.json_schema import JsonSchema, Views, names_events
from archlint.model.openapi.references import References
from archlint.model.world import World

Judged = EventEdit | EventUndecided
_STEPS, _TOTAL, _LEAST = 4_000, 60_000, 100
_MOST_APART = 12
"""Edits that are told beside which others are looked for that refuse something together."""


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
    known = Engine()
    for before, after in pairs:
        promised = terms.compatibility_of(after.document.path, after.name)
        with terms.losing(f"schema '{after.name}'", after.document.path):
            ends = before.document.root, after.document.root
            judged = _Pair(before, after, terms.registry == "confluent", known)
            new: list[Judged] = []
            old: list[Judged] = []
            if promised.is_backward:
                new += judged.changes((older, ends[0]), (newer, ends[1]), Readers.NEW)
            if promised.is_forward:
                old += judged.changes((newer, ends[1]), (older, ends[0]), Readers.OLD)
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


def _merged(new: Iterable[Judged], old: Iterable[Judged]) -> Iterator[Judged]:
    """What both readers refuse is told once."""
    left = {_key(each): each for each in old}
    for each in new:
        same = left.pop(_key(each), None)
        if isinstance(each, EventEdit) and isinstance(same, EventEdit):
            kinds = tuple(dict.fromkeys((*each.kinds, *same.kinds)))
            yield replace(each, readers=Readers.BOTH, kinds=kinds)
        else:
            yield each
    yield from left.values()


def _key(change: Judged) -> tuple[object, ...]:
    """Equal for an edit that both readers refuse; what is no edit is like nothing else."""
    if isinstance(change, EventEdit) and change.edit is not None:
        return type(change), change.edit.key
    return (id(change),)


class _Pair:
    """One schema at both revisions."""

    def __init__(
        self, base: JsonSchema, revision: JsonSchema, by_registry: bool, known: Engine | None = None
    ) -> None:
        """``known`` has judged other schemas, which may refer to what this one refers to."""
        self._schemas = base, revision
        self._by_registry = by_registry
        self._engine = Engine(Budget(steps=_STEPS, total=_TOTAL, least=_LEAST), beside=known)

    def changes(self, writer: End, reader: End, readers: Readers) -> Iterator[Judged]:
        """What is refused of what the one side writes."""
        trial = EditTrial(self._engine, writer, reader)
        if isinstance(trial.whole, Yes) and not self._by_registry:
            return
        told: list[SchemaEdit] = []
        for edit in trial.tried:
            change = self._change(edit, trial, readers)
            if change is not None:
                told += [edit] if isinstance(change, (EventDataRefused, UndeclaredDataRefused)) else []
                yield change
        # what several edits do together, such as an `if` with its `then`, and no edit does by itself
        joint = self._joint(trial, told)
        if isinstance(joint, No):
            yield EventDataRefused(*self._schemas, readers, None, (), joint.witness)
        elif isinstance(trial.usual, Unknown) and not told:
            yield EventUndecided(*self._schemas, readers, trial.usual.reason)
        elif isinstance(trial.whole, No) and not told and not self._by_registry:
            yield UndeclaredDataRefused(*self._schemas, readers, None, (), trial.whole.witness)

    def _joint(self, trial: EditTrial, told: Sequence[SchemaEdit]) -> Answer | None:
        """What is refused of what writers usually write, and by none of the edits that are told."""
        if not told:
            return trial.usual
        return None if self._by_registry or len(told) > _MOST_APART else trial.beyond(told)

    def _change(self, edit: SchemaEdit, trial: EditTrial, readers: Readers) -> EventEdit | None:
        """What an edit does by itself."""
        usual = trial.usually(edit)
        found = usual if isinstance(usual, No) else trial.ever(edit)
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


def _describes_anew(edit: SchemaEdit) -> bool:
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


class Contradictions:
    """Which schemas of a world refuse data of each other; each pair is judged once."""

    def __init__(self, world: World) -> None:
        self._views = world.fact(Views)
        self._known: dict[tuple[JsonSchema, JsonSchema], EventDataRefused | None] = {}

    def __call__(self, schema: JsonSchema, other: JsonSchema) -> EventDataRefused | None:
        """What a schema refuses of the data of another one, if that refuses some of its data too; ``None`` if
        one of them takes all that the other does, or nobody can tell."""
        pair = schema, other
        if pair not in self._known:
            self._known[pair] = self._judged(*pair)
        return self._known[pair]

    def _judged(self, schema: JsonSchema, other: JsonSchema) -> EventDataRefused | None:
        judged = _Pair(other, schema, by_registry=False)
        ours, theirs = ((Graph(self._views), each.document.root) for each in (schema, other))
        read = next(_refusals(judged.changes(theirs, ours, Readers.NEW)), None)
        written = read and next(_refusals(judged.changes(ours, theirs, Readers.OLD)), None)
        return read if written else None


def _refusals(changes: Iterable[Judged]) -> Iterator[EventDataRefused]:
    return (each for each in changes if isinstance(each, EventDataRefused))
