"""The formats of texts that the API server holds custom resources to.

Other formats, such as ``int32`` and ``password``, it takes for a remark. Source: ``strfmt`` in
``k8s.io/kube-openapi/pkg/validation``, whose functions are more lenient than the standards.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from archlint.finding.days import is_day
from archlint.finding.regex import regex

_TIME = regex(r"(\d{4}-\d\d-\d\d)[tT](\d\d):([0-5]\d):([0-5]\d)(?:.[0-9]+)?(?:[zZ]|[+-]\d\d:\d\d)")
_DURATION = regex(r"[-+]?(?:0(?!\d)|(?:\d++(?:\.\d*+)?|\.\d++)(?:ns|us|µs|μs|ms|s|m|h))++")
_IN_WORDS = regex(r"(?<!\d)\d++\s*+(?:[num]s|µs|[smhdw]|nanos|micro|milli)", re.IGNORECASE)
_UNBROKEN = regex(r"(?<![^@\s])[^@\s]++\Z")
_BASE64 = regex(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})")
_MAC = regex(
    r"[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}"
)
_LONG_MAC = regex(r"(?:[0-9A-Fa-f]{2}[:.-]?)+")
_UUID = r"[0-9a-f]{8}-?[0-9a-f]{4}-?%s[0-9a-f]{3}-?%s[0-9a-f]{3}-?[0-9a-f]{12}"
_UUIDS = {
    name: regex(_UUID % parts, re.IGNORECASE)
    for name, parts in {
        "uuid": ("[0-9a-f]", "[0-9a-f]"),
        "uuid3": ("3", "[0-9a-f]"),
        "uuid4": ("4", "[89ab]"),
        "uuid5": ("5", "[89ab]"),
    }.items()
}
_SIGN = r"[a-zA-Z0-9$+<=>^`|~\u0080-\U0010ffff]"
_HOST = regex(
    rf"{_SIGN}-?{_SIGN}{{0,62}}|(?:{_SIGN}(?:(?:{_SIGN}|-){{0,61}}{_SIGN})?\.)+[a-zA-Z\u0080-\U0010ffff]{{2,63}}"
)
_MOST = 255


def _is_time(text: str) -> bool:
    match = _TIME.fullmatch(text)
    return match is not None and is_day(match[1]) and match[2] <= "23"


def _is_duration(text: str) -> bool:
    return bool(_DURATION.fullmatch(text) or _IN_WORDS.search(text))


def _without_zeros(text: str) -> str:
    """An address whose numbers begin with no zero, which the server takes for decimal."""
    return re.sub(r"(?<![0-9A-Fa-f:])0+(?=\d)", "", text) if "." in text else text


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(_without_zeros(text))
    except ValueError:
        return False
    return "%" not in text


def _is_network(text: str) -> bool:
    address, slash, prefix = text.partition("/")
    if not slash or not re.fullmatch(r"\d{1,3}", prefix, re.ASCII) or not _is_address(address):
        return False
    return int(prefix) <= (128 if ":" in address else 32)


def _is_uri(text: str) -> bool:
    try:
        split = urlsplit(text)
        _ = split.port
    except ValueError:
        return False
    return bool(text) and not re.search(r"[\x00-\x1f\x7f ]", text) and (bool(split.scheme) or text[0] == "/")


def _is_host(text: str) -> bool:
    return len(text) <= _MOST and _HOST.fullmatch(text) is not None


def _is_mac(text: str) -> bool:
    digits = re.sub(r"[:.-]", "", text)
    return bool(_MAC.fullmatch(text)) or (bool(_LONG_MAC.fullmatch(text)) and len(digits) in (12, 16, 40))


def _is_mail(text: str) -> bool:
    """An address, alone or behind a name and a bracket."""
    head, _, host = text.rpartition("@")
    own = _UNBROKEN.search(head)
    if own is None or not _UNBROKEN.fullmatch(host):
        return False
    return own[0] == head or "<" in own[0][:-1]


_FORMATS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "datetime": (_is_time, "is no time such as '2030-01-31T12:00:00Z'"),
    "date": (is_day, "is no date such as '2030-01-31'"),
    "duration": (_is_duration, "is no duration such as '90s' or '1h30m'"),
    "byte": (_BASE64.fullmatch, "is no base64"),
    "ipv4": (lambda text: "." in text and _is_address(text), "is no IPv4 address"),
    "ipv6": (lambda text: ":" in text and _is_address(text), "is no IPv6 address"),
    "cidr": (_is_network, "is no network such as '10.0.0.0/8'"),
    "mac": (_is_mac, "is no MAC address"),
    "uri": (_is_uri, "is neither a URI nor a path that begins with a slash"),
    "email": (_is_mail, "is no mail address"),
    "hostname": (_is_host, "is no name of a host"),
    **{name: (pattern.fullmatch, f"is no {name.upper()}") for name, pattern in _UUIDS.items()},
}


def known_format(said: object) -> str | None:
    """The name of a format that is judged; ``None`` for one that is not."""
    name = said.replace("-", "") if isinstance(said, str) else ""
    return name if name in _FORMATS else None


def format_fault(name: str, text: str) -> str | None:
    """Why a text is not of a format, as the end of a sentence."""
    holds, fault = _FORMATS[name]
    return None if holds(text) else fault


def judges() -> dict[str, Callable[[str], bool]]:
    """What judges formats where alternatives ask for them."""
    found = {name: lambda text, holds=holds: bool(holds(text)) for name, (holds, _) in _FORMATS.items()}
    return {**found, "date-time": found["datetime"]}
