"""Kong: services with the routes that lead to them, in declarative files.

Source: Kong Gateway, "Declarative configuration" (``deck``): ``url``, or ``protocol``, ``host``, ``port``,
``path``; a host may be the name of an upstream with targets.
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import Node
from archlint.finding.records import replace
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.structured import Structured, Target

_REWRITING = frozenset(
    {
        *(
            "request-transformer",
            "request-transformer-advanced",
            "route-transformer-advanced",
            "pre-function",
        ),
        *("post-function", "forward-proxy", "canary", "route-by-header"),
    }
)
"""Plugins that may change the path."""
ASKING_PLUGINS = frozenset(
    {
        *("jwt", "jwt-signer", "key-auth", "key-auth-enc", "basic-auth", "oauth2", "oauth2-introspection"),
        *("openid-connect", "oidc", "hmac-auth", "ldap-auth", "ldap-auth-advanced"),
    }
)
"""Plugins that ask who calls."""


def is_kong(root: Node) -> bool:
    """Whether a document is a declarative file."""
    return root.get("_format_version").exists and (
        root.get("services").is_list or root.get("upstreams").is_list
    )


def forwards_of(config: Structured) -> Iterator[Forward]:
    """A forward for each path of each service, or one for a service without routes."""
    upstreams = _upstreams(config)
    apart: dict[str, list[Node]] = {}
    for route in config.root.get("routes").elements():
        named = route.get("service")
        apart.setdefault(named.text or named.get("name").text or "", []).append(route)
    for service in config.root.get("services").elements():
        name = service.get("name").text or ""
        routes = [*service.get("routes").elements(), *apart.get(name, ())]
        ways: list[Way | None] = [way for route in routes for way in _ways(config, route, service)]
        for target in _targets(config, service, upstreams):
            for way in ways or [None]:
                yield Forward(target.address, target.place, f"service {name}".rstrip(), way, target.is_filled)


def _upstreams(config: Structured) -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    for upstream in config.root.get("upstreams").elements():
        targets = [
            target
            for item in upstream.get("targets").elements()
            for target in config.targets(item.get("target"))
        ]
        found[upstream.get("name").text or ""] = targets
    return found


def _targets(config: Structured, service: Node, upstreams: dict[str, list[Target]]) -> list[Target]:
    scheme = service.get("protocol").text or "http"
    host = service.get("host")
    found = [*config.targets(service.get("url")), *config.targets(host, service.get("port"), scheme)]
    return [
        replace(item, address=replace(item.address, scheme=item.address.scheme or scheme))
        for target in found
        for item in upstreams.get(target.address.host) or [target]
    ]


def _ways(config: Structured, route: Node, service: Node) -> Iterator[Way]:
    is_followed = all(
        item.get("name").text not in _REWRITING
        for holder in (route, service, config.root)
        for item in holder.get("plugins").elements()
    )
    guard = next(
        (_asking(holder) for holder in (route, service, config.root) if _asking(holder).exists), None
    )
    guarded = None if guard is None else config.place(guard)
    base = (service.get("path").text or _path_of(service.get("url").text or "")).rstrip("/")
    hosts = [item.text or "" for item in route.get("hosts").elements()]
    strips = route.get("strip_path").value is not False
    for path in route.get("paths").elements():
        if path.text:
            is_pattern = path.text.startswith("~")
            written = path.text.removeprefix("~")
            rewritten = (base or "/") if strips and not is_pattern else base + written if base else None
            host = hosts[0] if hosts else ""
            yield Way(written, config.place(path), host, rewritten, is_pattern, is_followed, guarded=guarded)


def _asking(holder: Node) -> Node:
    """The name of a plugin that asks who calls, and lets nobody else through."""
    for plugin in holder.get("plugins").elements():
        is_off = plugin.get("enabled").value is False or plugin.get("config", "anonymous").is_set
        is_for_others = any(plugin.get(key).exists for key in ("service", "route", "consumer"))
        if plugin.get("name").text in ASKING_PLUGINS and not is_off and not is_for_others:
            return plugin.get("name")
    return holder.get("plugins", "none")


def _path_of(url: str) -> str:
    slash, _, path = url.partition("://")[2].partition("/")
    return f"/{path}" if slash and path else ""
