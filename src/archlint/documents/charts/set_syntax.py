r"""What follows ``--set`` of Helm: ``image.tag=1.2,hosts[0].name=a,args={x,y}``, with ``\`` before a sign
that is meant.

Source: Helm's package ``strvals``. Numbers are whole numbers without a leading zero; all else is text.
"""

from __future__ import annotations

from typing import Any

from archlint.documents.kustomize.values import Origin, Value
from archlint.finding import Route

_DEEPEST = 30
_LARGEST_INDEX = 65536
_MOST_DIGITS = 18
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


class SetProblem(Exception):
    """A text that Helm does not take; it says why."""


def assignments(said: str, *, as_text: bool = False) -> list[tuple[Route, Any]]:
    """The values that a text sets, by the way to them; ``as_text`` as ``--set-string`` reads it."""
    found: list[tuple[Route, Any]] = []
    at = 0
    while at < len(said):
        route, at = _route(said, at)
        if said.startswith("{", at):
            value, at = _list(said, at + 1, as_text)
        else:
            text, at = _until(said, at, ",")
            value = _typed(text, as_text)
        found.append((route, value))
        at += 1  # the comma
    return found


def _route(said: str, at: int) -> tuple[Route, int]:
    route: list[str | int] = []
    while True:
        name, at = _until(said, at, ".[=,")
        sign = said[at : at + 1]
        if sign in ("", ","):
            raise SetProblem(f"'{name}' has no value")
        if name or not route or not isinstance(route[-1], int):
            if not name:
                raise SetProblem("a name in it is empty")
            route.append(name)
        at += 1
        if sign == "[":
            digits, at = _until(said, at, "]")
            if not digits.isdecimal() or len(digits) > 6 or int(digits) > _LARGEST_INDEX:
                raise SetProblem(f"'[{digits}]' is no index")
            route.append(int(digits))
            at += 1
        if len(route) > _DEEPEST:
            raise SetProblem(f"it names more than {_DEEPEST} levels")
        if sign == "=":
            return tuple(route), at
        if sign == "[" and said.startswith("=", at):
            return tuple(route), at + 1
        if sign == "[" and said.startswith(".", at):
            at += 1


def _list(said: str, at: int, as_text: bool) -> tuple[list[Any], int]:
    items: list[Any] = []
    while True:
        text, at = _until(said, at, ",}")
        if at >= len(said):
            raise SetProblem("a list in it does not end")
        if text or said[at] == "," or items:
            items.append(_typed(text, as_text))
        at += 1
        if said[at - 1] == "}":
            return items, at


def _until(said: str, at: int, ends: str) -> tuple[str, int]:
    """The text up to one of some signs, and where that is."""
    signs: list[str] = []
    while at < len(said) and said[at] not in ends:
        if said[at] == "\\":
            at += 1
        signs.append(said[at : at + 1])
        at += 1
    return "".join(signs), at


def _typed(text: str, as_text: bool) -> Any:
    if as_text:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    digits = text[1:] if text[:1] in "+-" else text
    is_number = digits.isdecimal() and digits.isascii() and len(digits) <= _MOST_DIGITS
    return int(text) if is_number and (text == "0" or text[0] != "0") else text


def with_value(here: Value | None, route: Route, given: Value) -> Value:
    """Values with one more, in place of what is there; other maps and lists on the way are made."""
    if not route:
        return given
    part, rest = route[0], route[1:]
    origin: Origin = given.origin if here is None else here.origin
    data = None if here is None else here.data
    if isinstance(part, int):
        if data is not None and not isinstance(data, list):
            raise SetProblem(f"'[{part}]' is set in what is no list")
        items = list(data or ())
        items += [Value(None, given.origin)] * (part + 1 - len(items))
        items[part] = with_value(items[part] if items[part].data is not None else None, rest, given)
        return Value(items, origin)
    if data is not None and not isinstance(data, dict):
        raise SetProblem(f"'{part}' is set in what is no map")
    return Value({**(data or {}), part: with_value((data or {}).get(part), rest, given)}, origin)
