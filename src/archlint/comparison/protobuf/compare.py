"""Compares the proto files of two worlds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from archlint.comparison.protobuf.annotations import AnnotationComparison
from archlint.comparison.protobuf.changes import (
    Breaks,
    EnumRemoved,
    EnumValueChanged,
    EnumValueRemoved,
    JsonNameForgotten,
    MessageRemoved,
    PackageChanged,
    ProtoFileRemoved,
    ReservationRemoved,
    RpcChanged,
    RpcRemoved,
    ServiceRemoved,
)
from archlint.comparison.protobuf.copies import copied
from archlint.comparison.protobuf.definitions import Definition, definitions
from archlint.comparison.protobuf.editions import with_presence_told_once
from archlint.comparison.protobuf.extensions import Extensions, compare_extensions
from archlint.comparison.protobuf.fields import compare_messages, freed_reservations, together
from archlint.comparison.protobuf.matching import Matching
from archlint.comparison.protobuf.moved_definitions import moved_definitions
from archlint.comparison.protobuf.moved_files import moved_files
from archlint.comparison.protobuf.promises import as_promised
from archlint.comparison.protobuf.registry import refused_by_registry
from archlint.comparison.protobuf.settings import compare_settings
from archlint.comparison.protobuf.types import named_breaks
from archlint.comparison.protobuf.unchanged import unchanged
from archlint.comparison.protobuf.validation import ValidationComparison
from archlint.comparison.terms import ComparisonTerms
from archlint.comparison.worlds import Change
from archlint.files import Kind
from archlint.finding import Place
from archlint.finding.regex import regex
from archlint.model.protobuf import Enum, EnumValue, Message, ProtoSchema, ProtoService, schemas
from archlint.model.world import World

_TOP = 2
"""The length of the route of what stands in no message."""

_VERSION = regex(r"v[0-9]")


def compare(base: World, revision: World, terms: ComparisonTerms) -> Iterable[Change]:
    """All changes of proto files; a file that cannot be compiled on one of the sides is not compared."""
    older, newer = comparable(base, revision, terms)
    matching = Matching(older, newer, terms.renames)
    changes = _Comparison(matching, base.reading(copied)).changes()
    yield from as_promised(changes, (*older, *newer), terms)
    if terms.registry == "confluent":
        yield from refused_by_registry(matching, terms)


def comparable(
    base: World, revision: World, terms: ComparisonTerms
) -> tuple[list[ProtoSchema], Sequence[ProtoSchema]]:
    """The files of both sides without those that cannot be compiled on the other one."""
    newer = revision.reading(schemas)
    readable = {schema.path for schema in newer}
    unreadable = set(revision.paths(Kind.PROTO)) - readable
    paths = {old: new for new, old in terms.renames.items()}
    older = [
        schema for schema in base.reading(schemas) if paths.get(schema.path, schema.path) not in unreadable
    ]
    return older, newer


def compare_schemas(base: Sequence[ProtoSchema], revision: Sequence[ProtoSchema]) -> Iterable[Change]:
    """All changes between files that are contracts of their own, paired by what they are called."""
    return _Comparison(Matching(base, revision, {}), frozenset()).changes()


class _Comparison:
    """The comparison of two sets of files."""

    def __init__(self, matching: Matching, copies: frozenset[str]) -> None:
        self._matching = matching
        self._extensions = Extensions(matching.revision)
        self._annotations = AnnotationComparison(matching)
        self._validation = ValidationComparison(matching)
        self._copies = copies
        """The files of the base that others publish: what happens to them breaks no promise."""
        self._unchanged = unchanged(matching.base, matching.revision)
        matching.follow(copies | self._unchanged)

    def changes(self) -> Iterator[Change]:
        """All changes, by file of the base."""
        yield from self._packages()
        yield from moved_files(self._matching, self._copies)
        yield from moved_definitions(self._matching, self._copies | self._unchanged)
        lost: list[ProtoSchema] = []
        for schema in self._matching.base:
            if schema.path in self._copies or schema.path in self._unchanged:
                continue
            successor = self._matching.successors[schema.path]
            if successor is not None:
                settings = compare_settings(schema.source, successor.source)
                own = chain(self._file(schema, successor), settings)
                yield from with_presence_told_once(own, successor, self._matching)
                yield from compare_extensions(schema, successor, self._extensions, self._matching)
                yield from self._annotations.changes(schema, successor)
                yield from self._validation.changes(schema, successor)
            elif self._is_elsewhere(schema):
                yield from self._file(schema, None)
            elif not schema.is_empty:
                lost.append(schema)
        yield from self._lost_files(lost)

    def _packages(self) -> Iterator[Change]:
        pairs: dict[tuple[str, str], list[tuple[ProtoSchema, ProtoSchema]]] = defaultdict(list)
        for older, newer in self._matching.moved_packages:
            if older.path not in self._copies:
                pairs[older.package, newer.package].append((older, newer))
        for members in pairs.values():
            is_left = any(other.package == members[0][0].package for other in self._matching.revision)
            yield PackageChanged(tuple(members), is_left)

    def _lost_files(self, lost: Iterable[ProtoSchema]) -> Iterator[Change]:
        """Files of which nothing is left, by package where nothing of the package is left."""
        standing: dict[str, Place] = {}
        for other in self._matching.revision:
            standing.setdefault(other.package, other.place())
        gone: dict[str, list[ProtoSchema]] = defaultdict(list)
        for schema in lost:
            if schema.package in standing:
                yield ProtoFileRemoved(
                    (schema,), _top_names(schema), standing[schema.package], is_package=False
                )
            else:
                gone[schema.package].append(schema)
        for schemas_ in gone.values():
            names = tuple(name for schema in schemas_ for name in _top_names(schema))
            sibling = next((name for name in standing if _is_other_version(name, schemas_[0].package)), None)
            above = schemas_[0].place() if sibling is None else standing[sibling]
            yield ProtoFileRemoved(tuple(schemas_), names, above, is_package=True)

    def _is_elsewhere(self, schema: ProtoSchema) -> bool:
        """Whether all that a file without a successor defines has a new self somewhere."""
        tops = [item for item in definitions(schema) if len(item.route) == _TOP]
        return bool(tops) and all(item.full_name in self._matching.renamed for item in tops)

    def _file(self, schema: ProtoSchema, successor: ProtoSchema | None) -> Iterator[Change]:
        gone: set[tuple[str | int, ...]] = set()
        for item in definitions(schema):
            if item.route[:-2] in gone:
                gone.add(item.route)
                continue
            newer = self._matching.find(item)
            if newer is None:
                gone.add(item.route)
                yield self._removal(item, self._above(item, schema, successor))
                continue
            if item.full_name in self._matching.renamed:
                yield self._removal(item, self._above(item, schema, successor))
            if not self._matching.is_copy(item, newer):
                yield from self._compare(item, newer)

    def _above(self, item: Definition, schema: ProtoSchema, successor: ProtoSchema | None) -> Place:
        """The newer self of the message that a definition stands in, else the package; where no file is left
        what the definition is called now."""
        for parent in schema.messages if len(item.route) > _TOP else ():
            if parent.route == item.route[:-2]:
                newer = self._matching.find(parent)
                if newer is not None:
                    return newer.place()
        return self._matching.renamed[item.full_name].place() if successor is None else successor.place()

    def _removal(self, item: Definition, above: Place) -> Change:
        renamed = self._matching.renamed.get(item.full_name)
        if isinstance(item, Message):
            return MessageRemoved(item, above, renamed if isinstance(renamed, Message) else None)
        if isinstance(item, Enum):
            return EnumRemoved(item, above, renamed if isinstance(renamed, Enum) else None)
        return ServiceRemoved(item, above, renamed if isinstance(renamed, ProtoService) else None)

    def _compare(self, base: Definition, revision: Definition) -> Iterator[Change]:
        if isinstance(base, Message) and isinstance(revision, Message):
            yield from compare_messages(base, revision, self._matching)
        elif isinstance(base, Enum) and isinstance(revision, Enum):
            yield from _compare_enums(base, revision)
        elif isinstance(base, ProtoService) and isinstance(revision, ProtoService):
            yield from self._compare_services(base, revision)

    def _compare_services(self, base: ProtoService, revision: ProtoService) -> Iterator[Change]:
        names = {rpc.name: rpc for rpc in revision.rpcs}
        for rpc in base.rpcs:
            newer = names.get(rpc.name)
            if newer is None:
                yield RpcRemoved(revision, rpc)
                continue
            for part in ("input", "output"):
                old, new = getattr(rpc, part), getattr(newer, part)
                known = old not in rpc.source.stand_ins and new not in newer.source.stand_ins
                breaks = named_breaks(old, new, self._matching, is_known=known)
                if breaks is not None:
                    yield RpcChanged(revision, rpc, newer, part, breaks)
            for part in ("client_streaming", "server_streaming"):
                if getattr(rpc, part) != getattr(newer, part):
                    yield RpcChanged(revision, rpc, newer, part, Breaks.WIRE)


def _is_other_version(one: str, other: str) -> bool:
    """Whether two packages differ only in a version at the end."""
    (parent, _, last), (other_parent, _, other_last) = one.rpartition("."), other.rpartition(".")
    return parent == other_parent != "" and bool(_VERSION.match(last) and _VERSION.match(other_last))


def _top_names(schema: ProtoSchema) -> tuple[str, ...]:
    return tuple(item.full_name for item in definitions(schema) if len(item.route) == _TOP)


def _has_moved(value: EnumValue, names: Mapping[str, EnumValue]) -> bool:
    """Whether a value of the older enum has another number in the newer one, of which these are the names."""
    return value.name in names and names[value.name].number != value.number


def _compare_enums(base: Enum, revision: Enum) -> Iterator[Change]:
    names = {value.name: value for value in revision.values}
    numbers: dict[int, list[EnumValue]] = defaultdict(list)
    for value in revision.values:
        numbers[value.number].append(value)
    old_names = {value.name for value in base.values}
    taken = {value.number for value in base.values if _has_moved(value, names)}
    beside = together(base.values, set(numbers), set(names))
    for value in base.values:
        same_name, same_number = names.get(value.name), numbers.get(value.number, [])
        if same_name is not None:
            if same_name.number != value.number:
                yield EnumValueChanged(revision, value, same_name, not same_number, same_name.number in taken)
        elif not same_number:
            yield EnumValueRemoved(revision, value, beside[value.number])
            if revision.reserved.holds(value.number, value.name):
                yield JsonNameForgotten(revision, value)
        else:
            added = [other for other in same_number if other.name not in old_names]
            newer = (added or same_number)[0]
            is_alias = any(newer.name == other.name for other in base.values if other.number == value.number)
            yield EnumValueChanged(revision, value, newer, is_alias=is_alias)
    freed = freed_reservations(base.reserved, revision.reserved, numbers, names)
    if freed is not None:
        yield ReservationRemoved(base, revision, freed)
