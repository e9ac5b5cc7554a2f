"""Rendered objects as values that know their place: a line of a template, or of a file of values.

A part that a value made stands at that value: a text at the last value in it, a map that is handed on whole
at its key, and below it numbers and booleans too. A name that a value is only a part of stands where the
template puts it together. What is missing because a value is empty stands at that value. What the template
writes stands at its line, and what no mark tells of at what is around it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archlint.documents.charts.comparing import Traces
from archlint.documents.charts.template_marks import Written, span_of
from archlint.documents.charts.value_marks import Given
from archlint.documents.kustomize.values import Origin, Value
from archlint.finding import Place, Route, Span, Token
from archlint.finding.regex import regex

_VALUE = regex(r"""["']?[ \t]*:[ \t]+(?P<value>[^\s#][^\n]*)""")
_COMMENT = regex(r"[ \t]#")


def _value_after(text: str, key_end: int) -> tuple[int, int] | None:
    """Where the value of a key stands on its line, without a comment."""
    found = _VALUE.match(text, key_end)
    if found is None:
        return None
    comment = _COMMENT.search(found["value"])
    value = found["value"] if comment is None else found["value"][: comment.start()]
    return found.start("value"), found.start("value") + len(value.rstrip(" \t\r"))


class TemplateToken:
    """A key or item in the text of a template, or another place that has no keys."""

    def __init__(
        self, path: str, text: str, written: Written, *, revision: str | None, names: bool = False
    ) -> None:
        """``names`` tells that the value is meant, which names what is around the key."""
        self.path = path
        self.index = 0
        self.revision = revision
        self._text = text
        self._written = written
        self._names = names

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TemplateToken) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return (self.path, self.revision, self._written, self._names)

    @property
    def value_text(self) -> str:
        """What stands beside the key; empty where nothing does."""
        found = _value_after(self._text, self._written.end)
        return "" if found is None else self._text[found[0] : found[1]]

    def span(self, route: Route, token: Token) -> Span:
        """See ``finding.Source``."""
        start, end = self._written.start, self._written.end
        if self._names or token is Token.VALUE:
            start, end = _value_after(self._text, end) or (start, end)
        return span_of(self._text, start, end)

    def names(self, route: Route) -> tuple[str, ...]:
        """See ``finding.Source``."""
        return ()

    def place(self, route: Route, token: Token) -> Place:
        """Where it stands."""
        return Place(self, (), token, self.span(route, token))


Static = Callable[[Written, Any], Given | None]
"""The value that alone makes what a template writes beside a key, if it is plain from the text."""


class Placer:
    """Gives the parts of one object their places."""

    def __init__(
        self, traces: Traces, token: Callable[[Written, bool], Origin], static: Static, fallback: Origin
    ) -> None:
        """``token`` is the origin of a token of a template (its value, if that names what is around it)."""
        self._traces = traces
        self._token = token
        self._static = static
        self._fallback = fallback
        self.templates: dict[Route, Origin] = {}
        """Where templates put in what values set."""

    def placed(self, data: Any) -> Value:
        """The whole object."""
        origin = self._named(("kind",)) or self._fallback
        return self._part(data, (), origin, None)

    def _part(self, data: Any, route: Route, origin: Origin, given: Given | None) -> Value:
        """``given`` is the map or list of values that this part was, if it was handed on whole."""
        if isinstance(data, dict):
            children = {key: self._child(item, (*route, key), origin, given) for key, item in data.items()}
            value = Value(children, origin)
            for key, empty in self._traces.absent.get(route, {}).items():
                value.note(key, _origin_of(empty))
                self._note_template((*route, key))
            return value
        if isinstance(data, list):
            items = [self._child(item, (*route, index), origin, given) for index, item in enumerate(data)]
            return Value(items, origin)
        return Value(data, origin)

    def _child(self, data: Any, route: Route, around: Origin, outer: Given | None) -> Value:
        given = self._given(data, route, outer)
        if given is not None:
            self._note_template(route)
            return self._part(
                data, route, _origin_of(given), given if isinstance(data, (dict, list)) else None
            )
        origin = self._item(data, route) if isinstance(route[-1], int) else None
        written = self._traces.written.get(route)
        if origin is None and written is not None:
            origin = self._token(written, False)
        return self._part(data, route, origin or around, None)

    def _note_template(self, route: Route) -> None:
        written = self._traces.written.get(route)
        if written is not None:
            self.templates[route] = self._token(written, False)

    def _given(self, data: Any, route: Route, outer: Given | None) -> Given | None:
        """The value that made a part."""
        written = self._traces.written.get(route)
        found = self._traces.given.get(route, ())
        if isinstance(data, dict):
            if found and not any((*route, key) in self._traces.written for key in data):
                return found[-1]
        elif found:
            is_part = str(route[-1]).endswith(("name", "Name")) and not _is_whole(found[-1], data)
            return None if is_part else found[-1]
        if not found and route in self._traces.replaced:
            return self._traces.replaced[route]
        if outer is not None and written is None:
            inner = Given(outer.document, (*outer.route, route[-1]))
            if inner.document.at(inner.route).exists:
                return inner
        return self._static(written, data) if written is not None else None

    def _item(self, data: Any, route: Route) -> Origin | None:
        """The place of an item that is a map: its name, else its first key."""
        if not isinstance(data, dict):
            return None
        return self._named((*route, "name")) or next(
            (
                self._token(written, False)
                for key in data
                if (written := self._traces.written.get((*route, key))) is not None
            ),
            None,
        )

    def _named(self, route: Route) -> Origin | None:
        written = self._traces.written.get(route)
        return None if written is None else self._token(written, True)


def _is_whole(given: Given, data: Any) -> bool:
    """Whether a text is a value and nothing else; a name that is made of several is made by the template."""
    text = given.document.at(given.route).text or ""
    return text == data or "{{" in text


def _origin_of(given: Given) -> Origin:
    origin: Origin = (None, given.document)
    for part in given.route:
        origin = (origin, part)
    return origin


def token_origin(token: Any) -> Origin:
    """A source without keys as an origin."""
    return (None, token)
