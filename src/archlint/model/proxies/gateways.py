"""Gateways that are programs of a framework: Spring Cloud Gateway, Zuul, YARP and Ocelot.

Sources: Spring Cloud Gateway (``uri``, ``predicates``, ``filters``), Netflix Zuul (``zuul.routes``), YARP
(``ReverseProxy``), Ocelot (``Routes`` with ``UpstreamPathTemplate``).
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import replace
from archlint.finding.regex import regex
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.structured import Structured

_ROUTES = (
    ("spring", "cloud", "gateway", "routes"),
    ("spring", "cloud", "gateway", "mvc", "routes"),
    ("spring", "cloud", "gateway", "server", "webflux", "routes"),
    ("spring", "cloud", "gateway", "server", "webmvc", "routes"),
)
_STRIPS = regex(r"StripPrefix=([0-9]{1,2})")
_KEEPS = regex(
    r"StripPrefix=|CircuitBreaker|Retry|RequestRateLimiter|TokenRelay|SaveSession|DedupeResponseHeader|RequestSize"
    r"|(?:Add|Set|Remove|Map)(?:Request|Response)(?:Header|Parameter)|PreserveHostHeader|SecureHeaders"
)
"""Matches filters after which it is known which path arrives."""
_PREDICATE = regex(r"\s*(Path|Host)\s*=\s*(.+)")


def is_gateway(root: Node) -> bool:
    """Whether a document has routes of one of these gateways."""
    return (
        any(root.get(*route).is_list for route in _ROUTES)
        or root.get("zuul", "routes").is_map
        or root.get("ReverseProxy", "Clusters").is_map
        or any(item.get("UpstreamPathTemplate").text for item in _ocelot(root))
    )


def forwards_of(config: Structured) -> Iterator[Forward]:
    """The routes of all of them: a document has those of one."""
    yield from _of_spring(config)
    yield from _of_zuul(config)
    yield from _of_yarp(config)
    yield from _of_ocelot(config)


def _of_spring(config: Structured) -> Iterator[Forward]:
    for start in _ROUTES:
        for route in config.root.get(*start).elements():
            name = route.get("id").text or ""
            strips = [_STRIPS.match(item.text or "") for item in route.get("filters").elements()]
            count = next((int(found[1]) for found in strips if found), 0)
            for target in config.targets(route.get("uri")):
                is_followed = _is_followed(route)
                for found in _predicates(config, route, count) or [None]:
                    way = found and replace(found, is_followed=is_followed)
                    yield Forward(target.address, target.place, f"route {name}", way, target.is_filled)


def _is_followed(route: Node) -> bool:
    """Whether filters leave the path as it is, but for ``StripPrefix``."""
    filters = [item.text or item.get("name").text or "?" for item in route.get("filters").elements()]
    return all(_KEEPS.match(item) for item in filters)


def _predicates(config: Structured, route: Node, strips: int) -> list[Way | None]:
    host, paths = "", list[tuple[str, Node]]()
    for item in route.get("predicates").elements():
        found = _PREDICATE.match(item.text or "")
        name = found[1] if found else item.get("name").text
        texts = found[2].split(",") if found else list(item.get("args").texts())
        if name == "Host" and texts:
            host = texts[0].strip()
        elif name == "Path":
            paths += [(text.strip(), item) for text in texts]
    ways: list[Way | None] = []
    for path, item in paths:
        prefix = _prefix(path)
        rest = "/" + "/".join(prefix.strip("/").split("/")[strips:]) if strips else None
        place = config.place(item) if item.text else config.place(item.get("name"))
        ways.append(Way(prefix, place, host, rest))
    return ways


def _prefix(path: str) -> str:
    """A path of Spring without the wildcard at its end."""
    return path.removesuffix("**").removesuffix("*") or "/"


def _of_zuul(config: Structured) -> Iterator[Forward]:
    for name, route in config.root.get("zuul", "routes").items():
        path = route.get("path")
        way = Way(_prefix(path.text), config.place(path)) if path.text else None
        if way is not None and route.get("stripPrefix").value is not False:
            way = replace(way, target_path="/")
        for value in (route.get("url"), route.get("serviceId")):
            for target in config.targets(value):
                yield Forward(target.address, target.place, f"route {name}", way, target.is_filled)


def _of_yarp(config: Structured) -> Iterator[Forward]:
    proxy = config.root.get("ReverseProxy")
    routes = [route for _, route in proxy.get("Routes").items()]
    for name, cluster in proxy.get("Clusters").items():
        paths = [route.get("Match", "Path") for route in routes if route.get("ClusterId").text == name]
        ways: list[Way | None] = [
            Way((path.text or "").partition("{")[0], config.place(path)) for path in paths if path.text
        ]
        for _, destination in cluster.get("Destinations").items():
            for target in config.targets(destination.get("Address")):
                for way in ways or [None]:
                    yield Forward(target.address, target.place, f"cluster {name}", way, target.is_filled)


def _ocelot(root: Node) -> Iterator[Node]:
    for key in ("Routes", "ReRoutes"):
        yield from root.get(key).elements()


def _of_ocelot(config: Structured) -> Iterator[Forward]:
    for route in _ocelot(config.root):
        path, scheme = route.get("UpstreamPathTemplate"), route.get("DownstreamScheme").text or "http"
        below = (route.get("DownstreamPathTemplate").text or "").partition("{")[0]
        way = Way(path.text.partition("{")[0], config.place(path), "", below) if path.text else None
        for item in route.get("DownstreamHostAndPorts").elements():
            for target in config.targets(item.get("Host"), item.get("Port"), scheme):
                yield Forward(target.address, target.place, "DownstreamHostAndPorts", way, target.is_filled)
        for target in config.targets(route.get("ServiceName"), None, scheme):
            yield Forward(target.address, target.place, "ServiceName", way, target.is_filled)
