"""Texts that rules of protovalidate know by name, as far as it is certain what they are.

Source: https://protovalidate.com/reference/rules/string_rules/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from archlint.finding.regex import regex

_EMAIL = regex(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]++@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*+\Z"
)
_UUID = regex(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\Z")
_TUUID = regex(r"[0-9a-fA-F]{32}\Z")
_ULID = regex(r"[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}\Z")
_LABEL = regex(r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\Z")
_LONGEST_HOST = 253
_NUMBER = regex(r"(?:0|[1-9][0-9]{0,5})\Z")
_LAST_PORT = 65535
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*+(?:\.[A-Za-z_][A-Za-z0-9_]*+)*+\Z")
_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]*+:")
_URI = regex(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*+\Z")
"""Characters alone: what else a URI may not be is not looked for."""
_HEADER_NAME = regex(r":?[0-9a-zA-Z!#$%&'*+.^_|~`-]++\Z")
_HEADER_VALUE = regex(r"[^\x00-\x08\x0a-\x1f\x7f]*+\Z")
_NO_BREAK = regex(r"[^\x00\n\r]*+\Z")


def _is(made: Callable[[str], object], text: str) -> bool:
    """Whether something can be made of a text."""
    try:
        made(text)
    except ValueError:
        return False
    return True


def _is_ipv4(text: str) -> bool:
    return _is(IPv4Address, text)


def _is_ipv6(text: str) -> bool:
    return _is(IPv6Address, text)


def _network(text: str, version: int, *, is_start: bool) -> bool:
    """Whether a text is an address with the length of its prefix; ``is_start``: with nothing behind it."""
    address, slash, length = text.partition("/")
    if not slash or not _NUMBER.match(length) or "%" in address:
        return False
    if version == 4:
        return _is(lambda each: IPv4Network(each, strict=is_start), f"{address}/{length}")
    return _is(lambda each: IPv6Network(each, strict=is_start), f"{address}/{length}")


def _is_network(*versions: int, is_start: bool) -> Callable[[str], bool]:
    return lambda text: any(_network(text, version, is_start=is_start) for version in versions)


def _is_host_and_port(text: str) -> bool:
    host, colon, port = text.rpartition(":")
    if not colon or not _NUMBER.match(port) or int(port) > _LAST_PORT:
        return False
    if host.startswith("["):
        return host.endswith("]") and _is_ipv6(host[1:-1])
    return _is_ipv4(host) or _is_hostname(host)


def _may_be_uri(text: str) -> bool:
    return _SCHEME.match(text) is not None and _may_be_reference(text)


def _may_be_reference(text: str) -> bool:
    return _URI.match(text) is not None and text.count("#") < 2


def _is_hostname(text: str) -> bool:
    labels = text.removesuffix(".").split(".")
    sound = all(_LABEL.match(label) for label in labels)
    return len(text) <= _LONGEST_HOST and sound and not labels[-1].isdecimal()


TEXTS: Mapping[str, Callable[[str], bool]] = {
    "email": lambda text: _EMAIL.match(text) is not None,
    "hostname": _is_hostname,
    "ip": lambda text: _is_ipv4(text) or _is_ipv6(text),
    "ipv4": _is_ipv4,
    "ipv6": _is_ipv6,
    "address": lambda text: _is_ipv4(text) or _is_ipv6(text) or _is_hostname(text),
    "uuid": lambda text: _UUID.match(text) is not None,
    "tuuid": lambda text: _TUUID.match(text) is not None,
    "ulid": lambda text: _ULID.match(text) is not None,
    "uri": _may_be_uri,
    "uri_ref": _may_be_reference,
    "ip_with_prefixlen": _is_network(4, 6, is_start=False),
    "ipv4_with_prefixlen": _is_network(4, is_start=False),
    "ipv6_with_prefixlen": _is_network(6, is_start=False),
    "ip_prefix": _is_network(4, 6, is_start=True),
    "ipv4_prefix": _is_network(4, is_start=True),
    "ipv6_prefix": _is_network(6, is_start=True),
    "host_and_port": _is_host_and_port,
    "protobuf_fqn": lambda text: _NAME.match(text) is not None,
    "protobuf_dot_fqn": lambda text: text.startswith(".") and _NAME.match(text[1:]) is not None,
}
"""Whether a text is one of each kind."""

HEADERS: Mapping[tuple[int, bool], Callable[[str], bool]] = {
    (1, True): lambda text: _HEADER_NAME.match(text) is not None,
    (1, False): lambda text: text != "" and _NO_BREAK.match(text) is not None,
    (2, True): lambda text: _HEADER_VALUE.match(text) is not None,
    (2, False): lambda text: _NO_BREAK.match(text) is not None,
}
"""Whether a text is one of each ``KnownRegex``, strictly or not."""

SIZES = {"ip": (4, 16), "ipv4": (4,), "ipv6": (16,), "uuid": (16,)}
"""How many bytes there may be of each kind of ``bytes``."""
