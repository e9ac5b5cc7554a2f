"""Paths that proxies and gateways send to services with a contract, as their own files say it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field

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


@dataclass(eq=False)
class PathsByBeginning:
    """Some paths of proxies whose target is known, as a tree of the segments of what they send."""

    here: list[ProxyPath] = field(default_factory=list)
    """Those that send whatever begins with the segments up to here."""
    begun: dict[str, list[ProxyPath]] = field(default_factory=dict)
    """Those that demand some letters of the next segment as well."""
    below: dict[str | None, PathsByBeginning] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Iterable[ProxyPath]) -> PathsByBeginning:
        """The tree of some paths."""
        root = cls()
        for path in paths:
            if path.sent is not None:
                here = root
                for part in path.sent.parts:
                    here = here.below.setdefault(part, cls())
                kept = here.begun.setdefault(path.sent.begun, []) if path.sent.begun else here.here
                kept.append(path)
        return root

    def taking(self, template: Segments) -> Iterator[ProxyPath]:
        """Those that may send a path of a template, whose parameters may be anything."""
        waiting = [(self, 0)]
        while waiting:
            here, depth = waiting.pop()
            yield from here.here
            if depth == len(template):
                continue
            part = template[depth]
            if part is None:
                yield from (path for paths in here.begun.values() for path in paths)
                waiting += [(each, depth + 1) for each in here.below.values()]
                continue
            lengths = range(1, min(len(part), _LONGEST_SEGMENT) + 1) if here.begun else ()
            for length in lengths:
                yield from here.begun.get(part[:length], ())
            waiting += [(here.below[key], depth + 1) for key in (part, None) if key in here.below]


_LONGEST_SEGMENT = 200
"""Letters of a segment that are compared with what proxies send."""
