"""vacuum: rulesets in the format of Spectral that extend ``vacuum:oas`` and its like.

Its own rules and those that it recommends are written down from vacuum 0.18
(https://quobix.com/vacuum/rulesets/understanding/).
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.config.foreign import spectral
from archlint.config.foreign.source import ForeignFile
from archlint.config.foreign.translation import Translation

TOOL = "vacuum"
FILES = ("vacuum-ruleset.yaml", "vacuum-ruleset.yml", *spectral.FILES)
"""Its own, and those of Spectral, which it reads too."""

_SAME = {
    "no-http-verbs-in-path": "path-with-verb",
    "paths-kebab-case": "path-segment-not-kebab-case",
    "no-ambiguous-paths": "path-ambiguous",
    "duplicate-paths": "path-template-duplicate",
    "operation-4xx-response": "error-response-missing",
    "info-license-spdx": "license-url-missing",
    "no-request-body": "request-body-on-read",
    "oas-schema-check": "openapi-structure-invalid",
    "oas3-no-$ref-siblings": "spectral:no-$ref-siblings",
    "oas3-host-not-example": "spectral:oas3-server-not-example.com",
    "oas3-example-external-check": "spectral:oas3-examples-value-or-externalValue",
    "owasp-no-numeric-ids": "owasp:api1:2023-no-numeric-ids",
    "owasp-no-http-basic": "owasp:api2:2023-no-http-basic",
    "owasp-no-api-keys-in-url": "owasp:api2:2023-no-api-keys-in-url",
    "owasp-no-credentials-in-url": "owasp:api2:2023-no-credentials-in-url",
    "owasp-auth-insecure-schemes": "owasp:api2:2023-auth-insecure-schemes",
    "owasp-jwt-best-practices": "owasp:api2:2023-jwt-best-practices",
    "owasp-protection-global-unsafe": "owasp:api2:2023-write-restricted",
    "owasp-protection-global-unsafe-strict": "owasp:api2:2023-write-restricted",
    "owasp-protection-global-safe": "owasp:api2:2023-read-restricted",
    "owasp-define-error-validation": "owasp:api8:2023-define-error-validation",
    "owasp-define-error-responses-401": "owasp:api8:2023-define-error-responses-401",
    "owasp-define-error-responses-500": "owasp:api8:2023-define-error-responses-500",
    "owasp-rate-limit": "owasp:api4:2023-rate-limit",
    "owasp-rate-limit-retry-after": "owasp:api4:2023-rate-limit-retry-after",
    "owasp-define-error-responses-429": "owasp:api4:2023-rate-limit-responses-429",
    "owasp-array-limit": "owasp:api4:2023-array-limit",
    "owasp-string-limit": "owasp:api4:2023-string-limit",
    "owasp-string-restricted": "owasp:api4:2023-string-restricted",
    "owasp-integer-limit": "owasp:api4:2023-integer-limit",
    "owasp-integer-format": "owasp:api4:2023-integer-format",
    "owasp-no-additionalProperties": "owasp:api3:2023-no-additionalProperties",
    "owasp-constrained-additionalProperties": "owasp:api3:2023-constrained-additionalProperties",
    "owasp-security-hosts-https-oas3": "owasp:api8:2023-no-server-http",
}
"""The rules of archlint, by name or by another tool's, that say what a rule of vacuum's own says."""
_OWASP = tuple(name for name in _SAME if name.startswith("owasp-"))
_OPTIONAL = (
    *("contact-properties", "info-contact", "info-license", "license-url", "oas3-host-not-example"),
    *("oas3-server-trailing-slash", "openapi-tags", "openapi-tags-alphabetical", "operation-4xx-response"),
    *("operation-singular-tag", "tag-description"),
)
"""What ``vacuum:oas`` has and does not recommend."""
_RECOMMENDED = (
    *("duplicated-entry-in-enum", "info-description", "no-$ref-siblings", "no-eval-in-markdown"),
    *("no-script-tags-in-markdown", "oas2-anyOf", "oas2-api-host", "oas2-api-schemes", "oas2-discriminator"),
    *("oas2-host-not-example", "oas2-host-trailing-slash", "oas2-oneOf", "oas2-parameter-description"),
    *("oas2-operation-formData-consume-check", "oas2-operation-security-defined", "oas2-schema"),
    *("oas2-unused-definition", "oas3-api-servers", "oas3-operation-security-defined", "oas3-schema"),
    *("oas3-parameter-description", "oas3-unused-component", "oas3-valid-schema-example"),
    *("operation-description", "operation-operationId", "operation-operationId-unique"),
    *("operation-operationId-valid-in-url", "operation-parameters", "operation-success-response"),
    *("operation-tag-defined", "operation-tags", "path-declarations-must-exist", "path-params", "typed-enum"),
    *("path-keys-no-trailing-slash", "path-not-include-query"),
    *(name for name in _SAME if name not in _OPTIONAL and name not in _OWASP),
)
"""Its rules that archlint has."""
_EVENTS = (spectral.EVENTS, spectral.EVENTS_OPTIONAL)
_RULESETS: spectral.Rulesets = {
    **dict.fromkeys(("vacuum:oas", "spectral:oas"), (_RECOMMENDED, _OPTIONAL)),
    **dict.fromkeys(("vacuum:asyncapi", "spectral:asyncapi"), _EVENTS),
    **dict.fromkeys(("vacuum:owasp", "spectral:owasp"), (_OWASP, ())),
    "vacuum:all": ((*_RECOMMENDED, *_OWASP), _OPTIONAL),
}


def is_own(source: ForeignFile) -> bool:
    """Whether a ruleset extends one of vacuum's."""
    data = source.data
    return isinstance(data, dict) and spectral.extends_vacuum(data)


def rule_names(check: str) -> Sequence[str]:
    """How rule pages call a rule: as Spectral does, unless it is vacuum's own."""
    return (_SAME[check],) if check in _SAME else spectral.rule_names(check)


def translate(source: ForeignFile, into: Translation) -> None:
    """Tell the rules that run, and where they do not."""
    spectral.translate_ruleset(source, _RULESETS, into)
