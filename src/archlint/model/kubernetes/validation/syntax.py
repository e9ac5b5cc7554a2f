"""The forms that names and other texts must have, as the API server checks them.

Each function gives what is wrong, in words that follow the value, or ``None``.
Source: ``k8s.io/apimachinery/pkg/util/validation``, RFC 1123 and 1035, and robfig/cron for schedules.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from archlint.finding.regex import regex

Form = Callable[[str], str | None]

_LABEL = regex(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?\Z")
_SUBDOMAIN = regex(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\Z")
_QUALIFIED = regex(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?\Z")
_KEY = regex(r"[-._a-zA-Z0-9]+\Z")
_PRINTABLE = regex(r"[ -<>-~]+\Z")
_PERCENT = regex(r"[0-9]+%\Z")
_PORT_NAME = regex(r"[a-z0-9]++(?:-[a-z0-9]++)*+\Z")
_LETTER = regex(r"[a-z]")
LONGEST_PORT_NAME = 15
_HEADER = regex(r"[-A-Za-z0-9]+\Z")
_LONGEST_LABEL, _LONGEST_SUBDOMAIN = 63, 253
_IN_LABEL, _IN_SUBDOMAIN = regex(r"[-a-z0-9]"), regex(r"[-.a-z0-9]")
_IN_KEY = regex(r"[-._a-zA-Z0-9]")


def _too_long(text: str, most: int) -> str | None:
    return f"has {len(text)} characters, and {most} are allowed" if len(text) > most else None


def _why(text: str, allowed: re.Pattern[str], words: str) -> str:
    """What is wrong with a text that has not the form it must have."""
    strange = next((sign for sign in text if not allowed.match(sign)), None)
    if strange is not None:
        return f"has '{strange}', and {words} alone are allowed"
    return "must begin and end with a letter or digit"


def dns_label(text: str) -> str | None:
    """RFC 1123: one label of a host's name."""
    if _LABEL.match(text):
        return _too_long(text, _LONGEST_LABEL)
    return _why(text, _IN_LABEL, "small letters, digits and '-'")


def old_dns_label(text: str) -> str | None:
    """RFC 1035: a label that begins with a letter."""
    if dns_label(text) is None and text[0].isdigit():
        return "must begin with a letter"
    return dns_label(text)


def dns_subdomain(text: str) -> str | None:
    """RFC 1123: labels with dots between them."""
    if _SUBDOMAIN.match(text):
        return _too_long(text, _LONGEST_SUBDOMAIN)
    if ".." in text or ".-" in text or "-." in text:
        return "must have letters or digits on both sides of each dot"
    return _why(text, _IN_SUBDOMAIN, "small letters, digits, '-' and '.'")


def path_segment(text: str) -> str | None:
    """A name that can stand in a URL."""
    if text in (".", ".."):
        return "means a folder"
    return next((f"has '{sign}', which is not allowed" for sign in "/%" if sign in text), None)


def host_pattern(text: str) -> str | None:
    """A host's name, whose first label may be ``*``."""
    name = text.removeprefix("*.")
    if _as_address(name):
        return "is an address, and must be a host's name"
    if "*" in name:
        return "has '*' elsewhere than as its first label"
    return dns_subdomain(name)


def qualified_name(text: str) -> str | None:
    """A name with a domain before it or without: what labels and annotations are called."""
    prefix, slash, name = text.rpartition("/")
    if slash and dns_subdomain(prefix):
        return f"has the prefix '{prefix}', which is no domain"
    if _QUALIFIED.match(name):
        return _too_long(name, _LONGEST_LABEL)
    return _why(name, _IN_KEY, "letters, digits, '-', '_' and '.'")


def label_value(text: str) -> str | None:
    """What a label may be."""
    if not text or _QUALIFIED.match(text):
        return _too_long(text, _LONGEST_LABEL)
    return _why(text, _IN_KEY, "letters, digits, '-', '_' and '.'")


def data_key(text: str) -> str | None:
    """The key of a ConfigMap or Secret, which may become the name of a file."""
    if text == ".":
        return "means a folder"
    if text.startswith(".."):
        return "begins with '..'"
    if _KEY.match(text):
        return _too_long(text, _LONGEST_SUBDOMAIN)
    return _why(text, _IN_KEY, "letters, digits, '-', '_' and '.'") if text else "is empty"


