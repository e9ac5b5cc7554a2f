"""Texts that rules of protovalidate know by name, as far as it is certain what they are.

Source: https://protovalidate.com/reference/rules/string_rules/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address

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


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


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
}
"""Whether a text is one of each kind."""

SIZES = {"ip": (4, 16), "ipv4": (4,), "ipv6": (16,), "uuid": (16,)}
"""How many bytes there may be of each kind of ``bytes``."""
