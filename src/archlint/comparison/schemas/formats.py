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
    "ipv4": ("192.0.2.1", "10.0.0.1"),
    "ipv6": ("2001:db8::1", "::1"),
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

PATTERNS: dict[str, str] = {
    "date": _DATE + "$",
    "date-time": _DATE + r"[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
    "time": r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
    "duration": r"^P[0-9YMWDTHS]+$",
    "email": r"^[^\n]+@[^\n]+$",
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
