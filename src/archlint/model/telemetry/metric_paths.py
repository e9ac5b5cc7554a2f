"""Where applications show their figures, as their settings or contracts say, and scrapes that look elsewhere.

Sources: Spring Boot, "Production-ready Features" (``management.endpoints.web.base-path``, ``path-mapping``,
``exposure.include``; below the application's own path unless it has a port of its own); its relaxed names of
variables; OpenMetrics, "Protocol negotiation" (a text of type ``text/plain`` or
``application/openmetrics-text``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Source
from archlint.finding.records import dataclass
from archlint.model.appconfig.mentions import config_documents
from archlint.model.appconfig.placeholders import UNKNOWN, fill
from archlint.model.appconfig.relaxed import leads_elsewhere, relaxed
from archlint.model.appconfig.units import environment_of
from archlint.model.kubernetes.ports import container_ports
from archlint.model.kubernetes.services import KubernetesService
from archlint.model.openapi import Contract, server_paths
from archlint.model.openapi.operations import operations_of
from archlint.model.services.contracts import contracts
from archlint.model.system.evidence import Unit
from archlint.model.system.parties import Party
from archlint.model.telemetry.scraping import Scraping
from archlint.model.world import World

_WEB = "managementendpointsweb"
_INCLUDE, _EXCLUDE = f"{_WEB}exposureinclude", f"{_WEB}exposureexclude"
_BASE, _MAPPED = f"{_WEB}basepath", f"{_WEB}pathmappingprometheus"
_ENABLED, _ACCESS = "managementendpointprometheusenabled", "managementendpointprometheusaccess"
_OWN_PORT, _OWN_BASE = "managementserverport", "managementserverbasepath"
_PORT, _USUAL_PORT = "serverport", "8080"
_WITHIN = ("serverservletcontextpath", "springwebfluxbasepath")
_READ = frozenset(
    {_INCLUDE, _EXCLUDE, _BASE, _MAPPED, _ENABLED, _ACCESS, _OWN_PORT, _OWN_BASE, _PORT, *_WITHIN}
)
_TOLD_OTHERWISE = ("management.", "javaagent", "jmx_prometheus")
_TOLD_BY_IMAGE = (*_TOLD_OTHERWISE, "jmx-exporter", "MANAGEMENT_", "SERVER_PORT", "server.port")
_EXPOSITION = ("text/plain", "application/openmetrics-text")
_LAST = frozenset({"metrics", "prometheus"})


class VainCause(StrEnum):
    """Why nothing is scraped."""

    PATH = "default"
    SHUT = "shut"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Shown:
    """Where an application shows its figures."""

    path: str
    place: Place
    """What says so."""
    is_open: bool
    """Whether it shows them at all."""
    port: str = ""
    """The port; empty if it is the usual one, or not said."""


@dataclass(frozen=True, eq=False)
class VainScrape:
    """A scrape at a path that the application does not have, or does not show."""

    scraping: Scraping
    shown: Shown
    fault: VainCause

    @classmethod
    def all(cls, world: World) -> Iterable[VainScrape]:
        """Every such scrape; where one of several looks at the right place the others have their reasons."""
        by_party: dict[int, list[Scraping]] = defaultdict(list)
        for scraping in world.all(Scraping):
            by_party[id(scraping.party)].append(scraping)
        for found in by_party.values():
            yield from _judged(found, world)

    @property
    def source(self) -> Source:
        """The document that is to be edited."""
        return self.place.source

    @property
    def place(self) -> Place:
        """What is to be edited."""
        return self.shown.place if self.fault is VainCause.SHUT else self.scraping.place

    @property
    def object(self) -> ObjectRef:
        """What is to be edited."""
        party = self.scraping.party
        is_own = self.fault is VainCause.SHUT
        return ObjectRef("service", party.name, party.namespace) if is_own else self.scraping.object


def _judged(found: list[Scraping], world: World) -> Iterator[VainScrape]:
    party = found[0].party
    if _has_helpers(party):
        return
    shown = _of_settings(party, world)
    if shown is not None:
        found = [item for item in found if _is_at(shown.port, item)]
        right = [item for item in found if item.path == shown.path]
        if not right:
            yield from (VainScrape(item, shown, VainCause.PATH) for item in _once(found))
        elif not shown.is_open:
            yield VainScrape(right[0], shown, VainCause.SHUT)
        return
    if len(_ports(party)) > 1:
        return  # which of them the contract is about is not said
    stated = _of_contract(party, world)
    if stated is not None and not any(item.path in stated[1] for item in found):
        yield from (VainScrape(item, stated[0], VainCause.CONTRACT) for item in _once(found))


def _is_at(port: str, scraping: Scraping) -> bool:
    """Whether what is scraped may be a port of the application; another one is somebody else's."""
    named = _ports(scraping.party)
    declared = set().union(*named.values())
    if not port and len(declared) > 1 and _USUAL_PORT not in declared:
        return False  # which of them is the application's is not said
    wanted = port or (_USUAL_PORT if _USUAL_PORT in declared or not declared else min(declared))
    service = scraping.party.service
    targets = {
        str(each.target or "")
        for front in (service.fronts if service else ())
        for each in KubernetesService(front).ports
        if scraping.port in (each.node.get("name").text, str(each.node.get("port").integer or ""))
    } or {scraping.port}
    numbers = {number for target in targets for number in named.get(target, {target})}
    return wanted in numbers or not any(number.isdigit() for number in numbers)


