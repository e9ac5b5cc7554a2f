"""What is scraped, by whom and at which path: monitors, annotations, and jobs with fixed targets.

Sources: the API reference of the Prometheus operator (``endpoints[].path``, ``podMetricsEndpoints[].path``,
``ScrapeConfig``); Prometheus, "Configuration" (``metrics_path``, which is ``/metrics`` unless it is set).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from archlint.documents import Node
from archlint.files import Kind
from archlint.finding import Confidence, ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.model.appconfig.inner import documents_in
from archlint.model.appconfig.mounted import mounted_files
from archlint.model.kubernetes import KubernetesObject, Workload
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.monitors import PATH, PORT, SCRAPE, Monitor, Scraped, scraped
from archlint.model.kubernetes.services import KubernetesService, routing
from archlint.model.proxies.routes import forwards
from archlint.model.services.addresses import addresses_of_value
from archlint.model.services.grouping import Service, service_groups
from archlint.model.services.resolution import service_names
from archlint.model.system.folder_homes import images_of
from archlint.model.system.images import image_repository
from archlint.model.system.observers import is_watching
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.telemetry.otlp import Instrumented
from archlint.model.world import World

USUAL = "/metrics"
_JOB = "scrape"
_DISCOVERS = "kubernetes_sd_configs"
_OTHER_GROUPS = frozenset({"operator.victoriametrics.com", "monitoring.googleapis.com", "opentelemetry.io"})
_OTHER_KINDS = frozenset(
    {
        *("VMServiceScrape", "VMPodScrape", "VMScrapeConfig", "PodMonitoring", "ClusterPodMonitoring"),
        *("OpenTelemetryCollector", "TargetAllocator"),
    }
)
"""What else tells somebody what to scrape, and is not read."""


@dataclass(frozen=True, eq=False)
class Scraping:
    """One thing that tells Prometheus to scrape a part of the system."""

    party: Party
    path: str
    place: Place
    """Where the path is said, else what says that it is scraped."""
    by: str
    """As people call it: ``ServiceMonitor 'cart'``."""
    object: ObjectRef
    """What says it."""
    is_said: bool = True
    """Whether the path is written, and not the usual one."""
    port: str = ""
    """The name or number of the port, if one is said."""

    @classmethod
    def all(cls, world: World) -> Iterable[Scraping]:
        """Every pair of what scrapes and what is scraped, as far as files tell."""
        yield from _of_monitors(world)
        yield from _of_annotations(world)
        yield from _of_configs(world)
        yield from _of_jobs(world)

    @property
    def source(self) -> Source:
        """The document that says it."""
        return self.place.source


def _scraping(
    party: Party, path: Node, rest: Place, by: str, holder: ObjectRef, *, port: str = ""
) -> Iterator[Scraping]:
    text = path.text
    if text is None or not is_placeholder(text):
        place = rest if text is None else path.value_place()
        said = USUAL if text is None else "/" + text.partition("?")[0].strip("/")
        yield Scraping(party, said, place, by, holder, text is not None, port)


def _of_monitors(world: World) -> Iterator[Scraping]:
    behind, known = world.fact(routing).workloads, world.fact(parties)
    groups = world.fact(service_groups)
    workloads = {id(item.base): item for item in world.all(Workload)} if world.all(Monitor) else {}
    for monitor in world.all(Monitor):
        for item in scraped(monitor, world):
            services: list[Service] = []
            if monitor.is_for_services:
                running = behind.get(KubernetesService(item.base), ())
                services = [home for each in running if (home := groups.home_of(each))]
            elif id(item.base) in workloads:
                home = groups.home_of(workloads[id(item.base)])
                services = [home] if home else []
            for service in {id(service): service for service in services}.values():
                yield from _of_endpoints(monitor, item, known.of_service(service))


def _of_endpoints(monitor: Monitor, item: Scraped, party: Party) -> Iterator[Scraping]:
    for endpoint in monitor.endpoints():
        name = endpoint.get("port").text
        if name is None or name in item.ports:
            by = f"{monitor.kind} '{monitor.name}'"
            target = endpoint.get("targetPort")
            port = name or target.text or str(target.integer or "")
            yield from _scraping(party, endpoint.get("path"), endpoint.place(), by, monitor.object, port=port)


def _of_annotations(world: World) -> Iterator[Scraping]:
    known, groups = world.fact(parties), world.fact(service_groups)
    behind = world.fact(routing).workloads
    for workload in world.all(Workload):
        home = groups.home_of(workload)
        notes = workload.template.get("metadata", "annotations")
        if home is not None and _is_scraped(notes):
            by = f"{workload.kind} '{workload.name}'"
            party = known.of_service(home)
            place, port = notes.get(SCRAPE).value_place(), _port(notes)
            yield from _scraping(party, notes.get(PATH), place, by, workload.object, port=port)
    for service, workloads in behind.items():
        notes = service.base.get("metadata", "annotations")
        if _is_scraped(notes):
            found = (home for item in workloads if (home := groups.home_of(item)))
            place, by = notes.get(SCRAPE).value_place(), f"Service '{service.name}'"
            for home in {id(home): home for home in found}.values():
                party, path = known.of_service(home), notes.get(PATH)
                yield from _scraping(party, path, place, by, service.object, port=_port(notes))


def _port(notes: Node) -> str:
    node = notes.get(PORT)
    return node.text or str(node.integer or "")


def _is_scraped(notes: Node) -> bool:
    node = notes.get(SCRAPE)
    return node.is_set and str(node.value).lower() == "true"


def _of_configs(world: World) -> Iterator[Scraping]:
    """Fixed targets of ScrapeConfigs."""
    groups, known = world.fact(service_groups), world.fact(parties)
    for base in world.all(KubernetesObject):
        if (base.group, base.kind) != ("monitoring.coreos.com", "ScrapeConfig"):
            continue
        for group in base.get("spec", "staticConfigs").elements():
            for node in group.get("targets").elements():
                for address in addresses_of_value(node.text or ""):
                    for front in world.fact(service_names).resolve(address.host, base):
                        party = known.of_service(groups.of_front(front))
                        by, path = f"ScrapeConfig '{base.name}'", base.get("spec", "metricsPath")
                        port = str(address.port or "")
                        yield from _scraping(party, path, node.value_place(), by, base.object, port=port)


def _of_jobs(world: World) -> Iterator[Scraping]:
    """Fixed targets of the configuration of a Prometheus."""
    known: Parties = world.fact(parties)
    for sent in world.fact(forwards):
        forward = sent.forward
        if not forward.said_by.startswith(_JOB) or sent.confidence is Confidence.LOW:
            continue
        job = forward.said_by.removeprefix(_JOB).strip()
        for own in known.of(sent.unit):
            for party in known.resolve(forward.address.host, own):
                way = forward.way
                path = USUAL if way is None else "/" + way.path.partition("?")[0].strip("/")
                place = forward.place if way is None else way.place
                holder = ObjectRef("Scrape job", job)
                port = str(forward.address.port or "")
                yield Scraping(party, path, place, f"Job '{job}'", holder, way is not None, port)


@dataclass(frozen=True, eq=False)
class Unscraped:
    """A service that nothing scrapes, beside those that are."""

    service: Service
    example: Scraping
    """What scrapes another one."""
    known: int
    total: int

    @classmethod
    def all(cls, world: World) -> Iterable[Unscraped]:
        """Every such service, unless something may scrape all that there is."""
        found: dict[int, Scraping] = {}
        for scraping in world.all(Scraping):
            found.setdefault(id(scraping.party), scraping)
        if not found or world.fact(_may_scrape_all):
            return
        known = world.fact(parties)
        sending = {id(party) for item in world.all(Instrumented) for party in known.of(item.unit)}
        homes = {home for item in found.values() for home in image_homes(item.party)}
        own = [service for service in world.all(Service) if _is_judged(service, known, homes)]
        numbers = [id(known.of_service(service)) for service in own]
        scraped_ones = [number for number in numbers if number in found]
        for service, number in zip(own, numbers, strict=True):
            if number not in found and number not in sending and scraped_ones:
                yield cls(service, found[scraped_ones[0]], len(scraped_ones), len(own))

    @property
    def source(self) -> Source:
        """The document of the service."""
        return self.service.source

    @property
    def object(self) -> ObjectRef:
        """The object that stands for the service."""
        return self.service.object


def is_run_by_a_team(service: Service) -> bool:
    """Whether a service is one that a team runs: deployed for good, and no store."""
    kinds = {workload.kind for workload in service.workloads}
    return bool(kinds - {"Job", "CronJob", "Pod"}) and service.store_protocol is None


def team_services(world: World) -> Sequence[Service]:
    """All of those; ask with ``world.fact(team_services)``."""
    return list(filter(is_run_by_a_team, world.all(Service)))


def _is_judged(service: Service, known: Parties, homes: Set[str]) -> bool:
    """Whether a service is built here, or its image comes from where those come from that are scraped."""
    party = known.of_service(service)
    if not is_run_by_a_team(service) or is_watching(party):
        return False
    return is_built_here(party) or not homes.isdisjoint(image_homes(party))


def is_built_here(party: Party) -> bool:
    """Whether the source of a party is here."""
    return bool(party.folders) or any(item.build_context is not None for item in party.composed)


def image_homes(party: Party) -> frozenset[str]:
    """Where the images of a party come from: their names without registry and last part."""
    return frozenset(image_repository(image).rpartition("/")[0] for image in images_of(party))


def _may_scrape_all(world: World) -> bool:
    """Whether something chooses what it scrapes in a way that is not followed here."""
    for monitor in world.all(Monitor):
        if not monitor.selector.get("matchLabels").is_map:
            return True
    for base in world.all(KubernetesObject):
        if base.group in _OTHER_GROUPS and base.kind in _OTHER_KINDS:
            return True
        if base.kind == "ScrapeConfig" and base.get("spec", "kubernetesSDConfigs").exists:
            return True
    roots = [document.root for document in world.documents(Kind.DATA)]
    for file in world.fact(mounted_files):
        if _DISCOVERS in (file.node.text or ""):
            roots += [document.root for document in documents_in(file.node)]
    return any(map(_discovers_all, roots))


def _discovers_all(root: Node) -> bool:
    """Whether a Prometheus scrapes what it finds in the cluster without being asked for it by annotations."""
    return any(
        job.get(_DISCOVERS).exists
        and not any(
            "io_scrape" in (label.text or "")
            for rule in job.get("relabel_configs").elements()
            for label in rule.get("source_labels").elements()
        )
        for job in root.get("scrape_configs").elements()
    )
