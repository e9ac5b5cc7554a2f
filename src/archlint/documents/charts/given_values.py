"""The values of a release, put together of files, of maps and texts in manifests, and of single settings;
each part knows where it was written.

Source: Helm's ``MergeMaps``: map by map, and anything else is replaced; null stays, and takes the default
away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import Any, cast

from archlint.documents.charts.set_syntax import SetProblem, assignments, with_value
from archlint.documents.document import Document
from archlint.documents.kustomize.sources import Inline
from archlint.documents.kustomize.values import (
    Origin,
    Value,
    from_document,
    made,
    place_of,
    plain,
    root_of,
    stamped,
)
from archlint.documents.load import load_text
from archlint.documents.marks import YamlMarks
from archlint.files import Kind, LineIndex
from archlint.finding import Place, Route, Span, Token
from archlint.finding.records import dataclass


class GivenValues(Document):
    """Values as a document, whose places are those of what they were put together of."""

    __slots__ = ("_value",)

    def __init__(self, value: Value) -> None:
        source, _ = root_of(value.origin)
        self._value = value
        super().__init__(
            source.path,
            lambda: plain(value),
            YamlMarks((0, 0, None)),
            LineIndex(""),
            kind=Kind.CHART_VALUES,
        )

    def place(self, route: Route, token: Token) -> Place:
        """Where the part at a route, or what is around it, is written."""
        here = self._value
        depth = len(self.existing(route))
        for part in route[:depth]:
            here = here.data[part]
        if depth < len(route):
            token = Token.ANCHOR
        return place_of(here.origin, token)

    def nearest(self, route: Route) -> Place:
        """See ``Document.nearest``."""
        return self.place(route, Token.ANCHOR)

    def span(self, route: Route, token: Token) -> Span:
        """See ``finding.Source.span``."""
        return self.place(route, token).span()

    def source_text(self, route: Route) -> str:
        """Nothing: what is written may be read otherwise."""
        return ""


@dataclass(frozen=True, slots=True)
class ValuesFault:
    """What Helm would refuse of what is stated, and where."""

    origin: Origin
    message: str


@dataclass(slots=True)
class Layers:
    """Values that are put together, the last wins."""

    value: Value | None = None
    files: list[str] = field(default_factory=list)
    """The files that were taken."""
    unknown: list[str] = field(default_factory=list)
    """What is not here, in words."""
    faults: list[ValuesFault] = field(default_factory=list)

    def add(self, value: Value, what: str) -> None:
        """Values over what is there already; ``what`` they are."""
        if value.data is None:
            return
        if not isinstance(value.data, dict):
            self.fault(value.origin, f"{what} has to be a map of values")
            return
        self.value = value if self.value is None else merged(self.value, value)

    def add_text(self, text: Value, what: str) -> None:
        """A text with values."""
        if not isinstance(text.data, str):
            self.add(text, what)
            return
        source, route = root_of(text.origin)
        loaded = load_text(source.path, f"{text.data}\n", Kind.CHART_VALUES)
        if loaded.problems:
            self.fault(text.origin, f"{what} is no valid YAML")
        elif loaded.documents:
            inside = loaded.documents[0]
            origin: Origin = (None, Inline(cast("Document", source), route, inside))
            self.add(made(inside.data, origin), what)

    def add_file(self, document: Document | None, path: str, asked: Origin) -> None:
        """A file of values; ``asked`` is where it is named."""
        self.files.append(path)
        if document is not None and document.data is not None and not isinstance(document.data, dict):
            self.fault(asked, f"'{path}' is no map of values")
        elif document is not None:
            self.add(from_document(document), f"'{path}'")

    def set(self, said: str, origin: Origin, *, as_text: bool = False) -> None:
        """Single values, as ``--set`` takes them."""
        try:
            for route, data in assignments(said, as_text=as_text):
                self.value = with_value(self.value, route, stamped(data, origin))
        except SetProblem as problem:
            self.fault(origin, f"Helm does not take '{said[:80]}': {problem}")

    def put(self, path: str, value: Value) -> None:
        """A single value as it is, at a path as ``--set-file`` takes it."""
        try:
            ((route, _),) = assignments(f"{path}=", as_text=True)
            self.value = with_value(self.value, route, value)
        except (SetProblem, ValueError):
            self.fault(value.origin, f"Helm does not take the name '{path[:80]}'")

    def fault(self, origin: Origin, message: str) -> None:
        """Note what Helm would refuse."""
        self.faults.append(ValuesFault(origin, message))


def merged(below: Value, above: Value) -> Value:
    """Values over values."""
    if not isinstance(below.data, dict) or not isinstance(above.data, dict):
        return above
    data: dict[Any, Value] = dict(below.data)
    for key, value in above.data.items():
        data[key] = merged(data[key], value) if key in data else value
    return Value(data, above.origin)


def merged_documents(documents: Sequence[Document]) -> Document | None:
    """Files of values as one document."""
    if len(documents) < 2:
        return documents[0] if documents else None
    value = from_document(documents[0])
    for document in documents[1:]:
        value = merged(value, from_document(document))
    return GivenValues(value)
