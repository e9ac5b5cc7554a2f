"""Services and contracts without a counterpart: an API that nothing describes, a description of no service.

Sources: Kubernetes, Service (``appProtocol``, names of ports); OpenAPI; gRPC, "service definition".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from posixpath import basename, dirname, splitext

from archlint.documents import Document, Node
from archlint.files import API_DESCRIPTIONS, Kind
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.openapi import Contract
from archlint.model.services.contracts import NAMELESS, Contracts, contracts
from archlint.model.services.grouping import Service
from archlint.model.sources.left_out import is_left_out
from archlint.model.system.parties import Parties, parties
from archlint.model.world import World

_PROTOCOLS = regex(r"(?:https?|http2|h2c|grpc|grpc-web|kubernetes\.io/h2c)(?:-.*)?")
_ASIDE = regex(r"(?i)metric|prom|manage|admin|health|probe|monitor|debug|pprof|web-?ui|dashboard")
_PAGES = regex(
    r"(?i)(?:^|-)(?:web|www|ui|frontend|front-end|spa|site|pages|docs|proxy|gateway|nginx|envoy|edge)(?:-|$)"
)
"""Matches names of services that give people pages, or only pass calls on."""
_FEWEST = 2


@dataclass(frozen=True, eq=False)
class UndescribedService:
    """A service of the repository that offers HTTP or gRPC, and that no contract describes."""

    service: Service
    port: Node
    """What says the protocol."""
    described: int
    """How many contracts belong to services."""

    @classmethod
    def all(cls, world: World) -> Iterable[UndescribedService]:
        """Every such service, where others have contracts."""
        if not world.paths(*API_DESCRIPTIONS, Kind.PROTO):
            return
        known: Contracts = world.fact(contracts)
        everyone: Parties = world.fact(parties)
        services = list(world.all(Service))
        described = len({path for item in services for path in known.of(item.name)})
        homes = {home for item in services if known.of(item.name) for home in _homes(item)}
        with_own = {
            id(party)
            for path in world.paths(*API_DESCRIPTIONS, Kind.PROTO)
            for party in everyone.of_path(dirname(path))
        }
        for service in services if described >= _FEWEST else ():
            if id(everyone.of_service(service)) in with_own:
                continue
            is_own = bool(everyone.of_service(service).folders) or not homes.isdisjoint(_homes(service))
            is_api = is_own and service.store_protocol is None and not _PAGES.search(service.name)
            port = next(_ports(service), None) if is_api and not _has_contract(service, known) else None
            if port is not None:
                yield cls(service, port, described)

    @property
    def source(self) -> Document:
        """The document of the port."""
        return self.port.document

    @property
    def object(self) -> ObjectRef:
        """The service."""
        return self.service.object


def _has_contract(service: Service, known: Contracts) -> bool:
    """Whether a contract bears the name, in the singular or the plural."""
    return any(map(known.of, (service.name, f"{service.name}s", service.name.removesuffix("s"))))


def _homes(service: Service) -> Iterator[str]:
    """Where the images of a service are kept: what stands before their last part."""
    for workload in service.workloads:
        for container in workload.containers:
            home = (container.get("image").text or "").partition("@")[0].rpartition("/")[0]
            if home and not home.endswith("library"):
                yield home


def _ports(service: Service) -> Iterator[Node]:
    for front in service.fronts:
        for entry in front.get("spec", "ports").elements():
            name, said = entry.get("name"), entry.get("appProtocol")
            if _ASIDE.search(f"{front.name} {name.text or ''}"):
                continue
            node = said if said.exists else name
            if _PROTOCOLS.fullmatch(node.text or ""):
                yield node


@dataclass(frozen=True, eq=False)
class ContractOfNobody:
    """A contract that bears the name of no service, among others that do."""

    contract: Contract
    described: int
    """How many others belong to services."""

    @classmethod
    def all(cls, world: World) -> Iterable[ContractOfNobody]:
        """Every such contract, where most contracts of its folder belong to services."""
        every = [
            item for item in world.all(Contract) if item.path_items and not is_left_out(item.document.path)
        ]
        if len(every) <= _FEWEST:
            return
        taken = _taken(world)
        folders: dict[str, list[Contract]] = defaultdict(list)
        for contract in every:
            folders[dirname(contract.document.path)].append(contract)
        for beside in folders.values():
            others = [item for item in beside if item.document.path not in taken]
            described = len(beside) - len(others)
            name = splitext(basename(others[0].document.path))[0] if len(others) == 1 else ""
            if name and described >= _FEWEST and not NAMELESS.fullmatch(name):
                yield cls(others[0], described)

    @property
    def source(self) -> Document:
        """The contract."""
        return self.contract.document

    @property
    def object(self) -> ObjectRef:
        """The contract."""
        return self.contract.object


def _taken(world: World) -> set[str]:
    """The contracts of everything that the repository runs, builds or lists in its catalog."""
    known: Contracts = world.fact(contracts)
    everyone: Parties = world.fact(parties)
    found = {path for service in world.all(Service) for path in known.of(service.name)}
    found.update(path for party in everyone.all for path in known.of(party.name))
    return found | known.declared
