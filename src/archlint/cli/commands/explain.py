"""``archlint explain``: the page of a rule, for reading in a terminal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.options import CONFIG
from archlint.cli.output import harmless, tell
from archlint.cli.session import open_session
from archlint.cli.terminal import wants_color
from archlint.finding import Rule, Status
from archlint.finding.regex import regex
from archlint.finding.words import listed
from archlint.registry import PageError, Registry, split_page

_FENCE = regex(r"(`{3,}|~{3,})(.*)")
_INLINE = regex(r"\*\*(.+?)\*\*|`([^`]+)`|\[([^\[\]]+)\]\(([^()\s]+)\)")
_MARKER = regex(r"\s*(?:\^+|~+)(?: .*)?$")
_ATTRIBUTE = regex(r"\b(file|rev|options)=(\{.*\}|\S+)")
_MOST_BEGUN = 8
"""Rules that are named whose codes or names begin with what was written."""
_BOLD, _DIM, _CYAN, _END = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"


@click.command("explain")
@click.argument("rule")
@CONFIG
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="For reading, or the page as it is.",
)
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colours."
)
def command(rule: str, config_file: str | None, format_name: str, color: str) -> Exit:
    """Show the page of RULE: a code, a name, or another tool's name for it (kube-score:pod-probes)."""
    session = open_session(["."], Flags(config_file=config_file))
    found = _named(session.registry, rule)
    if format_name == "markdown":
        text = "\n".join(_body(each) for each in found)
    else:
        text = "\n".join(_Page(each, wants_color(color, sys.stdout)).text() for each in found)
    notices = list(session.notices)
    return tell(text, notices)


def _named(registry: Registry, name: str) -> list[Rule]:
    """The rules that a name means: one, or all that have it as an alias; raises ``UsageProblem``."""
    rule = registry.find(name) or registry.find(name.upper()) or registry.find(name.lower())
    if rule is not None:
        return [rule]
    found = [
        rule for rule in registry.rules if name.lower() in map(str.lower, (*rule.aliases, *rule.ignored_as))
    ]
    if found:
        return found
    if registry.matches(name):
        raise UsageProblem(f"'{name}' names several rules; `archlint rules {name}` lists them")
    raise UsageProblem(f"no rule is called '{name}'{_hint(registry, name)}")


def _hint(registry: Registry, name: str) -> str:
    from difflib import get_close_matches

    known = {
        word.lower(): word
        for rule in registry.rules
        for word in (rule.name, rule.code, *rule.aliases, *rule.ignored_as)
    }
    begun = sorted(rule.code for rule in registry.rules if _begins(rule, name))
    if len(begun) > 1:
        return f"; {len(begun)} rules begin so: {listed(begun, _MOST_BEGUN)}"
    if begun:
        return f"; did you mean '{begun[0]}'?"
    near = get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    return f"; did you mean '{known[near[0]]}'?" if near else "; `archlint rules` lists all"


def _begins(rule: Rule, name: str) -> bool:
    """Whether somebody may have begun to write a rule's code or name so."""
    return len(name) > 2 and (rule.code.startswith(name.upper()) or rule.name.startswith(name.lower()))


def _body(rule: Rule) -> str:
    if rule.text:
        return harmless(rule.text)
    try:
        return harmless(split_page(Path(rule.page).read_text("utf-8"), rule.page).body)
    except (OSError, PageError) as problem:
        raise UsageProblem(f"the page of {rule.code} cannot be read: {problem}") from None


class _Page:
    """A rule's page as plain lines, with colours if they are wanted."""

    def __init__(self, rule: Rule, color: bool) -> None:
        self._rule = rule
        self._color = color

    def text(self) -> str:
        """The whole page."""
        body = _body(self._rule).strip().split("\n")
        return "\n".join([*self._head(), *self._lines(body), ""])

    def _style(self, text: str, style: str) -> str:
        return f"{style}{text}{_END}" if self._color and text else text

    def _head(self) -> Iterator[str]:
        rule = self._rule
        yield self._style(f"{rule.code} {rule.name}", _BOLD)
        facts = [rule.severity.label, f"confidence {rule.confidence.value}", f"profile {rule.profile.label}"]
        if rule.status is not Status.STABLE:
            facts.append(rule.status.value)
        if rule.since:
            facts.append(f"since {rule.since}")
        yield ", ".join(facts)
        for label, names in (
            ("tags", rule.tags),
            ("formerly", rule.formerly),
            ("elsewhere", (*rule.aliases, *rule.ignored_as)),
        ):
            if names:
                yield harmless(f"{label}: {', '.join(names)}")
        for name, schema in rule.options.items():
            said = (
                f"  {schema['description']}" if isinstance(schema, dict) and "description" in schema else ""
            )
            default = schema.get("default") if isinstance(schema, dict) else None
            yield harmless(f"option {name}: {json.dumps(default, ensure_ascii=False)}{said}")
        yield ""

    def _lines(self, body: list[str]) -> Iterator[str]:
        fence = ""
        for line in body:
            found = _FENCE.match(line)
            if fence:
                if found and found[1].startswith(fence) and not found[2].strip():
                    fence = ""
                else:
                    yield "    " + (self._style(line, _CYAN) if _MARKER.match(line) else line)
            elif found:
                fence = found[1]
                yield from self._example(found[2].strip())
            elif line.startswith("#"):
                yield self._style(line.lstrip("# "), _BOLD)
            else:
                yield _INLINE.sub(self._inline, line)

    def _example(self, info: str) -> Iterator[str]:
        words = info.split()
        said = {"bad": "Reported", "good": "Not reported"}.get(words[1] if len(words) > 1 else "", "")
        more = ", ".join(
            "before the change"
            if found[1] == "rev"
            else found[2]
            if found[1] == "file"
            else f"with {found[2]}"
            for found in _ATTRIBUTE.finditer(info)
        )
        if said:
            yield self._style(f"{said} ({more}):" if more else f"{said}:", _DIM)
            yield ""

    def _inline(self, found: re.Match[str]) -> str:
        if found[3]:
            return f"{found[3]} ({found[4]})"
        return self._style(found[1], _BOLD) if found[1] else self._style(f"`{found[2]}`", _CYAN)
