"""Paths that proxies and gateways send to services with a contract, as their own files say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from archlint.files import Kind
from archlint.finding import ObjectRef, Source
from archlint.finding.records import dataclass
from archlint.model.exposure.path_matches import Mode, PathMatch, Segments
from archlint.model.exposure.providers import Provider, providers
from archlint.model.proxies.routes import ProxyRoute, proxy_routes
from archlint.model.system.parties import Parties, parties
from archlint.model.world import World


@dataclass(frozen=True, eq=False)
class ProxyPath:
    """A path that a proxy sends to a service with one contract."""

    unit: str
    """The name of what runs the proxy."""
    route: ProxyRoute
    provider: Provider
    sent: PathMatch | None
    """What arrives; ``None`` where that is not known."""

    @classmethod
    def all(cls, world: World) -> Iterable[ProxyPath]:
        """Every such path, once where several targets have it."""
        if not world.paths(Kind.OPENAPI):
            return
        seen = set[tuple[object, str]]()
        for route in world.fact(proxy_routes):
            provider = _provider(route, world)
            if provider is not None and (route.way, provider.service) not in seen:
                seen.add((route.way, provider.service))
                yield cls(route.unit.name, route, provider, _sent(route))

    @property
    def source(self) -> Source:
        """The file of the path."""
        return self.route.way.place.source

    @property
    def object(self) -> ObjectRef:
        """What runs the proxy."""
        return ObjectRef("Proxy", self.unit)


def _provider(route: ProxyRoute, world: World) -> Provider | None:
    """The provider that all parties are which the address may mean, with one contract alone."""
    known: Parties = world.fact(parties)
    callers = known.of(route.unit)
    found = {party.name for caller in callers for party in known.resolve(route.address.host, caller)}
    return world.fact(providers).of_service(found.pop()) if len(found) == 1 else None


def _sent(route: ProxyRoute) -> PathMatch | None:
    """What arrives, read as the beginning of paths, which it is in most proxies."""
    way = route.way
    if way.is_pattern or not way.is_followed or not way.path.startswith("/"):
        return None
    text = way.path if way.target_path is None else way.target_path
    text = text.partition("{")[0].partition("*")[0].partition("$")[0]
    return PathMatch(text or "/", Mode.LETTERS)


def by_unit(paths: Iterable[ProxyPath]) -> dict[tuple[str, str], list[ProxyPath]]:
    """Some paths by the proxy and host that they are asked of."""
    found: dict[tuple[str, str], list[ProxyPath]] = defaultdict(list)
    for path in paths:
        found[path.unit, path.route.way.host].append(path)
    return found


class PathsByBeginning:
    """Some paths of proxies, by how the first segment of what they send begins."""

    def __init__(self, paths: Iterable[ProxyPath]) -> None:
        self._all: list[ProxyPath] = []
        self._by_first: dict[str, list[ProxyPath]] = defaultdict(list)
        for path in paths:
            if path.sent is not None:
                self._all.append(path)
                self._by_first[(path.sent.parts[0] or "") if path.sent.parts else path.sent.begun].append(
                    path
                )

    def taking(self, template: Segments) -> list[ProxyPath]:
        """Those that may send a path of a template."""
        first = template[0] if template else ""
        if first is None:
            near = self._all
        else:
            begins = (first[:length] for length in range(min(len(first), _LONGEST_SEGMENT) + 1))
            near = [path for begun in begins for path in self._by_first.get(begun, ())]
        return [path for path in near if path.sent is not None and path.sent.takes(template)]


_LONGEST_SEGMENT = 200
"""Letters of a segment that are compared with what proxies send."""
