"""``archlint rules``: all rules, or those that some selectors name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import click

from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.options import CONFIG, format_option
from archlint.cli.output import harmless, tell
from archlint.cli.session import open_session
from archlint.finding import Profile, Rule, Status
from archlint.registry import Registry, UnknownRule
from archlint.reports.characters import safe_json

FORMATS = ("text", "json", "markdown")


@click.command("rules")
@click.argument("selectors", nargs=-1, metavar="[RULES]...")
@format_option(FORMATS)
@click.option(
    "--profile",
    type=click.Choice([profile.label for profile in Profile]),
    help="Only the rules that this profile turns on.",
)
@CONFIG
def command(
    selectors: tuple[str, ...], format_name: str, profile: str | None, config_file: str | None
) -> Exit:
    """List all rules, or those that RULES name: codes, names, areas, tag:NAME."""
    session = open_session(["."], Flags(config_file=config_file))
    named = [name for given in selectors for name in given.split(",") if name]
    rules = _chosen(session.registry, named, Profile[profile.upper()] if profile else None)
    if format_name == "json":
        return tell(_json(rules), session.notices, language="json")
    render = {"text": _text, "markdown": _markdown}[format_name]
    return tell(harmless(render(rules)), session.notices)


def _chosen(registry: Registry, selectors: Sequence[str], profile: Profile | None) -> list[Rule]:
    codes = set(registry.by_code)
    if profile is not None:
        codes &= {rule.code for rule in registry.choose(profile, (), ())}
    if selectors:
        try:
            for selector in selectors:
                registry.require(selector)
        except UnknownRule as problem:
            raise UsageProblem(str(problem)) from None
        codes &= {code for selector in selectors for code in registry.codes(selector)}
    return [rule for rule in registry.rules if rule.code in codes]


def _json(rules: Sequence[Rule]) -> str:
    listed = [_fields(rule) for rule in rules]
    return safe_json(json.dumps(listed, indent=2, ensure_ascii=False)) + "\n"


def _fields(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "area": rule.area,
        "severity": rule.severity.label,
        "confidence": rule.confidence.value,
        "profile": rule.profile.label,
        "status": rule.status.value,
        "tags": list(rule.tags),
        "aliases": list(rule.aliases),
        "summary": rule.summary,
    }


def _areas(rules: Iterable[Rule]) -> Iterator[tuple[str, list[Rule]]]:
    for area, group in groupby(rules, key=lambda rule: rule.area):
        yield area, list(group)


def _text(rules: Sequence[Rule]) -> str:
    widest = max((len(rule.name) for rule in rules), default=0)
    lines: list[str] = []
    for _, group in _areas(rules):
        for rule in group:
            status = "" if rule.status is Status.STABLE else f" ({rule.status.value})"
            lines.append(
                f"{rule.code:<9} {rule.name:<{widest}}  {rule.severity.label:<7}  {rule.profile.label:<11}  "
                f"{rule.title}{status}"
            )
        lines.append("")
    count = f"{len(rules)} rule{'' if len(rules) == 1 else 's'}"
    return "\n".join([*lines, f"{count}. `archlint explain RULE` shows the page of one.", ""])


def _markdown(rules: Sequence[Rule]) -> str:
    lines = ["# Rules", ""]
    for area, group in _areas(rules):
        lines += [
            f"## {area}",
            "",
            "| code | name | severity | profile | what it finds |",
            "|---|---|---|---|---|",
        ]
        for rule in group:
            status = "" if rule.status is Status.STABLE else f" ({rule.status.value})"
            cells = (
                rule.code,
                f"`{rule.name}`",
                rule.severity.label,
                rule.profile.label,
                rule.title + status,
            )
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)
