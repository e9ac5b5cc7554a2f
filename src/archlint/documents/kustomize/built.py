"""A built object as a document like others, whose places are those of the sources that set its parts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from archlint.documents.document import Document
from archlint.documents.kustomize.values import Origin, Value, place_of, plain, root_of, sameness
from archlint.documents.marks import YamlMarks
from archlint.documents.node import Node
from archlint.files import Kind, LineIndex
from archlint.finding import Fix, ObjectRef, Place, RelatedPlace, Route, Source, Span, Token
from archlint.finding.place import BY_TEMPLATE, CHANGES_HERE

if TYPE_CHECKING:
    from archlint.documents.kustomize.resource import Resource

_EDITED = frozenset((Kind.KUBERNETES, Kind.KUSTOMIZE_PATCH, Kind.KUSTOMIZATION))
"""Kinds of file that are edited to change what is built of them."""


@runtime_checkable
class Editable(Protocol):
    """A document, or a text inside of one, whose text an edit may change."""

    @property
    def kind(self) -> Kind:
        """The kind of the file."""

    def at(self, route: Route) -> Node:
        """The node at a route."""

    def edited(self, route: Route, edit: Callable[[Node], Fix | None]) -> Fix | None:
        """See ``Document.edited``."""


_NO_MARKS = YamlMarks((0, 0, None))


class BuiltDocument(Document):
    """One object that is built; ``path`` is the file of the outermost kustomization, or the one that stands
    for a chart with its values."""

    __slots__ = ("_templates", "_through", "has_variables", "is_in_namespace", "value", "written")

    def __init__(
        self,
        path: str,
        index: int,
        root: Value,
        written: ObjectRef,
        through: tuple[str, ...],
        *,
        revision: str | None,
        has_variables: bool = False,
        templates: Mapping[Route, Origin] | None = None,
        is_in_namespace: bool = False,
    ) -> None:
        """``through`` are the kustomization files that took part, the outermost first; ``templates`` tells
        where templates put parts in that values set."""
        self.has_variables = has_variables
        """Whether a ``${NAME}`` in it stands for a value that nobody knows here."""
        self.value = root
        """The object, each part with its origin."""
        super().__init__(
            path,
            lambda: plain(root),
            _NO_MARKS,
            LineIndex(""),
            kind=Kind.KUBERNETES,
            index=index,
            revision=revision,
        )
        self._through = through
        self._templates = templates
        self.is_in_namespace = is_in_namespace
        """Whether it states a namespace that nobody knows here: that of its release."""
        self.written = written
        """What the object is called where it is written."""

    @property
    def through(self) -> tuple[str, ...]:
        """The kustomization files that took part, the outermost first."""
        return self._through

    def place(self, route: Route, token: Token) -> Place:
        """Where the element at a route was set; of a missing one what took it away, else its parent."""
        here, depth = self._nearest(route)
        origin = here.origin
        if depth < len(route):
            token = Token.ANCHOR
            if here.taken is not None and route[depth] in here.taken:
                origin = here.taken[route[depth]]
        place = place_of(origin, token)
        renamed = _Renamed(place.source, self.names(route[:depth]), lambda: self._around(route, place))
        return Place(renamed, place.route, place.token, place.at)

    def _around(self, route: Route, place: Place) -> RelatedPlace:
        """Where an element is put into the object: the line of a template, else a line of the file that the
        object is written in."""
        if self._templates is not None and not isinstance(place.source, Document):
            return RelatedPlace(place, BY_TEMPLATE)
        for depth in range(len(route), 0, -1) if self._templates else ():
            origin = (self._templates or {}).get(route[:depth])
            if origin is not None:
                return RelatedPlace(place_of(origin), BY_TEMPLATE)
        here = self.value
        found = own = place_of(here.origin)
        for part in route[: self._nearest(route)[1]]:
            here = here.data[part]
            inner = place_of(here.origin)
            is_template = self._templates is not None and not isinstance(inner.source, Document)
            if is_template or (inner.source.path, inner.source.index) == (own.source.path, own.source.index):
                found = inner
        return RelatedPlace(found, CHANGES_HERE if self._templates is None else BY_TEMPLATE)

    def nearest(self, route: Route) -> Place:
        """See ``Document.nearest``."""
        return self.place(route, Token.ANCHOR)

    def edited(self, route: Route, edit: Callable[[Node], Fix | None]) -> Fix | None:
        """See ``Document.edited``: an edit of the base, the patch or the like that set the element."""
        here, depth = self._nearest(route)
        source, way = root_of(here.origin)
        if depth < len(route) or not isinstance(source, Editable) or source.kind not in _EDITED:
            return None
        written = source.at(way).value
        is_map = isinstance(here.data, dict) and isinstance(written, dict)
        is_list = isinstance(here.data, list) and isinstance(written, list) and len(here.data) == len(written)
        if not (is_map or is_list) and (written != here.data or isinstance(written, (dict, list))):
            return None
        return None if is_map and "$patch" in written else source.edited(way, edit)

    def span(self, route: Route, token: Token) -> Span:
        """See ``finding.Source.span``."""
        return self.place(route, token).span()

    def source_text(self, route: Route) -> str:
        """The text of the value as written, if it was written as it is."""
        here, depth = self._nearest(route)
        source, way = root_of(here.origin)
        if depth < len(route) or not isinstance(source, Document) or source.at(way).value != here.data:
            return ""
        return source.source_text(way)

    def _nearest(self, route: Route) -> tuple[Value, int]:
        here = self.value
        for depth, part in enumerate(route):
            data = here.data
            is_there = (isinstance(data, dict) and part in data) or (
                isinstance(data, list) and isinstance(part, int) and part < len(data)
            )
            if not is_there:
                return here, depth
            here = data[part]
        return here, len(route)


class _Renamed:
    """A source whose elements are named as in the built object, so that findings keep their fingerprints."""

    def __init__(self, source: Source, names: tuple[str, ...], around: Callable[[], RelatedPlace]) -> None:
        self.original = source
        self.around = around
        """Tells where it is put into the object, which may be the place itself."""
        self._names = names
        self.path = source.path
        self.index = source.index
        self.revision = source.revision

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Renamed) and (self.original, self._names) == (other.original, other._names)

    def __hash__(self) -> int:
        return hash((self.path, self.index, self._names))

    def span(self, route: Route, token: Token) -> Span:
        """See ``finding.Source``."""
        return self.original.span(route, token)

    def names(self, route: Route) -> tuple[str, ...]:
        """See ``finding.Source``."""
        return self._names


def source_at(place: Place) -> Source:
    """What something built was set in: a file, or a token of a template."""
    return place.source.original if isinstance(place.source, _Renamed) else place.source


def value_at(place: Place) -> Any:
    """The value that stands where something built was set, if it was set in a document."""
    at = getattr(source_at(place), "at", None)
    return at(place.route).value if at is not None else None


def node_at(place: Place) -> Node | None:
    """The node of a file that something built was set at, if it was set in a document as it is written."""
    source = source_at(place)
    return source.at(place.route) if type(source) is Document and place.at is None else None


def same_objects(documents: Iterable[BuiltDocument]) -> list[list[BuiltDocument]]:
    """Built objects in groups whose members have the same parts, set at the same places."""
    by_name: dict[object, list[BuiltDocument]] = {}
    for document in documents:
        name, namespace = (document.value.get("metadata", key) for key in ("name", "namespace"))
        key = (document.written, *(each.text if each is not None else "" for each in (name, namespace)))
        by_name.setdefault(key, []).append(document)
    groups: list[list[BuiltDocument]] = []
    for found in by_name.values():
        if len(found) == 1:
            groups.append(found)
            continue
        alike: dict[Hashable, list[BuiltDocument]] = {}
        for document in found:
            alike.setdefault(sameness(document.value), []).append(document)
        groups.extend(alike.values())
    return groups


def written_as_source(item: Resource) -> ObjectRef:
    """Kind, namespace and name as the source says them."""
    source, route = root_of(item.root.origin)
    if isinstance(source, Document):
        node = source.at(route)
        name, kind = node.get("metadata", "name").text, node.get("kind").text
        if name and kind and node.get("apiVersion").text:
            return ObjectRef(kind, name, node.get("metadata", "namespace").text)
    first = item.first_identity
    return ObjectRef(first.gvk.kind, first.name, item.namespace or None)
