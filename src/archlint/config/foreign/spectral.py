"""Spectral: a ruleset in YAML or JSON with ``extends``, ``rules`` and ``overrides``.

A ruleset that defines rules itself, extends files or has overrides is run as it is and says all of it:
nothing is translated, as that would count more than its overrides. What it extends is never fetched, and
its functions are never run: both are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archlint.config.errors import ConfigurationError
from archlint.config.foreign.source import ForeignFile
from archlint.config.foreign.translation import Translation
from archlint.config.rulesets import names
from archlint.config.rulesets.names import PROGRAM_ENDS
from archlint.finding import Severity

TOOL = "spectral"
FILES = names.FILES

OPTIONAL = (
    *("contact-properties", "info-license", "license-url", "openapi-tags", "openapi-tags-alphabetical"),
    *("operation-singular-tag", "tag-description", "oas2-host-not-example", "oas2-parameter-description"),
    *("oas3-parameter-description", "oas3-server-not-example.com"),
)
"""Rules of ``spectral:oas`` that run only where all are asked for."""
EVENTS_OPTIONAL = (
    *("asyncapi-3-server-not-example-com", "asyncapi-3-tag-description"),
    *("asyncapi-3-tags-alphabetical", "asyncapi-info-license-url", "asyncapi-parameter-description"),
    *("asyncapi-server-not-example-com", "asyncapi-tag-description", "asyncapi-tags-alphabetical"),
)
"""Rules of ``spectral:asyncapi`` that run only where all are asked for."""
EVENTS = (
    *("asyncapi-3-channel-no-empty-parameter", "asyncapi-3-channel-no-query-nor-fragment"),
    *("asyncapi-3-channel-no-trailing-slash", "asyncapi-3-channel-servers"),
    *("asyncapi-3-document-resolved", "asyncapi-3-document-unresolved"),
    *("asyncapi-3-headers-schema-type-object", "asyncapi-3-operation-description"),
    *("asyncapi-3-operation-security", "asyncapi-3-payload-unsupported-schemaFormat"),
    *("asyncapi-3-server-no-empty-variable", "asyncapi-3-server-no-trailing-slash", "asyncapi-3-tags"),
    *("asyncapi-3-tags-uniqueness", "asyncapi-channel-no-empty-parameter"),
    *("asyncapi-channel-no-query-nor-fragment", "asyncapi-channel-no-trailing-slash"),
    *("asyncapi-channel-parameters", "asyncapi-channel-servers"),
    *("asyncapi-headers-schema-type-object", "asyncapi-info-contact"),
    *("asyncapi-info-contact-properties", "asyncapi-info-description", "asyncapi-info-license"),
    *("asyncapi-latest-version", "asyncapi-message-examples", "asyncapi-message-messageId-uniqueness"),
    *("asyncapi-operation-description", "asyncapi-operation-operationId"),
    *("asyncapi-operation-operationId-uniqueness", "asyncapi-operation-security", "asyncapi-payload"),
    *("asyncapi-payload-default", "asyncapi-payload-examples"),
    *("asyncapi-payload-unsupported-schemaFormat", "asyncapi-schema", "asyncapi-schema-default"),
    *("asyncapi-schema-examples", "asyncapi-server-no-empty-variable"),
    *("asyncapi-server-no-trailing-slash", "asyncapi-server-security", "asyncapi-server-variables"),
    *("asyncapi-servers", "asyncapi-tags", "asyncapi-tags-uniqueness"),
    *("asyncapi-unused-components-schema", "asyncapi-unused-components-server"),
)
"""Rules of ``spectral:asyncapi`` that it recommends."""
RECOMMENDED_RULES = (
    *("array-items", "duplicated-entry-in-enum", "info-contact", "info-description", "no-$ref-siblings"),
    *("no-eval-in-markdown", "no-script-tags-in-markdown", "oas2-anyOf", "oas2-api-host", "oas2-oneOf"),
    *("oas2-api-schemes", "oas2-discriminator", "oas2-host-trailing-slash", "oas2-schema"),
    *("oas2-operation-formData-consume-check", "oas2-operation-security-defined", "oas2-unused-definition"),
    *("oas2-valid-media-example", "oas2-valid-schema-example", "oas3-api-servers", "oas3-schema"),
    *("oas3-callbacks-in-callbacks", "oas3-examples-value-or-externalValue", "oas3-server-variables"),
    *("oas3-operation-security-defined", "oas3-server-trailing-slash", "oas3-unused-component"),
    *("oas3-valid-media-example", "oas3-valid-schema-example", "oas3_1-callbacks-in-webhook"),
    *("oas3_1-servers-in-webhook", "oas3_2-no-deprecated-xml-attribute", "openapi-tags-uniqueness"),
    *("operation-description", "operation-operationId", "operation-operationId-unique"),
    *("operation-operationId-valid-in-url", "operation-parameters", "operation-success-response"),
    *("operation-tag-defined", "operation-tags", "path-declarations-must-exist", "typed-enum"),
    *("path-keys-no-trailing-slash", "path-not-include-query", "path-params"),
)
_OWASP = "spectral-owasp-ruleset"
_SEVERITIES = {
    **dict.fromkeys(("error", "0"), Severity.ERROR),
    **dict.fromkeys(("warn", "1"), Severity.WARNING),
    **dict.fromkeys(("info", "2", "hint", "3"), Severity.INFO),
}
_NOT_LOADED = (
    "archlint fetches no ruleset and loads no package; keep a copy beside this one, "
    "or choose a preset (docs/guidelines.md)"
)
_LOCAL = ("./", "../")
Rulesets = Mapping[str, tuple[Sequence[str], Sequence[str]]]
"""What can be extended by name: the rules that are recommended, and the others."""
RULESETS: Rulesets = {
    "spectral:oas": (RECOMMENDED_RULES, OPTIONAL),
    "spectral:asyncapi": (EVENTS, EVENTS_OPTIONAL),
}


def is_own(source: ForeignFile) -> bool:
    """Whether a file is a ruleset: it extends something, or its rules are given severities or ``given``."""
    data = source.data
    if not isinstance(data, dict) or {"openapi", "swagger", "apiVersion", "apis"} & data.keys():
        return False
    if extends_vacuum(data):
        return False
    rules = data.get("rules")
    return "extends" in data or (
        isinstance(rules, dict)
        and any(
            (isinstance(rule, dict) and "given" in rule) or _level(rule) is not None or _is_off(rule)
            for rule in rules.values()
        )
    )


def extends_vacuum(data: Mapping[str, Any]) -> bool:
    """Whether a ruleset extends one of vacuum, which is another tool with the same format."""
    return any(name.startswith("vacuum:") for name, _ in _extended(data.get("extends")))


def rule_names(check: str) -> Sequence[str]:
    """How rule pages call a rule; OWASP's rules have their own prefix."""
    return (check,) if check.startswith("owasp:") else (f"{TOOL}:{check}",)


