"""Gateways that send on by the names of services: those that a route is called after, and without routes of
their own whoever is registered.

Sources: Spring Cloud Gateway, "DiscoveryClient Route Definition Locator" (``discovery.locator.enabled``);
Spring Cloud Netflix, "Embedded Zuul Reverse Proxy": without ``zuul.routes`` each service that is found is
routed to, unless ``zuul.ignored-services`` is ``*``; a route without ``serviceId`` and ``url`` leads to the
service that it is called after.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from archlint.files import Kind
from archlint.finding import Confidence, Place
from archlint.finding.regex import regex
from archlint.model.appconfig.application_names import application_names
from archlint.model.appconfig.files import config_files
from archlint.model.appconfig.mentions import config_documents
from archlint.model.appconfig.settings import Setting
from archlint.model.services.addresses import Address
from archlint.model.sources.by_party import party_sources
from archlint.model.sources.reading import SourceFile
from archlint.model.system.built_with import build_files_of_folders
from archlint.model.system.evidence import Mention
from archlint.model.system.folders import SourceFolder
from archlint.model.system.modules import Modules, modules
from archlint.model.system.observers import is_telemetry
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World

_GATEWAY = regex(r"spring-cloud-(?:starter-)?(?:netflix-)?(?:zuul|gateway[a-z-]*)")
_REGISTERED = regex(
    r"spring-cloud-starter-(?:netflix-)?eureka(?:-client)?|spring-cloud-netflix-eureka-client"
    r"|spring-cloud-starter-(?:alibaba-nacos-discovery|consul-discovery|consul-all|zookeeper-discovery)"
)
_OF_PLATFORM = regex(
    r".*eureka-server|.*config-server|.*zipkin-server|.*turbine[a-z-]*|.*hystrix-dashboard|spring-boot-admin.*server.*"
)
"""Matches the libraries of programs that are there for the others."""
_GATEWAYS = (
    ("spring", "cloud", "gateway"),
    ("spring", "cloud", "gateway", "mvc"),
    ("spring", "cloud", "gateway", "server", "webflux"),
    ("spring", "cloud", "gateway", "server", "webmvc"),
)
_LOCATED = tuple((*start, "discovery", "locator", "enabled") for start in _GATEWAYS)
_LOCATORS = regex(r"spring\.cloud\.gateway\.(?:server\.web(?:flux|mvc)\.|mvc\.)?discovery\.locator\.enabled")
_ROUTE = regex(r"spring\.cloud\.gateway\.(?:server\.web(?:flux|mvc)\.|mvc\.)?routes\b.*|zuul\.routes\b.*")
_ZUUL_PATH = regex(r"zuul\.routes\.([\w-]++)(?:\.path)?")
_ZUUL_TARGET = regex(r"zuul\.routes\.([\w-]++)\.(?:url|service-?[iI]d)")
_IGNORED = frozenset({"zuul.ignored-services", "zuul.ignoredservices"})
_ZUUL = "@EnableZuulProxy"
_ROUTED_IN_SOURCE = ("RouteLocatorBuilder", "RouterFunctions.route", "GatewayRouterFunctions")


def mentions(world: World) -> Iterator[Mention]:
    """The services that such gateways send on to."""
    built = world.fact(build_files_of_folders)
    paths = [path for path, files in built.items() if any(file.find(_GATEWAY) for file in files)]
    if not paths:
        return
    known: Parties = world.fact(parties)
    finder = _Finder(world, known)
    for path in paths:
        found = known.of_path(path)
        units = [unit for party in found for unit in party.folders if unit.path == path]
        if len(found) != 1 or not units:
            continue
        yield from finder.named_routes(found[0], units[0])
        place = finder.place(found[0])
        for callee in known.nearest(finder.registered, found[0]) if place is not None else ():
            if callee is not found[0] and place is not None:
                address = Address(callee.name.lower(), scheme="http")
                text = f"to all that are registered: {callee.name}"
                yield Mention(units[0], address, place, text, Confidence.MEDIUM, callee=callee)


class _Finder:
    def __init__(self, world: World, known: Parties) -> None:
        self._world = world
        self._known = known
        self._settings: dict[int, list[Setting]] = defaultdict(list)
        for unit, documents in world.fact(config_documents).items():
            for party in known.of(unit):
                self._settings[id(party)] += [item for document in documents for item in document.settings]

    @cached_property
    def registered(self) -> list[Party]:
        """Who is found by name, but for what is there for the others, and gateways."""
        return [party for party in self._known.all if self._is_found(party)]

    def _is_found(self, party: Party) -> bool:
        names = self._world.fact(application_names)
        if is_telemetry(party) or not any(folder.path in names for folder in party.folders):
            return False
        is_registered = self._builds(party, _REGISTERED, self._world.fact(modules))
        return is_registered and not (self._builds(party, _OF_PLATFORM) or self._builds(party, _GATEWAY))

    def _builds(self, party: Party, library: re.Pattern[str], shared: Modules | None = None) -> bool:
        """Whether a party is built with a library, or with a module that is, if these are given."""
        built = self._world.fact(build_files_of_folders)
        own = [folder.path for folder in party.folders]
        paths = [*own, *(path for folder in own for path in shared.all_used(folder))] if shared else own
        return any(file.find(library) for path in paths for file in built.get(path, ()))

    def named_routes(self, party: Party, unit: SourceFolder) -> Iterator[Mention]:
        """Routes of Zuul that only their own name says the service of."""
        settings = self._settings[id(party)]
        told = {match[1] for item in settings if (match := _ZUUL_TARGET.fullmatch(item.key))}
        for item in settings:
            match = _ZUUL_PATH.fullmatch(item.key)
            if match is not None and match[1] not in told and item.value.startswith("/"):
                place, text = item.place(0, len(item.value)), f"{item.key}={item.value}"
                yield Mention(unit, Address(match[1].lower(), scheme="http"), place, text, variable=item.key)

    def place(self, party: Party) -> Place | None:
        """What makes a gateway send on to all; ``None`` where it has routes of its own, or does not."""
        settings = self._settings[id(party)]
        sources = self._world.fact(party_sources).of(party)
        if any(_ROUTE.fullmatch(item.key.lower()) for item in settings) or any(
            word in file.text for file in sources for word in _ROUTED_IN_SOURCE
        ):
            return None
        for setting in settings:
            if _LOCATORS.fullmatch(setting.key.lower()) and setting.value.strip().lower() == "true":
                return setting.place(0, len(setting.value))
        if any(item.key.lower() in _IGNORED and item.value.strip() == "*" for item in settings):
            return None
        return self._in_documents(party) or next(filter(None, map(_proxy, sources)), None)

    def _in_documents(self, party: Party) -> Place | None:
        """Where a document says ``enabled: true``, which is no text."""
        own = {
            file.path
            for file in self._world.fact(config_files)
            if any(item is party for item in self._known.of(file.unit))
        }
        for document in self._world.documents(Kind.DATA) if own else ():
            for route in _LOCATED if document.path in own else ():
                node = document.root.get(*route)
                if node.value is True:
                    return node.value_place()
        return None


def _proxy(file: SourceFile) -> Place | None:
    """Where source makes an application a gateway."""
    at = file.code.plain.find(_ZUUL) if _ZUUL in file.text else -1
    return file.place(at, at + len(_ZUUL)) if at >= 0 else None
