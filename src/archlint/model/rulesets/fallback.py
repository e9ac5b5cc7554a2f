"""Paths as jsonpath-plus reads and follows them, which Spectral asks where nimma gives up.

It splits the text at points and brackets and takes nearly anything for a name: ``['a', 'b']`` with a blank
looks for names with a quote in them, which nothing has. A deep step is followed from each object again, so
that a value may be chosen several times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from archlint.finding.regex import regex
from archlint.model.rulesets.evaluation import Evaluated, FilterFailed, compile_filter
from archlint.model.rulesets.expressions import FilterError, parse_expression
from archlint.model.rulesets.matching import Budget, Ending, Failures, Match, children, is_container
from archlint.model.rulesets.values import UNDEFINED, is_integer_key, type_of
from archlint.model.rulesets.walking import holds

__all__ = ["LaxPath"]

_TYPES = "null|boolean|number|string|integer|undefined|nonFinite|scalar|array|object|function|other"
_TYPE = regex(rf"@(?:{_TYPES})\(\)")
_SCRIPT_BEGINS = regex(r"[\['](?P<script>\??\()")
_SCRIPT_ENDS = regex(r"\)[\]'](?!.\])")
_QUOTED = regex(r"\[(?P<open>['\"])(?P<name>[^'\]]*+)['\"]\]")
_BORDER = regex(r"['\"]?\.['\"]?|\[['\"]?")
_PARENTS = regex(r";?(?P<parents>\^+);?")
_END = regex(r";\Z|'?\]|'\Z")
_STORED = regex(r"#(?P<number>[0-9]++)")
_SLICE = regex(r"(?P<start>-?[0-9]*+):(?P<end>-?[0-9]*+):?(?P<step>[0-9]*+)\Z")
_POINT, _TILDE = "\ue000", "\ue001"
_MOST_MATCHES = 5_000_000
_Follow = Callable[["_Task", "_Run"], Iterator["_Task"]]
_Route = tuple[str | int, ...]
_Task = tuple[int, _Route, tuple[Any, ...]]
"""The number of the next part, the keys on the way, and the values on the way."""


def _without_scripts(text: str, scripts: list[str]) -> str:
    """The text with a number in the place of each script, up to the first end on its line."""
    ends = [found.start() for found in _SCRIPT_ENDS.finditer(text)]
    pieces: list[str] = []
    since = at = 0
    for found in _SCRIPT_BEGINS.finditer(text):
        while at < len(ends) and ends[at] < found.end():
            at += 1
        if found.start() < since or at == len(ends) or "\n" in text[found.end() : ends[at]]:
            continue
        scripts.append(text[found.start("script") : ends[at] + 1])
        pieces += [text[since : found.start()], f"[#{len(scripts) - 1}]"]
        since = ends[at] + 2
    return "".join((*pieces, text[since:]))


def _divided(text: str) -> str:
    """The text with a semicolon for each bracket that opens, and each point that stands in none."""
    inside = [False] * (len(text) + 1)
    for at in range(len(text) - 1, -1, -1):
        inside[at] = text[at] == "]" or (text[at] != "[" and inside[at + 1])
    return _BORDER.sub(lambda found: found[0] if found[0][:1] != "[" and inside[found.end()] else ";", text)


def _parts(text: str) -> list[str]:
    """The path taken apart."""
    scripts: list[str] = []

    def keep(found: Any) -> str:
        return f"['{found['name'].replace('.', _POINT).replace('~', _TILDE)}']"

    text = _TYPE.sub(lambda found: f";{found[0]};", text)
    text = _without_scripts(text, scripts)
    text = _QUOTED.sub(keep, text).replace("~", ";~;")
    text = _divided(text).replace(_POINT, ".").replace(_TILDE, "~")
    text = _PARENTS.sub(lambda found: f";{';'.join(found['parents'])};", text)
    text = text.replace(";;;", ";..;") if ";;;" in text else text
    text = _END.sub("", text.replace(";;", ";..;"))
    found = []
    for part in text.split(";"):
        stored = _STORED.search(part)
        number = int(stored["number"]) if stored and len(stored["number"]) < 6 else len(scripts)
        found.append(scripts[number] if number < len(scripts) else part)
    return found[1:] if found[0] == "$" and len(found) > 1 else found


class _Run:
    """One search: what is counted, and where failures of filters go."""

    def __init__(self, failures: Failures, context: int | None) -> None:
        self.failures = failures
        self.budget = Budget(_MOST_MATCHES)
        self._context = context
        self._seen: set[tuple[Any, ...]] = set()

    def is_new(self, task: _Task) -> bool:
        """Whether a part of the path was not yet led on from this container, as far as filters can tell."""
        number, route, values = task
        if self._context is None or not is_container(values[-1]):
            return True
        key: tuple[Any, ...] = number, id(values[-1])
        if self._context and route:
            key = *key, id(values[-2]), route[-1]
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


class LaxPath:
    """A path in parts, each of which leads on from a value; what waits is on a stack."""

    def __init__(self, text: str) -> None:
        parts = _parts(text)
        end = len(parts)
        while end and parts[end - 1] in ("^", "~"):
            end -= 1
        modifiers = "".join(parts[end:])
        self._ending = Ending.of(modifiers)
        self._parts = [_part(part) for part in parts[:end]]
        ups = parts.count("^")
        self._looks_up = 2 if "@path" in text or ups > 2 else int(ups > 0 or "@parent" in text)

    def matches(self, document: object, failures: Failures, *, once: bool = False) -> Iterator[Match]:
        run = _Run(failures, self._looks_up if once and self._looks_up < 2 else None)
        if not is_container(document):
            return
        waiting: list[_Task] = [(0, (), (document,))]
        while waiting:
            task = waiting.pop()
            run.budget.take(1 + len(task[1]) // 16)  # the way to a value is copied for each of its members
            number, route, values = task
            if not run.is_new(task):
                continue
            if number == _KEY:
                yield Match(_with_indices(route, values), route[-1] if route else UNDEFINED, True)
            elif number == _LAST:
                yield Match(_with_indices(route, values), values[-1])
            elif number < len(self._parts):
                waiting.extend(reversed(list(self._parts[number](task, run))))
            elif (match := self._ending.match(route, values)) is not None:
                yield match._replace(route=_with_indices(match.route, values))


def _with_indices(route: _Route, values: tuple[Any, ...]) -> _Route:
    """The route with numbers for elements of arrays, which the path may name by a text."""
    pairs = zip(route, values, strict=False)
    return tuple(int(key) if isinstance(value, list) and key != "length" else key for key, value in pairs)


def _part(part: str) -> _Follow:
    if part == "*":
        return _all
    if part == "..":
        return _descend
    if part == "$":
        return _root
    if part == "^":
        return _up
    if part == "~":
        return _key
    if (bounds := _SLICE.match(part)) is not None:
        return _sliced(bounds["start"], bounds["end"], bounds["step"])
    if part.startswith("?("):
        return _filtered(part.removeprefix("?(").removesuffix(")"))
    if part.startswith("("):
        return _computed(part)
    if part.startswith("@"):
        return _typed(part[1:-2])
    if part.startswith("`"):
        return _named(part[1:])
    if "," in part:
        return _union([_part(name) for name in part.split(",")])
    return _named(part)


def _down(task: _Task, key: str | int, value: Any, number: int) -> _Task:
    return number, (*task[1], key), (*task[2], value)


def _named(name: str) -> _Follow:
    def follow(task: _Task, run: _Run) -> Iterator[_Task]:
        value = task[2][-1]
        if isinstance(value, dict) and name in value:
            yield _down(task, name, value[name], task[0] + 1)
        elif isinstance(value, (list, str)) and value and name == "length":
            yield _down(task, name, len(value), task[0] + 1)
        elif isinstance(value, (list, str)) and is_integer_key(name) and int(name) < len(value):
            yield _down(task, name, value[int(name)], task[0] + 1)

    return follow


def _all(task: _Task, run: _Run) -> Iterator[_Task]:
    for key, value in children(task[2][-1]):
        yield _down(task, key, value, task[0] + 1)


def _descend(task: _Task, run: _Run) -> Iterator[_Task]:
    yield task[0] + 1, task[1], task[2]
    for key, value in children(task[2][-1]):
        if is_container(value):
            yield _down(task, key, value, task[0])


def _root(task: _Task, run: _Run) -> Iterator[_Task]:
    yield task[0] + 1, task[1], task[2]


def _up(task: _Task, run: _Run) -> Iterator[_Task]:
    """The parent, within a path; at its end ``Ending`` knows it."""
    if task[1]:
        yield task[0] + 1, task[1][:-1], task[2][:-1]


def _key(task: _Task, run: _Run) -> Iterator[_Task]:
    """The key ends a path, whatever stands behind it."""
    yield _KEY, task[1], task[2]


def _union(parts: list[_Follow]) -> _Follow:
    def follow(task: _Task, run: _Run) -> Iterator[_Task]:
        for part in parts:
            yield from part(task, run)

    return follow


def _sliced(start: str, end: str, step: str) -> _Follow:
    ends = [int(part) if part.strip("-") and len(part) < 16 else 0 for part in (start, end, step)]

    def follow(task: _Task, run: _Run) -> Iterator[_Task]:
        value = task[2][-1]
        if not isinstance(value, list):
            return
        length = len(value)
        first, last = ends[0], ends[1] or length
        first = max(0, first + length) if first < 0 else min(length, first)
        last = max(0, last + length) if last < 0 else min(length, last)
        for position in range(first, last, ends[2] or 1):
            yield _down(task, position, value[position], task[0] + 1)

    return follow


def _filtered(text: str) -> _Follow:
    test = _compiled(text)

    def follow(task: _Task, run: _Run) -> Iterator[_Task]:
        for key, value in children(task[2][-1]):
            down = _down(task, key, value, task[0] + 1)
            run.budget.take()
            if holds(test, down[1], down[2], len(down[1]), run.failures):
                yield down

    return follow


def _computed(text: str) -> _Follow:
    """``[(expression)]``: the name that the expression gives."""
    name = _compiled(text)

    def follow(task: _Task, run: _Run) -> Iterator[_Task]:
        try:
            found = name(task[1], task[2], len(task[1]))
        except FilterFailed as error:
            run.failures.append(str(error))
            return
        if type_of(found) in ("string", "number"):
            yield from _named(str(found))(task, run)

    return follow


def _compiled(text: str) -> Evaluated:
    return compile_filter(parse_expression(text, lax=True))


_IS_TYPE: dict[str, Callable[[Any], bool]] = {
    "scalar": lambda value: not value or not is_container(value),
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type_of(value) == "number" and float(value).is_integer(),
    "number": lambda value: type_of(value) == "number",
    "object": is_container,
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def _typed(name: str) -> _Follow:
    """``@string()`` and the like, which end a path: what stands behind them is not looked at."""
    test = _IS_TYPE.get(name)
    if test is None:
        raise FilterError(f"the type {name!r} is not known")

    def follow(task: _Task, run: _Run) -> Iterator[_Task]:
        if test(task[2][-1]):
            yield _LAST, task[1], task[2]

    return follow


_LAST, _KEY = 1 << 30, -1
