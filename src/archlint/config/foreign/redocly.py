"""Redocly CLI: ``redocly.yaml`` with ``extends``, ``rules`` and ``apis``, and ``.redocly.lint-ignore.yaml``.

Which of its rules each of its rulesets holds, and with which severity, is written down from Redocly CLI 2
(https://redocly.com/docs/cli/rules/built-in-rules); plugins and other files are never loaded but named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from archlint.config.foreign.patterns import UnusablePattern, as_patterns
from archlint.config.foreign.source import ForeignFile
from archlint.config.foreign.translation import Translation
from archlint.finding import Severity

TOOL = "redocly"
FILES = ("redocly.yaml", "redocly.yml", ".redocly.yaml", ".redocly.yml", ".redocly.lint-ignore.yaml")

_RULES = {
    "struct": ("openapi-structure-invalid", "asyncapi-structure-invalid"),
    "no-unresolved-refs": ("unresolved-reference",),
    "info-contact": ("contact-missing",),
    "info-license": ("license-missing",),
    "info-license-strict": ("license-url-missing",),
    "no-ambiguous-paths": ("path-ambiguous",),
    "no-channel-trailing-slash": ("spectral:asyncapi-channel-no-trailing-slash",),
    "no-duplicated-enum-values": ("enum-value-repeated",),
    "no-duplicated-tag-names": ("tag-duplicate",),
    "no-empty-servers": ("server-list-missing",),
    "no-enum-type-mismatch": ("enum-value-of-wrong-type",),
    "no-example-value-and-externalValue": ("example-value-ambiguous",),
    "no-http-verbs-in-paths": ("path-with-verb",),
    "no-identical-paths": ("path-template-duplicate",),
    "no-invalid-media-type-examples": ("example-invalid",),
    "no-invalid-parameter-examples": ("example-invalid",),
    "no-invalid-schema-examples": ("example-invalid",),
    "no-path-trailing-slash": ("path-trailing-slash",),
    "no-server-example.com": ("server-is-example",),
    "no-server-trailing-slash": ("server-trailing-slash",),
    "no-server-variables-empty-enum": ("server-variable-wrong",),
    "no-undefined-server-variable": ("server-variable-wrong",),
    "no-unsafe-markdown": ("script-in-text",),
    "no-unused-components": ("component-unused",),
    "operation-2xx-response": ("success-response-missing",),
    "operation-4xx-problem-details-rfc7807": ("error-not-problem",),
    "operation-4xx-response": ("error-response-missing",),
    "operation-description": ("operation-undescribed",),
    "operation-operationId": ("operation-id-missing", "spectral:asyncapi-operation-operationId"),
    "operation-operationId-unique": ("operation-id-duplicate",),
    "operation-operationId-url-safe": ("operation-id-unsafe",),
    "operation-parameters-unique": ("parameter-duplicate",),
    "operation-singular-tag": ("operation-with-several-tags",),
    "operation-tag-defined": ("tag-undeclared",),
    "parameter-description": ("parameter-undescribed",),
    "path-declaration-must-exist": ("path-parameter-nameless",),
    "path-not-include-query": ("path-with-query",),
    "path-parameters-defined": ("path-parameter-undeclared", "path-parameter-unused"),
    "path-segment-plural": ("resource-name-not-plural",),
    "paths-kebab-case": ("path-segment-not-kebab-case",),
    "security-defined": ("security-scheme-undefined", "operation-without-security"),
    "security-scopes-defined": ("scope-undefined",),
    "spec-ref-siblings": ("reference-sibling-ignored",),
    "tag-description": ("tag-undescribed",),
    "tags-alphabetical": ("tags-unsorted",),
}
"""The rules of archlint, by name or by another tool's, that say what a rule of Redocly says."""
_FORMER = {
    "spec": "struct",
    "path-params-defined": "path-parameters-defined",
    "operation-security-defined": "security-defined",
}
"""How rules were called before; the last one until 1.0."""

