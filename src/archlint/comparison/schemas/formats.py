"""What is known of formats: which imply others, what their strings look like, and strings of each.

Only formats that the validator checks are known; every other format equals nothing but itself. The patterns
are wider than the formats: every string of the format matches, not the other way round.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from archlint.comparison.schemas.values import Undecided

_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
_UUID = "00000000-0000-4000-8000-000000000000"

SAMPLES: dict[str, tuple[str, ...]] = {
    "date": ("2024-01-31", "1999-12-01"),
    "date-time": ("2024-01-31T12:00:00Z", "1999-12-01T00:00:00.5+02:00"),
    "time": ("12:00:00Z", "00:00:00+02:00"),
    "duration": ("P1D", "PT1H"),
    "email": ("a@example.com", "someone.else@example.com"),
    "idn-email": ("a@example.com", "someone.else@example.com"),
    "hostname": ("example.com", "a"),
    "idn-hostname": ("example.com", "a"),
    "ipv4": ("192.0.2.1", "10.0.0.1", "0.0.0.0", "255.255.255.255"),
    "ipv6": (
        *("2001:db8::1", "::1", "::", "2001:db8::8:1", "2001:db8::8:800:200c:417a"),
        "2001:0db8:0000:0000:0008:0800:200c:417a",
    ),
    "uri": ("https://example.com/", "urn:a:b"),
    "uri-reference": ("https://example.com/", "a/b", ""),
    "iri": ("https://example.com/", "urn:a:b"),
    "iri-reference": ("https://example.com/", "a/b", ""),
    "uuid": (_UUID, "123e4567-e89b-42d3-a456-426614174000"),
    "uri-template": ("https://example.com/{id}", "a"),
    "json-pointer": ("", "/a"),
    "relative-json-pointer": ("0", "1/a"),
    "regex": ("^a$", "a"),
}
"""Strings of each format that is known; the first is shown to people."""

_AROUND: dict[str, tuple[str, str, str]] = {
    "date-time": ("1999-12-01T00:00:00.", "5", "Z"),
    "time": ("00:00:00.", "5", "Z"),
    "duration": ("P", "1", "D"),
    "uri": ("a:", "a", ""),
    "uri-reference": ("", "a", ""),
    "iri": ("a:", "a", ""),
    "iri-reference": ("", "a", ""),
    "uri-template": ("", "a", ""),
    "json-pointer": ("/", "a", ""),
    "relative-json-pointer": ("0/", "a", ""),
    "regex": ("", "a", ""),
}
"""How strings of a format begin, go on as long as one likes, and end."""
_LABEL, _HOSTNAME, _BEFORE_AT = 63, 253, 64
"""Characters of a part of a hostname, of a whole one, and of what stands before the @ (RFC 1123, 5321)."""

PATTERNS: dict[str, str] = {
    "date": _DATE + "$",
    "date-time": _DATE + r"[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
    "time": r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
    "duration": r"^P[0-9YMWDTHS]+$",
    "email": r"^[^\n]+@[^\n]+$",
    "hostname": rf"^[A-Za-z0-9.\-]{{1,{_HOSTNAME + 1}}}$",
    "ipv4": r"^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$",
    "ipv6": r"^[0-9A-Fa-f:.]{2,45}$",
    "uuid": r"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$",
    "uri": r"^[A-Za-z][A-Za-z0-9+.\-]*:",
    "iri": r"^[A-Za-z][A-Za-z0-9+.\-]*:",
    "json-pointer": r"^(/|$)",
    "relative-json-pointer": r"^[0-9]",
}
"""What every string of a format matches (RFC 3339, 2673, 4291, 9562, 3986, 6901)."""

_IMPLIED: dict[str, frozenset[str]] = {
    "uri": frozenset(("iri", "uri-reference", "iri-reference")),
    "iri": frozenset(("iri-reference",)),
    "uri-reference": frozenset(("iri-reference",)),
    "email": frozenset(("idn-email",)),
    "hostname": frozenset(("idn-hostname",)),
}
"""Formats whose strings are strings of these formats too, by the grammars of RFC 3986, 3987, 5321 and 1123.
"""


def stretched(name: str, length: int) -> str | None:
    """A string of so many characters that may be of the format; ``None`` if nothing is known to try."""
    if name in ("email", "idn-email"):
        before = max(1, min(_BEFORE_AT, length - _HOSTNAME - 1))
        return f"{'a' * before}@{_hostname(length - before - 1)}"
    if name in ("hostname", "idn-hostname"):
        return _hostname(length)
    if name not in _AROUND:
        return None
    start, more, end = _AROUND[name]
    return start + more * (length - len(start) - len(end)) + end


def _hostname(length: int) -> str:
    """A hostname of so many characters; what is longer than any is none."""
    whole = ".".join(["a" * _LABEL] * (length // (_LABEL + 1) + 1))[:length]
    return f"{whole[:-2]}.a" if whole.endswith(".") else whole


def is_known(name: str) -> bool:
    """Whether the validator checks this format."""
    return name in SAMPLES


def implies(name: str, other: str) -> bool:
    """Whether every string of one format is a string of the other."""
    return name == other or other in _IMPLIED.get(name, ())


@cache
def _validator(name: str) -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)


def holds(name: str, text: str) -> bool | None:
    """Whether a string is of a format; ``None`` if the format is not known."""
    if not is_known(name):
        return None
    try:
        return bool(_validator(name).is_valid(text))
    except ValueError as problem:  # a lone surrogate
        raise Undecided("a string that UTF-8 cannot hold") from problem
