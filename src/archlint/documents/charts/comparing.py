"""What marked renderings tell of the plain one: for each part of an object where it may come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Any

from archlint.documents.charts.template_marks import SIGN, Planted, Written, without_signs
from archlint.documents.charts.value_marks import Given
from archlint.finding import Route
from archlint.finding.records import dataclass


@dataclass(slots=True)
class Traces:
    """Where the parts of one object come from, as far as marks tell."""

    written: dict[Route, Written] = field(default_factory=dict)
    """Keys and items in the text of templates."""
    given: dict[Route, list[Given]] = field(default_factory=dict)
    """Values, in the order in which they occur in a text."""
    absent: dict[Route, dict[str, Given]] = field(default_factory=dict)
    """Empty values that would make keys which a map does not have, by the map; ``written`` has these keys."""
    replaced: dict[Route, Given] = field(default_factory=dict)
    """Empty values that would stand in place of what something else makes."""


def trace(plain: Any, marked: Any, planted: Planted, traces: Traces) -> None:
    """Take up what one marked rendering of an object tells."""
    waiting: list[tuple[Any, Any, Route]] = [(plain, marked, ())]
    while waiting:
        here, other, route = waiting.pop()
        if isinstance(here, dict) and isinstance(other, dict):
            waiting.extend(_in_map(here, other, route, planted, traces))
        elif isinstance(here, list) and isinstance(other, list):
            if len(here) <= len(other):
                waiting.extend(
                    (a, b, (*route, index)) for index, (a, b) in enumerate(zip(here, other, strict=False))
                )
        elif isinstance(other, (str, float)) and other != here and not isinstance(here, (dict, list)):
            for meaning in planted.of(str(other)):
                _note(meaning, route, traces)


def _in_map(
    here: dict[str, Any], other: dict[str, Any], route: Route, planted: Planted, traces: Traces
) -> Iterator[tuple[Any, Any, Route]]:
    for raw, value in other.items():
        if SIGN not in raw:
            if raw in here:
                yield here[raw], value, (*route, raw)
            continue
        key = without_signs(raw)
        if not key:
            for meaning in planted.of(raw):
                _note(meaning, route, traces)
        elif key in here:
            for meaning in planted.of(raw):
                _note(meaning, (*route, key), traces)
            yield here[key], value, (*route, key)


def _note(meaning: object, route: Route, traces: Traces) -> None:
    if isinstance(meaning, Written):
        traces.written.setdefault(route, meaning)
    elif isinstance(meaning, Given):
        known = traces.given.setdefault(route, [])
        if meaning not in known:
            known.append(meaning)


def trace_filled(plain: Any, marked: Any, planted: Planted, traces: Traces) -> None:
    """Take up what a rendering with empty values filled tells of an object."""
    waiting: list[tuple[Any, Any, Route]] = [(plain, marked, ())]
    while waiting:
        here, other, route = waiting.pop()
        if isinstance(here, dict) and isinstance(other, dict):
            for raw, value in other.items():
                key, given = without_signs(raw), _whole(value, planted)
                if key and key not in here and (given := given or _inside(value, planted)) is not None:
                    traces.absent.setdefault(route, {}).setdefault(key, given)
                    for meaning in planted.of(raw):
                        _note(meaning, (*route, key), traces)
                elif given is not None and key and (not here[key] or _is_alike(here[key], value)):
                    traces.replaced.setdefault((*route, key), given)
                elif key in here:
                    waiting.append((here[key], value, (*route, key)))
        elif isinstance(here, list) and isinstance(other, list):
            kept = [item for item in other if _whole(item, planted) is None]
            waiting.extend((here[index], item, (*route, index)) for index, item in paired(here, kept))


def _inside(value: Any, planted: Planted) -> Given | None:
    """The map of values that a part takes in."""
    found = (
        planted.of("".join(key for key in value if not without_signs(key))) if isinstance(value, dict) else ()
    )
    return next((each for each in found if isinstance(each, Given)), None)


def _is_alike(here: Any, other: Any) -> bool:
    return isinstance(here, (dict, list)) and type(here) is type(other)


def _whole(value: Any, planted: Planted) -> Given | None:
    """The value that all of a part is, as its sign says: of several the one that names it most exactly, in
    the file of values that wins."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        meanings = [planted.of(key) for key in value if not without_signs(key)]
        found = [each[0] for each in meanings if each] if len(meanings) == len(value) else []
    else:
        found = planted.of(value) if isinstance(value, str) else []
    given = [each for each in found if isinstance(each, Given)]
    return max(reversed(given), key=lambda each: len(each.route)) if given else None


def paired(plain: Sequence[Any], marked: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """Each object of a template, or item of a list, with what it is in a marked rendering, by its number."""
    names, others = list(map(_name, plain)), list(map(_name, marked))
    if len(plain) == len(marked) and (
        names == others or sorted(map(repr, names)) != sorted(map(repr, others))
    ):
        yield from enumerate(marked)
        return
    by_name: dict[object, list[Any]] = {}
    for name, item in zip(others, marked, strict=True):
        by_name.setdefault(name, []).append(item)
    for index, name in enumerate(names):
        found = by_name.get(name)
        if found:
            yield index, found.pop(0)


def _name(item: Any) -> object:
    """Kind and name without signs."""
    if not isinstance(item, dict):
        return without_signs(str(item))
    bare = {without_signs(key): value for key, value in item.items()}
    metadata = bare.get("metadata")
    inner = (
        {without_signs(key): value for key, value in metadata.items()} if isinstance(metadata, dict) else {}
    )
    named = (bare.get("kind"), bare.get("name"), inner.get("name"))
    return tuple(without_signs(str(text)) for text in named)
