"""The types that Kubernetes adds to CEL: quantities, addresses, URLs and versions, as maps with one tag.

The library has no types of our own for functions written in Python, so a value is a map whose key is the
name of its type, and whose equality is that of the type.

Sources: the packages ``k8s.io/apiserver/pkg/cel/library`` (quantity, ip, cidr, urls, semverlib, format) and
``k8s.io/apimachinery/pkg/util/validation``.
"""

from __future__ import annotations

import ipaddress
import re
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qs, urlsplit

from archlint.finding.regex import regex

QUANTITY, IP, CIDR, URL, SEMVER, FORMAT = ("__quantity", "__ip", "__cidr", "__url", "__semver", "__format")
_SUFFIXES: dict[str, Fraction] = {
    **{suffix: Fraction(1000) ** power for power, suffix in enumerate(("n", "u", "m", "", *"kMGTPE"), -3)},
    **{f"{suffix}i": Fraction(1024) ** power for power, suffix in enumerate("KMGTPE", 1)},
}
_QUANTITY = regex(
    r"([+-]?(?:[0-9]{1,50}(?:\.[0-9]{0,50})?|\.[0-9]{1,50}))"
    r"(?:[eE]([+-]?[0-9]{1,3})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?)"
)
_SEMVER = regex(
    r"(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?"
)
_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_QUALIFIED = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"


def quantity(text: str) -> dict[str, Any]:
    """A quantity; its value is written as an exact fraction."""
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is no quantity")
    number, exponent, suffix = match.groups()
    value = Fraction(number) * (Fraction(10) ** int(exponent) if exponent else _SUFFIXES[suffix or ""])
    return {QUANTITY: str(value)}


def amount(value: Any) -> Fraction:
    """The number that a quantity or integer stands for."""
    if isinstance(value, int):
        return Fraction(value)
    return Fraction(untagged(value, QUANTITY))


def untagged(value: Any, tag: str) -> Any:
    """What stands behind the tag; raises ``ValueError`` for a value of another type."""
    if not isinstance(value, dict) or len(value) != 1 or tag not in value:
        raise ValueError("no such overload")
    return value[tag]


def tag_of(value: Any) -> str:
    """The tag of a value."""
    return next(iter(value), "") if isinstance(value, dict) and len(value) == 1 else ""


def ip(text: str) -> dict[str, Any]:
    """An address, neither with a zone nor an IPv4 address in IPv6, as Kubernetes asks."""
    if "%" in text:
        raise ValueError(f"IP Address '{text}' with zone value is not allowed")
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        raise ValueError(f"IPv4-mapped IPv6 address '{text}' is not allowed")
    return {IP: str(address)}


def cidr(text: str) -> dict[str, Any]:
    """A network, whose address may have bits behind its prefix."""
    address, slash, prefix = text.partition("/")
    if not slash or not prefix.isdecimal() or (len(prefix) > 1 and prefix.startswith("0")):
        raise ValueError(f"'{text}' is no network address in CIDR notation")
    ip(address)
    return {CIDR: str(ipaddress.ip_interface(text))}