def translate(source: ForeignFile, into: Translation) -> None:
    """Tell the rules that run, and where they do not; or that the ruleset says so itself."""
    translate_ruleset(source, RULESETS, into)
    if into.runs_ruleset:
        into.leave_to_ruleset()


def translate_ruleset(source: ForeignFile, rulesets: Rulesets, into: Translation) -> None:
    """Tell what a file in the format of Spectral says, of which some ``rulesets`` can be extended by name."""
    if source.file_name.endswith(PROGRAM_ENDS):
        raise ConfigurationError(
            [f"{source.name} is a program, which archlint does not run; write the ruleset as YAML"]
        )
    keys = source.keys
    for extended in _extended(keys.get("extends")):
        _extend(*extended, rulesets, into)
    into.ruleset = f"{source.folder}/{source.file_name}".removeprefix("/")
    rules = keys.get("rules")
    rules = rules if isinstance(rules, dict) else {}
    for name, said in rules.items():
        _rule(str(name), said, into)
    in_force = set(into.in_force)
    for name in map(str, rules):
        for twin in () if name in in_force else _twins(name, into):
            if twin not in rules:
                into.turn_off(twin)
    overrides = keys.get("overrides")
    for override in overrides if isinstance(overrides, list) else []:
        if isinstance(override, dict):
            _override(override, rulesets, into)
    for key in ("functions", "functionsDir"):
        if keys.get(key):
            into.lose(f"key '{key}'", "archlint runs no code of a repository")
    if keys.get("parserOptions") and not into.runs_ruleset:
        into.lose("key 'parserOptions'", "duplicate keys are duplicate-key (LINT005) of archlint")
    if keys.get("except"):
        into.lose("key 'except'", "Spectral 6 has 'overrides' instead; migrate the ruleset first")


