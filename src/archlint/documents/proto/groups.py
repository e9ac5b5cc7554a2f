"""Which files are compiled together, and under which names.

A compiler takes every file under one name, the one that others import it by, and refuses two files that
define the same thing. Repositories hold copies (a ``protos/`` folder and copies below services), and the same
file may be imported under two names. So files are put into groups such that within a group every file has one
name and nothing is defined twice, and every file is compiled in exactly one group.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import accumulate

from archlint.documents.proto.graph import components
from archlint.documents.proto.statements import Import, defined_names, package_of
from archlint.finding.records import dataclass

_GROUPS_TRIED = 64
"""Groups that a unit is tried against before it gets its own: keeps packing linear."""

_MANY = 300
"""Files from which on two processes compile them: starting one takes as long as compiling a dozen."""
_HALVES = (0.5, 0.5)
_SHARES = (0.3, 0.3, 0.2, 0.2)
"""How the bytes of very many files are shared out: what was compiled first is read while others still are,
and the last parts are the smaller ones, so that little is left to do when all have been. More parts would
compile what all of them import too often."""

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
    published_as: str = ""
    """The name of the common module of which it is a copy: others of these import it, which are not in the
    repository."""

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

    @property
    def paths(self) -> set[str]:
        """All its files."""
        return {*self.targets, *self.names}

    @cached_property
    def symbols(self) -> set[str]:
        """Everything that its files define, and others might."""
        return {symbol for path in self.paths for symbol in self.defined[path]}


def grouped(files: Mapping[str, LinkedFile], order: Sequence[str]) -> list[Group]:
    """The groups in which the files of ``order`` (each after what it imports) are compiled."""
    defined = _Definitions(files)
    rank = {path: position for position, path in enumerate(order)}
    units: list[_Unit] = []
    for members in components({path: files[path].targets for path in order}):
        members.sort(key=rank.__getitem__)
        units += _units(members, files, defined)
    defined.expect(units)
    groups: list[Group] = []
    for unit in units:
        _place(unit, groups)
    return groups


class _Definitions(dict[str, frozenset[str]]):
    """What each file defines that another unit might define too: nothing in a package that only one has."""

    def __init__(self, files: Mapping[str, LinkedFile]) -> None:
        self._files = files
        self._packages: dict[str, str] = {}
        self._shared: frozenset[str] = frozenset()

    def expect(self, units: Iterable[_Unit]) -> None:
        """Note which packages several of some units have."""
        found: Counter[str] = Counter()
        for unit in units:
            found.update({self._package(path) for path in unit.paths})
        self._shared = frozenset(package for package, count in found.items() if count > 1)

    def _package(self, path: str) -> str:
        package = self._packages.get(path)
        if package is None:
            package = self._packages[path] = package_of(self._files[path].text)
        return package

    def __missing__(self, path: str) -> frozenset[str]:
        is_shared = self._package(path) in self._shared
        names = self[path] = defined_names(self._files[path].text) if is_shared else frozenset()
        return names


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
    copies = {path: files[path].published_as for path in targets if files[path].published_as}
    return _Unit(
        targets=targets,
        names=names,
        preferred=copies | preferred,
        defined=defined,
        has_copies=any(file.is_copy for file in here),
        has_bundled=any(link.is_bundled for file in here for link in file.links),
    )


def are_many(files: Sequence[str]) -> bool:
    """Whether several processes had better compile some files."""
    return len(files) >= _MANY


def shared_out(order: Sequence[str], sizes: Mapping[str, int]) -> list[list[str]]:
    """Files in one part, or in several if there are many; what lies in one folder mostly stays together, as
    it needs the same files. In each part the order is kept."""
    if not are_many(order):
        return [list(order)] if order else []
    shares = _HALVES if len(order) < _MANY * len(_SHARES) else _SHARES
    total = sum(sizes[path] for path in order)
    ends = [total * share for share in accumulate(shares[:-1])]
    ordered = sorted(order)
    behind = accumulate(sizes[path] for path in ordered)
    part_of = {path: bisect_left(ends, end) for path, end in zip(ordered, behind, strict=True)}
    parts = [[path for path in order if part_of[path] == at] for at in range(len(shares))]
    return [part for part in parts if part]


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