def address_of(value: Any) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address in an address, its text, or a network."""
    if tag_of(value) == CIDR:
        return network_of(value).ip
    return ipaddress.ip_address(untagged(ip(value) if isinstance(value, str) else value, IP))


def network_of(value: Any) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface:
    """The network in a value or its text."""
    return ipaddress.ip_interface(untagged(cidr(value) if isinstance(value, str) else value, CIDR))


def contains_network(outer: Any, inner: Any) -> bool:
    """Whether one network lies within another."""
    one, other = network_of(outer).network, network_of(inner).network
    if one.version != other.version:
        return False
    first, last = int(one.network_address), int(one.broadcast_address)
    return first <= int(other.network_address) and int(other.broadcast_address) <= last


def contains_address(network: Any, address: Any) -> bool:
    """Whether an address lies within a network."""
    return address_of(address) in network_of(network).network


def is_global_unicast(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """As Go says it: neither unspecified, loopback, multicast, link-local nor the broadcast address."""
    broadcast = ipaddress.IPv4Address("255.255.255.255")
    return not (
        address == broadcast
        or address.is_unspecified
        or address.is_loopback
        or address.is_multicast
        or address.is_link_local
    )


def url(text: str) -> dict[str, Any]:
    """A URL that is absolute or begins with a slash."""
    if not text or any(char <= " " or char == "\x7f" for char in text):
        raise ValueError(f"URL parse error during conversion from string: {text!r}")
    split = urlsplit(text)
    if not split.scheme and not text.startswith("/"):
        raise ValueError("URL is neither absolute nor an absolute path")
    _ = split.port
    return {URL: text}


def url_part(value: Any, part: str) -> Any:
    """One part of a URL."""
    split = urlsplit(untagged(value, URL))
    if part == "query":
        return parse_qs(split.query, keep_blank_values=True)
    if part == "port":
        return "" if split.port is None else str(split.port)
    if part == "host":
        return split.netloc.rpartition("@")[2]
    if part == "hostname":
        host = split.netloc.rpartition("@")[2]
        return host[1 : host.index("]")] if host.startswith("[") else host.partition(":")[0]
    return split.scheme if part == "scheme" else split.path


def semver(text: str, is_loose: bool = False) -> dict[str, Any]:
    """A semantic version; a loose one may begin with v, lack parts and have zeros in front."""
    if is_loose:
        text = _normalized(text)
    if _SEMVER.fullmatch(text) is None:
        raise ValueError(f"'{text}' is no semantic version")
    return {SEMVER: text}


def _normalized(text: str) -> str:
    core, sign, rest = text.removeprefix("v"), "", ""
    cut = min((at for at in map(core.find, "-+") if at >= 0), default=-1)
    if cut >= 0:
        core, sign, rest = core[:cut], core[cut], core[cut + 1 :]
    parts = [part.lstrip("0") or "0" if part.isdecimal() else part for part in core.split(".")]
    parts += ["0"] * (3 - len(parts))
    return ".".join(parts) + sign + rest


def version_key(value: Any) -> tuple[Any, ...]:
    """What versions are ordered by; build metadata does not count."""
    match = _SEMVER.fullmatch(untagged(value, SEMVER))
    assert match is not None
    *numbers, before = match.groups()[:4]
    parts = tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in (before or "").split(".")
        if before
    )
    return (*map(int, numbers), not before, parts)


_FORMATS: dict[str, tuple[str, int, str]] = {
    "dns1123Label": (_LABEL, 63, "a lowercase RFC 1123 label"),
    "dns1123Subdomain": (rf"{_LABEL}(?:\.{_LABEL})*", 253, "a lowercase RFC 1123 subdomain"),
    "dns1035Label": (r"[a-z](?:[-a-z0-9]*[a-z0-9])?", 63, "a DNS-1035 label"),
    "qualifiedName": (rf"(?:{_LABEL}(?:\.{_LABEL})*/)?{_QUALIFIED}", 317, "a qualified name"),
    "labelValue": (rf"(?:{_QUALIFIED})?", 63, "a label value"),
    "uuid": (r"(?i:[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})", 36, "a UUID"),
    "byte": (
        r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})?",
        10**6,
        "base64",
    ),
    "date": (r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", 10, "a date"),
    "datetime": (
        r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)",
        40,
        "a date and time",
    ),
}
_PREFIXED = {f"{name}Prefix": name for name in ("dns1123Label", "dns1123Subdomain", "dns1035Label")}
FORMATS = (*_FORMATS, *_PREFIXED, "uri")


def named_format(name: str) -> dict[str, Any]:
    """A format by its name; an empty map if there is none."""
    return {FORMAT: name} if name in FORMATS else {}


def mistakes(value: Any, text: str) -> list[str]:
    """What is wrong with a text of some format; nothing if it holds it."""
    name = untagged(value, FORMAT)
    if name == "uri":
        try:
            url(text)
        except ValueError as problem:
            return [str(problem)]
        return []
    if name in _PREFIXED:
        name, text = _PREFIXED[name], text.removesuffix("-")
    pattern, longest, words = _FORMATS[name]
    if len(text) > longest:
        return [f"must be no more than {longest} characters"]
    return [] if re.fullmatch(pattern, text, re.ASCII) else [f"must be {words}"]