def _extended(value: Any) -> Iterator[tuple[str, str]]:
    """Each ruleset that is extended, and which of its rules: recommended, all or off."""
    for item in value if isinstance(value, list) else [value] if value is not None else []:
        if isinstance(item, list) and item:
            which = item[1] if len(item) > 1 else "recommended"
            yield str(item[0]), "off" if which is False else str(which)
        else:
            yield str(item), "recommended"


def _extend(ruleset: str, which: str, rulesets: Rulesets, into: Translation) -> None:
    if ruleset in rulesets:
        recommended, optional = rulesets[ruleset]
        for name in (*recommended, *optional):
            if which == "all" or (which == "recommended" and name in recommended):
                into.turn_on(name)
            elif which == "off":
                into.turn_off(name)
    elif _OWASP in ruleset:
        for name in into.names_beginning("owasp:"):
            if which == "off":
                into.turn_off(name)
            else:
                into.turn_on(name)
    else:
        _load(ruleset, into)


def _load(ruleset: str, into: Translation) -> None:
    """A ruleset that is none of those that are known by name."""
    if ruleset.startswith(_LOCAL) and not ruleset.endswith(PROGRAM_ENDS):
        into.keep_ruleset()
    elif ruleset == "spectral:arazzo":
        into.lose(f"ruleset '{ruleset}'", "archlint has no rules for it")
    else:
        into.lose(f"ruleset '{ruleset}'", _NOT_LOADED)


def _rule(name: str, said: Any, into: Translation) -> None:
    if _is_off(said):
        into.turn_off(name)
    elif isinstance(said, dict):
        _defined(name, into)
    elif said is True or said == "on":
        _turn_on(name, None, into)
    elif _level(said) is not None:
        _turn_on(name, _level(said), into)
    else:
        into.lose(f"rule '{name}'", "its value is neither a severity nor a definition")


def _twins(name: str, into: Translation) -> Iterator[str]:
    """The same rule for the other version of OpenAPI, which nobody needs who has put off that for theirs."""
    for rule in into.rules_of(name):
        for alias in rule.aliases:
            other = alias.removeprefix(f"{TOOL}:")
            if {name[:4], other[:4]} == {"oas2", "oas3"}:
                yield other


def _turn_on(name: str, severity: Severity | None, into: Translation) -> None:
    if into.rules_of(name):
        into.turn_on(name, severity)
    else:
        into.lose(f"rule '{name}'", "archlint has no rule for it")


def _defined(name: str, into: Translation) -> None:
    """A rule that the ruleset defines, which is run as it is."""
    if into.rules_of(name):  # a definition in the place of Spectral's own
        into.turn_off(name)
    into.keep_ruleset()


def _override(override: dict[str, Any], rulesets: Rulesets, into: Translation) -> None:
    """What is on, off and how grave in some files, which the ruleset says as it is run."""
    into.keep_ruleset()
    for name, _ in _extended(override.get("extends")):
        if name not in rulesets and _OWASP not in name:
            _load(name, into)


def _is_off(value: Any) -> bool:
    return value is False or (isinstance(value, str) and value in ("off", "-1")) or value == -1


def _level(value: Any) -> Severity | None:
    return None if isinstance(value, (bool, dict, list)) else _SEVERITIES.get(str(value))