def _ports(party: Party) -> dict[str, set[str]]:
    """The numbers of the ports of a party's containers, by name; those without one by their number."""
    found: dict[str, set[str]] = {}
    for workload in party.service.workloads if party.service else ():
        for container in workload.containers:
            for port in container_ports(container):
                number = str(port.number or "")
                found.setdefault(port.name or number, set()).add(number)
    return found


def _once(found: list[Scraping]) -> list[Scraping]:
    return list({item.place: item for item in found}.values())


def _has_helpers(party: Party) -> bool:
    """Whether the pods of a party have a further container, which may be what is scraped."""
    workloads = party.service.workloads if party.service else ()
    return any(sum(item.is_lasting for item in each.containers) > 1 for each in workloads)


def _of_settings(party: Party, world: World) -> Shown | None:
    """Where an application of Spring Boot shows its figures; ``None`` if its settings do not tell."""
    units: list[Unit] = [*(party.service.workloads if party.service else ()), *party.composed, *party.folders]
    settings: dict[str, tuple[str, Place]] = {}
    environment: dict[str, str] = {}
    for unit in units:
        environment = {**environment_of(world, unit), **environment}
    for unit in units:
        for document in world.fact(config_documents).get(unit, ()):
            for setting in document.settings:
                name = relaxed(setting.key.partition("[")[0])
                if leads_elsewhere(name):
                    return None
                if name not in _READ:
                    continue
                if document.profiles or document.file.profile:
                    return None  # another file says otherwise for some deployment
                text = fill(setting.value, environment.get).text
                place = setting.place(0, len(setting.value))
                before, first = settings.get(name, ("", place))
                is_list = "[" in setting.key and before
                settings[name] = (f"{before},{text}" if is_list else text, first if is_list else place)
    if not any(name.startswith(_WEB) for name in settings) or _is_told_otherwise(party, environment, world):
        return None
    stated = {name: text.strip() for name, (text, _) in settings.items()}
    stated.update({name: text for key, text in environment.items() if (name := relaxed(key)) in _READ})
    return None if any(UNKNOWN in text for text in stated.values()) else _shown(stated, settings)


def _shown(stated: Mapping[str, str], settings: Mapping[str, tuple[str, Place]]) -> Shown | None:
    if _OWN_PORT in stated:
        above = stated.get(_OWN_BASE, "")
    else:
        above = next((stated[name] for name in _WITHIN if name in stated), "")
    parts = (above, stated.get(_BASE, "/actuator"), stated.get(_MAPPED, "prometheus"))
    path = "/" + "/".join(part.strip("/") for part in parts if part.strip("/"))
    included = {each.strip(" '\"") for each in stated.get(_INCLUDE, "prometheus").split(",")}
    excluded = {each.strip(" '\"") for each in stated.get(_EXCLUDE, "").split(",")}
    is_shut = (
        included.isdisjoint({"*", "prometheus"})
        or not excluded.isdisjoint({"*", "prometheus"})
        or stated.get(_ENABLED, "").lower() == "false"
        or stated.get(_ACCESS, "").lower() == "none"
    )
    chosen = (_ENABLED, _ACCESS, _EXCLUDE, _INCLUDE) if is_shut else (_MAPPED, _BASE, *_WITHIN, _INCLUDE)
    place = next((settings[name][1] for name in chosen if name in settings), None)
    port = stated.get(_OWN_PORT) or stated.get(_PORT) or ""
    return None if place is None else Shown(path, place, not is_shut, port)


def _is_told_otherwise(party: Party, environment: Mapping[str, str], world: World) -> bool:
    """Whether arguments, options of the virtual machine or the image say more."""
    images = (world.text(path) or "" for folder in party.folders for path in folder.dockerfiles)
    if any(mark in text for text in images for mark in _TOLD_BY_IMAGE):
        return True
    texts = [*environment.values(), *(text.text for item in party.composed for text, _ in item.commands)]
    for workload in party.service.workloads if party.service else ():
        for container in workload.containers:
            texts += [
                node.text or "" for key in ("command", "args") for node in container.get(key).elements()
            ]
    return any(mark in text for text in texts for mark in _TOLD_OTHERWISE)


def _of_contract(party: Party, world: World) -> tuple[Shown, frozenset[str]] | None:
    """Where the one contract of a party has its figures, and all of its paths."""
    paths = set(world.fact(contracts).of(party.name)).intersection(world.paths(Kind.OPENAPI))
    found = world.fact(_contracts_by_path)
    if len(paths) != 1 or next(iter(paths)) not in found:
        return None
    contract = found[next(iter(paths))]
    servers = contract.root.get("servers")
    beginnings = {"", *(text.rstrip("/") for _, text in server_paths(servers))}
    beginnings.add((contract.root.get("basePath").text or "").rstrip("/"))
    known = frozenset(
        start + item.template.rstrip("/") for start in beginnings for item in contract.path_items
    )
    shown = [
        Shown(item.item.template, item.item.key.place(), True)
        for item in operations_of(contract.path_items)
        if item.method == "GET"
        and item.item.template.rstrip("/").rpartition("/")[2] in _LAST
        and any(
            media.startswith(_EXPOSITION)
            for response in item.responses.values()
            for media in response.body.content
        )
    ]
    return (shown[0], known) if len(shown) == 1 else None


def _contracts_by_path(world: World) -> dict[str, Contract]:
    return {item.document.path: item for item in world.all(Contract)}
