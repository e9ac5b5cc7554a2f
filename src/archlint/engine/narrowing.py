"""What a check of some paths need not read: files elsewhere in which no rule in force looks for anything that
could be told of these paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from archlint.checks import Scope
from archlint.engine.request import Request
from archlint.engine.running import scope_of
from archlint.files import Kind
from archlint.finding import Rule

_TOGETHER = frozenset(("OAS", "KSCORE"))
"""Areas whose rules find something in a file through another one: the contract that leads to it, or the
manifests that kube-score gets together."""
_ALONE = frozenset((Scope.FILE, Scope.VERDICT))


def needed_files(request: Request, paths: Sequence[str]) -> list[str]:
    """Those of some YAML and JSON files that have to be read to report on the named paths."""
    if request.whole or request.base is not None or any(map(_looks_elsewhere, request.rules)):
        return list(paths)
    return [path for path in paths if request.lies_below(path)]


def needed_kinds(request: Request, kinds: Mapping[str, Kind]) -> frozenset[Kind]:
    """The kinds of which a file lies below the named paths: rules that look at one file need no other."""
    if request.whole:
        return frozenset(Kind)
    return frozenset(kind for path, kind in kinds.items() if request.lies_below(path))


def left_out(kinds: Iterable[Kind], needed: frozenset[Kind]) -> list[str]:
    """The names of the kinds that occur and are not needed, sorted."""
    return sorted({kind.value for kind in kinds} - {kind.value for kind in needed})


def _looks_elsewhere(rule: Rule) -> bool:
    return scope_of(rule) not in _ALONE or rule.area in _TOGETHER
