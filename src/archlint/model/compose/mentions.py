"""What services of Docker Compose connect to: the addresses in their variables, commands and configuration.

Health checks are of the service itself, and arguments of builds are gone when it runs: neither is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from archlint.finding import Confidence, Place
from archlint.finding.records import dataclass, replace
from archlint.finding.regex import regex
from archlint.model.compose import fronted
from archlint.model.compose.exemplary import exemplary_variables
from archlint.model.compose.services import ComposeService, ComposeVariable
from archlint.model.compose.woven import Woven
from archlint.model.services.addresses import (
    LONGEST_VALUE,
    Address,
    addresses_in_text,
    addresses_of_value,
    bare_host,
)
from archlint.model.services.variable_names import is_call, names_a_peer
from archlint.model.system.evidence import Mention
from archlint.model.world import World

_OWN_HOSTS = frozenset({"localhost", "host.docker.internal", "gateway.docker.internal"})
"""Names of the container itself, and of the machine that it runs on."""
_MACHINE = frozenset({"localhost", "host.docker.internal"})
"""Names of the machine, on whose ports others may listen."""
_OPEN_PORT = regex(r"([A-Za-z0-9][\w.-]*+):\$")
_PEER_IN_CAMEL_CASE = regex(
    r"(?:[a-z](?:Connection(?:String)?|Url|Uri|Host|Address|Endpoint|Server)|(?:\A|_)ConnectionString)\Z"
)
_FLAG = regex(r"--?[\w.-]++[= ]")
_NUMBER = regex(r"[0-9]{1,5}\Z")
_COLLECTOR = regex(r"(?:opentelemetry|otel)[-_/]?collector|/otelcol")
"""Matches images of the OpenTelemetry Collector, which asks what its receivers name."""
_LONGEST_COMMAND = 65_536


def mentions(world: World) -> Iterator[Mention]:
    """Every address that a service of a project is given, and the services that it is started after."""
    by_project: dict[str, list[ComposeService]] = defaultdict(list)
    for service in world.all(ComposeService):
        by_project[service.project.folder].append(service)
    for services in by_project.values():
        yield from _Reader(services).mentions()
        yield from fronted.mentions(services)


@dataclass(frozen=True)
class _Found:
    """An address in a text, with the text."""

    address: Address
    value: Woven
    is_alone: bool
    """Whether the text is nothing but the address, or several."""


class _Reader:
    """Reads the services of one project."""

    def __init__(self, services: list[ComposeService]) -> None:
        self._services = services
        self._hosts = frozenset(host for service in services for host in service.hostnames)
        self._published = frozenset(port for service in services for port in service.published)
        self._takers = _takers(services)

    def mentions(self) -> Iterator[Mention]:
        for service in self._services:
            aliases = service.aliases
            for mention in (*self._of_variables(service, aliases), *self._of_commands(service, aliases)):
                host = mention.address.host
                if host in _MACHINE and mention.address.port in self._published:
                    yield replace(mention, confidence=Confidence.MEDIUM)
                elif host not in _OWN_HOSTS and host not in service.hostnames and not mention.address.is_ip:
                    yield mention
            yield from _of_dependencies(service)

    def _of_variables(self, service: ComposeService, aliases: Mapping[str, str]) -> Iterator[Mention]:
        ports = {item.name.upper(): item.text for item in service.variables}
        for variable in (*service.variables, *exemplary_variables(service)):
            is_shared = len(self._takers[_giver(variable)]) > 1
            for found in self._addresses(variable, ports, aliases):
                is_sure = not is_shared and (found.is_alone or bool(found.address.scheme))
                sure = Confidence.HIGH if is_sure else Confidence.MEDIUM
                is_given = variable.is_of_file and (is_shared or service.store_protocol is not None)
                is_at_hand = is_given or _only_fills_in(service)
                confidence = Confidence.LOW if is_at_hand else sure
                yield Mention(
                    service,
                    _renamed(found.address, aliases),
                    _host_place(found) or variable.place,
                    f"{variable.name}={_shown(found.address)}",
                    confidence,
                    variable.name,
                    is_call(variable.name, found.address.host),
                )

    def _addresses(
        self, variable: ComposeVariable, ports: Mapping[str, str], aliases: Mapping[str, str]
    ) -> Iterator[_Found]:
        value = variable.value
        text = value.text.strip()
        found = addresses_of_value(text)
        if not found and (names_a_peer(variable.name) or _PEER_IN_CAMEL_CASE.search(variable.name)):
            alone = _open_port(value) or bare_host(text)
            is_meant = alone is not None and (self._is_known(alone.host, aliases) or alone.host in _MACHINE)
            if alone is not None and is_meant:
                port = ports.get(_port_name(variable.name), "")
                is_number = alone.port is None and _NUMBER.match(port) and 0 < int(port) < 65536
                found = [replace(alone, port=int(port), is_port_open=False) if is_number else alone]
        yield from (_Found(address, value, True) for address in found)
        if not found and len(text) <= LONGEST_VALUE:
            for address in addresses_in_text(value.text):
                if self._is_known(address.host, aliases):
                    yield _Found(address, value, False)

    def _of_commands(self, service: ComposeService, aliases: Mapping[str, str]) -> Iterator[Mention]:
        for value, setting in service.commands:
            is_shared = len(self._takers[setting.node.value_place()]) > 1
            for found in _in_command(value):
                address = found.address
                is_known = self._is_known(address.host, aliases)
                if not is_known and not address.scheme:
                    continue
                confidence = Confidence.HIGH if is_known and not is_shared else Confidence.MEDIUM
                place = _host_place(found) or setting.node.value_place()
                yield Mention(service, _renamed(address, aliases), place, _shown(address), confidence)

    def _is_known(self, host: str, aliases: Mapping[str, str]) -> bool:
        return host in self._hosts or host in aliases


def _only_fills_in(service: ComposeService) -> bool:
    """Whether the program uses of its variables only what a file of its own configuration names."""
    return _COLLECTOR.search((service.image or "").lower()) is not None


def _giver(variable: ComposeVariable) -> Place:
    """What gives a variable to a service, and perhaps to others."""
    return variable.place if variable.is_of_file else variable.entry


def _takers(services: Iterable[ComposeService]) -> defaultdict[Place, set[str]]:
    """The services that are given what stands at a place: an anchor or a file may serve several."""
    found: defaultdict[Place, set[str]] = defaultdict(set)
    shared: dict[tuple[str, int, int], Place] = {}
    of_place: dict[Place, set[str]] = {}
    for service in services:
        entries = [_giver(variable) for variable in (*service.variables, *exemplary_variables(service))]
        entries += [setting.node.value_place() for _, setting in service.commands]
        for place in entries:
            span = place.span()
            first = shared.setdefault((place.source.path, span.line, span.column), place)
            of_place.setdefault(first, set()).add(service.name)
            found[place] = of_place[first]
    return found


def _renamed(address: Address, aliases: Mapping[str, str]) -> Address:
    return replace(address, host=aliases[address.host]) if address.host in aliases else address


def _open_port(value: Woven) -> Address | None:
    """The address of a host behind which a port stands that nobody knows."""
    match = None if value.is_known else _OPEN_PORT.match(value.text.strip())
    host = bare_host(match[1]) if match else None
    return None if host is None else replace(host, is_port_open=True)


def _port_name(name: str) -> str:
    """The variable that goes with one that holds a host: ``DB_PORT`` with ``DB_HOST``."""
    return name.upper().rpartition("_")[0] + "_PORT"


def _in_command(value: Woven) -> Iterator[_Found]:
    text = value.text[:_LONGEST_COMMAND]
    flag = _FLAG.match(text)
    start = flag.end() if flag else 0
    alone = addresses_of_value(text[start:]) if len(text) <= LONGEST_VALUE else []
    if alone:
        yield from (_Found(address, value.cut(start), True) for address in alone)
        return
    yield from (_Found(address, value, False) for address in addresses_in_text(text))


def _host_place(found: _Found) -> Place | None:
    """Where the host of an address is written."""
    text = found.value.text.lower()
    host, at = found.address.host, 0 if found.is_alone else found.address.offset
    scheme_end = text.find("://", at)
    if found.address.scheme and scheme_end >= 0:
        at = scheme_end + 3
        end = text.find("/", at)
        at = max(at, text.rfind("@", at, end if end >= 0 else len(text)) + 1)
    at = text.find(host, at)
    while at >= 0 and not _is_whole(text, at, at + len(host)):
        at = text.find(host, at + 1)
    return found.value.place(at, at + len(host)) if at >= 0 else None


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no letters of a longer name stand before or behind."""
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    return not any(character.isalnum() or character in "_-" for character in around)


def _shown(address: Address) -> str:
    return f"{address.scheme}://{address.authority}" if address.scheme else address.authority


def _of_dependencies(service: ComposeService) -> Iterator[Mention]:
    """What is said of other services without an address: it confirms what another place shows."""
    for item in (*service.depends_on, *service.links):
        if item.name.lower() not in service.hostnames:
            text = f"{item.key}: {item.name}"
            yield Mention(service, Address(item.name.lower()), item.place, text, Confidence.LOW)
    for variant in service.variants:
        for link in variant.items("external_links"):
            name = (link.known_text or "").partition(":")[0]
            host = bare_host(name)
            if host is not None:
                text = f"external_links: {name}"
                yield Mention(service, host, link.node.value_place(), text, Confidence.LOW)
