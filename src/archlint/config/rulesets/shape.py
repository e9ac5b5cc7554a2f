"""What is wrong with what a ruleset says, each thing at its place; what is right is taken all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from archlint.finding.regex import regex
from archlint.model.rulesets.formats import named_format
from archlint.model.rulesets.layers import RulesetFault, WrittenAt
from archlint.model.rulesets.merging import AliasFault, expanded, level_of

_TOP = frozenset(
    (
        *("rules", "extends", "aliases", "overrides", "functions", "functionsDir", "formats", "except"),
        *("parserOptions", "documentationUrl", "description"),
    )
)
_RULE = frozenset(
    (
        *("given", "then", "severity", "message", "description", "documentationUrl", "recommended", "type"),
        *("resolved", "formats", "tags", "extensions"),
    )
)
_KINDS: Mapping[str, tuple[type, str]] = {
    **dict.fromkeys(("rules", "aliases", "parserOptions", "except"), (dict, "a map")),
    **dict.fromkeys(("overrides", "functions"), (list, "a list")),
    **dict.fromkeys(("functionsDir", "documentationUrl", "description"), (str, "a text")),
}
"""What the keys of a ruleset are."""
_TEXTS = ("message", "description", "documentationUrl")
_FLAGS = ("recommended", "resolved")
_ALIAS_NAME = regex(r"[A-Za-z][A-Za-z0-9_-]*+\Z")
_SEVERITY_WORDS = "write error, warn, info, hint or off"

OptionCheck = Callable[[str, Any], Sequence[str]]
"""Says what is wrong with the options of one of Spectral's functions."""


class Shape:
    """Judges rulesets; ``functions`` are the names of those that are run."""

    def __init__(self, functions: frozenset[str], options: OptionCheck) -> None:
        self._functions = functions
        self._options = options

    def faults(self, data: Mapping[str, Any], at: WrittenAt) -> Iterator[RulesetFault]:
        """What is wrong with a ruleset or an override, apart from its rules."""
        for key in data:
            if key not in _TOP and not key.startswith("x-") and key != "files":
                yield RulesetFault(at.below(key), f"a ruleset has no key '{key}'", is_key=True)
        if not any(key in data for key in ("rules", "extends", "overrides")):
            yield RulesetFault(at, "a ruleset has 'rules', 'extends' or 'overrides'; this one has none")
        for key, (kind, text) in _KINDS.items():
            if key in data and not isinstance(data[key], kind):
                yield RulesetFault(at.below(key), f"'{key}' must be {text}")
        yield from _format_faults(data.get("formats"), at.below("formats"))
        aliases = data.get("aliases")
        for name, alias in aliases.items() if isinstance(aliases, dict) else ():
            yield from _alias_faults(name, alias, at.below("aliases", name))
        options = data.get("parserOptions")
        for key, value in options.items() if isinstance(options, dict) else ():
            if key not in ("duplicateKeys", "incompatibleValues"):
                yield RulesetFault(at.below("parserOptions", key), f"'parserOptions' has no key '{key}'")
            elif level_of(value) is None:
                text = f"'{value}' is no severity, {_SEVERITY_WORDS}"
                yield RulesetFault(at.below("parserOptions", key), text)

    def rule_faults(
        self, name: str, said: Any, at: WrittenAt, aliases: Mapping[str, Any], known: frozenset[str]
    ) -> Iterator[RulesetFault]:
        """What is wrong with an entry of ``rules``; ``known`` are rules of what is extended."""
        if isinstance(said, dict):
            yield from self._definition_faults(name, said, at, aliases)
        elif not isinstance(said, bool) and level_of(said) is None:
            yield RulesetFault(at, f"rule '{name}' is no definition and no severity, {_SEVERITY_WORDS}")
        elif name not in known:
            text = f"no ruleset that is extended has a rule '{name}', so it cannot be switched"
            yield RulesetFault(at, text, is_key=True)

    def _definition_faults(
        self, name: str, said: Mapping[str, Any], at: WrittenAt, aliases: Mapping[str, Any]
    ) -> Iterator[RulesetFault]:
        for key in said:
            if key not in _RULE and not key.startswith("x-"):
                yield RulesetFault(at.below(key), f"a rule has no key '{key}'", is_key=True)
        for key in ("given", "then"):
            if key not in said:
                yield RulesetFault(at, f"rule '{name}' has no '{key}', so nothing can be judged")
        for key in _TEXTS:
            if key in said and not isinstance(said[key], str):
                yield RulesetFault(at.below(key), f"'{key}' must be a text")
        for key in _FLAGS:
            if key in said and not isinstance(said[key], bool):
                yield RulesetFault(at.below(key), f"'{key}' must be true or false")
        if "severity" in said and level_of(said["severity"]) is None:
            text = f"'{said['severity']}' is no severity, {_SEVERITY_WORDS}"
            yield RulesetFault(at.below("severity"), text)
        yield from _format_faults(said.get("formats"), at.below("formats"))
        if "given" in said:
            yield from _given_faults(said["given"], at.below("given"), aliases)
        then = said.get("then", [])
        for step, item in enumerate(then) if isinstance(then, list) else ():
            yield from self._then_faults(item, at.below("then", step))
        if not isinstance(then, list):
            yield from self._then_faults(then, at.below("then"))

    def _then_faults(self, then: Any, at: WrittenAt) -> Iterator[RulesetFault]:
        if not isinstance(then, dict) or not isinstance(then.get("function"), str):
            yield RulesetFault(at, "'then' must name a 'function'")
            return
        if "field" in then and not isinstance(then["field"], str):
            yield RulesetFault(at.below("field"), "'field' must be a text")
        if then["function"] in self._functions:
            for problem in self._options(then["function"], then.get("functionOptions")):
                here = at.below("functionOptions") if "functionOptions" in then else at.below("function")
                yield RulesetFault(here, f"function '{then['function']}': {problem}")


