"""Paths with dots into objects, in ``vars`` and ``replacements``: ``spec.containers.[name=web].image``.

Source: kyaml's ``PathGetter`` and ``PathMatcher``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from archlint.documents.kustomize.paths import split_path
from archlint.documents.kustomize.refusal import Reason, Refusal
from archlint.documents.kustomize.selectors import engine
from archlint.documents.kustomize.values import Origin, Value
from archlint.finding.regex import regex

_INDEXED = regex(r"(.+)\[(\d+)\]\Z")
Slot = tuple[Any, Any]
"""A map or list, and the key or index of a value in it."""


def dotted(path: str) -> list[str]:
    """The parts of a path; dots in brackets do not count."""
    parts: list[str] = []
    pieces = iter(split_path(path, "."))
    for piece in pieces:
        if not piece.startswith("[") or piece.endswith("]"):
            parts.append(piece)
            continue
        bracketed = [piece]
        for more in pieces:
            bracketed.append(more)
            if more.endswith("]"):
                break
        joined = ".".join(bracketed)
        parts.append(joined if "=" in joined else joined.strip("[]"))
    return parts


def indexed(path: str) -> list[str]:
    """As ``dotted``, where ``ports[0]`` is two steps."""
    parts: list[str] = []
    for part in dotted(path):
        found = _INDEXED.match(part)
        parts.extend(found.groups() if found else (part,))
    return parts


def look_up(root: Value, parts: list[str], origin: Origin) -> Value | None:
    """The one value that a path leads to."""
    here: Value | None = root
    for raw in parts:
        part = raw.strip()
        if not part:
            continue
        if here is None or here.data is None:
            return None
        here = _step(here, part, origin)
    return here


def _step(here: Value, part: str, origin: Origin) -> Value | None:
    if part.lstrip("-").isdigit() or part == "-":
        if not isinstance(here.data, list):
            raise Refusal(f"'{part}' is an index, but there is no list.", origin)
        index = len(here.data) - 1 if part == "-" else int(part)
        if index < 0 and part != "-":
            raise Refusal("An index cannot be negative.", origin)
        return here.data[index] if 0 <= index < len(here.data) else None
    if part == "*":
        raise Refusal("'*' is only allowed in the paths of targets.", origin)
    if part.startswith("[") and part.endswith("]"):
        name, value = _condition(part, origin)
        if not isinstance(here.data, list):
            raise Refusal(f"'{part}' chooses from a list, but there is none.", origin)
        return next((item for item in here.data if _is(item, name, value)), None)
    if not isinstance(here.data, dict):
        raise Refusal(f"'{part}' is looked for in a value that is no map.", origin)
    return here.data.get(part)


def _is(item: Value, name: str, value: str) -> bool:
    if not name:
        return not isinstance(item.data, (dict, list)) and item.text == value
    found = item.get(name)
    return found is not None and not isinstance(found.data, (dict, list)) and found.text == value


def _condition(part: str, origin: Origin) -> tuple[str, str]:
    name, equals, value = part[1:-1].partition("=")
    if not equals:
        raise Refusal(f"'{part}' must say which field has which value: [name=web].", origin)
    return name, value


class Matches:
    """The values that a path with patterns leads to; ``blank`` makes what is missing."""

    def __init__(self, origin: Origin, blank: Callable[[], Any] | None) -> None:
        self.origin = origin
        self.blank = blank

    def find(self, holder: Any, key: Any, parts: list[str]) -> Iterator[Slot]:
        """Where they stand."""
        if not parts:
            yield holder, key
            return
        part, rest = parts[0], parts[1:]
        here: Value = holder[key]
        if part.isdigit():
            yield from self._at_index(here, int(part), rest)
        elif part.startswith("[") and part.endswith("]"):
            yield from self._chosen(here, part, rest)
        elif part == "*":
            for index in range(len(self._list(here, part))):
                yield from self.find(here.data, index, rest)
        else:
            yield from self._field(holder, key, part, rest)

    def _list(self, here: Value, part: str) -> list[Value]:
        if here.data is None:
            return []
        if not isinstance(here.data, list):
            raise Refusal(f"'{part}' needs a list, but there is none.", self.origin)
        return here.data

    def _at_index(self, here: Value, index: int, rest: list[str]) -> Iterator[Slot]:
        items = self._list(here, str(index))
        if index == len(items) and self.blank is not None:
            items.append(Value(self._made(rest), self.origin))
        if index >= len(items):
            raise Refusal(
                f"There is no item {index}: the list has {len(items)}.", self.origin, Reason.MISSING
            )
        yield from self.find(items, index, rest)

    def _chosen(self, here: Value, part: str, rest: list[str]) -> Iterator[Slot]:
        name, pattern = _condition(part, self.origin)
        judge = engine(pattern)
        if judge is None:
            raise Refusal(f"'{pattern}' is no regular expression.", self.origin)
        items = self._list(here, part)
        found = [index for index, item in enumerate(items) if self._fits(item, name, judge)]
        slots = [slot for index in found for slot in self.find(items, index, rest if name else [])]
        if not slots and self.blank is not None and not found:
            made = Value(pattern, self.origin)
            items.append(Value({name: made}, self.origin) if name else made)
            slots = list(self.find(items, len(items) - 1, rest if name else []))
        yield from slots

    def _fits(self, item: Value, name: str, judge: Callable[[str], bool]) -> bool:
        found = item.get(name) if name else item
        return found is not None and not isinstance(found.data, (dict, list)) and judge(found.text)

    def _field(self, holder: Any, key: Any, part: str, rest: list[str]) -> Iterator[Slot]:
        here: Value = holder[key]
        if here.data is None and self.blank is not None:
            here = holder[key] = Value({}, self.origin)
        if here.data is None:
            return
        if not isinstance(here.data, dict):
            raise Refusal(f"'{part}' is looked for in a value that is no map.", self.origin)
        if part not in here.data:
            if self.blank is None:
                return
            here.data[part] = Value(self._made(rest), self.origin)
        yield from self.find(here.data, part, rest)

    def _made(self, rest: list[str]) -> Any:
        if not rest:
            return self.blank() if self.blank is not None else None
        return [] if rest[0].isdigit() or rest[0].startswith("[") else {}
