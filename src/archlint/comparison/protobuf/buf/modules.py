"""Which files of two revisions buf would compare with each other, and what the settings of a module ask for.

Buf names files from the root of their module, so that a module may stand in another folder. The settings are
those of the revision, also for what is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from posixpath import join

from archlint.comparison.protobuf.buf import compare_as_buf
from archlint.comparison.protobuf.buf.verdicts import BufVerdict
from archlint.comparison.protobuf.compare import comparable
from archlint.comparison.protobuf.copies import copied
from archlint.comparison.terms import ComparisonTerms
from archlint.documents.proto import ProtoFile
from archlint.documents.proto.buf_lint import BufModules, module_of
from archlint.finding.records import replace
from archlint.model.protobuf import buf_modules
from archlint.model.world import World

_Files = dict[str, ProtoFile]


def buf_verdicts(base: World, revision: World, terms: ComparisonTerms) -> list[BufVerdict]:
    """What buf says of all proto files, but for what settings leave out."""
    older, newer = comparable(base, revision, terms)
    compared = _Comparison(
        ([schema.source for schema in older], [schema.source for schema in newer]),
        (base.reading(buf_modules), revision.reading(buf_modules)),
        terms.renames if terms.names_pairs else {},
        base.reading(copied),
    )
    return list(compared.verdicts())


class _Comparison:
    """The comparison of the modules of two revisions."""

    def __init__(
        self,
        sides: tuple[Iterable[ProtoFile], Iterable[ProtoFile]],
        modules: tuple[BufModules, BufModules],
        pairs: Mapping[str, str],
        copies: Collection[str],
    ) -> None:
        """Both pairs are of the older side and the newer one. ``pairs`` are paths of the revision that
        somebody said to be others of the base, ``copies`` what is compared only where settings ask for it."""
        old_modules, self._modules = modules
        old, new = (
            [file for file in side if _is_part(file, of)] for side, of in zip(sides, modules, strict=True)
        )
        self._new = {file.path: file for file in new}
        self._names = self._names_of(old, old_modules, {older: newer for newer, older in pairs.items()})
        self._old = [
            file for file in old if file.path not in copies or self._is_asked(self._names[file.path])
        ]

    def verdicts(self) -> Iterator[BufVerdict]:
        """What buf says, and what is said of that by the settings: nothing is left of what they leave out."""
        groups: dict[tuple[object, ...], tuple[_Files, _Files]] = defaultdict(lambda: ({}, {}))
        for path, file in self._new.items():
            groups[self._extent(path)][1][path] = file
        for file in self._old:
            name = self._names[file.path]
            groups[self._extent(name)][0][name] = file
        for _, (old, new) in sorted(groups.items()):
            if old:
                yield from filter(None, map(self._judged, compare_as_buf(old, new)))

    def _extent(self, path: str) -> tuple[object, ...]:
        """What files of one module have in common."""
        module = module_of(path, self._modules)
        return ("", (), ()) if module is None else module.extent

    def _is_asked(self, path: str) -> bool:
        module = module_of(path, self._modules)
        return module is not None and module.breaking.rules.is_stated

    def _names_of(
        self, old: Iterable[ProtoFile], modules: BufModules, pairs: Mapping[str, str]
    ) -> dict[str, str]:
        """The path that each file of the base has, or would have, in the revision."""
        found: dict[str, str] = {}
        moved: dict[str, str] = {}
        roots = _paired_roots(modules, self._modules)
        below = {_from_root(path, self._modules): path for path in self._new}
        below.pop("", None)
        lost: list[str] = []
        for file in old:
            path = pairs.get(file.path, file.path)
            module = module_of(file.path, modules)
            if path not in self._new and module is not None and module.root in roots:
                path = join(roots[module.root], _from_root(file.path, modules))
            elif path not in self._new:
                path = below.get(_from_root(file.path, modules), path)
                if path not in self._new:
                    lost.append(file.path)
            found[file.path] = path
            if path in self._new and path != file.path:
                same = _common_end(file.path, path)
                moved[file.path[: len(file.path) - same]] = path[: len(path) - same]
        for path in lost:
            starts = [start for start in moved if path.startswith(start)]
            start = max(starts, key=len, default="")
            found[path] = moved.get(start, start) + path[len(start) :]
        return found

    def _judged(self, verdict: BufVerdict) -> BufVerdict | None:
        """The verdict with what settings say of it; ``None`` if they leave it out."""
        older, source = verdict.older.source, verdict.place.source
        name = self._names.get(older.path, older.path) if older.revision == "base" else older.path
        path = self._names.get(source.path, source.path) if source.revision == "base" else source.path
        module = module_of(path, self._modules)
        if module is None or not module.breaking.rules.is_stated:
            return verdict
        packages = {each.descriptor.package for each in (older, source) if isinstance(each, ProtoFile)}
        if not module.breaking.tells(verdict.rule, (path, name), packages):
            return None
        return replace(verdict, is_asked=True)


def _is_part(file: ProtoFile, modules: BufModules) -> bool:
    module = module_of(file.path, modules)
    return module is None or module.holds(file.path)


def _from_root(path: str, modules: BufModules) -> str:
    """How buf names a file: from the root of its module; where nothing says which that is, an empty name."""
    module = module_of(path, modules)
    return "" if module is None else path[len(module.root) :].lstrip("/")


def _paired_roots(old: BufModules, new: BufModules) -> dict[str, str]:
    """Where the modules of the base stand in the revision: in the same folder, else in one whose path ends
    alike, else where the only other one stands that is left."""
    pairs = {root: root for root in old if root in new}
    lost, added = ([root for root in side if root not in pairs] for side in (old, new))
    by_end: dict[str, list[str]] = defaultdict(list)
    for root in added:
        for end in _ends(root):
            by_end[end].append(root)
    for root in lost:
        found = next((by_end[end] for end in _ends(root) if end in by_end), [])
        if len(found) == 1:
            pairs[root] = found[0]
    taken = set(pairs.values())
    left = [root for root in lost if root not in pairs], [root for root in added if root not in taken]
    if len(left[0]) == len(left[1]) == 1:
        pairs[left[0][0]] = left[1][0]
    return pairs


def _ends(path: str) -> list[str]:
    """The ends of a path in whole names, the longest first."""
    names = path.split("/") if path else []
    return ["/".join(names[at:]) for at in range(len(names))]


def _common_end(one: str, other: str) -> int:
    """How long the end is that two paths share, in whole names."""
    first, second = one.split("/"), other.split("/")
    count = 0
    while count < min(len(first), len(second)) and first[-1 - count] == second[-1 - count]:
        count += 1
    return len("/".join(first[len(first) - count :]))
