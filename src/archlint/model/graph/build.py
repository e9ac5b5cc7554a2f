"""Builds the service graph of a world from references, routes and mentions; owners and contracts
come with it where a report shows them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.finding import Confidence, Place
from archlint.finding.records import replace
from archlint.model.appconfig.keys import words_of
from archlint.model.appconfig.values import MACHINE
from archlint.model.compose import ComposeService
from archlint.model.graph.gateways import RoutedBackend
from archlint.model.graph.graph import Edge, Evidence, GraphNode, NodeKind, ServiceGraph, node_id
from archlint.model.graph.local_stores import LocalStore, local_store, undeployed
from archlint.model.graph.public_hosts import with_hosts
from archlint.model.graph.topics import TopicLink, topic_links
from archlint.model.kubernetes import KubernetesObject
from archlint.model.ownership.owners import Owner, Owners, owners
from archlint.model.services import protocols
from archlint.model.services.addresses import Address
from archlint.model.services.calls import (
    is_elsewhere,
    is_meant,
    is_outside_host,
    leads_elsewhere,
    leads_outside,
)
from archlint.model.services.contracts import contracts
from archlint.model.services.grouping import ServiceGroups, service_groups
from archlint.model.services.protocols import EdgeKind
from archlint.model.services.references import Channel, Reference
from archlint.model.services.resolution import ServiceNames, cluster_names, ports_of, service_names
from archlint.model.sources.used import reads_variable
from archlint.model.system.declarations import all_declarations
from archlint.model.system.evidence import Declaration, Mention, Unit
from archlint.model.system.folders import SourceFolder
from archlint.model.system.libraries import links_library
from archlint.model.system.local_ports import local_ports
from archlint.model.system.observers import is_named_for_telemetry, is_observer, is_telemetry
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.system.readers import all_mentions
from archlint.model.system.shared_source import shared_source
from archlint.model.world import World

_WELL_KNOWN = {80: "http", 443: "https", 8080: "http", 25: "smtp", 465: "smtp", 587: "smtp", 389: "ldap"}
_MOST_MEANT = 50
"""Services of one name that a call is drawn to, so that edges do not grow with the square of their number."""
_BROWSED = frozenset({"client", "clients", "frontend", "ui", "spa", "webapp"})
_ADDRESS_WORDS = frozenset({"url", "uri", "origin", "address", "host", "base"})


def service_graph(world: World) -> ServiceGraph:
    """The graph of a world, without owners and contracts; ask with ``world.fact(service_graph)``."""
    return _Builder(world).build()


class _Builder:
    def __init__(self, world: World) -> None:
        self._world = world
        self._groups: ServiceGroups = world.fact(service_groups)
        self._names: ServiceNames = world.fact(service_names)
        self._parties: Parties = world.fact(parties)
        self._observers = {id(party) for party in self._parties.all if is_observer(party)}
        self._watching: dict[str, bool] = {}
        self._local: list[tuple[LocalStore, Evidence]] = []
        self._shared = world.fact(shared_source)
        self._ports = world.fact(local_ports)
        self._nodes: dict[str, GraphNode] = {}
        self._takers: dict[Place, set[str]] = defaultdict(set)
        self._edges: dict[tuple[str, str], dict[str, list[Evidence]]] = defaultdict(lambda: defaultdict(list))
        self._declared: dict[tuple[str, str], list[Evidence]] = defaultdict(list)

    def build(self) -> ServiceGraph:
        """Nodes and edges of everything that the world shows."""
        for reference in self._world.all(Reference):
            self._add_reference(reference)
        for route in self._world.all(RoutedBackend):
            self._add_route(route)
        for mention in all_mentions(self._world):
            self._add_mention(mention)
        self._add_local_stores()
        for link in topic_links(self._world):
            self._add_topic(link)
        for declaration in all_declarations(self._world):
            self._add_declaration(declaration)
        edges = [*self._all_edges(), *self._declared_edges()]
        used = {end for edge in edges for end in (edge.source, edge.target)}
        is_deployed = any(party.is_deployed and party.folders for party in self._parties.all)
        for party in self._parties.all:
            if party.is_deployed or (party.is_program and not is_deployed) or self._id_of(party) in used:
                self._node_of(party)
        kept = (node for node in self._nodes.values() if node.party is not None or node.id in used)
        return ServiceGraph(kept, edges)

    def _add_reference(self, reference: Reference) -> None:
        caller = self._groups.of_workload(reference.workload)
        party = self._parties.of_service(caller)
        found = self._names.resolve(reference.address.host, reference.workload.base)
        is_used = reference.is_at_hand and reads_variable(self._world, party, reference.name)
        evidence = _evidence(reference, is_used=is_used)
        if not is_used:
            self._takers[evidence.place].add(caller.name)
        source = self._node_of(party)
        for front in found[:_MOST_MEANT] if is_meant(reference, found) else ():
            callee = self._groups.of_front(front)
            if callee is not caller:
                target = self._parties.of_service(callee)
                protocol = _protocol(reference.address, target, front)
                self._connect(source, self._node_of(target), protocol, evidence)
        leads_out = leads_outside(reference, self._names) or leads_elsewhere(reference, self._names)
        if not found and leads_out:
            protocol = _protocol(reference.address, None, None)
            self._connect(source, self._external(reference.address.host, protocol), protocol, evidence)

    def _add_route(self, route: RoutedBackend) -> None:
        for front in self._names.resolve(route.host, route.base):
            gateway = GraphNode(
                node_id(NodeKind.GATEWAY, route.gateway, route.namespace),
                NodeKind.GATEWAY,
                route.gateway,
                route.namespace,
            )
            self._nodes.setdefault(gateway.id, gateway)
            evidence = Evidence(
                route.node.value_place(), f"{route.base.kind} {route.base.name}: {route.host}"
            )
            callee = self._parties.of_service(self._groups.of_front(front))
            protocol = _declared(front, route.port) or "http"
            self._connect(gateway, self._node_of(callee), protocol, evidence)

    def _add_mention(self, mention: Mention) -> None:
        if not mention.is_call:
            return
        address = mention.address
        callers = self._parties.of(mention.unit)
        is_mixed = len(callers) > 1 and _is_several(mention.unit)
        for caller in callers:
            confidence = self._confidence(mention, caller)
            if is_mixed and confidence is Confidence.HIGH:
                confidence = Confidence.MEDIUM
            evidence = Evidence(mention.place, mention.text, confidence, address.database)
            found = self._callees(mention, caller)
            for callee in found:
                if callee is not caller and self._shared.may_call(mention.unit, callers, caller, callee):
                    protocol = _protocol(address, callee, _front_of(callee, address.host))
                    self._connect(self._node_of(caller), self._node_of(callee), protocol, evidence)
            if not found and self._is_outside(mention):
                protocol = _protocol(address, None, None)
                target = self._external(address.host, protocol)
                self._connect(self._node_of(caller), target, protocol, evidence)
            store = None if found else local_store(mention, caller)
            if store is not None:
                self._local.append((store, evidence))

    def _add_local_stores(self) -> None:
        spoken = {(source, protocol) for (source, _), seen in self._edges.items() for protocol in seen}
        wanted = set(undeployed((store for store, _ in self._local), self._parties.all))
        for store, evidence in self._local:
            source = self._node_of(store.caller)
            if store in wanted and (source.id, store.protocol) not in spoken:
                target = self._external(store.name, store.protocol)
                self._connect(source, target, store.protocol, evidence)

    def _callees(self, mention: Mention, caller: Party) -> list[Party]:
        if mention.callee is not None:
            return [mention.callee]
        if mention.address.host in MACHINE:
            if tells_of_browsers(mention.variable):
                return []  # who is told where people come from sends them back there
            return self._ports.reached(mention.address, caller, mention.variable)
        return self._parties.resolve(mention.address.host, caller)

    def _confidence(self, mention: Mention, caller: Party) -> Confidence:
        """That of a mention, for one of those who may read it."""
        if not mention.variable:
            return mention.confidence
        if id(caller) in self._observers and _is_given(mention):
            return Confidence.LOW
        if mention.confidence is not Confidence.LOW:
            return mention.confidence
        if links_library(self._world, caller, mention.variable):
            return Confidence.HIGH
        is_read = isinstance(mention.unit, ComposeService) and reads_variable(
            self._world, caller, mention.variable
        )
        return Confidence.MEDIUM if is_read else Confidence.LOW

    def _add_declaration(self, declaration: Declaration) -> None:
        source, target = self._node_of(declaration.caller), self._node_of(declaration.callee)
        self._declared[source.id, target.id].append(Evidence(declaration.place, declaration.text))

    def _add_topic(self, link: TopicLink) -> None:
        topic = GraphNode(node_id(NodeKind.TOPIC, link.topic), NodeKind.TOPIC, link.topic)
        self._nodes.setdefault(topic.id, topic)
        own = self._node_of(link.party)
        source, target = (own, topic) if link.sends else (topic, own)
        if link.is_declared:
            self._declared[source.id, target.id].append(link.evidence)
        else:
            self._connect(source, target, link.protocol, link.evidence)

    def _is_outside(self, mention: Mention) -> bool:
        """Whether a mention shows something that the repository does not hold: configuration that names it,
        or source with the address of a database or broker."""
        address = mention.address
        is_stated = mention.confidence is Confidence.HIGH or _kind_of_protocol(
            protocols.of_scheme(address.scheme) or ""
        )
        is_out = is_outside_host(address, self._names) or is_elsewhere(address, self._names)
        return bool(is_stated) and is_out

    def _connect(self, source: GraphNode, target: GraphNode, protocol: str, evidence: Evidence) -> None:
        self._edges[source.id, target.id][protocol].append(evidence)

    def _all_edges(self) -> Iterator[Edge]:
        for (source, target), by_protocol in self._edges.items():
            for protocol, seen in _by_known_protocol(by_protocol).items():
                own = (self._judged(item) for item in seen)
                kind = self._edge_kind(source, target, protocol)
                watches = self._watches(source) or self._watches(target)
                edge = Edge(source, target, kind, protocol, _ordered(own), is_telemetry=watches)
                if edge.confidence is not Confidence.LOW:
                    yield edge

    def _declared_edges(self) -> Iterator[Edge]:
        for (source, target), seen in self._declared.items():
            yield Edge(source, target, EdgeKind.DECLARED, "declared", _ordered(seen))

    def _judged(self, evidence: Evidence) -> Evidence:
        """The evidence, worth less if several services take the same value, as from one ConfigMap; a
        service that runs in several namespaces is one."""
        is_shared = len(self._takers.get(evidence.place, ())) > 1 and evidence.confidence is Confidence.HIGH
        return replace(evidence, confidence=Confidence.MEDIUM) if is_shared else evidence

    def _edge_kind(self, source: str, target: str, protocol: str) -> EdgeKind:
        kinds = {self._nodes[source].kind, self._nodes[target].kind}
        if self._nodes[target].kind is NodeKind.DATASTORE:
            return EdgeKind.DATA
        is_async = NodeKind.TOPIC in kinds or self._nodes[target].kind is NodeKind.BROKER
        return EdgeKind.ASYNC if is_async else protocols.edge_kind(protocol)

    def _watches(self, identity: str) -> bool:
        """Whether a node is there to watch the others."""
        if identity not in self._watching:
            node = self._nodes[identity]
            is_there = node.party is not None and is_telemetry(node.party)
            is_outside = node.kind is NodeKind.EXTERNAL and is_named_for_telemetry(node.name)
            self._watching[identity] = is_there or is_outside
        return self._watching[identity]

    def _external(self, host: str, protocol: str) -> GraphNode:
        kind = _kind_of_protocol(protocol) or NodeKind.EXTERNAL
        node = GraphNode(node_id(kind, host), kind, host)
        return self._nodes.setdefault(node.id, node)

    def _id_of(self, party: Party) -> str:
        return node_id(_kind_of(party), party.name, party.namespace)

    def _node_of(self, party: Party) -> GraphNode:
        identity = self._id_of(party)
        if identity not in self._nodes:
            self._nodes[identity] = GraphNode(
                identity, _kind_of(party), party.name, party.namespace, party=party
            )
        return self._nodes[identity]


def _is_several(unit: Unit) -> bool:
    """Whether a folder is built into several images, so that nothing says whose a file of it is."""
    return isinstance(unit, SourceFolder) and len(unit.dockerfiles) > 1


def _ordered(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each evidence once, by place."""
    found = {item.sort_key(): item for item in evidence}
    return tuple(found[key] for key in sorted(found))


