"""Traefik: services of its file provider, and the routers that lead to them.

Source: Traefik, "File provider", "Routers": rules such as ``Host(`x`) && PathPrefix(`/y`)``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import replace
from archlint.finding.regex import regex
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.structured import Structured

_MATCHER = regex(r"(Host|PathPrefix|Path)\(\s*[`'\"]([^`'\"]{1,500})[`'\"]")


def is_traefik(root: Node) -> bool:
    """Whether a document is the dynamic configuration of Traefik."""
    return any(
        service.get("loadBalancer", "servers").is_list
        for part in ("http", "tcp", "udp")
        for _, service in root.get(part, "services").items()
    )


def forwards_of(config: Structured) -> Iterator[Forward]:
    """A forward for each server of each service and each router that names it."""
    for part in ("http", "tcp", "udp"):
        ways: dict[str, list[Way | None]] = defaultdict(list)
        for _, router in config.root.get(part, "routers").items():
            name = (router.get("service").text or "").partition("@")[0]
            way = _way(config, router.get("rule"))
            is_followed = not router.get("middlewares").exists
            ways[name].append(way and replace(way, is_followed=is_followed))
        for name, service in config.root.get(part, "services").items():
            for server in service.get("loadBalancer", "servers").elements():
                value = server.get("url") if server.get("url").exists else server.get("address")
                for target in config.targets(value):
                    for way in ways.get(name) or [None]:
                        yield Forward(target.address, target.place, f"service {name}", way, target.is_filled)


def _way(config: Structured, rule: Node) -> Way | None:
    found = dict(reversed(_MATCHER.findall(rule.text or "")))
    path = found.get("PathPrefix") or found.get("Path")
    if path is None and "Host" not in found:
        return None
    return Way(path or "/", config.place(rule), found.get("Host", ""))
