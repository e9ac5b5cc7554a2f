"""Alertmanager: who is told of which alerts.

Read are files, entries of ConfigMaps and Secrets that are written out, and AlertmanagerConfig objects.

Source: Alertmanager, "Configuration"; the API reference of the Prometheus operator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.inner import content_of, documents_in
from archlint.model.kubernetes import KubernetesObject
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.world import World

_MATCHER = regex(
    r"""(?<![\w:])(?P<label>[\w:]++)\s*+(?P<operator>=~|!~|!=|=)\s*+"""
    r"""(?P<value>"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s"',}]*+)"""
)
_ONE = regex(r"[\w ./@-]+")
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class RouteMatcher:
    """What a route wants of a label."""

    node: Node
    label: str
    values: tuple[str, ...]
    """The values that it names."""
    is_open: bool
    """Whether it may want others too: a pattern, or anything but some values."""


@dataclass(frozen=True, slots=True)
class AlertRoute:
    """A route of the tree, without those below it."""

    node: Node
    matchers: tuple[RouteMatcher, ...]

    @property
    def receiver(self) -> Node:
        """Who is told; a missing node where the route above says it."""
        return self.node.get("receiver")


@dataclass(frozen=True, eq=False)
class AlertRouting:
    """The routes and receivers of one configuration."""

    root: Node
    object: ObjectRef | None
    """What findings are about."""

    @classmethod
    def all(cls, world: World) -> Iterable[AlertRouting]:
        """Every configuration in the world; of objects that are made of files, the files."""
        paths: set[str] = set()
        for document in world.documents(Kind.DATA):
            if _is_config(document.root):
                paths.add(document.path)
                yield cls(document.root, None)
        files = frozenset(content_of(world.text(path)) for path in paths)
        for item in world.all(KubernetesObject):
            if item.kind == "AlertmanagerConfig" and item.group == "monitoring.coreos.com":
                if _is_config(item.get("spec")):
                    yield cls(item.get("spec"), item.object)
            elif item.kind in ("ConfigMap", "Secret") and not item.group:
                yield from _of_entries(item, files)

    @property
    def source(self) -> Document:
        """The document that it stands in."""
        return self.root.document

    @cached_property
    def receivers(self) -> Mapping[str, Node]:
        """The receivers by name."""
        found = (item.get("name") for item in self.root.get("receivers").elements())
        return {node.text: node for node in found if node.text is not None}

    @cached_property
    def similar(self) -> SimilarNames:
        """The names of the receivers, to suggest one."""
        return SimilarNames(self.receivers)

    @cached_property
    def routes(self) -> Sequence[AlertRoute]:
        """All routes, the first one first."""
        return tuple(_routes(self.root.get("route")))


def _is_config(root: Node) -> bool:
    receivers = root.get("receivers")
    return (
        root.get("route").is_map and receivers.is_list and all(item.is_map for item in receivers.elements())
    )


def _of_entries(item: KubernetesObject, files: Set[str]) -> Iterator[AlertRouting]:
    for _, node in item.get("data" if item.kind == "ConfigMap" else "stringData").items():
        text = node.text or ""
        if "receivers:" in text and "route:" in text and content_of(text) not in files:
            for document in documents_in(node):
                if _is_config(document.root):
                    yield AlertRouting(document.root, item.object)


def _routes(first: Node) -> Iterator[AlertRoute]:
    waiting = [(first, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield AlertRoute(node, tuple(_matchers(node)))
        if depth < _DEEPEST:
            below = [item for item in node.get("routes").elements() if item.is_map]
            waiting += [(item, depth + 1) for item in reversed(below)]


def _matchers(route: Node) -> Iterator[RouteMatcher]:
    for label, node in route.get("match").items():
        yield _matcher(node, label, "=", node.text or "")
    for label, node in route.get("match_re").items():
        yield _matcher(node, label, "=~", node.text or "")
    for item in route.get("matchers").elements():
        if item.is_map:
            operator = item.get("matchType").text or ("=~" if item.get("regex").value is True else "=")
            value = item.get("value")
            yield _matcher(value, item.get("name").text or "", operator, value.text or "")
        for part in _MATCHER.finditer((item.text or "").strip("{} ")[:1_000]):
            yield _matcher(item, part["label"], part["operator"], part["value"].strip("\"'"))


def _matcher(node: Node, label: str, operator: str, value: str) -> RouteMatcher:
    text = value.removeprefix("^").removesuffix("$")
    inside = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    values = tuple(inside.split("|")) if operator == "=~" else (value,)
    is_named = operator in ("=", "=~") and all(_ONE.fullmatch(item) for item in values)
    return RouteMatcher(node, label, values if is_named else (), not is_named)