def variable_name(text: str) -> str | None:
    """The name of a variable of the environment."""
    if _PRINTABLE.match(text):
        return None
    return "has '='" if "=" in text else "has characters that cannot be printed in ASCII"


def header_name(text: str) -> str | None:
    """The name of a header of HTTP."""
    return None if _HEADER.match(text) else "has more than letters, digits and '-'"


def _as_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def address(text: str) -> str | None:
    """An IP address; the server still takes leading zeros, which are left to it."""
    if _as_address(text) or _as_address(_without_zeros(text)):
        return None
    return "is no IP address"


def network(text: str) -> str | None:
    """A network in CIDR notation."""
    host, slash, length = text.partition("/")
    try:
        ip_network(f"{_without_zeros(host)}/{length}" if slash else "", strict=False)
    except ValueError:
        return "is no network, such as 10.0.0.0/8"
    return None


def masked_network(text: str) -> str | None:
    """A network without the bits behind its prefix; ``None`` for what is none."""
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        return None


def _without_zeros(text: str) -> str:
    parts = text.split(".")
    return ".".join(part.lstrip("0") or "0" for part in parts) if len(parts) == 4 else text


def percentage(text: str) -> str | None:
    """A share of a whole, as ``25%``."""
    return None if _PERCENT.match(text) else "is neither a number nor a share, such as 25%"


def path_within(text: str) -> str | None:
    """A path that stays below the folder that it begins in."""
    if text.startswith("/"):
        return "begins with '/', and must be relative"
    return "has '..', which leads out of the volume" if ".." in text.split("/") else None


def encoded(text: str) -> str | None:
    """Bytes in base64, with line breaks or without."""
    plain = text.replace("\n", "").replace("\r", "")
    try:
        base64.b64decode(plain.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return "is not base64"
    return None


_DESCRIPTORS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minutes", 0, 59, {}),
    ("hours", 0, 23, {}),
    ("days of the month", 1, 31, {}),
    ("months", 1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    ("days of the week", 0, 6, {name: number for number, name in enumerate(_DAYS)}),
)
_NUMBER = regex(r"[0-9]{1,9}\Z")
_EVERY = regex(r"(?:[0-9]+(?:\.[0-9]*)?(?:ns|us|ms|s|m|h))+\Z")


def schedule(text: str) -> str | None:
    """When a CronJob runs: five fields, or a word such as ``@daily``."""
    if text.startswith(("TZ=", "CRON_TZ=")):
        return "names a time zone, which belongs into 'timeZone'"
    if text.startswith("@"):
        is_every = text.startswith("@every ") and _EVERY.match(text.removeprefix("@every "))
        return (
            None if text in _DESCRIPTORS or is_every else "is no word that schedules know, such as '@daily'"
        )
    fields = text.split()
    if len(fields) != len(_FIELDS):
        return f"has {len(fields)} field{'' if len(fields) == 1 else 's'}, and must have 5"
    for field, (called, least, most, names) in zip(fields, _FIELDS, strict=True):
        for part in filter(None, field.split(",")):
            wrong = _part_problem(part, least, most, names)
            if wrong:
                return f"has the {called} '{field}', and {wrong}"
    return None


def _part_problem(part: str, least: int, most: int, names: dict[str, int]) -> str | None:
    """What is wrong with one of the parts between commas: a number, a range, a step."""
    span, slash, step = part.partition("/")
    if slash and (not _NUMBER.match(step) or int(step) == 0):
        return f"'{part}' has no step of 1 or more"
    first, dash, last = span.partition("-")
    if first in ("*", "?"):
        return None
    ends = [_number(end, names) for end in ((first, last) if dash else (first,))]
    for end, text in zip(ends, (first, last), strict=False):
        if end is None or not least <= end <= most:
            return f"'{text}' is not between {least} and {most}"
    return f"'{span}' begins after its end" if dash and (ends[0] or 0) > (ends[1] or 0) else None


def _number(text: str, names: dict[str, int]) -> int | None:
    return int(text) if _NUMBER.match(text) else names.get(text.lower())


def port_name(text: str) -> str | None:
    """What is wrong with the name of a port, in words; ``None`` if nothing is.

    Source: RFC 6335 section 5.1, which the API server asks for.
    """
    if len(text) > LONGEST_PORT_NAME:
        return f"has {len(text)} characters, and {LONGEST_PORT_NAME} are allowed"
    if not _PORT_NAME.match(text):
        return "must be small letters, digits and single dashes between them"
    return None if _LETTER.search(text) else "must have a letter"
