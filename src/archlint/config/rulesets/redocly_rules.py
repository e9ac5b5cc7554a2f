"""One configurable rule of Redocly out of what its configuration says, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archlint.config.rulesets.redocly_merging import Said
from archlint.finding import Severity
from archlint.model.redocly.assertions import ASSERTIONS, OF_NAMES, OF_VALUES, fault_of
from archlint.model.redocly.patterns import pattern_of
from archlint.model.redocly.rules import Condition, ConfigurableRule, Demand, Target
from archlint.model.redocly.types import ANY, EXTENSION, SPECS, types_of
from archlint.model.rulesets.layers import RulesetFault, WrittenAt
from archlint.model.rulesets.patterns import Pattern, PatternError

_TYPES = frozenset((ANY, EXTENSION)).union(*(types_of(spec) for spec in SPECS))
_LEVELS = {"error": Severity.ERROR, "warn": Severity.WARNING}
_SCHEMA = "schema"
_NO_MAP = "a configurable rule is a map with 'subject' and 'assertions'"
_UNDEFINED = (
    "'{}' alone asks nothing; write 'subject' and 'assertions' here, or extend the file that has them"
)


class _Fault(Exception):
    """Something for which Redocly would refuse a rule: what, and where."""

    def __init__(self, at: WrittenAt, text: str, *, is_key: bool = False) -> None:
        super().__init__(text)
        self.at = at
        self.is_key = is_key


class RuleReader:
    """Reads rules, each once for each severity, and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[RulesetFault] = []
        self._read: dict[tuple[int, str | None], tuple[Said, ConfigurableRule | None]] = {}

    def rule(self, name: str, said: Said) -> ConfigurableRule | None:
        """A rule; ``None`` for one with a fault."""
        key = (id(said.value), said.level)
        if key not in self._read:
            self._read[key] = (said, self._rule(name, said))
        return self._read[key][1]

    def _rule(self, name: str, said: Said) -> ConfigurableRule | None:
        try:
            return _rule(name, said)
        except _Fault as fault:
            self.faults.append(RulesetFault(fault.at, f"rule '{name}': {fault}", fault.is_key))
            return None


def _rule(name: str, whole: Said) -> ConfigurableRule:
    said, at, level = whole.value, whole.at, whole.severity
    if not isinstance(said, dict):
        raise _Fault(at, _UNDEFINED.format(level) if isinstance(level, str) else _NO_MAP)
    if not isinstance(level, str) or level not in _LEVELS:
        raise _Fault(whole.severity_at, "the severity is error, warn or off")
    not_run: list[str] = []
    condition = _condition(said, at, not_run)
    where = said.get("where")
    if not isinstance(where, list | None):
        raise _Fault(at.below("where"), "'where' must be a list of subjects with assertions")
    beside: list[str] = []
    conditions = [
        _condition(each, at.below("where", index), beside) for index, each in enumerate(where or ())
    ]
    if beside:
        not_run = [f"{text}, and it stands in 'where', so nothing of the rule is run" for text in beside]
    unknown = [each.subject.type for each in (condition, *conditions) if each.subject.type not in _TYPES]
    not_run += [f"'{each}' is no type of element of OpenAPI, so the rule is not run" for each in unknown]
    message, link = said.get("message"), said.get("reference")
    return ConfigurableRule(
        name,
        Condition(condition.subject, ()) if beside or unknown else condition,
        _LEVELS[level],
        tuple(conditions),
        message if isinstance(message, str) else None,
        link if isinstance(link, str) else "",
        at,
        tuple(not_run),
    )


def _condition(said: Any, at: WrittenAt, not_run: list[str]) -> Condition:
    """A subject with its assertions; ``not_run`` gets those that are programs."""
    said = said if isinstance(said, dict) else {}
    subject = _subject(said.get("subject"), at.below("subject"))
    assertions = said.get("assertions")
    if not isinstance(assertions, dict):
        raise _Fault(at, "'assertions' is a map of what is asked")
    return Condition(subject, tuple(_demands(assertions, subject, at.below("assertions"), not_run)))


def _subject(said: Any, at: WrittenAt) -> Target:
    if not isinstance(said, dict) or not isinstance(said.get("type"), str):
        raise _Fault(at, "'subject' is a map with the 'type' of the elements that are looked at")
    named = said.get("property")
    among, besides = _texts(said, "filterInParentKeys"), _texts(said, "filterOutParentKeys")
    return Target(
        said["type"],
        tuple(filter(None, map(str, named if isinstance(named, list) else [named or ""]))),
        None if among is None else frozenset(among),
        frozenset(besides or ()),
        _pattern(said.get("matchParentKeys"), at.below("matchParentKeys")),
    )


def _texts(said: Mapping[str, Any], key: str) -> list[str] | None:
    value = said.get(key)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else None


def _pattern(text: Any, at: WrittenAt) -> Pattern | None:
    if not isinstance(text, str):
        return None
    try:
        return pattern_of(text)
    except PatternError as error:
        raise _Fault(at, str(error)) from None


def _demands(
    assertions: Mapping[str, Any], subject: Target, at: WrittenAt, not_run: list[str]
) -> Iterator[Demand]:
    for name, condition in assertions.items():
        here = at.below(name)
        if "/" in name or name == _SCHEMA:
            kind = "is a function of a plugin" if "/" in name else "judges by a schema"
            not_run.append(f"assertion '{name}' {kind} and is not run")
            continue
        if name not in ASSERTIONS:
            known = ", ".join(sorted(ASSERTIONS))
            raise _Fault(here, f"there is no assertion '{name}'; it is one of {known}", is_key=True)
        fault = fault_of(name, condition)
        if fault is not None:
            raise _Fault(here, fault)
        if name in OF_NAMES and subject.properties:
            raise _Fault(
                here, f"'{name}' is about the names of all members; leave out 'property'", is_key=True
            )
        if name in OF_VALUES and not subject.properties:
            raise _Fault(here, f"'{name}' is about properties; name one with 'property'", is_key=True)
        if name in ("pattern", "notPattern", "ref"):
            _pattern(condition, here)
        yield Demand(name, condition)
