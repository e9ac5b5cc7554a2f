"""The rulesets whose rules archlint has as rules of its own."""

from __future__ import annotations

from collections.abc import Iterable

from archlint.config.foreign.spectral import EVENTS, EVENTS_OPTIONAL, OPTIONAL, RECOMMENDED_RULES
from archlint.finding import Rule
from archlint.model.rulesets.layers import KnownRule, KnownRuleset

OWASP = "@stoplight/spectral-owasp-ruleset"
_OWASP_PACKAGE = "spectral-owasp-ruleset"
_PREFIX = "owasp:"
RENAMED = {
    "operation-2xx-response": "operation-success-response",
    "operation-default-response": "operation-success-response",
    "oas3-unused-components-schema": "oas3-unused-component",
    "oas3-unused-components": "oas3-unused-component",
    **dict.fromkeys(
        (
            *("oas2-valid-parameter-example", "oas2-valid-response-schema-example"),
            "oas2-valid-definition-example",
        ),
        "oas2-valid-schema-example",
    ),
    "oas2-valid-response-example": "oas2-valid-media-example",
    **dict.fromkeys(
        (
            "oas3-valid-oas-parameter-example",
            "oas3-valid-oas-content-example",
            "oas3-valid-oas-header-example",
        ),
        "oas3-valid-media-example",
    ),
    **dict.fromkeys(
        ("oas3-valid-header-schema-example", "oas3-valid-parameter-schema-example"),
        "oas3-valid-schema-example",
    ),
}
"""Names that rules of Spectral had in earlier versions."""


def known_ruleset(name: str, rules: Iterable[Rule]) -> KnownRuleset | None:
    """The ruleset of a name, if archlint has its rules; ``rules`` are those of archlint."""
    if name == "spectral:oas":
        return _ruleset(name, RECOMMENDED_RULES, OPTIONAL)
    if name == "spectral:asyncapi":
        return _ruleset(name, EVENTS, EVENTS_OPTIONAL)
    if _OWASP_PACKAGE not in name:
        return None
    names = sorted({alias for rule in rules for alias in rule.aliases if alias.startswith(_PREFIX)})
    found = tuple(KnownRule(each, formats=("oas2", "oas3")) for each in names)
    return KnownRuleset(OWASP, found, _PREFIX)


def _ruleset(name: str, recommended: Iterable[str], optional: Iterable[str]) -> KnownRuleset:
    rules = [KnownRule(each, formats=_formats(each)) for each in recommended]
    rules += [KnownRule(each, is_recommended=False, formats=_formats(each)) for each in optional]
    return KnownRuleset(name, tuple(rules))


def _formats(name: str) -> tuple[str, ...]:
    """The documents that a rule of Spectral is about, which its name tells."""
    head = name.partition("-")[0]
    if head == "asyncapi":
        return ("asyncapi3",) if name.startswith("asyncapi-3-") else ("asyncapi2",)
    return (head,) if head.startswith("oas") and head != "oas" else ("oas2", "oas3")
