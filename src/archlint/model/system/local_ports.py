"""Who listens on a port of the machine on which the whole system runs: ``http://localhost:8761`` is the
service that listens there, where just one does.

That is how systems are run without containers, and how what runs in a browser reaches what containers
publish. A port that the caller has itself leads to nobody else.

Sources: Compose (``ports``), Spring Boot (``server.port``, 8080 by default), Quarkus (``quarkus.http.port``),
Micronaut (``micronaut.server.port``), ASP.NET (``launchSettings.json``, ``urls``), ``PORT`` in ``.env``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from archlint.files import Kind
from archlint.finding.regex import regex
from archlint.model.appconfig.mentions import ConfigDocument, config_documents
from archlint.model.appconfig.placeholders import UNKNOWN, fill
from archlint.model.services.addresses import Address
from archlint.model.system.folders import SourceFolder, folder_of
from archlint.model.system.names import plain, stem
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World

_KEYS = frozenset({"server.port", "quarkus.http.port", "micronaut.server.port", "port"})
_SPRING = ("spring.", "server.", "eureka.", "management.")
_SPRING_DEFAULT = 8080
_SHORTEST = 3
"""Letters of a name that may be found in the name of a setting."""
_NUMBER = regex(r"[1-9][0-9]{1,4}")
_PORT_OF_URL = regex(r"https?://[^\s/:;,\"]{1,100}:([0-9]{2,5})\b")


class LocalPorts:
    """The ports of the machine, by who listens on them."""

    def __init__(self, world: World) -> None:
        self._known: Parties = world.fact(parties)
        self._published: dict[int, list[Party]] = defaultdict(list)
        self._own: dict[int, list[Party]] = defaultdict(list)
        for party in self._known.all:
            for service in party.composed:
                _note(self._published, service.published, party)
        for unit, documents in world.fact(config_documents).items():
            if isinstance(unit, SourceFolder):
                for party in self._known.of(unit):
                    _note(self._own, set(_ports_of(documents)), party)
        for path in world.paths(Kind.DATA):
            if path.endswith("/launchSettings.json"):
                self._note_launched(world, path)

    @property
    def ports(self) -> frozenset[int]:
        """All of them."""
        return frozenset((*self._published, *self._own))

    def reached(self, address: Address, caller: Party, name: str = "") -> list[Party]:
        """Who a caller reaches at an address of the machine itself: one party, or nobody. Of several that
        may listen there, it is the one that ``name``, which holds the address, has in it."""
        port = address.effective_port
        if port is None:
            return []
        published, own = self._published.get(port, []), self._own.get(port, [])
        if any(item is caller for item in (*published, *own)):
            return []
        alone = [item for item in own if not item.composed and not any(item is one for one in published)]
        found = [*self._known.nearest(published, caller), *alone] or self._known.nearest(own, caller)
        if len({(item.name, item.namespace) for item in found}) > 1:
            letters = plain(name)
            found = [
                item for item in found if len(short := stem(item.name)) >= _SHORTEST and short in letters
            ]
        return found[:1] if len({(item.name, item.namespace) for item in found}) == 1 else []

    def _note_launched(self, world: World, path: str) -> None:
        """What Visual Studio and ``dotnet run`` start a project with."""
        document, folder = world.document(path), folder_of(world, path)
        if document is None or folder is None:
            return
        for _, profile in document.root.get("profiles").items():
            found = _PORT_OF_URL.findall(profile.get("applicationUrl").text or "")
            for party in self._known.of_path(folder.path):
                _note(self._own, map(int, found), party)


def _note(ports: dict[int, list[Party]], found: Iterable[int], party: Party) -> None:
    for port in found:
        if not any(item is party for item in ports[port]):
            ports[port].append(party)


def _ports_of(documents: Iterable[ConfigDocument]) -> Iterator[int]:
    """The ports that the settings of an application say it listens on."""
    is_spring, is_told = False, False
    for document in documents:
        for setting in document.settings:
            key = setting.key.lower()
            is_spring = is_spring or key.startswith(_SPRING)
            if key in _KEYS:
                is_told = True
                text = fill(setting.value, lambda _: None).text
                if UNKNOWN not in text and _NUMBER.fullmatch(text):
                    yield int(text)
            elif key == "urls" or (key.startswith("kestrel.endpoints.") and key.endswith(".url")):
                yield from map(int, _PORT_OF_URL.findall(setting.value))
    if is_spring and not is_told:
        yield _SPRING_DEFAULT


def local_ports(world: World) -> LocalPorts:
    """The ports of the machine that a system runs on; ask with ``world.fact(local_ports)``."""
    return LocalPorts(world)
