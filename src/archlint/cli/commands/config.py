"""``archlint config``: what is in force, and from where."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any

import click

from archlint.cli.exits import Exit, UsageProblem
from archlint.cli.flags import Flags
from archlint.cli.options import CONFIG, format_option, names
from archlint.cli.output import harmless, tell
from archlint.cli.session import Session, open_session
from archlint.config import Settings
from archlint.config.schema import published_schema
from archlint.config.words import nearest
from archlint.finding import Profile
from archlint.reports.characters import safe_json

_DEFAULT = "default"
_MEANT = {
    **dict.fromkeys(("init", "new", "create", "write"), "archlint init"),
    **dict.fromkeys(("show", "list", "print", "get", "view"), "archlint config"),
    "schema": "archlint config --schema",
}
"""What is meant by words that other programs take after ``config``, where no path is called so."""


class _WithImport(click.Command):
    """A command with PATH, but for ``import``, a command of its own; such a folder is ``./import``."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of this command or of ``import``."""
        if args[:1] != ["import"]:
            if len(args) > 1 and nearest(args[0], ("import",)) and not os.path.lexists(args[0]):
                raise UsageProblem(f"there is no command 'config {args[0]}'{nearest(args[0], ('import',))}")
            return super().make_context(info_name, args, parent, **extra)
        from archlint.cli.commands.importing import command as importing

        if extra.get("resilient_parsing"):
            from archlint.cli.completion import completed

            completed(importing)
        return importing.make_context(f"{info_name} import", args[1:], parent, **extra)


@click.command(
    "config",
    cls=_WithImport,
    epilog="`archlint config import FILE` translates the configuration of another tool.",
)
@click.argument("path", default=".", metavar="[PATH]")
@CONFIG
@click.option("--profile", type=click.Choice([profile.label for profile in Profile]), help="As for check.")
@click.option("--select", multiple=True, metavar="RULES", callback=names, help="As for check.")
@click.option("--ignore", multiple=True, metavar="RULES", callback=names, help="As for check.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="As for check.")
@format_option(("text", "json"))
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the configuration, with all rules.")
def command(path: str, format_name: str, schema: bool, **given: Any) -> Exit:
    """Show what is in force for PATH (default: the current folder), and where it comes from."""
    if not os.path.lexists(path):
        meant = _MEANT.get(path)
        hint = f"; did you mean '{meant}'?" if meant else nearest(path, ("import",))
        raise UsageProblem(f"'{path}' does not exist{hint or '; name a file or folder'}")
    session = open_session([path], Flags(**given))
    if schema:
        published = published_schema(session.registry.rules)
        return tell(_as_json(published), session.notices, language="json")
    if format_name == "json":
        return tell(_json(session), session.notices, language="json")
    return tell(harmless("\n".join([*_text(session), ""])), session.notices)


def _as_json(content: Any) -> str:
    return safe_json(json.dumps(content, indent=2, ensure_ascii=False)) + "\n"


def _values(session: Session) -> dict[str, Any]:
    """Every key of a configuration file with the value in force."""
    settings, registry = session.settings, session.registry
    known = {code: rule.name for code, rule in registry.by_code.items()}
    named = {known.get(key, key): key for key in {*settings.severities, *settings.options}}
    values: dict[str, Any] = {
        "profile": settings.profile.label,
        "select": list(settings.select),
        "ignore": list(settings.ignore),
        "exclude": list(settings.exclude),
        "rules": {name: _rule(settings, named[name]) for name in sorted(named)},
        "suppress": [_entry(entry) for entry in settings.suppress],
        "events": {
            "compatibility": settings.events.compatibility,
            "versions": list(settings.events.versions),
            "subjects": dict(settings.events.subjects),
            "registry": settings.events.registry,
        },
        "breaking": {
            "stability": settings.breaking.stability,
            "deprecation-days": dict(settings.breaking.deprecation_days),
        },
        "rule-folders": list(settings.rule_folders),
    }
    ruleset = settings.ruleset.name if settings.ruleset is not None else None
    optional = (("baseline", settings.baseline), ("ruleset", ruleset), ("help-url", settings.help_url))
    for key, value in optional:
        if value is not None:
            values[key] = value
    return values


def _rule(settings: Settings, code: str) -> dict[str, Any]:
    said = dict(settings.options.get(code, {}))
    severity = settings.severities.get(code)
    return said if severity is None else {"severity": severity.label, **said}


def _entry(entry: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"rules": list(entry.rules), "paths": list(entry.paths), "reason": entry.reason}
    return said if entry.until is None else {**said, "until": entry.until.isoformat()}


def _in_force(session: Session) -> list[dict[str, Any]]:
    settings = session.settings
    return [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": settings.severities.get(rule.code, rule.severity).label,
            "options": {**rule.defaults(), **settings.options.get(rule.code, {})},
        }
        for rule in session.rules
    ]


def _json(session: Session) -> str:
    settings = session.settings
    content = {
        "root": str(session.root),
        "file": str(settings.file) if settings.file else None,
        "settings": {
            key: {"value": value, "origin": settings.origins.get(key, _DEFAULT)}
            for key, value in _values(session).items()
        },
        "rules": _in_force(session),
    }
    return _as_json(content)


def _text(session: Session) -> Iterator[str]:
    """A configuration file that says what is in force, with the origins as comments."""
    settings = session.settings
    file = json.dumps(str(settings.file), ensure_ascii=False) if settings.file else "none"
    yield f"# root: {json.dumps(str(session.root), ensure_ascii=False)}"
    yield f"# configuration: {file}"
    for key, value in _values(session).items():
        origin = f"# {settings.origins.get(key, _DEFAULT)}"
        if isinstance(value, Mapping) and key == "rules" and value:
            yield f"{key}:  {origin}"
            yield from (f"  {name}: {_flow(said)}" for name, said in value.items())
        elif isinstance(value, list) and key == "suppress" and value:
            yield f"{key}:  {origin}"
            yield from (f"  - {_flow(said)}" for said in value)
        else:
            yield f"{key}: {_flow(value)}  {origin}"
    rules = _in_force(session)
    yield ""
    yield f"# {len(rules)} {'rule' if len(rules) == 1 else 'rules'} in force:"
    widest = max((len(rule["name"]) for rule in rules), default=0)
    for rule in rules:
        options = f"  {_flow(rule['options'])}" if rule["options"] else ""
        yield f"#   {rule['code']:<9} {rule['name']:<{widest}}  {rule['severity']:<7}{options}".rstrip()


def _flow(value: Any) -> str:
    """A value as JSON, which is YAML too; a plain word as it is."""
    if isinstance(value, str) and value.isalpha():
        return value
    return json.dumps(value, ensure_ascii=False)
