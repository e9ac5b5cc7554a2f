"""Names of variables: whether what they hold is an address to connect to."""

from __future__ import annotations

from itertools import pairwise

_NOT_A_CALL = frozenset(
    {
        *("CORS", "ORIGIN", "ALLOWED", "REDIRECT", "CALLBACK", "RETURN", "PUBLIC", "ADVERTISE"),
        *("ADVERTISED", "ANNOUNCE", "ISSUER", "AUDIENCE", "COOKIE", "LISTEN", "LISTENER", "BIND"),
        *("HOMEPAGE", "LOGO", "IMAGE", "SCHEMA", "REFERER", "SELF", "DOMAIN", "DOC", "SWAGGER"),
        *("SUBJECT", "TOPIC", "TAG", "VERSION", "USER", "GROUP", "TIME", "INTERVAL"),
        *("SCHEDULE", "KEY", "LABEL", "NAME"),
    }
)
"""Words in names of variables whose addresses are told to others, or bound, or no addresses at all."""
_NOT_A_CALL_TOGETHER = ("NO_PROXY", "ROOT_URL", "EXTERNAL_URL")
_SERVICES = frozenset(
    {"SERVICE", "SVC", "API", "REGISTRY", "MS", "MICROSERVICE", "SERVER", "STORE", "GATEWAY"}
)
"""Words that say that the word before them is what a service is called after: ``USER_SERVICE_URL``."""
_THINGS = frozenset(
    {
        *("IMAGE", "SCHEMA", "DOMAIN", "DOC", "SUBJECT", "TOPIC", "TAG", "USER", "GROUP", "TIME", "SCHEDULE"),
        *("KEY", "LABEL", "NAME", "VERSION"),
    }
)
"""Words that services are called after."""
_PEER = frozenset(
    {
        *("ADDR", "ADDRESS", "ADDRESSES", "HOST", "HOSTS", "HOSTNAME", "URL", "URLS"),
        *("URI", "URIS", "ENDPOINT", "ENDPOINTS", "SERVER", "SERVERS", "BROKER", "BROKERS"),
        *("BOOTSTRAP", "TARGET", "UPSTREAM", "BACKEND", "DSN", "PEER", "PEERS", "NODE"),
        *("NODES", "PROXY", "CONNECTION", "DATASOURCE"),
    }
)
"""Words in names of variables that hold the address of another service."""
_PEER_ENDINGS = (
    "ADDR",
    "ADDRESS",
    "HOST",
    "HOSTS",
    "URL",
    "URI",
    "ENDPOINT",
    "SERVER",
    "SERVERS",
    "BROKERS",
    "DSN",
)


def names_a_peer(name: str) -> bool:
    """Whether a variable's name says that it holds the address of another service."""
    upper = name.upper()
    return upper.endswith(_PEER_ENDINGS) or not _PEER.isdisjoint(words_of(upper))


def is_call(name: str, host: str = "") -> bool:
    """Whether nothing in a variable's name says that its address is for others to use, or to listen on.

    Words of the host's own name say nothing of that kind: ``IMAGE_PROVIDER_HOST=image-provider``; nor do
    words that a service is called after: ``SCHEMA_REGISTRY_URL``.
    """
    upper = name.upper().replace("SELF_SERVICE", "")
    if any(phrase in upper for phrase in _NOT_A_CALL_TOGETHER):
        return False
    written = words_of(upper)
    called = {
        word for word, then in pairwise(written) if then in _SERVICES and word.removesuffix("S") in _THINGS
    }
    words = set(written).difference(words_of(host.upper()), called)
    return _NOT_A_CALL.isdisjoint(words) and _NOT_A_CALL.isdisjoint(word.removesuffix("S") for word in words)


def words_of(name: str) -> list[str]:
    """The words of a variable's name in capitals; the name of a host is one word, however it is written."""
    return name.replace(".", "_").replace("-", "_").replace("HOST_NAME", "HOSTNAME").split("_")
