"""Path templates taken apart: segments, parameters, versions."""

from __future__ import annotations

import re

from archlint.finding.regex import regex

_VERSION = regex(
    r"v\d+(?:[._-]\d+)*(?:(?:alpha|beta|rc|p)\d*)*\Z|v(?:wip|next)\Z|\d{4}-\d{2}-\d{2}\Z", re.IGNORECASE
)
_VERSION_NAME = regex(r"\{(?:api[-_]?)?version\}\Z", re.IGNORECASE)
_PARAMETER = regex(r"\{[^{}]*\}")


def segments(template: str) -> list[str]:
    """The parts between slashes, without empty ones; a query or fragment is cut off."""
    path = re.split(r"[?#]", template, maxsplit=1)[0]
    return [part for part in path.split("/") if part]


def is_version(segment: str) -> bool:
    """Whether a segment names a version: ``v1``, ``v2.1``, ``v1beta1``, ``vwip`` (the next one), a date, or
    ``{version}``."""
    return _VERSION.match(segment) is not None or _VERSION_NAME.match(segment) is not None


def is_parameter(segment: str) -> bool:
    """Whether a segment has a parameter in it."""
    return "{" in segment


def parameter_names(template: str) -> list[str]:
    """The names in braces, in order."""
    return [found[1:-1] for found in _PARAMETER.findall(template)]


def anonymous(template: str) -> str:
    """The template with the names of its parameters left out: two that are equal match the same URLs."""
    return _PARAMETER.sub("{}", template)


def is_plumbing(template: str, names: frozenset[str]) -> bool:
    """Whether a path without parameters has a segment of one of these names, such as ``health``."""
    parts = segments(template)
    return not any(map(is_parameter, parts)) and any(part.lower() in names for part in parts)


def nearly_all(some: int, whole: int) -> bool:
    """Whether what some lack is lacking in the whole: all of them, or more than nine in ten."""
    return some == whole or some > 0.9 * whole