_ERRORS = frozenset(
    (
        *("struct", "no-unresolved-refs", "no-server-trailing-slash", "no-server-variables-empty-enum"),
        "spec-querystring-parameters",
    )
)
"""What is an error in every ruleset."""
_SERIOUS = frozenset(
    (
        *("no-empty-servers", "no-enum-type-mismatch", "no-example-value-and-externalValue"),
        *("no-identical-paths", "no-path-trailing-slash", "no-schema-type-mismatch", "nullable-type-sibling"),
        *("no-undefined-server-variable", "operation-operationId-unique", "operation-operationId-url-safe"),
        *("operation-parameters-unique", "operation-summary", "path-declaration-must-exist"),
        *("path-not-include-query", "path-parameters-defined", "security-defined"),
        *("spec-components-invalid-map-name", "spec-no-invalid-encoding-combinations"),
        "spec-no-invalid-tag-parents",
    )
)
"""Errors of ``recommended`` that are warnings of ``minimal``."""
_WARNED = frozenset(
    (
        *("no-ambiguous-paths", "no-invalid-media-type-examples", "no-required-schema-properties-undefined"),
        *("no-server-example.com", "no-unused-components", "operation-2xx-response", "operation-operationId"),
        "tag-description",
    )
)
"""Warnings of both."""
_RECOMMENDED = frozenset(
    (
        *("info-license", "info-license-strict", "no-duplicated-enum-values", "no-duplicated-tag-names"),
        *("no-invalid-parameter-examples", "no-invalid-schema-examples", "no-mixed-number-range-constraints"),
        *("no-unsafe-markdown", "operation-4xx-response", "security-scopes-defined", "spec-ref-siblings"),
        "spec-discriminator-defaultMapping",
    )
)
"""Warnings of ``recommended`` alone."""
_OF_SPECIFICATION = frozenset(
    (
        *("struct", "no-unresolved-refs", "no-duplicated-tag-names", "no-example-value-and-externalValue"),
        *("no-identical-paths", "no-undefined-server-variable", "nullable-type-sibling"),
        *("operation-operationId-unique", "operation-parameters-unique", "path-declaration-must-exist"),
        *("path-not-include-query", "path-parameters-defined", "spec-components-invalid-map-name"),
        *("spec-discriminator-defaultMapping", "spec-example-values", "spec-ref-siblings"),
        *("spec-no-invalid-encoding-combinations", "spec-no-invalid-tag-parents", "spec-strict-refs"),
        "spec-querystring-parameters",
    )
)
"""Errors of ``spec``, which has nothing else."""
_NOWHERE = frozenset(
    (
        *("array-parameter-serialization", "boolean-parameter-prefixes", "channels-kebab-case"),
        *("component-name-unique", "info-contact", "no-channel-trailing-slash", "no-http-verbs-in-paths"),
        *("operation-4xx-problem-details-rfc7807", "operation-description", "operation-singular-tag"),
        *("operation-tag-defined", "parameter-description", "path-http-verbs-order", "path-segment-plural"),
        *("paths-kebab-case", "request-mime-type", "required-string-property-missing-min-length"),
        *("response-contains-header", "response-contains-property", "response-mime-type"),
        *("scalar-property-missing-example", "spec-example-values", "spec-strict-refs", "tags-alphabetical"),
    )
)
"""What only ``all`` has, apart from what ``spec`` has of it."""
_KNOWN = _ERRORS | _SERIOUS | _WARNED | _RECOMMENDED | _OF_SPECIFICATION | _NOWHERE

Levels = Mapping[str, Severity]
_SETS: Mapping[str, Levels] = {
    "minimal": {
        **dict.fromkeys(_ERRORS, Severity.ERROR),
        **dict.fromkeys(_SERIOUS | _WARNED, Severity.WARNING),
    },
    "recommended": {
        **dict.fromkeys(_ERRORS | _SERIOUS, Severity.ERROR),
        **dict.fromkeys(_WARNED | _RECOMMENDED, Severity.WARNING),
    },
    "recommended-strict": dict.fromkeys(_ERRORS | _SERIOUS | _WARNED | _RECOMMENDED, Severity.ERROR),
    "spec": dict.fromkeys(_OF_SPECIFICATION, Severity.ERROR),
    "all": dict.fromkeys(_KNOWN, Severity.ERROR),
}
_LEVELS = {"error": Severity.ERROR, "warn": Severity.WARNING, "off": None}
_KEYS = (
    *("rules", "oas2Rules", "oas3_0Rules", "oas3_1Rules", "oas3_2Rules", "async2Rules", "async3Rules"),
    "arazzo1Rules",
)
"""Where rules are set, the later ones for one kind of document alone."""
_NESTED = ("lint", "styleguide")
"""Where the same keys stood in earlier versions."""
_OWN_RULE = "a rule of the first versions: write it as a configurable rule (rule/NAME), which is run as it is"
_ONE_SEVERITY = "archlint has one severity of a rule for all documents"


def is_own(source: ForeignFile) -> bool:
    """Whether a file names descriptions of APIs or rules of one version, or lists what is ignored."""
    data = source.data
    return isinstance(data, dict) and (not data.keys().isdisjoint(("apis", *_KEYS[1:])) or _is_ignored(data))


