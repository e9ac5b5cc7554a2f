"""Contracts that several files of one repository hold: each service keeps its own copy to build from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, Self, TypeVar

from archlint.files.folders import shows_or_tests, versions_in
from archlint.finding import ObjectRef, Source
from archlint.finding.records import dataclass
from archlint.model.world import Subject

S = TypeVar("S", bound=Subject)


@dataclass(frozen=True)
class Copy(Generic[S]):
    """A contract that another file holds too."""

    schema: S
    """The one that holds less, and is taken for the older one."""
    other: S

    @property
    def source(self) -> Source:
        """The file that holds less."""
        return self.schema.source

    @property
    def object(self) -> ObjectRef | None:
        """What the contract is about."""
        return self.schema.object

    @classmethod
    def among(
        cls,
        schemas: Iterable[S],
        named: Callable[[S], Hashable],
        size: Callable[[S], int],
        is_copy: Callable[[S, S], bool],
    ) -> list[Self]:
        """Each contract with the largest of its name and version, if it is a copy of that one.

        ``named``: by what a contract is known; those without it are left out, as are those in folders of
        tests and examples.
        """
        groups: dict[Hashable, list[S]] = defaultdict(list)
        for schema in schemas:
            name, path = named(schema), schema.source.path
            if name and not shows_or_tests(path):
                groups[name, versions_in(path)].append(schema)
        found = []
        for members in groups.values():
            if len(members) < 2:
                continue
            first, *others = sorted(members, key=lambda each: (-size(each), each.source.path))
            found += [cls(each, first) for each in others if is_copy(each, first)]
        return sorted(found, key=lambda copy: copy.source.path)
