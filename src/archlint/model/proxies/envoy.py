"""Envoy: clusters with their endpoints, and the routes that lead to them.

Source: Envoy's API v3, ``config.bootstrap``, ``config.cluster``, ``config.route``; v2's ``hosts``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding import Place
from archlint.finding.records import replace
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.structured import Structured, Target, nodes_below

_REWRITES = ("regex_rewrite", "path_rewrite_policy")
_AFTER_WORK = frozenset({"5xx", "gateway-error", "reset", "retriable-status-codes"})
"""Conditions under which a request may have been carried out already."""
_PATHS = ("prefix", "path", "path_separated_prefix", "safe_regex", "regex")


def is_envoy(root: Node) -> bool:
    """Whether a document is a bootstrap, or a list of clusters and routes for one."""
    if root.get("static_resources").is_map:
        return True
    return any("envoy" in (item.get("@type").text or "") for item in root.get("resources").elements())


def forwards_of(config: Structured) -> Iterator[Forward]:
    """A forward for each route and endpoint of its cluster; clusters that no route names have one each."""
    clusters = _clusters(config)
    routed: set[str] = set()
    for name, way in _routes(config):
        routed.add(name)
        for target in clusters.get(name, ()):
            address = replace(target.address, scheme=target.address.scheme or "http")
            yield Forward(address, target.place, f"cluster {name}", way, target.is_filled)
    for name, targets in clusters.items():
        if name not in routed:
            for target in targets:
                yield Forward(target.address, target.place, f"cluster {name}", None, target.is_filled)


def _clusters(config: Structured) -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = defaultdict(list)
    static = config.root.get("static_resources", "clusters").elements()
    for cluster in (*static, *config.root.get("resources").elements()):
        name = cluster.get("name").text or cluster.get("cluster_name").text
        if name is None:
            continue
        for holder in (cluster.get("load_assignment"), cluster.get("hosts"), cluster.get("endpoints")):
            for node in nodes_below(holder):
                socket = node.get("socket_address")
                if socket.is_map:
                    found[name] += config.targets(socket.get("address"), socket.get("port_value"))
    return found


def _routes(config: Structured) -> Iterator[tuple[str, Way | None]]:
    """The cluster of each route, and the way to it."""
    for node in nodes_below(config.root):
        if not node.get("routes").is_list:
            continue
        domains = [item.text or "" for item in node.get("domains").elements()]
        host = domains[0] if domains and domains[0] != "*" else ""
        for route in node.get("routes").elements():
            repeated = _repeated(config, route.get("route", "retry_policy"), node.get("retry_policy"))
            for name in _named(route.get("route")):
                way = _way(config, route, host)
                yield name, way and replace(way, repeated=repeated)


def _named(action: Node) -> Iterator[str]:
    weighted = action.get("weighted_clusters", "clusters").elements()
    for name in (action.get("cluster").text, *(item.get("name").text for item in weighted)):
        if name:
            yield name


def _way(config: Structured, route: Node, host: str) -> Way | None:
    match = route.get("match")
    key = next((key for key in _PATHS if match.get(key).exists), None)
    if key is None:
        return None
    path = match.get(key, "regex") if match.get(key).is_map else match.get(key)
    action = route.get("route")
    is_followed = not any(action.get(key).exists for key in _REWRITES)
    rewritten = action.get("prefix_rewrite").text
    return Way(path.text or "", config.place(path), host, rewritten, "regex" in key, is_followed)


def _repeated(config: Structured, *policies: Node) -> Place | None:
    """What of the nearest policy repeats requests that may have been carried out."""
    policy = next((item for item in policies if item.is_map), None)
    on = policy.get("retry_on") if policy is not None else None
    if on is None or policy is None or policy.get("num_retries").integer == 0:
        return None
    words = {word.strip() for word in (on.text or "").split(",")}
    return config.place(on) if words & _AFTER_WORK else None