def rule_names(check: str) -> Sequence[str]:
    """The rules that say what a rule of Redocly says."""
    return _RULES.get(_FORMER.get(check, check), ())


def translate(source: ForeignFile, into: Translation) -> None:
    """Tell the rules that run, and where they do not; or what an ignore file lists."""
    keys = source.keys
    if _is_ignored(keys):
        _ignored(keys, source.folder, into)
        return
    for part in (keys, *(keys[name] for name in _NESTED if isinstance(keys.get(name), dict))):
        _extend(part, into)
        for key in _KEYS:
            for name, said in _map(part.get(key)).items():
                _rule(str(name), said, key, into)
        for key in ("preprocessors", "decorators"):
            if part.get(key):
                into.lose(f"key '{key}'", "archlint looks at contracts as they are written")
    for name, api in _map(keys.get("apis")).items():
        _api(str(name), _map(api), source.folder, into)
    for plugin in _listed(keys.get("plugins")):
        into.lose(f"plugin '{plugin}'", "archlint runs no code of a repository")


def _extend(part: Mapping[str, Any], into: Translation) -> None:
    """What is on without being named; of a file without ``extends`` nothing is."""
    for ruleset in map(str, _listed(part.get("extends"))):
        levels = _SETS.get(ruleset)
        if levels is None:
            into.lose(
                f"ruleset '{ruleset}'", "archlint fetches no ruleset and reads no other file; import it too"
            )
            continue
        for name in sorted(_KNOWN):
            if name in levels:
                into.turn_on(name, levels[name])
            else:
                into.turn_off(name)


def _rule(name: str, said: Any, key: str, into: Translation) -> None:
    level = _level(said)
    if name.startswith("rule/"):
        return  # run as it is (``ruleset``)
    if name == "assertions":
        if level != "off":
            into.lose(f"rule '{name}'", _OWN_RULE)
    elif level is None:
        into.lose(f"rule '{name}'", "its value is neither 'error', 'warn' nor 'off'")
    elif level == "off" and key != "rules":
        into.lose(f"rule '{name}' in {key}", "archlint has no rules for one version of a format alone")
    elif level == "off":
        into.turn_off(name)
    elif rule_names(name):
        into.turn_on(name, _LEVELS[level])
        for option in sorted({*map(str, _map(said))} - {"severity"}):
            into.lose(f"option '{option}' of rule '{name}'", "archlint's rule has no such option")
    else:
        into.lose(f"rule '{name}'", "archlint has no rule for it")


def _api(name: str, api: Mapping[str, Any], folder: str, into: Translation) -> None:
    """What one description of an API leaves out becomes a suppression at its file."""
    off = []
    for key in _KEYS:
        for rule, said in _map(api.get(key)).items():
            if _level(said) != "off":
                into.lose(f"rule '{rule}' of API '{name}'", _ONE_SEVERITY)
            elif rule_names(str(rule)):
                off.append(str(rule))
    if off and isinstance(api.get("root"), str):
        with _told(f"root of API '{name}'", into):
            reason = f"off for the API '{name}' in Redocly's configuration"
            into.allow(off, as_patterns(api["root"], folder), reason)


def _level(said: Any) -> str | None:
    """What is said of a rule: ``error``, ``warn`` or ``off``; ``None`` for anything else."""
    level = said.get("severity", "error") if isinstance(said, dict) else said
    if level is False:
        return "off"
    return level if isinstance(level, str) and level in _LEVELS else None


def _is_ignored(data: Mapping[str, Any]) -> bool:
    return bool(data) and all(
        isinstance(rules, dict)
        and all(isinstance(places, list) and all(map(_is_pointer, places)) for places in rules.values())
        for rules in data.values()
    )


def _is_pointer(place: Any) -> bool:
    return isinstance(place, str) and place.startswith("#")


def _ignored(keys: Mapping[str, Any], folder: str, into: Translation) -> None:
    for file, rules in keys.items():
        for rule, places in rules.items():
            with _told(f"ignored file '{file}'", into):
                reason = "ignored in .redocly.lint-ignore.yaml"
                into.allow([str(rule)], as_patterns(str(file), folder), reason, tuple(dict.fromkeys(places)))


@contextmanager
def _told(what: str, into: Translation) -> Iterator[None]:
    """Tell a file for which there is no pattern."""
    try:
        yield
    except UnusablePattern as problem:
        into.lose(what, str(problem))


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []
