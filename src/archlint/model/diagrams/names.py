"""Which nodes of the graph a box means: by id, by name, by a name that is written otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.finding.regex import regex
from archlint.model.diagrams.elements import Box, BoxKind
from archlint.model.graph import GraphNode, NodeKind, ServiceGraph
from archlint.model.graph.identifiers import plain_names
from archlint.model.system.images import image_name

_BREAK = regex(r"(?i)<br[ \t]*+/?[ \t]*+>|\\n|\n")
_TAG = regex(r"<[^<>\n]{0,200}+>|\bfa[bsrl]?:fa-[\w-]++|&?nbsp;|[*_`]{2}")
_CODE = regex(r"&#(\d{1,7}+);?|[#&]#?(\d{1,7}+|quot|amp|lt|gt);")
_NAMED_CODES = {"quot": '"', "amp": "&", "lt": "<", "gt": ">"}
_ASIDE = regex(r"\([^()]{0,300}+\)|\[[^\[\]]{0,300}+\]|«[^»]{0,100}+»|:\d{2,5}+\b|\s[-–—:|]\s[^\n]*+")
_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")

_DECORATION = frozenset(
    ("service", "services", "svc", "server", "microservice", "ms", "app", "application", "the")
)
_ENDINGS = ("microservice", "service", "svc")
_SHORT = {"mgmt": "management", "mgr": "manager", "auth": "authentication", "notif": "notification"}
_STORE_WORDS = {"database": "db", "datastore": "db", "store": "db", "storage": "db"}
_ANY_STORE = frozenset(
    (
        *("apache", "cluster", "broker", "brokers", "instance", "message", "messages", "event", "events"),
        *("bus", "queue", "stream", "streaming", "db", "database", "store", "storage", "cache", "sql"),
    )
)
"""Words beside the name of a technology that say no more than what it is."""
_TECHNOLOGIES = {
    "postgres": "postgres",
    "postgresql": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "mongo": "mongodb",
    "mongodb": "mongodb",
    "redis": "redis",
    "valkey": "redis",
    "kafka": "kafka",
    "apachekafka": "kafka",
    "rabbitmq": "amqp",
    "amqp": "amqp",
    "nats": "nats",
    "memcached": "memcached",
    "elasticsearch": "elasticsearch",
    "cassandra": "cassandra",
}
STORES = frozenset((NodeKind.DATASTORE, NodeKind.BROKER, NodeKind.TOPIC))
"""Nodes that calls end at: what an arrow to or from them says is the same."""
_ACTORS = frozenset(
    (
        *("user", "users", "enduser", "endusers", "customer", "customers", "client", "clients", "browser"),
        *(
            "webbrowser",
            "admin",
            "administrator",
            "operator",
            "developer",
            "developers",
            "internet",
            "visitor",
        ),
        *("mobile", "mobileapp", "cloud", "publicinternet", "world", "people", "human", "external"),
    )
)


def is_actor(box: Box) -> bool:
    """Whether a box is a person, or where calls come from, and no part of the system."""
    return box.kind is BoxKind.PERSON or squashed(shown_name(box.label)) in _ACTORS


def shown_name(label: str) -> str:
    """The first line of a label, without markup."""
    lines = (_TAG.sub(" ", line).strip(" \t\"'`") for line in _BREAK.split(decoded(label)[:2000]))
    return next((line for line in lines if line), "")


def decoded(text: str) -> str:
    """A label of Mermaid with the characters that its codes stand for."""
    return _CODE.sub(_character, text) if "#" in text or "&" in text else text


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code in _NAMED_CODES:
        return _NAMED_CODES[code]
    return chr(int(code)) if code.isdecimal() and int(code) < 0x110000 else match.group()


def squashed(text: str) -> str:
    """Letters and digits alone, small, with one word for databases."""
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text[:300])
    words = [word.lower() for word in _WORD.findall(plain)]
    if len(words) > 1 and words[-2:] == ["data", "store"]:
        words[-2:] = ["datastore"]
    return [_STORE_WORDS.get(word, _SHORT.get(word, word)) for word in words]


def _core(text: str) -> str:
    """What tells a service from others: without words such as ``service``."""
    words = _words(text)
    kept = "".join(word for word in words if word not in _DECORATION) or "".join(words)
    for ending in _ENDINGS:
        if kept.endswith(ending) and len(kept) > len(ending) + 1:
            return kept.removesuffix(ending)
    return kept


def _store_core(text: str) -> str:
    words = [
        word for word in _words(text) if word not in _TECHNOLOGIES and word not in ("db", "cache", "queue")
    ]
    return "".join(word for word in words if word not in _DECORATION)


def _technology(text: str, *, is_store: bool) -> str:
    """The protocol of the database or broker that a name consists of; of a store also one in brackets."""
    words = [word.lower() for word in re.findall(r"[A-Za-z]+", text[:300])]
    spoken = [_TECHNOLOGIES[word] for word in words if word in _TECHNOLOGIES]
    is_name = all(word in _TECHNOLOGIES or word in _ANY_STORE or word in _DECORATION for word in words)
    return spoken[0] if spoken and (is_name or is_store) else ""


def _one(text: str) -> str:
    return text.removesuffix("s") if len(text) > 3 else text


class NodeNames:
    """The nodes of a graph by all that they may be called."""

    def __init__(self, graph: ServiceGraph) -> None:
        self._graph = graph
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._squashed: dict[str, set[str]] = defaultdict(set)
        self._cores: dict[str, set[str]] = defaultdict(set)
        self._single: dict[str, set[str]] = defaultdict(set)
        self._stores: dict[str, set[str]] = defaultdict(set)
        self._images: dict[str, set[str]] = defaultdict(set)
        self._speaks: dict[str, set[str]] = defaultdict(set)
        self._identifiers = {name: node for node, name in plain_names(graph).items()}
        for node in graph.nodes.values():
            if node.kind is not NodeKind.OWNER:
                self._add(node)
        for edge in graph.edges:
            if graph.nodes[edge.target].kind in STORES:
                self._speaks[edge.protocol].add(edge.target)

    def _add(self, node: GraphNode) -> None:
        self._exact[node.id].add(node.id)
        if node.namespace:
            self._exact[f"{node.namespace}/{node.name}"].add(node.id)
        for name in _names_of(node):
            self._exact[name].add(node.id)
            self._squashed[squashed(name)].add(node.id)
            self._cores[_core(name)].add(node.id)
            self._single[_one(_core(name))].add(node.id)
            if node.kind in STORES:
                self._stores[_store_core(name)].add(node.id)

        for image in _images_of(node):
            self._images[_core(image)].add(node.id)

    def meant(self, box: Box) -> frozenset[str]:
        """The ids of the nodes that a box means: several where a name stands in several namespaces."""
        if box.key in self._identifiers:
            return frozenset((self._identifiers[box.key],))
        if box.kind is BoxKind.PERSON:
            return frozenset()
        names = list(dict.fromkeys(filter(None, _names_in(box.label))))
        exact = self._first(self._exact, names)
        if exact or is_actor(box):
            return exact
        written = [name for name in names if name == names[0] or name == shown_name(box.label)]
        found = self._first(self._squashed, map(squashed, written)) or self._by_key(box, names)
        found = found or self._first(self._squashed, map(squashed, names))
        if not found and box.kind not in (BoxKind.OUTSIDE, BoxKind.GROUP):
            found = self._by_core(box, names)
        if not found and box.label != box.key and len(box.key) > 2:
            found = self._first(self._exact, [box.key]) or self._first(self._squashed, [squashed(box.key)])
        return found

    def _by_key(self, box: Box, names: list[str]) -> frozenset[str]:
        """The node that the identifier of a box names, where it says more than a label with an aside:
        ``productQuery``, called "Product service (read model)"."""
        key = squashed(box.key.rpartition(".")[2])
        says_more = len(names) > 1 and _core(names[-1]) in key and _core(names[-1]) != _core(key)
        return frozenset(self._squashed.get(key, ())) if says_more else frozenset()

    def _first(self, table: dict[str, set[str]], names: Iterable[str]) -> frozenset[str]:
        return next((frozenset(table[name]) for name in names if name and name in table), frozenset())

    def _by_core(self, box: Box, names: list[str]) -> frozenset[str]:
        found = self._first(self._cores, map(_core, names))
        if not found:
            found = self._alike(self._first(self._single, (_one(_core(name)) for name in names)))
        is_store = box.kind in (BoxKind.STORE, BoxKind.QUEUE) or any(
            word in ("db", "cache", "queue", "broker") for name in names for word in _words(name)
        )
        if not found:
            found = self._alike(self._first(self._images, map(_core, names)))
        if not found and is_store:
            found = self._alike(self._first(self._stores, map(_store_core, names)))
        if not found:
            found = self._first(self._speaks, (_technology(name, is_store=is_store) for name in names))
        return found

    def _alike(self, found: frozenset[str]) -> frozenset[str]:
        """The nodes if all have one name, none if it is not clear which is meant."""
        return found if len({self._graph.nodes[node].name for node in found}) == 1 else frozenset()

    def shown(self) -> list[str]:
        """The names of all nodes."""
        return sorted({node.name for node in self._graph.nodes.values()})


def _names_of(node: GraphNode) -> Iterator[str]:
    yield node.name
    if node.kind in (*STORES, NodeKind.EXTERNAL) and "." in node.name:
        yield node.name.partition(".")[0]
    if node.service is not None:
        for member in (*(workload.base for workload in node.service.workloads), *node.service.fronts):
            yield member.name
    if node.party is not None:
        yield from (item.name for item in node.party.composed)
        yield from (folder.name for folder in node.party.folders)


def _images_of(node: GraphNode) -> Iterator[str]:
    """What runs in a node, by the names of its images."""
    if node.party is not None:
        yield from (image_name(item.image) for item in node.party.composed if item.image)
    for workload in node.service.workloads if node.service else ():
        for container in workload.containers:
            text = container.get("image").text
            if text:
                yield image_name(text)


def _names_in(label: str) -> Iterator[str]:
    """What a label may call its node: all of it, its first line, that without what stands in brackets."""
    whole = decoded(label)
    yield whole
    first = shown_name(label)
    yield first
    bare = _ASIDE.sub("", first).strip()
    if bare != first:
        yield bare
