"""Configurable rules of Redocly as rules of archlint: each has a code, a page and a check."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from archlint.adapters.rulesets import MESSAGES, Judged, called, code_of, contract_of, led_by, unfinished
from archlint.checks import Check, Observation, Options, Scope, observe
from archlint.finding import Confidence, Profile, Rule, Status
from archlint.model.redocly.rules import Condition, ConfigurableRule, RedoclyRules
from archlint.model.world import World
from archlint.registry import REDOCLY_PROVIDER

_TOOL = "redocly"


def redocly_rules(config: RedoclyRules, taken: Sequence[Rule]) -> list[Rule]:
    """The rules that a configuration defines; ``taken`` are all others."""
    codes = {rule.code for rule in taken}
    names = {name for rule in taken for name in (rule.code, rule.name)}
    found: list[Rule] = []
    for name, rule in sorted(config.defined().items()):
        code = code_of(name, codes)
        codes.add(code)
        found.append(_rule(rule, code, called(name.removeprefix("rule/"), names), config))
    return found


def _rule(rule: ConfigurableRule, code: str, name: str, config: RedoclyRules) -> Rule:
    return Rule(
        code=code,
        name=name,
        title=_title(rule),
        summary="",
        severity=rule.severity,
        confidence=Confidence.HIGH,
        profile=Profile.MINIMAL,
        status=Status.STABLE,
        messages=MESSAGES,
        tags=("house",),
        aliases=(f"{_TOOL}:{rule.name}",),
        provider=REDOCLY_PROVIDER,
        text=_page(rule, config),
        help_url=rule.help_url,
    )


def _title(rule: ConfigurableRule) -> str:
    """The message of the house, unless that is about single findings."""
    if rule.message and rule.message.strip() and "{{" not in rule.message:
        return " ".join(rule.message.split()).rstrip(".")
    asked = ", ".join(each.name for each in rule.condition.demands)
    return f"{_about(rule.condition)}: {asked}"


def _about(condition: Condition) -> str:
    subject = condition.subject
    named = f" {', '.join(subject.properties)}" if subject.properties else ""
    return f"{subject.type}{named}"


def _page(rule: ConfigurableRule, config: RedoclyRules) -> str:
    """What ``archlint explain`` shows: what the configuration says of the rule, and where."""
    at = f"{rule.at.document.path}:{rule.at.place.span().line}" if rule.at else config.name
    lines = [f"# {rule.name}", "", f"A rule of this house, defined in {at}.", ""]
    lines += [f"Where {_words(each)}:" for each in rule.where]
    lines += [_words(rule.condition), ""]
    if rule.message:
        lines += [f"Told as: {' '.join(rule.message.split())}", ""]
    if rule.help_url:
        lines += [f"More: {rule.help_url}", ""]
    return "\n".join(lines)


def _words(condition: Condition) -> str:
    asked = ", ".join(
        f"{each.name} {json.dumps(each.condition, ensure_ascii=False)}" for each in condition.demands
    )
    return f"`{_about(condition)}`: {asked or 'any'}"


def redocly_checks(rules: Sequence[Rule]) -> dict[str, Check]:
    """The checks of rules of a configuration, which is the world's, by rule name."""
    names = frozenset(_name(rule) for rule in rules)
    batch = _Batch(names)
    return {rule.name: Check(rule.name, Scope.WORLD, Judged, batch.check(rule)) for rule in rules}


class _Batch:
    """All rules of a configuration that are in force, run together."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def check(self, rule: Rule) -> Callable[..., Iterator[Observation]]:
        """The check of one of them."""
        name = _name(rule)

        def judge(subject: Judged, world: World, options: Options) -> Iterator[Observation]:
            yield from world.fact(self.said).get(name, ())

        return judge

    def said(self, world: World) -> dict[str, list[Observation]]:
        """What each rule says of the contracts of a world."""
        if world.redocly is None:
            return {}
        from archlint.model.redocly.judging import Told, told_of

        found: dict[str, list[Observation]] = {}
        for said in told_of(world, world.redocly, self._names):
            seen = _observation(said) if isinstance(said, Told) else _limit(said)
            found.setdefault(said.rule.name, []).append(seen)
        return found


def _name(rule: Rule) -> str:
    return rule.aliases[0].removeprefix(f"{_TOOL}:")


def _observation(said: Any) -> Observation:
    node = said.node
    is_whole = said.at_key or node.is_map or node.is_list or len(node.route) < len(said.route)
    missing = said.route[len(node.route) :]
    return observe(
        node.place() if is_whole else node.value_place(),
        object=contract_of(node.document),
        identity=(*node.document.names(node.route), *map(str, missing)),
        severity=said.rule.severity,
        related=led_by(said.contract, said.document),
        text=said.text,
        element=said.pointer,
    )


def _limit(said: Any) -> Observation:
    return unfinished(said.rule.at.place, said.rule.name, said.path, said.reason)
