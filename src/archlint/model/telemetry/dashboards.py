"""Dashboards of Grafana, and the datasources that are provisioned beside them.

Sources: Grafana, "Dashboard JSON model" and "Provision Grafana". A datasource without a uid gets one that is
made of its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from posixpath import dirname

from archlint.documents import Document, Node
from archlint.files import Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.appconfig.inner import content_of, documents_in
from archlint.model.kubernetes import KubernetesObject
from archlint.model.proxies.structured import nodes_below
from archlint.model.world import World

BUILT_IN = frozenset(
    {"grafana", "-- Grafana --", "-- Mixed --", "-- Dashboard --", "default", "__expr__", "-100"}
)
_FILLED = ("$", "{", "[[")
_INNER = frozenset({"datasources", "datasource", "provisioning", "provision", "config", "conf", "etc"})
"""Names of folders inside of the one that sets up Grafana."""
_MARKS = ('"panels"', "datasources")


@dataclass(frozen=True, eq=False)
class Dashboard:
    """One dashboard."""

    root: Node
    home: str
    """The folder, or the object, that it is loaded from together with others."""
    object: ObjectRef | None
    """What findings are about."""

    @classmethod
    def all(cls, world: World) -> Iterable[Dashboard]:
        """Every dashboard in the world; of ConfigMaps that are made of files, the files."""
        paths: set[str] = set()
        for document in world.documents(Kind.DATA):
            root = document.root.get("dashboard") if _is_wrapped(document.root) else document.root
            if is_dashboard(root):
                paths.add(document.path)
                yield cls(root, dirname(document.path), None)
        files = {content_of(world.text(path)) for path in paths}
        for item in world.all(KubernetesObject):
            for node in _texts_of(item):
                if _MARKS[0] in (node.text or "") and content_of(node.text) not in files:
                    for document in documents_in(node, "dashboard.json"):
                        if is_dashboard(document.root):
                            yield cls(document.root, f"{item.source.path}#{item.object}", item.object)

    @property
    def source(self) -> Document:
        """The document that it stands in."""
        return self.root.document

    @property
    def title(self) -> str:
        """What it is called."""
        return self.root.get("title").text or "?"

    @cached_property
    def parts(self) -> tuple[tuple[str, Node], ...]:
        """Panels, queries and variables: what may have a datasource, each with the title of its panel."""
        return tuple(_parts(self.root))

    def datasources(self) -> Iterator[tuple[str, Node, str]]:
        """The datasources that it names: panel, place, and uid or name; those of variables are left out."""
        for panel, node in self.parts:
            source = node.get("datasource")
            named = source.get("uid") if source.is_map else source
            text = named.text
            if text and text not in BUILT_IN and not any(mark in text for mark in _FILLED):
                yield panel, named, text

    def queries(self) -> Iterator[tuple[str, Node]]:
        """The expressions of its panels."""
        for panel, node in self.parts:
            if node.get("expr").text:
                yield panel, node.get("expr")


def is_dashboard(root: Node) -> bool:
    """Whether data is a dashboard: panels, and what else only dashboards have."""
    is_marked = root.get("schemaVersion").exists or root.get("templating").is_map or root.get("uid").exists
    return root.get("panels").is_list and root.get("title").text is not None and is_marked


def _is_wrapped(root: Node) -> bool:
    """Whether a dashboard is as Grafana's interface gives and takes it."""
    return root.get("dashboard", "panels").is_list


def _texts_of(item: KubernetesObject) -> Iterator[Node]:
    if item.kind in ("ConfigMap", "Secret") and not item.group:
        for _, node in item.get("data" if item.kind == "ConfigMap" else "stringData").items():
            yield node
    elif item.kind == "GrafanaDashboard":
        yield item.get("spec", "json")


def _parts(root: Node) -> Iterator[tuple[str, Node]]:
    for holder in (root.get("templating"), root.get("annotations")):
        for item in holder.get("list").elements():
            if item.get("type").text != "datasource":  # which offers all of a type, whatever it names
                yield item.get("name").text or "?", item
    for node in nodes_below(root.get("panels")):
        is_panel = node.get("type").text is not None and node.get("title").exists
        if is_panel or node.get("targets").is_list:
            title = node.get("title").text or "?"
            yield title, node
            for target in node.get("targets").elements():
                yield title, target


@dataclass(frozen=True)
class Provisioned:
    """The datasources that files of the repository give to Grafana."""

    names: dict[str, Node]
    """Their uids and names."""
    place: Node | None
    """The first list of them."""
    homes: frozenset[str] = frozenset()
    """The folders in which Grafana is set up so, of files."""

    def is_for(self, dashboard: Dashboard) -> bool:
        """Whether it may be this Grafana that loads a dashboard: a file is loaded from around the folder that
        sets it up, others are made for any Grafana, as those of a mixin."""
        path = dashboard.source.path
        if dashboard.object is not None or not self.homes:
            return self.place is not None
        around = {dirname(home) or home for home in self.homes}
        return any(not folder or path.startswith(f"{folder}/") for folder in around)


def provisioned(world: World) -> Provisioned:
    """The datasources of a world; ask with ``world.fact(provisioned)``."""
    names: dict[str, Node] = {}
    first: Node | None = None
    homes: set[str] = set()
    for root in _provisioning(world):
        sources = root.get("datasources")
        homes.add(_home(root.document.path))
        first = first if first is not None else sources
        for item in sources.elements():
            name, uid = item.get("name").text, item.get("uid").text
            for text in filter(None, (name, uid, _made_uid(name) if name and not uid else None)):
                names.setdefault(text, item)
    return Provisioned(names, first, frozenset(homes))


def _home(path: str) -> str:
    """The folder that a file which provisions datasources is about: that of ``provisioning/datasources``."""
    parts = path.split("/")[:-1]
    while parts and parts[-1].lower() in _INNER:
        parts.pop()
    return "/".join(parts)


def _provisioning(world: World) -> Iterator[Node]:
    for document in world.documents(Kind.DATA):
        if _is_provisioning(document.root):
            yield document.root
    for item in world.all(KubernetesObject):
        for node in _texts_of(item):
            text = node.text or ""
            if _MARKS[1] in text and "type" in text:
                yield from (each.root for each in documents_in(node) if _is_provisioning(each.root))


def _is_provisioning(root: Node) -> bool:
    items = list(root.get("datasources").elements())
    return bool(items) and all(item.get("name").text and item.get("type").text for item in items)


def _made_uid(name: str) -> str:
    """The uid that Grafana makes of a name."""
    from hashlib import sha256

    return "P" + sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16].upper()
