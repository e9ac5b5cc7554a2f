"""How a template that writes nothing is made to write something: the least that has to change.

From the conditions around what a template writes follow *ways*: values that have to be set, and APIs that a
cluster has to serve. Where nobody understands a condition the way has a doubt; whoever takes it renders the
chart and sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from archlint.documents.charts.meanings import (
    EACH,
    ITEM,
    SERVES,
    UNKNOWN,
    Applied,
    Constant,
    Guard,
    Included,
    Meaning,
    Pairs,
    Path,
    Scope,
    ValueAt,
    WrittenPart,
    written_parts,
)
from archlint.documents.charts.template_syntax import Piece
from archlint.documents.charts.unset import UNSET
from archlint.documents.charts.ways import Pin, Way, both
from archlint.finding.regex import regex

_MOST_WAYS = 6
_MOST_PARTS = 80
_DEEPEST = 10
_MOST_STEPS = 3000
_KIND = regex(r"(?:^|\n)kind:")
_SWITCH = regex(r"(?i)(?:enable|create|install|^use|^is|allow|active|expose|deploy)")


_HERE = (Way(),)
_DOUBTFUL = (Way(doubts=1),)
_Ways = Sequence[Way]


class Conditions:
    """Solves conditions over the values of a chart."""

    def __init__(
        self,
        values: Mapping[str, Any],
        definitions: Mapping[str, tuple[Piece, ...]],
        apis: frozenset[str],
        choices: Mapping[str, Sequence[str]],
        maps: frozenset[Path] = frozenset(),
    ) -> None:
        """``values`` are those that count, ``apis`` those that the cluster serves; ``choices`` are the texts
        that templates compare values with, by the last key of the value, and ``maps`` the values of which
        templates take parts."""
        self._maps = maps
        self._values = values
        self._definitions = definitions
        self._apis = apis
        self._choices = choices
        self._steps = 0
        self._depth = 0

    def ways(self, pieces: Sequence[Piece], context: Meaning) -> _Ways:
        """The ways on which a template writes an object, the best first."""
        self._steps = self._depth = 0
        return self._best(self._of_objects(list(written_parts(pieces, Scope.of(context)))))

    def _of_objects(self, parts: Sequence[WrittenPart]) -> Iterator[Way]:
        """The ways to what looks like the kind of an object, else to anything."""
        objects = [part for part in parts if _KIND.search(part.text)]
        if objects:
            for part in objects:
                yield from self._all(part.guards)
            return
        for part in parts:
            inner = part.meaning
            if isinstance(inner, Applied) and inner.name == "and" and inner.arguments:
                inner = inner.arguments[-1]
            if isinstance(inner, Included) and inner.name in self._definitions and self._enter():
                for way in self._best(self._of_objects(self._parts(inner))):
                    yield from both((way,), self._all(part.guards))
                self._depth -= 1
            elif part.text.strip() or (inner is not None and not isinstance(inner, (Included, Constant))):
                yield from self._all((*part.guards, *_written(part)))

    def _enter(self) -> bool:
        self._steps += 1
        if self._depth >= _DEEPEST or self._steps >= _MOST_STEPS:
            return False
        self._depth += 1
        return True

    def _parts(self, meaning: Included) -> list[WrittenPart]:
        pieces = self._definitions.get(meaning.name, ())
        return list(written_parts(pieces, Scope.of(meaning.context)))[:_MOST_PARTS]

    def _all(self, guards: Iterable[Guard]) -> _Ways:
        return self._every((guard.meaning, guard.wanted) for guard in guards)

    def _every(self, wanted: Iterable[tuple[Meaning, bool]]) -> _Ways:
        """The ways on which each of some conditions is as wanted."""
        found: _Ways = _HERE
        for meaning, is_wanted in wanted:
            found = self._best(both(found, self.truth(meaning, wanted=is_wanted)))
            if not found:
                return ()
        return found

    def _any(self, wanted: Iterable[tuple[Meaning, bool]]) -> _Ways:
        return self._best(way for meaning, holds in wanted for way in self.truth(meaning, wanted=holds))

    def _best(self, ways: Iterable[Way]) -> _Ways:
        return sorted(ways, key=lambda way: way.cost)[:_MOST_WAYS]

    def truth(self, meaning: Meaning, *, wanted: bool) -> _Ways:
        """The ways on which something is true, or empty."""
        if isinstance(meaning, Constant):
            return _HERE if bool(meaning.value) is wanted else ()
        if isinstance(meaning, ValueAt):
            return self._of_value(meaning.path, wanted=wanted)
        if isinstance(meaning, Pairs):
            return _HERE if bool(meaning.items) is wanted else ()
        if not self._enter():
            return _DOUBTFUL
        found = (
            self._of_included(meaning, lambda part: self._writes(part, wanted=True), wanted=wanted)
            if isinstance(meaning, Included)
            else self._of_applied(meaning, wanted=wanted)
        )
        self._depth -= 1
        return found

    def _of_each(self, given: Sequence[Meaning], *, wanted: bool) -> _Ways:
        """Whether a list, or a map, has anything to go through."""
        listed, item, is_map = given
        assert isinstance(listed, ValueAt) and isinstance(item, Constant) and isinstance(is_map, Constant)
        here = value_at(self._values, listed.path)
        if here or not wanted or ITEM in listed.path:
            return self._of_value(listed.path, wanted=wanted)
        is_keyed = is_map.value and not isinstance(here, list)
        return _pinned(listed.path, {UNSET: item.value} if is_keyed else [item.value])

    def _of_value(self, path: Path, *, wanted: bool) -> _Ways:
        if ITEM in path:
            return _HERE if wanted else _DOUBTFUL
        here = value_at(self._values, path)
        if bool(here) is wanted:
            return _pinned(path, here, is_change=False) if not isinstance(here, (dict, list)) else _HERE
        if wanted:
            is_map = any(path[start:] in self._maps for start in range(len(path)))
            return _pinned(path, _filled(here, path, is_map=is_map))
        return () if isinstance(here, dict) else _pinned(path, type(here)())

    def _of_applied(self, meaning: Meaning, *, wanted: bool) -> _Ways:
        if not isinstance(meaning, Applied) or not meaning.arguments:
            return _DOUBTFUL
        given = meaning.arguments
        name = meaning.name
        if name in ("and", "or", "default", "coalesce"):
            asks = [(each, wanted) for each in (given[::-1] if name == "default" else given)]
            return self._every(asks) if (name == "and") is wanted else self._any(asks)
        if name == EACH:
            return self._of_each(given, wanted=wanted)
        if name in ("not", "empty"):
            return self.truth(given[0], wanted=not wanted)
        if name in ("eq", "ne") and len(given) > 1:
            return self._of_equality(given[0], given[1:], wanted=wanted is (name == "eq"))
        if name in ("gt", "ge", "lt", "le") and len(given) == 2:
            return self._of_order(name, given[0], given[1], wanted=wanted)
        if name == SERVES and isinstance(given[0], Constant):
            return self._of_api(str(given[0].value), wanted=wanted)
        if name == "required":
            return self.truth(given[-1], wanted=wanted)
        if name == "ternary" and len(given) == 3:
            return self._best(
                way
                for side, holds in ((given[0], True), (given[1], False))
                for way in self._every(((side, wanted), (given[2], holds)))
            )
        if name in ("hasKey", "has") and len(given) == 2:
            return self._of_key(name, given, wanted=wanted)
        if name == "lookup":
            return () if wanted else _HERE
        return _DOUBTFUL

    def _of_key(self, name: str, given: Sequence[Meaning], *, wanted: bool) -> _Ways:
        key, held = (given[0], given[1]) if name == "has" else (given[1], given[0])
        if not isinstance(key, Constant) or not isinstance(held, ValueAt):
            return _DOUBTFUL
        here = value_at(self._values, held.path)
        is_there = isinstance(here, (dict, list)) and key.value in here
        if is_there is wanted:
            return _HERE
        if name == "has" and wanted:
            return _pinned(held.path, [*(here or ()), key.value])
        return self._of_value((*held.path, str(key.value)), wanted=True) if wanted else ()

    def _of_api(self, api: str, *, wanted: bool) -> _Ways:
        if (api in self._apis) is wanted:
            return _HERE
        is_old = _group_of(api) in {"", "extensions", *map(_group_of, self._apis)}
        return (Way(apis=frozenset((api,))),) if wanted and not is_old else ()

    def _of_order(self, name: str, one: Meaning, other: Meaning, *, wanted: bool) -> _Ways:
        """Comparisons of a value with a number; of a list, its length is compared."""
        if not isinstance(one, ValueAt) or not isinstance(other, Constant):
            return _DOUBTFUL
        here, limit = value_at(self._values, one.path), other.value
        if not isinstance(limit, int):
            return _DOUBTFUL
        is_list = isinstance(here, (dict, list, str))
        number = len(here) if is_list else here if isinstance(here, (int, float)) else 0
        holds = {"gt": number > limit, "ge": number >= limit, "lt": number < limit, "le": number <= limit}
        if holds[name] is wanted:
            return _HERE if is_list else _pinned(one.path, here, is_change=False)
        if is_list:
            return self._of_value(one.path, wanted=name in ("gt", "ge")) if wanted else ()
        step = {"gt": 1, "lt": -1}.get(name, 0) if wanted else {"ge": -1, "le": 1}.get(name, 0)
        return _pinned(one.path, limit + step)

    def _of_equality(self, one: Meaning, others: Sequence[Meaning], *, wanted: bool) -> _Ways:
        if isinstance(one, Constant) and not isinstance(others[0], Constant):
            one, others = others[0], (one, *others[1:])
        constants = [other.value for other in others if isinstance(other, Constant)]
        if len(constants) < len(others):
            return _DOUBTFUL
        if wanted:
            return self._best(way for value in constants for way in self.equal(one, value, wanted=True))
        found: _Ways = _HERE
        for value in constants:
            found = self._best(both(found, self.equal(one, value, wanted=False)))
        return found

    def equal(self, meaning: Meaning, value: Any, *, wanted: bool) -> _Ways:
        """The ways on which something is a constant, or is not."""
        if isinstance(meaning, Constant):
            return _HERE if _is_same(meaning.value, value) is wanted else ()
        if isinstance(meaning, ValueAt):
            return self._of_choice(meaning.path, value, wanted=wanted)
        if not self._enter():
            return _DOUBTFUL
        found: _Ways = _DOUBTFUL
        if isinstance(meaning, Included):
            found = self._of_included(meaning, lambda part: self._says(part, value), wanted=wanted)
        elif isinstance(meaning, Applied) and meaning.name in ("default", "coalesce"):
            given = meaning.arguments[::-1] if meaning.name == "default" else meaning.arguments
            rest = [way for each in given for way in self.equal(each, value, wanted=wanted)]
            found = self._best(rest)
        elif isinstance(meaning, Applied) and meaning.name == "ternary" and len(meaning.arguments) == 3:
            yes, no, condition = meaning.arguments
            found = self._best(
                way
                for side, holds in ((yes, True), (no, False))
                for way in both(self.equal(side, value, wanted=wanted), self.truth(condition, wanted=holds))
            )
        self._depth -= 1
        return found

    def _of_choice(self, path: Path, value: Any, *, wanted: bool) -> _Ways:
        here = value_at(self._values, path)
        if isinstance(here, (dict, list)):
            return _DOUBTFUL
        if _is_same(here, value) is wanted:
            return _pinned(path, here, is_change=False)
        if ITEM in path:
            return _DOUBTFUL
        if wanted:
            return _pinned(path, {"true": True, "false": False}[value] if _is_switch(here, value) else value)
        if isinstance(here, bool):
            return _pinned(path, not here)
        others = [each for each in self._choices.get(path[-1], ()) if each != value] if path else []
        return self._best(way for each in others[:3] for way in _pinned(path, each)) if others else ()

    def _of_included(
        self, meaning: Included, holds: Callable[[WrittenPart], tuple[_Ways, _Ways]], *, wanted: bool
    ) -> _Ways:
        """The ways on which some part of a named template is written that ``holds``, or none is; it gives
        the ways on which a part that is written holds, and does not."""
        if meaning.name not in self._definitions:
            return _DOUBTFUL
        parts = [(part, holds(part)) for part in self._parts(meaning)]
        if wanted:
            return self._best(way for part, (yes, _) in parts for way in both(yes, self._all(part.guards)))
        found: _Ways = _HERE
        for part, (yes, no) in parts:
            if yes:
                away = self._any((guard.meaning, not guard.wanted) for guard in part.guards)
                found = self._best(both(found, [*away, *no]))
        return found

    def _writes(self, part: WrittenPart, *, wanted: bool) -> tuple[_Ways, _Ways]:
        """The ways on which a part that is written is more than white space, and less."""
        if part.meaning is None:
            return (_HERE, ()) if part.text.strip() else ((), _HERE)
        if isinstance(part.meaning, Constant):
            is_empty = part.meaning.value in ("", None)
            return ((), _HERE) if is_empty else (_HERE, ())
        if isinstance(part.meaning, ValueAt):
            here = value_at(self._values, part.meaning.path)
            if isinstance(here, (bool, int, float)):
                return _HERE, ()
        return self.truth(part.meaning, wanted=True), self.truth(part.meaning, wanted=False)

    def _says(self, part: WrittenPart, value: Any) -> tuple[_Ways, _Ways]:
        """The ways on which a part that is written is a certain text, and is not."""
        if part.meaning is None:
            return (_HERE, ()) if part.text.strip() == str(value) else ((), _HERE)
        if isinstance(part.meaning, Constant):
            is_same = _is_same(part.meaning.value, value)
            return (_HERE, ()) if is_same else ((), _HERE)
        if part.meaning == UNKNOWN:
            return (), _HERE
        return self.equal(part.meaning, value, wanted=True), self.equal(part.meaning, value, wanted=False)


def _group_of(api: str) -> str:
    """The group of an API, as ``group/version`` or ``group/version/Kind``: a cluster that serves others of a
    group that is Kubernetes' own does not serve this one."""
    return api.partition("/")[0] if api.count("/") else ""


