"""URLs as evidence writes them, taken apart without decoding anything."""

from __future__ import annotations

from archlint.finding import Place
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.evidence.exchange import Pair

_HOST = regex(r"(?:localhost|[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)+|[A-Za-z0-9-]++(?=:))(?::[0-9]{1,5})?\Z")
"""What a URL without a scheme begins with, so that it is one."""


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of a URL."""

    scheme: str | None
    host: str | None
    port: int | None
    path: str
    query: tuple[Pair, ...]


def url_of(text: str, place: Place) -> Url | None:
    """A URL, absolute or from the path on; ``None`` if it is neither."""
    address, _, _ = text.strip().partition("#")
    address, _, query = address.partition("?")
    scheme, marked, rest = address.partition("://")
    if not marked and address.startswith("/"):
        return Url(None, None, None, address, pairs_of(query, place))
    if not marked:  # editors and collections may leave the scheme away
        scheme, rest = "", address
        if not _HOST.match(address.partition("/")[0]):
            return None
    authority, slash, path = rest.partition("/")
    if marked and (not scheme.isascii() or not scheme.replace("+", "").replace("-", "").isalnum()):
        return None
    name = authority.rpartition("@")[2].lower()
    host, port = port_of(name)
    if not host:
        return None
    return Url(scheme.lower() or None, host, port, f"/{path}" if slash else "/", pairs_of(query, place))


def port_of(name: str) -> tuple[str, int | None]:
    """A host and its port, if one is named; addresses of IPv6 stand in brackets."""
    host, colon, digits = name.rpartition(":")
    if not colon or digits.endswith("]"):
        return name, None
    return host, int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 6 else None


def pairs_of(query: str, place: Place) -> tuple[Pair, ...]:
    """The pairs of a query, in their order and as they are written."""
    parts = (part.partition("=") for part in query.split("&") if part)
    return tuple(Pair(name, value, place) for name, _, value in parts)