def _given_faults(given: Any, at: WrittenAt, aliases: Mapping[str, Any]) -> Iterator[RulesetFault]:
    items = given if isinstance(given, list) else [given]
    if not items:
        yield RulesetFault(at, "'given' is empty; name what the rule looks at")
    for index, item in enumerate(items):
        here = at.below(index) if isinstance(given, list) else at
        if not isinstance(item, str) or not item.startswith(("$", "#")):
            yield RulesetFault(here, "'given' must be a JSONPath that begins with '$', or '#' and an alias")
        elif item.startswith("#"):
            try:
                expanded(item, aliases, ())
            except AliasFault as fault:
                yield RulesetFault(here, str(fault))


def _format_faults(formats: Any, at: WrittenAt) -> Iterator[RulesetFault]:
    if formats is None:
        return
    if not isinstance(formats, list):
        yield RulesetFault(at, "'formats' must be a list")
        return
    for index, item in enumerate(formats):
        if not isinstance(item, (str, int, float)) or named_format(str(item)) is None:
            yield RulesetFault(at.below(index), f"there is no format '{item}'")


def _alias_faults(name: str, alias: Any, at: WrittenAt) -> Iterator[RulesetFault]:
    if not _ALIAS_NAME.match(name):
        yield RulesetFault(
            at, f"'{name}' is no name of an alias; begin with a letter, then letters, digits, - or _"
        )
    if isinstance(alias, list):
        groups = [(alias, at)]
    elif isinstance(alias, dict) and isinstance(alias.get("targets"), list):
        groups = []
        for index, target in enumerate(alias["targets"]):
            here = at.below("targets", index)
            if not isinstance(target, dict) or not isinstance(target.get("given"), list):
                yield RulesetFault(here, "a target has 'formats' and a list 'given'")
            else:
                yield from _format_faults(target.get("formats"), here.below("formats"))
                groups.append((target["given"], here.below("given")))
    else:
        yield RulesetFault(at, "an alias is a list of expressions, or has 'targets'")
        return
    for given, here in groups:
        for index, item in enumerate(given):
            if not isinstance(item, str) or not item.startswith(("$", "#")):
                yield RulesetFault(here.below(index), "an expression begins with '$', or '#' and an alias")
