"""Which files are compiled together, and under which names.

A compiler takes every file under one name, the one that others import it by, and refuses two files that
define the same thing. Repositories hold copies (a ``protos/`` folder and copies below services), and the same
file may be imported under two names. So files are put into groups such that within a group every file has one
name and nothing is defined twice, and every file is compiled in exactly one group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property

from archlint.documents.proto.graph import components
from archlint.documents.proto.statements import Import, defined_names
from archlint.finding.records import dataclass

_GROUPS_TRIED = 64
"""Groups that a unit is tried against before it gets its own: keeps packing linear."""

_CLOSURE_BUDGET = 1_000_000
"""Files looked at, over all files of components with conflicting names; beyond it the rest shares a group."""


@dataclass(frozen=True, slots=True)
class Link:
    """An import statement and the file it means: ``target`` is ``None`` if it is bundled or missing."""

    statement: Import
    target: str | None
    is_bundled: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether no file is known that the statement could mean."""
        return self.target is None and not self.is_bundled


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """A proto text with its imports resolved."""

    path: str
    text: str
    links: tuple[Link, ...]
    is_copy: bool
    """Whether it is a repository's own copy of a file that comes with the compiler."""

    @property
    def targets(self) -> list[str]:
        """The files of the world that it imports."""
        return [link.target for link in self.links if link.target is not None]

    @property
    def missing(self) -> list[Link]:
        """The imports that mean no known file."""
        return [link for link in self.links if link.is_missing]


@dataclass
class Group:
    """Files that are compiled together: ``names`` of all of them, ``targets`` in an order in which each
    follows what it imports."""

    folder: str
    names: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)
    symbols: set[str] = field(default_factory=set)
    has_copies: bool = False
    has_bundled: bool = False

    def add(self, unit: _Unit) -> None:
        """Take in the files of a unit."""
        self.symbols |= unit.symbols
        self.has_copies |= unit.has_copies
        self.has_bundled |= unit.has_bundled
        for path, name in unit.names.items():
            self._name(path, name)
        for path in unit.targets:
            if path not in self.names:
                own = unit.preferred.get(path)
                self._name(path, own if own and own not in self.paths else f"~/{len(self.names)}.proto")
            self.targets.append(path)

    def _name(self, path: str, name: str) -> None:
        if self.names.setdefault(path, name) == name:
            self.paths.setdefault(name, path)

    def accepts(self, unit: _Unit) -> bool:
        """Whether the unit's files can be compiled together with those that are here."""
        if self.has_copies or unit.has_copies:
            return not (self.has_bundled or unit.has_bundled) and self._keeps_names(unit)
        return self._keeps_names(unit)

    def _keeps_names(self, unit: _Unit) -> bool:
        for path, name in unit.names.items():
            if self.names.get(path, name) != name or self.paths.get(name, path) != path:
                return False
        if any(path in self.names for path in unit.names):
            own = {symbol for path in unit.names if path not in self.names for symbol in unit.defined[path]}
            return self.symbols.isdisjoint(own)
        return self.symbols.isdisjoint(unit.symbols)


@dataclass
class _Unit:
    """Targets that stay together, with the names of all files that they need."""

    targets: Sequence[str]
    names: dict[str, str]
    preferred: dict[str, str]
    defined: Mapping[str, frozenset[str]]
    has_copies: bool
    has_bundled: bool

    @cached_property
    def symbols(self) -> set[str]:
        """Everything that its files define."""
        return {symbol for path in {*self.targets, *self.names} for symbol in self.defined[path]}


def grouped(files: Mapping[str, LinkedFile], order: Sequence[str]) -> list[Group]:
    """The groups in which the files of ``order`` (each after what it imports) are compiled."""
    defined = {path: defined_names(files[path].text) for path in order}
    rank = {path: position for position, path in enumerate(order)}
    groups: list[Group] = []
    for members in components({path: files[path].targets for path in order}):
        members.sort(key=rank.__getitem__)
        for unit in _units(members, files, defined):
            _place(unit, groups)
    return groups


def _place(unit: _Unit, groups: list[Group]) -> None:
    for group in groups[:_GROUPS_TRIED]:
        if group.accepts(unit):
            group.add(unit)
            return
    group = Group(folder=f"~{len(groups)}")
    group.add(unit)
    groups.append(group)


def _units(
    members: Sequence[str], files: Mapping[str, LinkedFile], defined: Mapping[str, frozenset[str]]
) -> Iterator[_Unit]:
    """One unit if every member is imported by one name, else one for each member with all that it needs."""
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    for path in members:
        for link in files[path].links:
            if link.target is not None:
                uses[link.target][link.statement.name] += 1
    names = {path: min(counts, key=lambda name: (-counts[name], name)) for path, counts in uses.items()}
    if all(len(counts) == 1 for counts in uses.values()) and len(set(names.values())) == len(names):
        yield _unit(members, names, {}, files, defined)
        return
    budget = _CLOSURE_BUDGET
    for position, path in enumerate(members):
        closure = _closure(path, files)
        budget -= len(closure)
        if budget < 0:
            yield _unit(members[position:], names, {}, files, defined)
            return
        yield _unit([path], closure, names, files, defined)


def _unit(
    targets: Sequence[str],
    names: dict[str, str],
    preferred: dict[str, str],
    files: Mapping[str, LinkedFile],
    defined: Mapping[str, frozenset[str]],
) -> _Unit:
    here = [files[path] for path in {*targets, *names}]
    return _Unit(
        targets=targets,
        names=names,
        preferred=preferred,
        defined=defined,
        has_copies=any(file.is_copy for file in here),
        has_bundled=any(link.is_bundled for file in here for link in file.links),
    )


def _closure(path: str, files: Mapping[str, LinkedFile]) -> dict[str, str]:
    """The names of all files that a file needs, itself left out."""
    names: dict[str, str] = {}
    waiting = [path]
    while waiting:
        for link in files[waiting.pop()].links:
            if link.target is not None and link.target not in names:
                names[link.target] = link.statement.name
                waiting.append(link.target)
    return names
