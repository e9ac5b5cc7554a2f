"""Plugins of Kong and middlewares of Traefik: which a route goes through, and what they make of a path.

Sources: Kong Ingress Controller, annotations ``konghq.com/plugins`` and ``konghq.com/strip-path``; Traefik,
Middleware (``stripPrefix``, ``addPrefix``, ``replacePath``, ``chain``), annotation ``router.middlewares``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import Node
from archlint.finding.records import replace
from archlint.model.exposure.path_matches import Mode, PathMatch
from archlint.model.kubernetes import KubernetesObject
from archlint.model.world import World

KONG = "configuration.konghq.com"
TRAEFIK = frozenset({"traefik.io", "traefik.containo.us"})
PLUGINS = "konghq.com/plugins"
STRIPS = "konghq.com/strip-path"
MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares"
_KEEPING_PLUGINS = frozenset(
    {
        *("jwt", "jwt-signer", "key-auth", "key-auth-enc", "basic-auth", "oauth2", "oauth2-introspection"),
        *("openid-connect", "oidc", "hmac-auth", "ldap-auth", "ldap-auth-advanced", "acl", "cors", "opa"),
        *("rate-limiting", "rate-limiting-advanced", "response-ratelimiting", "request-size-limiting"),
        *("ip-restriction", "bot-detection", "proxy-cache", "response-transformer", "correlation-id"),
        *("prometheus", "zipkin", "opentelemetry", "file-log", "http-log", "tcp-log", "syslog", "statsd"),
    }
)
"""Plugins that leave the path as it is."""
_REWRITING_MIDDLEWARES = ("stripPrefixRegex", "replacePathRegex", "redirectRegex", "redirectScheme", "plugin")

Parts = list[KubernetesObject]


class Middlewares:
    """The plugins and middlewares of a world, by kind, namespace and name."""

    def __init__(self, world: World) -> None:
        self._known: dict[tuple[str, str | None, str], KubernetesObject] = {}
        self._spelt: dict[str, KubernetesObject] = {}
        self.for_all: Parts = []
        """Plugins of Kong for every route."""
        for base in world.all(KubernetesObject):
            if base.group == KONG or base.group in TRAEFIK:
                self._known[base.kind, base.namespace, base.name] = base
                if base.kind == "Middleware":
                    self._spelt[f"{base.namespace or 'default'}-{base.name}"] = base
                elif base.get("metadata", "labels", "global").text == "true":
                    self.for_all.append(base)

    def named(self, kind: str, namespace: str | None, name: str) -> KubernetesObject | None:
        """One of them."""
        return self._known.get((kind, namespace, name))

    def of_object(self, base: KubernetesObject) -> Parts | None:
        """Those that the annotations of an object name; ``None`` where one of them is not here."""
        annotations = base.get("metadata", "annotations")
        found: list[KubernetesObject | None] = [
            self.named("KongPlugin", base.namespace, name) or self.named("KongClusterPlugin", None, name)
            for name in _listed(annotations.get(PLUGINS))
        ]
        found += [self._spelt.get(name.partition("@")[0]) for name in _listed(annotations.get(MIDDLEWARES))]
        return _all(found)

    def of_route(self, base: KubernetesObject, route: Node) -> Parts | None:
        """The middlewares of a route of an IngressRoute."""
        return _all(
            [
                self.named(
                    "Middleware", item.get("namespace").text or base.namespace, item.get("name").text or ""
                )
                for item in route.get("middlewares").elements()
            ]
        )

    def rewritten(self, parts: Parts | None, asked: PathMatch | None) -> PathMatch | None:
        """What arrives of a path behind some of them; ``None`` where that is not known."""
        for part in self.unchained(parts or []):
            asked = None if asked is None else _rewritten(part, asked)
        return None if parts is None else asked

    def unchained(self, parts: Iterable[KubernetesObject]) -> Iterator[KubernetesObject]:
        """Some middlewares with those of chains in their place. A chain that is not known, or that comes
        again, as one within itself does, stays as it is."""
        seen = set[int]()
        waiting = [iter(parts)]
        while waiting:
            part = next(waiting[-1], None)
            if part is None:
                waiting.pop()
                continue
            chain = part.get("spec", "chain")
            is_new = chain.get("middlewares").is_list and id(part) not in seen
            inner = self.of_route(part, chain) if is_new else None
            seen.add(id(part))
            if inner is None:
                yield part
            else:
                waiting.append(iter(inner))


def middlewares(world: World) -> Middlewares:
    """The plugins and middlewares of a world; ask with ``world.fact(middlewares)``."""
    return Middlewares(world)


def _listed(node: Node) -> list[str]:
    return [name for part in (node.text or "").split(",") if (name := part.strip())]


def _all(found: list[KubernetesObject | None]) -> Parts | None:
    parts = [part for part in found if part is not None]
    return parts if len(parts) == len(found) else None


def _rewritten(part: KubernetesObject, asked: PathMatch) -> PathMatch | None:
    if part.group == KONG:
        return asked if part.get("plugin").text in _KEEPING_PLUGINS else None
    spec = part.get("spec")
    if spec.get("chain").exists or any(spec.get(key).exists for key in _REWRITING_MIDDLEWARES):
        return None
    if spec.get("replacePath").exists:
        text = spec.get("replacePath", "path").text
        return PathMatch(text, Mode.EXACT) if text else None
    if spec.get("addPrefix").exists:
        added = (spec.get("addPrefix", "prefix").text or "").rstrip("/")
        return replace(asked, text=added + asked.text)
    for item in spec.get("stripPrefix", "prefixes").elements():
        prefix = (item.text or "").rstrip("/")
        if asked.text == prefix or asked.text.startswith(f"{prefix}/"):
            return replace(asked, text=asked.text.removeprefix(prefix) or "/")
        if prefix.startswith(asked.text) and asked.mode is not Mode.EXACT:
            return None
    return asked
