"""The JSON Schema of the configuration: what a run is validated against, and what editors are given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archlint.config.calls import CALLS
from archlint.config.gate import GATE
from archlint.config.network import NETWORK
from archlint.config.texts import texts_schema
from archlint.finding import Rule

DIALECT = "https://json-schema.org/draft/2020-12/schema"
STABILITIES = ("draft", "alpha", "beta", "stable")
"""Values of ``x-stability-level``, the least stable first."""
_RULE_NAMES = "Rules by code, name, area, tag:NAME, TOOL:NAME of another tool, or ALL."

_SEVERITY: dict[str, Any] = {
    "type": "string",
    "enum": ["error", "warning", "info"],
    "description": "How grave the findings of this rule are. To switch a rule off, list it under 'ignore'.",
    "examples": ["warning"],
}
_SUPPRESS_ENTRY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rules", "paths", "reason"],
    "properties": {
        "rules": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string"},
            "description": _RULE_NAMES,
            "examples": [["NET"]],
        },
        "paths": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string"},
            "description": "Patterns of files, relative to the root, as in .gitignore.",
            "examples": [["dev/**"]],
        },
        "reason": {
            "type": "string",
            "pattern": r"\S",
            "description": "Why the findings do not count.",
            "examples": ["local only"],
        },
        "elements": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "pattern": r"\S"},
            "description": "Pointers of elements, also in the base, or names of objects, and no others.",
            "examples": [["#/components/schemas/Cart/properties/fee"]],
        },
        "until": {
            "type": "string",
            "format": "date",
            "description": "The last day on which this holds, as YYYY-MM-DD.",
            "examples": ["2027-01-01"],
        },
    },
    "examples": [{"rules": ["NET"], "paths": ["dev/**"], "reason": "local only"}],
}
_BREAKING: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "description": "What counts as a breaking change.",
    "properties": {
        "stability": {
            "type": "string",
            "enum": list(STABILITIES),
            "default": "beta",
            "description": "The lowest x-stability-level that is judged.",
            "examples": ["beta"],
        },
        "deprecation-days": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                level: {"type": "integer", "minimum": 0, "maximum": 36500, "examples": [90]}
                for level in STABILITIES
            },
            "default": {"beta": 0, "stable": 0},
            "description": "Days that must lie between deprecation and sunset, by stability.",
            "examples": [{"stable": 90}],
        },
    },
    "examples": [{"stability": "beta"}],
}

_READERS = ("BACKWARD", "FORWARD", "FULL")
COMPATIBILITIES = ("NONE", *_READERS, *(f"{each}_TRANSITIVE" for each in _READERS))
"""Which readers of events count, as registries of schemas call it."""
_EVENTS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "description": "What is promised of schemas of events.",
    "properties": {
        "compatibility": {
            "type": "string",
            "enum": list(COMPATIBILITIES),
            "default": "BACKWARD",
            "description": "Whether newer schemas read older events, older schemas newer events, or both.",
            "examples": ["FULL"],
        },
        "versions": texts_schema(
            "Patterns of the tags that are versions, for the kinds that end in _TRANSITIVE.", "events-v*"
        ),
        "subjects": {
            "type": "object",
            "additionalProperties": {"type": "string", "enum": list(COMPATIBILITIES)},
            "default": {},
            "description": "Patterns of files or names of schemas of events with a promise of their own.",
            "examples": [{"orders/**": "FULL", "com.example.audit.*": "NONE"}],
        },
        "registry": {
            "type": "string",
            "enum": ["values", "confluent"],
            "default": "values",
            "description": "Whether values are the judge, or the verdict is that of Confluent's registry.",
            "examples": ["confluent"],
        },
    },
    "examples": [{"compatibility": "FULL"}],
}

_SITE = r"(?:/[A-Za-z0-9._~%+=/-]{0,300})?"
_SIGN = r"[A-Za-z0-9._~%+=/?&#!:-]"
_TEMPLATE = (
    rf"/(?:{_SIGN}|\{{area\}}){{0,300}}\{{(?:code|name)\}}(?:{_SIGN}|\{{(?:code|name|area)\}}){{0,300}}"
)
_HELP_URL: dict[str, Any] = {
    "type": "string",
    "title": "address of a site, nor one of pages with {code} or {name} in it",
    "pattern": rf"^https?://[A-Za-z0-9][A-Za-z0-9.-]{{0,250}}(?::[0-9]{{1,5}})?(?:{_SITE}|{_TEMPLATE})$",
    "description": "Where the pages of archlint's rules are: a site that 'make docs' built, or a template.",
    "examples": ["https://docs.example.com/archlint/", "https://docs.example.com/rules/{area}/{name}"],
}
"""Nothing in such an address ends a link or a cell in any report."""

_RELEASE_NAME = r"^[a-z0-9](?:[-a-z0-9]{0,51}[a-z0-9])?$"
_NAMESPACE = r"^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$"
_RELEASE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["chart"],
    "properties": {
        "chart": {
            "type": "string",
            "pattern": r"\S",
            "description": "The folder of a chart, relative to the root.",
            "examples": ["charts/cart"],
        },
        "values": {
            "type": "array",
            "items": {"type": "string", "pattern": r"\S"},
            "default": [],
            "description": "Files of values over the chart's own, relative to the root; later ones win.",
            "examples": [["live/cart.yaml"]],
        },
        "release": {
            "type": "string",
            "pattern": _RELEASE_NAME,
            "description": "The name of the release; the chart's name if it is not set.",
            "examples": ["cart"],
        },
        "namespace": {
            "type": "string",
            "pattern": _NAMESPACE,
            "description": "Its namespace; unknown if it is not set.",
            "examples": ["shop"],
        },
    },
    "examples": [{"chart": "charts/cart", "values": ["live/cart.yaml"], "namespace": "shop"}],
}
_KEYS = r"[A-Za-z0-9_-]+(?:\.(?:[A-Za-z0-9_-]+|\*))*"
_POD_SPEC_PATH = {
    "type": "string",
    "title": "path such as 'spec.template.spec'; several have commas between them",
    "pattern": rf"^{_KEYS}(?:, *{_KEYS})*$",
    "examples": ["spec.template.spec"],
}
"""Keys that lead to a pod spec, with ``*`` for every key or item."""


CONFIGURATION: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "profile": {
            "type": "string",
            "enum": ["minimal", "recommended", "strict"],
            "default": "recommended",
            "description": "The set of rules to begin with; each one contains those before it.",
            "examples": ["recommended"],
        },
        "select": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": f"Added to the profile. {_RULE_NAMES}",
            "examples": [["tag:security"]],
        },
        "ignore": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": f"Left out. {_RULE_NAMES}",
            "examples": [["KUBE104"]],
        },
        "exclude": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Files that are not looked at: patterns relative to the root, as in .gitignore.",
            "examples": [["legacy/**"]],
        },
        "rules": {
            "type": "object",
            "description": "Severity and options of rules, by name, code, or TOOL:NAME of another tool.",
            "additionalProperties": {
                "type": "object",
                "properties": {"severity": _SEVERITY},
                "examples": [{"severity": "warning"}],
            },
            "examples": [{"memory-limit-missing": {"severity": "warning"}}],
        },
        "suppress": {
            "type": "array",
            "items": _SUPPRESS_ENTRY,
            "description": "Findings that do not count, by rule and path, each with a reason.",
            "examples": [[_SUPPRESS_ENTRY["examples"][0]]],
        },
        "baseline": {
            "type": "string",
            "pattern": r"\S",
            "description": "File of known findings, relative to the root.",
            "examples": [".archlint-baseline.json"],
        },
        "breaking": _BREAKING,
        "events": _EVENTS,
        "gate": GATE,
        "help-url": _HELP_URL,
        "helm": {
            "type": "array",
            "items": _RELEASE,
            "default": [],
            "description": "Charts to be rendered with files of values, besides their own.",
            "examples": [[_RELEASE["examples"][0]]],
        },
        "kubernetes-version": {
            "type": "string",
            "title": "version of Kubernetes such as '1.31'",
            "pattern": r"^1\.[0-9]{1,3}$",
            "default": "1.37",
            "description": "The version of the clusters, for all rules with an option of this name.",
            "examples": ["1.31"],
        },
        "network": NETWORK,
        "calls": CALLS,
        "pod-spec-paths": {
            "type": "object",
            "description": "Where kinds of object that archlint does not know keep the pods that they run.",
            "default": {},
            "additionalProperties": _POD_SPEC_PATH,
            "examples": [{"shop.example/Worker": "spec.template.spec"}],
        },
        "schemas": {
            "type": "array",
            "items": {"type": "string", "pattern": r"\S"},
            "default": [],
            "description": "Folders with schemas of custom resources, relative to the root.",
            "examples": [["schemas"]],
        },
        "ruleset": {
            "type": "string",
            "description": "Ruleset of Spectral with rules of your own, relative to the root; none for none."
            " Without the key: .spectral.yaml, .spectral.yml or .spectral.json at the root.",
            "examples": ["api/.spectral.yaml"],
        },
        "rule-folders": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Folders with rule pages of your own, relative to the root.",
            "examples": [[".archlint/rules"]],
        },
    },
}
"""The shape of a configuration, without the options of single rules."""


def published_schema(rules: Iterable[Rule]) -> dict[str, Any]:
    """The schema with the options of the given rules, for editors."""
    properties = dict(CONFIGURATION["properties"])
    properties["rules"] = {
        "type": "object",
        "description": CONFIGURATION["properties"]["rules"]["description"],
        "additionalProperties": False,
        "patternProperties": {
            "^[a-z][a-z0-9-]*:": {
                "type": "object",
                "properties": {"severity": _SEVERITY},
                "description": "What another tool calls so.",
            }
        },
        "properties": {
            key: value
            for rule in sorted(rules, key=lambda rule: rule.code)
            for key, value in (
                (rule.name, _rule_schema(rule)),
                (rule.code, {"$ref": f"#/properties/rules/properties/{rule.name}"}),
            )
        },
    }
    return {
        "$schema": DIALECT,
        "title": "Configuration of archlint",
        "description": "archlint.yaml, or the table tool.archlint of pyproject.toml.",
        **CONFIGURATION,
        "properties": properties,
    }


def _rule_schema(rule: Rule) -> dict[str, Any]:
    severity = {"enum": _SEVERITY["enum"], "default": rule.severity.label, "description": "Severity."}
    return {
        "type": "object",
        "description": f"{rule.code}: {rule.title}",
        "additionalProperties": False,
        "properties": {"severity": severity, **rule.options},
    }
