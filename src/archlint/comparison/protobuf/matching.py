"""Which file and which definition of the newer revision is which of the older one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property
from typing import TypeVar

from archlint.comparison.protobuf.definitions import Definition, definitions
from archlint.comparison.protobuf.likeness import file_successors, successors
from archlint.comparison.protobuf.usage import Usage, usage_of
from archlint.model.protobuf import Enum, Message, ProtoSchema

D = TypeVar("D", Message, Enum)


class Matching:
    """Pairs of files and definitions."""

    def __init__(
        self, base: Sequence[ProtoSchema], revision: Sequence[ProtoSchema], renames: Mapping[str, str]
    ) -> None:
        """``renames`` maps paths of the revision to those of the base."""
        self.base = base
        self.revision = revision
        self._old: dict[str, list[Definition]] = _by_name(base)
        self._new: dict[str, list[Definition]] = _by_name(revision)
        self._new_paths = {schema.path: schema for schema in revision}
        self._renamed_to = {old: new for new, old in renames.items()}
        self.successors = {schema.path: self._successor(schema) for schema in base}
        self._follow_files()
        self.names: dict[str, str] = {}
        """New full names of definitions whose package has another name."""
        self.moved_packages = self._moved_packages()
        self.renamed: dict[str, Definition] = {}
        """The new selves of definitions that have another name; ``follow`` finds them."""

    def _new_path(self, path: str) -> str:
        return self._renamed_to.get(path, path)

    def _successor(self, schema: ProtoSchema) -> ProtoSchema | None:
        """The file by path, by rename, by what it defines; or the only file where there is only one."""
        path = self._new_path(schema.path)
        if path in self._new_paths:
            return self._new_paths[path]
        holders = Counter(
            found.source.path for item in definitions(schema) for found in self._new.get(item.full_name, ())
        )
        if holders:
            return self._new_paths[min(holders, key=lambda holder: (-holders[holder], holder))]
        return self.revision[0] if len(self.base) == len(self.revision) == 1 else None

    def _follow_files(self) -> None:
        """Find files that are new and hold what lost ones held, under another path and package."""
        lost = [schema for schema in self.base if self.successors[schema.path] is None]
        taken = {schema.path for schema in self.successors.values() if schema is not None}
        added = [
            schema
            for schema in self.revision
            if schema.path not in taken
            and not any(item.full_name in self._old for item in definitions(schema))
        ]
        if lost and added:
            self.successors.update(file_successors(lost, added))

    def follow(self, left_out: Set[str]) -> None:
        """Find out what lost definitions are called now; those of some files do not matter."""
        lost = [
            item
            for schema in self.base
            if schema.path not in left_out
            for item in definitions(schema)
            if self.find(item) is None
        ]
        if not lost:
            return
        taken = set(self.names.values())
        added = [items[0] for name, items in self._new.items() if name not in self._old and name not in taken]
        found = successors(lost, added)
        for item in lost:
            parent, _, own = item.full_name.rpartition(".")
            inside = f"{self.names[parent]}.{own}" if parent in self.names else ""
            newer = next(
                (other for other in self._new.get(inside, ()) if isinstance(other, type(item))), None
            )
            if newer is None and item.full_name in found:
                newer = self.renamed[item.full_name] = found[item.full_name]
            if newer is not None:
                self.names[item.full_name] = newer.full_name

    def _moved_packages(self) -> list[tuple[ProtoSchema, ProtoSchema]]:
        """Files whose definitions are all the same but for the package; their new names are noted."""
        pairs = []
        for schema in self.base:
            newer = self.successors[schema.path]
            if newer is None or newer.package == schema.package:
                continue
            remains = any(item.full_name in self._new for item in definitions(schema))
            names = {item.full_name: _in_package(item, schema, newer) for item in definitions(schema)}
            here = {item.full_name for item in definitions(newer)}
            if not remains and not here.isdisjoint(names.values()):
                self.names.update(names)
                pairs.append((schema, newer))
        return pairs

    @cached_property
    def usage(self) -> Usage:
        """What the messages of the revision are used for."""
        return usage_of(self.revision)

    def name(self, full_name: str) -> str:
        """What a name of the base is called in the revision."""
        return self.names.get(full_name, full_name)

    def exists(self, full_name: str) -> bool:
        """Whether the revision has a definition of this name of the base."""
        return self.name(full_name) in self._new

    def find(self, item: Definition) -> Definition | None:
        """The newer self of a definition: in the same file, else anywhere."""
        found = [
            other for other in self._new.get(self.name(item.full_name), ()) if isinstance(other, type(item))
        ]
        successor = self.successors[item.source.path]
        if successor is not None:
            for other in found:
                if other.source.path == successor.path:
                    return other
        return found[0] if found else None

    def is_same_file(self, schema: ProtoSchema, newer: ProtoSchema) -> bool:
        """Whether a file of the revision is one of the base with the same package, under its name or the one
        that git has for it."""
        return self._new_path(schema.path) == newer.path and schema.package == newer.package

    def is_copy(self, item: Definition, newer: Definition) -> bool:
        """Whether ``newer`` has an older self of its own, in its own file, and ``item`` is another copy."""
        path = newer.source.path
        if self._new_path(item.source.path) == path:
            return False
        return any(self._new_path(other.source.path) == path for other in self._old[item.full_name])

    def message(self, full_name: str, *, is_new: bool) -> Message | None:
        """A message of the revision, or of the base."""
        return _one(self._new if is_new else self._old, full_name, Message)

    def enum(self, full_name: str, *, is_new: bool) -> Enum | None:
        """An enum of the revision, or of the base."""
        return _one(self._new if is_new else self._old, full_name, Enum)


def _by_name(schemas: Iterable[ProtoSchema]) -> dict[str, list[Definition]]:
    found: dict[str, list[Definition]] = defaultdict(list)
    for schema in schemas:
        for item in definitions(schema):
            found[item.full_name].append(item)
    return dict(found)


def _one(index: Mapping[str, list[Definition]], full_name: str, kind: type[D]) -> D | None:
    return next((item for item in index.get(full_name, ()) if isinstance(item, kind)), None)


def _in_package(item: Definition, older: ProtoSchema, newer: ProtoSchema) -> str:
    """The full name that a definition has if only its package changes."""
    own = item.full_name.removeprefix(older.package + ".") if older.package else item.full_name
    return f"{newer.package}.{own}" if newer.package else own