def _by_known_protocol(by_protocol: dict[str, list[Evidence]]) -> dict[str, list[Evidence]]:
    """Evidence by protocol; what does not tell one stands with what does."""
    known = {name: list(seen) for name, seen in by_protocol.items()}
    if len(known) > 1 and "tcp" in known:
        unknown = known.pop("tcp")
        known[min(known)] += unknown
    return known


def _evidence(reference: Reference, *, is_used: bool) -> Evidence:
    """What a value shows; ``is_used`` tells that the source of the workload reads what is at hand."""
    address = reference.address
    text = f"{address.scheme}://{address.authority}" if address.scheme else address.authority
    place = reference.node.value_place()
    if reference.channel is Channel.ARGUMENT:
        return Evidence(place, text, database=address.database)
    if reference.channel is Channel.FILE:
        return Evidence(place, f"{reference.name}: {text}", Confidence.MEDIUM, address.database)
    confidence = Confidence.LOW if reference.is_at_hand and not is_used else Confidence.HIGH
    return Evidence(place, f"{reference.name}={text}", confidence, address.database)


def _kind_of(party: Party) -> NodeKind:
    service = party.service
    if service and not service.workloads and all(_is_alias(front) for front in service.fronts):
        return NodeKind.EXTERNAL
    protocol = party.store_protocol
    return (_kind_of_protocol(protocol) if protocol else None) or NodeKind.SERVICE