def _written(part: WrittenPart) -> tuple[Guard, ...]:
    return () if part.meaning is None else (Guard(part.meaning, wanted=True),)


def _pinned(path: Path, value: Any, *, is_change: bool = True) -> _Ways:
    return (Way({path: Pin(value, is_change)}),) if path else ()


def _filled(here: Any, path: Path, *, is_map: bool) -> Any:
    """What stands for a value that is not empty, of the type of the empty one."""
    if here is None and is_map:
        return {UNSET: UNSET}
    if isinstance(here, bool) or (here is None and _SWITCH.search(path[-1] if path else "")):
        return True
    if isinstance(here, (int, float)):
        return 1
    if isinstance(here, list):
        return [UNSET]
    return {UNSET: UNSET} if isinstance(here, dict) else UNSET


def _is_same(here: Any, value: Any) -> bool:
    """Whether a value is a constant, also where it was made a text."""
    return here == value or (isinstance(here, bool) and str(here).lower() == value)


def _is_switch(here: Any, value: Any) -> bool:
    return isinstance(here, bool) and value in ("true", "false")


def value_at(values: Any, path: Sequence[str]) -> Any:
    """The value at a path; ``None`` if there is none."""
    for part in path:
        if not isinstance(values, dict):
            return None
        values = values.get(part)
    return values
