"""Writes a translation as an ``archlint.yaml`` with comments that say where each line comes from."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from archlint.config.foreign.translation import PROFILE, Switch, Translation
from archlint.finding.regex import regex
from archlint.reports.characters import safe_json, visible

_PLAIN = regex(r"[A-Za-z][A-Za-z0-9-]*\Z")
_READ_OTHERWISE = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_MOST_NAMED = 3
_WIDTH = 100


def render(translation: Translation, name: str) -> str:
    """The text of the configuration."""
    return "\n".join([*_lines(translation, name), ""])


def _lines(made: Translation, name: str) -> Iterator[str]:
    yield f"# {_word(name)}, a configuration of {made.tool}, as archlint's: made by `archlint config import`."
    yield f"# What is on or off in {made.tool} is so here; what it does not look at is as the profile has it."
    yield f"profile: {PROFILE.label}"
    yield from _switched("select", f"On in {made.tool}, and not in the profile.", made.selected, made.sets)
    yield from _switched("ignore", f"Off in {made.tool}.", made.ignored, made.names_off)
    if made.runs_ruleset:
        yield from ("", *_kept(made), f"ruleset: {_value(made.ruleset)}")
    if made.exclude:
        yield from (
            "",
            f"# Not looked at by {made.tool}. No rule of archlint looks at them either.",
            "exclude:",
        )
        yield from (f"  - {_value(pattern)}" for pattern in made.exclude)
    if made.settings:
        yield from ("", "# Severities and options.", "rules:")
        yield from (f"  {name}: {_value(said)}" for name, said in made.settings.items())
    if made.suppress:
        yield from ("", f"# Findings that {made.tool} was told to allow.", "suppress:")
        for entry in made.suppress:
            yield f"  - rules: {_value(entry.rules)}"
            yield f"    paths: {_value(entry.paths)}"
            if entry.elements:
                yield f"    elements: {_value(entry.elements)}"
            yield f"    reason: {_value(entry.reason)}"
    if made.lost:
        yield from ("", "# Without a counterpart:")
        for lost in made.lost:
            yield from _wrapped(f"{', '.join(map(_word, lost.what))}: {_word(lost.why)}")


def _kept(made: Translation) -> Iterator[str]:
    """What the ruleset is kept for."""
    if made.says_all:
        yield "# It runs as it is: its own rules, and what is on, off and how grave of archlint's, also in"
        yield "# its overrides. What is said in this file of one of these rules counts more than the ruleset."
    else:
        yield "# Rules that it defines itself run as they are."


def _switched(key: str, said: str, switches: Sequence[Switch], selectors: Collection[str]) -> Iterator[str]:
    if switches or selectors:
        yield from ("", f"# {said}", f"{key}:")
        yield from (f"  - {_value(selector)}" for selector in selectors)
        for switch in switches:
            named = ", ".join(map(_word, switch.checks[:_MOST_NAMED]))
            more = len(switch.checks) - _MOST_NAMED
            rest = f" and {more} more" if more > 0 else ""
            yield f"  - {switch.rule.name}  # {switch.rule.code}; {named}{rest}"


def _wrapped(text: str) -> Iterator[str]:
    from textwrap import wrap

    yield from wrap(
        text,
        _WIDTH,
        initial_indent="# * ",
        subsequent_indent="#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _word(text: str) -> str:
    """A text within a comment, which ends at any end of a line."""
    return visible(" ".join(text.split()))


def _value(value: Any) -> str:
    """A value in flow style; JSON is YAML, and a plain word needs no quotes."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_value(key)}: {_value(item)}' for key, item in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str) and _PLAIN.match(value) and value.lower() not in _READ_OTHERWISE:
        return value
    return safe_json(json.dumps(value, ensure_ascii=False))