def _is_alias(front: KubernetesObject) -> bool:
    return front.get("spec", "type").text == "ExternalName"


def _front_of(party: Party, host: str) -> KubernetesObject | None:
    """The Kubernetes Service of a party that a host names."""
    fronts = party.service.fronts if party.service else ()
    names = {reading.name for reading in cluster_names(host)}
    return next((front for front in fronts if front.name in names), None)


def _kind_of_protocol(protocol: str) -> NodeKind | None:
    match protocols.edge_kind(protocol):
        case EdgeKind.DATA:
            return NodeKind.DATASTORE
        case EdgeKind.ASYNC:
            return NodeKind.BROKER
    return None


def _protocol(address: Address, callee: Party | None, front: KubernetesObject | None) -> str:
    """What is spoken: by the scheme, what the callee is, the port's declaration, the port's number."""
    store = callee.store_protocol if callee else None
    port = address.effective_port
    return (
        store
        or protocols.of_scheme(address.scheme)
        or (_declared(front, port) if front else None)
        or (protocols.of_port(port) if front is None else None)
        or _WELL_KNOWN.get(port or 0)
        or "tcp"
    )


def _declared(front: KubernetesObject, port: int | None) -> str | None:
    """The protocol that a Service declares for a port; for its only port if none is given."""
    ports = ports_of(front)
    if port is None and len(ports) == 1:
        port = next(iter(ports))
    return protocols.of_port_name(ports.get(port, "")) if port is not None else None


