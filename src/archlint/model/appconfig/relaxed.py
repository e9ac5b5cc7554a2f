"""Names of Spring Boot's settings, which may be written in several ways.

Source: Spring Boot, "Externalized Configuration" (relaxed binding; ``spring.config.import``).
"""

from __future__ import annotations

from archlint.finding.regex import regex

_SEPARATORS = regex(r"[-_.]")
_ELSEWHERE = ("springcloudconfig", "springconfigimport", "springconfiglocation")


def relaxed(key: str) -> str:
    """A name as it is whichever way it is written."""
    return _SEPARATORS.sub("", key).lower()


def leads_elsewhere(name: str) -> bool:
    """Whether a relaxed name says that more settings come from elsewhere."""
    return name.startswith(_ELSEWHERE)
