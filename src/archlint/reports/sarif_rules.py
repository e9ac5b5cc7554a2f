"""Rules as SARIF descriptors: messages with numbered placeholders, help from the rule's page, ratings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from archlint.finding import Confidence, Finding, Rule, Severity
from archlint.finding.regex import regex
from archlint.reports.characters import valid

"""Where the project and the pages of its rules are published. The name is one that nobody can register."""
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEM_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_PRECISIONS = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
_NAME = r"\{[a-z_][a-z0-9_]*\}"
_PLACEHOLDER = regex(r"\{([a-z_][a-z0-9_]*)\}")
_DYNAMIC = regex(
    rf"(?<!\w)'(?P<quoted>(?=\S)[^'{{}}]*(?:{_NAME}[^'{{}}]*)+)(?<=\S)'(?!\w)"
    rf"|(?P<mark>[\"`]?)(?P<bare>{_NAME})(?P=mark)"
)
"""What differs between two messages of a rule: a quoted text with placeholders, or a placeholder alone."""
_FILE_PART = "{file of the finding}"
"""Stands for the file where a message has nothing else that is dynamic."""
_BRACE = regex(r"[{}]")
_FENCE = regex(r"^(?P<fence>```++|~~~++)(?P<language>[\w+-]*+)(?P<rest>.*+)$")
_FILE = regex(r"\bfile=(\S+)")


def descriptor(rule: Rule, page: str, link: str | None) -> dict[str, Any]:
    """The SARIF ``reportingDescriptor`` of a rule; ``page`` is the markdown body of its page at ``link``."""
    markdown = help_markdown(page) or rule.title
    described: dict[str, Any] = {
        "id": rule.code,
        "name": rule.pascal_name,
        "shortDescription": {"text": _sentence(rule.title)},
        "fullDescription": {"text": _sentence(rule.summary or rule.title)},
        "help": {"text": help_text(markdown), "markdown": markdown},
        **({"helpUri": link} if link else {}),
        "messageStrings": {
            name: {"text": numbered(message)[0]}
            for name, message in sorted(rule.messages.items())
            if not _PLACEHOLDER.fullmatch(message)
        },
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": _properties(rule),
    }
    if rule.formerly:
        described["deprecatedNames"] = [_pascal(name) for name in rule.formerly]
    return described


def unknown(finding: Finding) -> dict[str, Any]:
    """A descriptor for a rule of which nothing is known but a finding."""
    return {
        "id": finding.code,
        "name": _pascal(finding.rule),
        "shortDescription": {"text": _sentence(finding.rule)},
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
    }


def _properties(rule: Rule) -> dict[str, Any]:
    """What GitHub reads: tags, how often the rule is right, and how grave a weakness is."""
    properties: dict[str, Any] = {
        "tags": list(rule.tags),
        "precision": _PRECISIONS[rule.confidence],
        "problem.severity": _PROBLEM_SEVERITIES[rule.severity],
    }
    if rule.security_severity > 0:
        properties["security-severity"] = f"{rule.security_severity:.1f}"
    return properties


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else text + "."


def numbered(template: str) -> tuple[str, list[str]]:
    """A message as SARIF wants it: a sentence in which each dynamic part is a quoted number, ``'{0}'``.

    The second value has the dynamic parts by number. Braces that are no placeholder are doubled.
    """
    dynamic: list[str] = []
    parts: list[str] = []
    end = 0
    for found in _DYNAMIC.finditer(template):
        part = found["quoted"] or found["bare"]
        if part not in dynamic:
            dynamic.append(part)
        parts.append(_BRACE.sub(r"\g<0>\g<0>", template[end : found.start()]))
        parts.append(f"'{{{dynamic.index(part)}}}'")
        end = found.end()
    parts.append(_BRACE.sub(r"\g<0>\g<0>", template[end:]))
    text = "".join(parts)
    sentence = text if text.endswith(".") else text + "."
    # A message that is the same everywhere names the file: each wants something dynamic (SARIF2014).
    return (sentence, dynamic) if dynamic else (f"In '{{0}}': {sentence}", [_FILE_PART])


def arguments(finding: Finding, messages: Mapping[str, str]) -> list[str] | None:
    """The values of the dynamic parts of the finding's message, by number.

    ``None`` if the message is not what the rule's page makes of them, such as one written by hand, or if it
    is nothing but a value: that is a sentence by itself, and no name to be quoted.
    """
    template = messages.get(finding.message_id)
    if template is None or _PLACEHOLDER.fullmatch(template) or _filled(template, finding) != finding.message:
        return None
    return [
        finding.location.path if part == _FILE_PART else _filled(part, finding)
        for part in numbered(template)[1]
    ]


def _filled(template: str, finding: Finding) -> str:
    return _PLACEHOLDER.sub(lambda found: finding.arguments.get(found[1], found[0]), template)


def help_markdown(page: str) -> str:
    """The page for a reader: what is good and bad stands before each example, the title is left out."""
    lines: list[str] = []
    fence = ""
    for line in valid(page).strip().splitlines():
        found = _FENCE.match(line)
        if fence:
            lines.append(line)
            if line.rstrip() == fence:
                fence = ""
        elif found:
            fence = found["fence"]
            lines += [*_caption(found["rest"]), fence + found["language"]]
        elif not line.startswith("# "):
            lines.append(line)
    return "\n".join(lines).strip()


def _caption(info: str) -> list[str]:
    words = info.split()
    if not words or words[0] not in ("bad", "good"):
        return []
    file = _FILE.search(info)
    named = f" (`{file[1]}`)" if file else ""
    before = ", before the change" if "rev=base" in words else ""
    return [f"{words[0].capitalize()}{named}{before}:", ""]


def help_text(markdown: str) -> str:
    """The help for viewers that show no markdown: without fences, marks of headings and code marks."""
    lines: list[str] = []
    fence = ""
    for line in markdown.splitlines():
        found = _FENCE.match(line)
        if fence and line.rstrip() == fence:
            fence = ""
        elif not fence and found:
            fence = found["fence"]
        elif fence:
            lines.append(f"    {line}".rstrip())
        else:
            words = line.lstrip("#").strip().replace("`", "")
            lines.append(re.sub(r"\[([^\[\]]+)\]\([^()]+\)", r"\1", words))
    return "\n".join(lines).strip()
