"""What the key of a setting says of an address: that it is one to connect to, or one for others.

Sources: the documentation of Spring Boot's, Quarkus', Micronaut's and ASP.NET's settings, for the keys that
say where an application itself listens and how it is announced.
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.finding.regex import regex

_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_FOR_OTHERS = frozenset(
    {
        *("cors", "origin", "origins", "allowed", "redirect", "redirects", "callback", "callbacks"),
        *("advertise", "advertised", "announce", "announced", "audience", "audiences", "cookie", "cookies"),
        *("listen", "listener", "listeners", "bind", "homepage", "logo", "self", "referer", "public"),
        *("swagger", "springdoc", "openapi", "logging", "doc", "docs", "contact", "license", "issuer"),
        *(
            "external",
            "logout",
            "csp",
            "whitelist",
            "allowlist",
            "exclude",
            "excludes",
            "example",
            "examples",
        ),
    }
)
"""Words anywhere in a key whose addresses are told to others, or listened on."""
_NO_ADDRESS = frozenset(
    {
        *(
            "name",
            "names",
            "key",
            "keys",
            "user",
            "username",
            "group",
            "topic",
            "topics",
            "queue",
            "tag",
            "tags",
        ),
        *("version", "image", "label", "labels", "schema", "subject", "time", "interval", "schedule", "cron"),
        *("domain", "domains", "path", "paths", "description", "title", "driver", "dialect", "class"),
        *("package", "password", "secret", "token", "email", "from", "message", "text", "pattern", "format"),
    }
)
"""Words at the end of a key whose values are no addresses."""
_PEER = frozenset(
    {
        *("addr", "addrs", "address", "addresses", "host", "hosts", "hostname", "hostnames", "url", "urls"),
        *("uri", "uris", "endpoint", "endpoints", "server", "servers", "broker", "brokers", "nodes"),
        *("points", "zone", "dsn", "baseurl", "hostaddr", "upstream", "upstreams"),
    }
)
"""Words at the end of a key that holds the address of another service."""
_OWN = (
    ("management", "server"),
    ("management", "address"),
    ("eureka", "instance"),
    ("kestrel",),
    ("urls",),
    ("quarkus", "http"),
    ("quarkus", "grpc", "server"),
    ("micronaut", "server"),
    ("dubbo", "protocol"),
    ("grpc", "server"),
    ("spring", "boot", "admin", "client", "instance"),
    ("spring", "application"),
    ("spring", "mvc"),
)
"""Beginnings of keys that say where an application itself is."""
_OWN_ALONE = (
    ("server", "address"),
    ("server", "host"),
    ("server", "url"),
    ("host",),
    ("hostname",),
    ("app_url",),
    ("site_url",),
)
_DISCOVERED_BY = ("resourceserver", "provider", "oidc")
"""Parts of keys below which the issuer of tokens is asked for its keys."""


def words_of(name: str) -> list[str]:
    """The words of a name in camelCase, kebab-case, SNAKE_CASE or any mixture, in lower case."""
    return [word.lower() for word in _WORD.findall(name)]


def is_call(names: Sequence[str]) -> bool:
    """Whether nothing in a key says that its address is for others to use, or to listen on."""
    lower = tuple(name.lower() for name in names)
    if lower in _OWN_ALONE or any(lower[: len(own)] == own for own in _OWN):
        return False
    words = [word for name in names for word in words_of(name)]
    if words[-1:] and words[-1] in _NO_ADDRESS:
        return False
    telling = _FOR_OTHERS.intersection(words)
    if "self" in telling and "service" in words[words.index("self") + 1 :][:1]:
        telling -= {"self"}
    return not telling or (telling == {"issuer"} and any(part in _DISCOVERED_BY for part in lower))


def names_a_peer(names: Sequence[str]) -> bool:
    """Whether a key says that it holds the address of another service."""
    if not names or not is_call(names):
        return False
    if len(names) > 1 and names[-2].lower().replace("_", "") == "connectionstrings":
        return True
    last = words_of(names[-1])
    if last[-2:] == ["service", "id"] or last == ["app", "config"]:
        return True  # a service that is found by its name: of Zuul, of a server of configuration, of Turbine
    if last == ["string"]:
        last = [*words_of(names[-2]), *last] if len(names) > 1 else last
    return bool(last) and (last[-1] in _PEER or last[-2:] == ["connection", "string"])
