"""Versions at the end of names of packages, as buf reads them: ``shop.v1``, ``shop.v1beta1``.

Source: https://buf.build/docs/lint/rules/#package_version_suffix
"""

from __future__ import annotations

import re

from archlint.finding.regex import regex

_VERSION = regex(
    r"v0*+([1-9][0-9]*)(?P<unstable>test.*|(?:p0*+([1-9][0-9]*))?(?:alpha|beta)(?:0*+([1-9][0-9]*))?)?",
    re.DOTALL,
)
_MOST = 2**31 - 1
"""The largest number in a version."""


def is_versioned(package: str) -> bool:
    """Whether the name of a package ends in a version."""
    return _version_of(package) is not None


def is_stable(package: str) -> bool:
    """Whether a package says by its version that it will not change."""
    found = _version_of(package)
    return found is not None and found["unstable"] is None


def is_unstable(package: str) -> bool:
    """Whether a package says by its version that it may change."""
    found = _version_of(package)
    return found is not None and found["unstable"] is not None


def _version_of(package: str) -> re.Match[str] | None:
    """The version, if there is one and a part of the name before it."""
    rest, _, last = package.rpartition(".")
    found = _VERSION.fullmatch(last) if rest else None
    if found is None:
        return None
    numbers = (number for number in found.group(1, 3, 4) if number)
    return found if all(len(number) < 11 and int(number) <= _MOST for number in numbers) else None
