"""A rule page: front matter, documentation and executable examples in one Markdown file."""

from __future__ import annotations

import re
from typing import Any

from archlint.finding import Confidence, Profile, Rule, Severity, Status
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

_FRONT = regex(r"\A---\n(.*?\n)---\n(.*)\Z", re.DOTALL)
_GRAVEST = 10.0
_TITLE = regex(r"^# +(\S.*)$", re.MULTILINE)
_CODE = regex(r"[A-Z]{2,8}[0-9]{3}\Z")
_NAME = regex(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
_KNOWN = frozenset(
    {
        *("code", "name", "formerly", "status", "severity", "confidence", "profile", "tags"),
        *("security-severity", "fix", "since", "aliases", "ignored-as", "options", "messages"),
        *("match", "where", "assert", "place", "presets"),
    }
)

PRESET = "preset:"
"""How the tag of a preset begins."""

POLICY_PROVIDER = "cel"
"""The provider of rules without a check function: their pages have an expression instead."""
HOUSE_PROVIDER = "spectral"
"""The provider of rules that a ruleset of Spectral defines."""
REDOCLY_PROVIDER = "redocly"
"""The provider of configurable rules of Redocly."""


class PageError(Exception):
    """A rule page that is not as it must be; the text names the page and what to write."""


@dataclass(frozen=True, slots=True)
class Page:
    """The front matter and the body of a rule page."""

    front: dict[str, Any]
    body: str


def split_page(text: str, path: str) -> Page:
    """Separate front matter from body; raises ``PageError``.

    A page may be a repository's own, so it is read within the bounds that hold for every document.
    """
    from archlint.documents import load_text
    from archlint.files import Kind

    found = _FRONT.match(text.replace("\r\n", "\n"))
    if found is None:
        raise PageError(f"{path}: a rule page begins with front matter between two lines '---'")
    loaded = load_text("", found[1], Kind.DATA)
    for problem in loaded.problems:
        line = problem.span.line + 1 if problem.span else 1
        raise PageError(f"{path}:{line}: {problem.message}")
    for repeated in loaded.duplicates:
        raise PageError(f"{path}:{repeated.span.line + 1}: '{repeated.key}' is set twice")
    front = loaded.documents[0].data if loaded.documents else None
    if not isinstance(front, dict):
        raise PageError(f"{path}: the front matter must be a map")
    return Page(front, found[2])


def body_of(text: str) -> str:
    """What a page says below its front matter, which is not read, as that takes most of ``split_page``."""
    found = _FRONT.match(text.replace("\r\n", "\n"))
    return text if found is None else found[2]


def rule_of(page: Page, path: str, provider: str) -> Rule:
    """The rule that a page declares; raises ``PageError`` for a front matter that is wrong."""
    front = page.front
    unknown = sorted(set(map(str, front)) - _KNOWN)
    if unknown:
        raise PageError(f"{path}: unknown key '{unknown[0]}' in the front matter")
    title = _TITLE.search(page.body)
    try:
        code, name = str(front["code"]), str(front["name"])
        if not _CODE.match(code) or not _NAME.match(name):
            raise PageError(f"{path}: 'code' is 2 to 8 capitals and three digits, 'name' is kebab-case")
        presets = _presets(front)
        messages = {str(key): str(value) for key, value in front["messages"].items()}
        return Rule(
            code=code,
            name=name,
            title=title[1].rstrip() if title else name,
            summary=_summary(page.body),
            severity=Severity.parse(str(front.get("severity", "warning"))),
            confidence=Confidence(front.get("confidence", "high")),
            profile=Profile[str(front.get("profile", "recommended")).upper()],
            status=Status(front.get("status", "stable")),
            messages=messages,
            formerly=_texts(front, "formerly"),
            tags=(
                *_texts(front, "tags"),
                *(f"{PRESET}{each}" for each in sorted(presets) if presets[each] is not False),
            ),
            security_severity=_security_severity(front),
            fix=str(front.get("fix", "none")),
            since=str(front.get("since", "")),
            aliases=_texts(front, "aliases"),
            ignored_as=_texts(front, "ignored-as"),
            options=dict(front.get("options") or {}),
            presets=presets,
            page=path,
            provider=provider,
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise PageError(f"{path}: the front matter lacks or misuses {error}") from None


def _presets(front: dict[str, Any]) -> dict[str, Any]:
    """The presets by name; raises ``ValueError`` for options that the rule does not have."""
    found = {str(name): value for name, value in (front.get("presets") or {}).items()}
    for value in found.values():
        if value is not False and not set(value) <= set(front.get("options") or {}):
            raise ValueError("'presets', which names an option that there is not")
    return found


def _security_severity(front: dict[str, Any]) -> float:
    value = front.get("security-severity", 0)
    if not isinstance(value, (int, float)) or not 0 <= value <= _GRAVEST:
        raise ValueError("'security-severity', which must be a number from 0 to 10")
    return float(value)


def _texts(front: dict[str, Any], key: str) -> tuple[str, ...]:
    value = front.get(key) or ()
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"'{key}', which must be a list")
    return tuple(map(str, value))


def _summary(body: str) -> str:
    """The first paragraph below the title, on one line."""
    after = body.split("\n# ", 1)[-1] if not body.startswith("# ") else body
    paragraphs = [part.strip() for part in after.split("\n\n")]
    plain = [part for part in paragraphs[1:] if part and not part.startswith(("#", "```"))]
    return " ".join(plain[0].split()) if plain else ""
