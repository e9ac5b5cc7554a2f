"""What the judge knows of formats, written for it alone: each a test of one value.

A format that is not listed here limits nothing. ``float`` and ``double`` are about precision, ``binary`` and
``password`` about handling: these take every value of their type.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date, time
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from regress import Regex, RegressError

_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-](\d\d):(\d\d))")
_DURATION = re.compile(
    r"P(?!$)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)"  # RFC 3339, appendix A
)
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*:)([A-Za-z0-9._~:/?#@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})*")
_REFERENCE = re.compile(r"([A-Za-z0-9._~:/?#@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})*")
_POINTER = re.compile(r"(/([^~/]|~[01])*)*", re.DOTALL)


def _integer(bits: int, signed: bool = True) -> Callable[[Any], bool]:
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)

    def is_inside(value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return True
        return low <= value <= high

    return is_inside


def _text(test: Callable[[str], Any]) -> Callable[[Any], bool]:
    """A test of texts; whatever fails is none, and values that are no text are left alone."""

    def is_fit(value: Any) -> bool:
        if not isinstance(value, str):
            return True
        try:
            return bool(test(value))
        except (ValueError, binascii.Error, RegressError):
            return False

    return is_fit


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) is not None and bool(date.fromisoformat(text))


def _is_time(text: str) -> bool:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return False
    hour, minute, second = (int(part) for part in found.group(1, 2, 3))
    time(hour, minute, min(second, 59))  # a leap second is one
    return second <= 60 and (found[6] is None or (int(found[6]) < 24 and int(found[7]) < 60))


def _is_moment(text: str) -> bool:
    return len(text) > 11 and text[10] in "Tt" and _is_date(text[:10]) and _is_time(text[11:])


def _is_host(text: str) -> bool:
    return 0 < len(text) <= 253 and all(_LABEL.fullmatch(label) for label in text.split("."))


def _is_mail(text: str) -> bool:
    local, _, host = text.rpartition("@")
    return len(local) <= 64 and _LOCAL.fullmatch(local) is not None and _is_host(host)


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and str(UUID(text)) == text.lower()


FORMATS: dict[str, Callable[[Any], bool]] = {
    **{f"int{bits}": _integer(bits) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": _integer(bits, signed=False) for bits in (8, 16, 32, 64)},
    "byte": _text(lambda text: base64.b64decode(text, validate=True) is not None),
    "date": _text(_is_date),
    "time": _text(_is_time),
    "date-time": _text(_is_moment),
    "duration": _text(_DURATION.fullmatch),
    "uuid": _text(_is_uuid),
    "ipv4": _text(IPv4Address),
    "ipv6": _text(lambda text: "%" not in text and IPv6Address(text)),
    "hostname": _text(_is_host),
    "email": _text(_is_mail),
    "uri": _text(_URI.fullmatch),
    "uri-reference": _text(_REFERENCE.fullmatch),
    "json-pointer": _text(_POINTER.fullmatch),
    "regex": _text(Regex),
}