def described_graph(world: World) -> ServiceGraph:
    """The service graph of a world, each service with its owner and its contracts, and the owners."""
    graph = world.fact(service_graph)
    nodes = [with_hosts(_described(node, world), world) for node in graph.nodes.values()]
    names = sorted({node.owner for node in nodes if node.owner})
    teams = [GraphNode(node_id(NodeKind.OWNER, name), NodeKind.OWNER, name) for name in names]
    return ServiceGraph([*nodes, *teams], graph.edges)


def _described(node: GraphNode, world: World) -> GraphNode:
    if node.party is None:
        return node
    owner = owner_of(node, world)
    files = world.fact(contracts).of(node.name)
    return replace(node, owner=owner.name if owner else None, contracts=tuple(files))


def owner_of(node: GraphNode, world: World) -> Owner | None:
    """The owner of what a node is; of something that is not deployed here, what the catalog says."""
    known: Owners = world.fact(owners)
    if node.service:
        return known.of(node.service)
    return known.of_name(node.name, _files_of(node.party) if node.party else ())


def _files_of(party: Party) -> list[str]:
    """Files that are a party's own: source first, then what deploys it."""
    return [*(f"{folder.path}/_" for folder in party.folders), *(item.source.path for item in party.composed)]


def _is_given(mention: Mention) -> bool:
    """Whether a variable gives a compose service the address, and no file that it reads."""
    unit = mention.unit
    return isinstance(unit, ComposeService) and any(item.name == mention.variable for item in unit.variables)


def tells_of_browsers(variable: str) -> bool:
    """Whether a variable says where pages are that people look at, as ``FRONTEND_URL`` does."""
    words = [word for word in words_of(variable) if word not in _ADDRESS_WORDS]
    return bool(words) and words[-1] in _BROWSED
