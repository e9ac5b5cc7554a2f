"""Where Compose files and manifests describe one service differently: what is tried on a developer's machine
is not what runs in the cluster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Document, Node
from archlint.finding import ObjectRef, Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose.coverage import uncovered
from archlint.model.compose.mentions import mentions
from archlint.model.compose.services import ComposeService
from archlint.model.services.grouping import service_groups
from archlint.model.services.protocols import of_image as store_of
from archlint.model.services.references import Channel, Reference
from archlint.model.services.resolution import service_names
from archlint.model.system.images import image_name, image_repository
from archlint.model.system.names import plain, stem
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World

_VERSION = regex(r"v?([0-9]+(?:\.[0-9]+)*+)")


@dataclass(frozen=True, eq=False)
class ComposeDifference:
    """One thing that is said in two ways."""

    kind: str
    """``version``, ``program``, ``ports``, ``address``, ``callee``, ``absent`` (here), or ``extra``."""
    service: ComposeService
    place: Place
    here: str
    """What the Compose file says."""
    there: str
    """What the manifests say."""
    in_cluster: Place | None
    """Where the manifests say it; nowhere if they do not have it at all."""
    subject: str = ""
    """What the address is of."""

    @classmethod
    def all(cls, world: World) -> Iterable[ComposeDifference]:
        """Every difference, by service."""
        known = world.fact(parties)
        for party in known.all:
            for service in party.composed:
                if service.is_main and _is_run(party):
                    yield from _versions(service, party)
                    yield from _programs(service, party)
                    yield from _ports(service, party)
        yield from _addresses(world, known)
        yield from _callees(world, known)
        yield from _services(world)

    @property
    def source(self) -> Document:
        """The document of the Compose file."""
        document = self.place.source
        return document if isinstance(document, Document) else self.service.source

    @property
    def object(self) -> ObjectRef:
        """The Compose service."""
        return self.service.object


def _is_run(party: Party) -> bool:
    return party.service is not None and bool(party.service.workloads)


def _containers(party: Party, name: str) -> Iterator[Node]:
    """The main containers of the workload of a name, else of all that the party runs all the time: a job that
    saves the data of a database is not the database."""
    workloads = [item for item in (party.service.workloads if party.service else ()) if item.is_long_running]
    called = [workload for workload in workloads if workload.name == name]
    for workload in called or workloads:
        yield from (container.node for container in workload.containers if container.role == "main")


def _versions(service: ComposeService, party: Party) -> Iterator[ComposeDifference]:
    """Versions of one image, where nothing of the cluster runs that of the Compose file."""
    setting = service.main.setting("image")
    mine = _version(service.image or "")
    if setting is None or mine is None or service.main.build() is not None:
        return
    same = image_repository(service.image or "")
    nodes = [node.get("image") for node in _containers(party, service.name)]
    others = [node for node in nodes if node.text and image_repository(node.text) == same]
    versions = [_version(node.text or "") for node in others]
    if others and all(other is not None and not _agree(mine, other) for other in versions):
        place = setting.node.value_place()
        there = others[0].text or ""
        yield ComposeDifference(
            "version", service, place, service.image or "", there, others[0].value_place()
        )


def _version(image: str) -> list[str] | None:
    """The numbers of a tag; ``None`` for an image without them."""
    tag = image.partition("@")[0].rpartition("/")[2].partition(":")[2]
    found = _VERSION.match(tag)
    return found[1].split(".") if found else None


def _agree(one: list[str], other: list[str]) -> bool:
    """Whether no part differs that both say."""
    return all(left == right for left, right in zip(one, other, strict=False))


def _programs(service: ComposeService, party: Party) -> Iterator[ComposeDifference]:
    """Another program under the same name; stores that speak alike are taken for one."""
    setting, image = service.main.setting("image"), service.image
    if setting is None or image is None or service.main.build() is not None:
        return
    if plain(service.name) != plain(party.name) or store_of(image) is not None:
        return
    nodes = [node.get("image") for node in _containers(party, service.name) if node.get("image").text]
    if nodes and not any(_may_be_one(image, node.text or "") for node in nodes):
        place, there = setting.node.value_place(), nodes[0].text or ""
        yield ComposeDifference("program", service, place, image, there, nodes[0].value_place())


def _may_be_one(image: str, other: str) -> bool:
    """Whether two images may hold the same program: one name is part of the other."""
    one, two = (stem(image_name(item)) for item in (image, other))
    return "$" in other or not one or not two or one in two or two in one


def _callees(world: World, known: Parties) -> Iterator[ComposeDifference]:
    """Variables that lead to one service here and to another in the cluster, though both have both."""
    there = world.fact(_called_in_cluster)
    for mention in mentions(world):
        service = mention.unit
        if not mention.variable or not mention.is_call or not isinstance(service, ComposeService):
            continue
        callers = known.of(service)
        asked = there.get((id(callers[0]), mention.variable)) if callers else None
        if not asked or not service.is_main:
            continue
        here = known.resolve(mention.address.host, callers[0])
        both = [*here, *(party for party, _ in asked)]
        if not here or any(item is party for item in here for party, _ in asked):
            continue
        if all(_is_run(party) and party.composed for party in both):
            party, place = asked[0]
            name = mention.variable
            yield ComposeDifference("callee", service, mention.place, here[0].name, party.name, place, name)


def _called_in_cluster(world: World) -> dict[tuple[int, str], list[tuple[Party, Place]]]:
    """What variables of each party lead to, by the party and the variable."""
    known, names, groups = world.fact(parties), world.fact(service_names), world.fact(service_groups)
    found: dict[tuple[int, str], list[tuple[Party, Place]]] = {}
    for reference in world.all(Reference):
        if reference.name and reference.is_call and reference.channel is not Channel.FILE:
            caller = known.of_service(groups.of_workload(reference.workload))
            for front in names.resolve(reference.address.host, reference.workload.base):
                callee = known.of_service(groups.of_front(front))
                entry = (callee, reference.node.value_place())
                found.setdefault((id(caller), reference.name), []).append(entry)
    return found


def _services(world: World) -> Iterator[ComposeDifference]:
    """Services that one side alone has."""
    for item in uncovered(world):
        service, party = item.service, item.party
        if item.is_composed:
            yield ComposeDifference("extra", service, service.node.place(), service.name, "", None)
        elif party.service is not None:
            file = service.project.main[0]
            there = party.service.anchor.node.get("metadata", "name").value_place()
            place = file.root.get("services").place()
            yield ComposeDifference("absent", service, place, "", party.name, there, party.name)


def _ports(service: ComposeService, party: Party) -> Iterator[ComposeDifference]:
    """Ports on which a service listens here, none of which it has in the cluster."""
    items = [*service.main.items("ports"), *service.main.items("expose")]
    there = _listening(party, service.name)
    if items and service.ports and there and there.keys().isdisjoint(service.ports):
        node = items[0].node
        place = node.get("target").value_place() if node.is_map else node.value_place()
        number, first = min(there.items())
        here = _listed(service.ports)
        yield ComposeDifference("ports", service, place, here, _listed(there), first, str(number))


def _listening(party: Party, name: str) -> dict[int, Place]:
    """The ports that manifests give to a party, those of its Services and of its containers."""
    found: dict[int, Place] = {}
    for container in _containers(party, name):
        for entry in container.get("ports").elements():
            _add(found, entry.get("containerPort"))
    for front in party.service.fronts if party.service else ():
        for entry in front.get("spec", "ports").elements():
            _add(found, entry.get("port"))
            _add(found, entry.get("targetPort"))
    return found


def _add(found: dict[int, Place], node: Node) -> None:
    if node.integer is not None:
        found.setdefault(node.integer, node.value_place())


def _addresses(world: World, known: Parties) -> Iterator[ComposeDifference]:
    """Ports of other services that they do not have in the cluster; each is told where it is said first."""
    seen: set[tuple[int, int]] = set()
    for mention in mentions(world):
        service, port = mention.unit, mention.address.effective_port
        if port is None or not mention.is_call or not isinstance(service, ComposeService):
            continue
        callers = known.of(service)
        for target in known.resolve(mention.address.host, callers[0]) if callers else ():
            there = (
                _listening(target, mention.address.host)
                if _is_run(target) and target.service and target.service.fronts
                else {}
            )
            if there and port not in there and (id(target), port) not in seen and _is_run(callers[0]):
                seen.add((id(target), port))
                first = min(there.items())[1]
                place, here = mention.place, mention.text
                host = mention.address.host
                yield ComposeDifference("address", service, place, here, _listed(there), first, host)


def _listed(ports: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(set(ports))))
