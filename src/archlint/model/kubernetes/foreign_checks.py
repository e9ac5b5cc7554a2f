"""The checks that other linters of manifests have, by the names that their ignores use.

Most of them are the aliases of a rule; the rest is known so that an ignore of theirs is not taken for a slip.
checkov and trivy number their checks, so for these the numbers are known; the names of the others are in
`foreign_checks.json`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from archlint.finding.regex import regex

_CHECKOV = regex(r"CKV(2?)_K8S_([0-9]{1,4})\Z")
_CHECKOV_NUMBERS = frozenset((*range(1, 46), 49, *range(68, 122), *range(138, 161)))
_CHECKOV_GRAPHS = frozenset(range(1, 7))
_TRIVY = regex(r"(?:AVD-)?KSV-?([0-9]{3,5})\Z", 2)  # 2: in capital or small letters
_TRIVY_NUMBERS = frozenset((*range(1, 60), *range(102, 126), 1010, 1011))
_SHORT = 4
"""How many digits a number has at least that trivy writes today."""

_LONGEST = 100
"""Characters of a name that is compared with others."""

ID_FORMS = {"checkov": "such as CKV_K8S_16", "trivy": "such as KSV-0017"}
"""What the checks of tools look like that number them."""


@cache
def named_checks() -> dict[str, frozenset[str]]:
    """The checks of the tools that name them."""
    text = Path(__file__).with_name("foreign_checks.json").read_text("utf-8")
    return {tool: frozenset(checks) for tool, checks in json.loads(text).items()}


def same_check(tool: str, written: str) -> str:
    """A name of a check in the one form that it is compared in."""
    found = _TRIVY.match(written) if tool == "trivy" else None
    return written if found is None else f"KSV-{_canonical(found[1])}"


def _canonical(digits: str) -> str:
    """Numbers were written with three digits once, and are with at least four today."""
    return digits if len(digits) > _SHORT else digits.rjust(_SHORT, "0")


def is_known(tool: str, check: str) -> bool:
    """Whether a tool has a check of its own of this name; ``check`` is in the form of ``same_check``."""
    if tool == "checkov":
        found = _CHECKOV.match(check)
        return found is not None and int(found[2]) in (_CHECKOV_GRAPHS if found[1] else _CHECKOV_NUMBERS)
    if tool == "trivy":
        number = _TRIVY.match(check)
        return number is not None and int(number[1]) in _TRIVY_NUMBERS
    return check in named_checks()[tool]


def nearest_check(tool: str, written: str) -> str:
    """The check of a tool that may have been meant; empty if none is near."""
    if len(written) > _LONGEST:
        return ""
    from difflib import get_close_matches

    near = get_close_matches(written, sorted(named_checks().get(tool, ())), 1, 0.7)
    return near[0] if near else ""
