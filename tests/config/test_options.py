"""Options of rules: a wrong value is told at its place, and no schema of a page can stop a run."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from archlint.config import ConfigurationError, Settings, load_settings, read_configuration
from archlint.config.validation import is_simple
from archlint.finding import Confidence, Profile, Rule, Severity, Status
from archlint.registry import Registry
from tests.support.limits import within
from tests.support.rules import own_rules

PLACE = "archlint.yaml:2:"


@cache
def own() -> Registry:
    return Registry(own_rules())


def foreign(schema: Any) -> Registry:
    """A registry as with a page of a repository's own, whose rule has the option ``least``."""
    return Registry(
        [
            Rule(
                code="TEAM001",
                name="few-replicas",
                title="x",
                severity=Severity.WARNING,
                confidence=Confidence.HIGH,
                profile=Profile.RECOMMENDED,
                status=Status.STABLE,
                messages={"default": "x"},
                options={"least": schema},
            )
        ]
    )


def settings(folder: Path, registry: Registry, rule: str, option: str, value: object) -> Settings:
    text = f"rules:\n  {rule}: {{{option}: {json.dumps(value)}}}\n"
    (folder / "archlint.yaml").write_text(text, "utf-8")
    return load_settings(read_configuration(folder / "archlint.yaml", folder), registry)


@pytest.mark.parametrize(
    ("rule", "option", "value", "expected"),
    [
        (
            "memory-out-of-range",
            "max",
            "banana",
            "'max' is 'banana', which is no quantity of memory; write max: \"8Gi\"",
        ),
        ("memory-out-of-range", "min", "512m", "which is no quantity of memory"),
        ("memory-out-of-range", "min", "-1Gi", "which is no quantity of memory"),
        ("memory-out-of-range", "max", "8Gi\n", "which is no quantity of memory"),
        ("memory-out-of-range", "max", "", "'max' is empty; write max: \"8Gi\""),
        ("memory-out-of-range", "max", 8, "'max' must be a text, not 8; write max: \"8Gi\""),
        ("cpu-out-of-range", "max", "4Gi", "which is no quantity of CPU"),
        ("ingress-open-to-all", "public-ports", ["443"], "which is no name of a port"),
        ("ingress-open-to-all", "public-ports", [0], "the least that is allowed is 1"),
        ("alert-without-runbook", "annotations", ["run book"], "which is no name of an annotation"),
        ("proto-service-name", "suffix", "-Service", 'which is no part of a name; write suffix: "Service"'),
        ("proto-package-unversioned", "except", ["a..b"], "which is no package"),
    ],
)
def test_a_wrong_value_is_told(tmp_path: Path, rule: str, option: str, value: object, expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings(tmp_path, own(), rule, option, value)
    assert PLACE in str(caught.value) and expected in str(caught.value)


@pytest.mark.parametrize("value", ["0", "1.5Gi", ".5G", "900000000", "1e9", "64Mi", "16Gi"])
def test_quantities_are_accepted(tmp_path: Path, value: str) -> None:
    made = settings(tmp_path, own(), "memory-out-of-range", "max", value)
    assert made.options == {"KUBE105": {"max": value}}


def test_defaults_and_presets_are_values_of_their_options() -> None:
    for rule in own().rules:
        for name, schema in rule.options.items():
            stated = [schema["default"], *schema.get("examples", ())]
            stated += [preset[name] for preset in rule.presets.values() if preset and name in preset]
            judge = Draft202012Validator(schema, format_checker=FormatChecker())
            assert all(map(judge.is_valid, stated)), f"{rule.name}: {name}"


def test_a_text_is_never_just_any_text() -> None:
    """An option that a check cannot read would switch the check off without a word."""
    for rule in own().rules:
        for name, schema in rule.options.items():
            assert is_simple(schema), f"{rule.name}: {name}"
            if schema.get("type") == "string":
                assert {"pattern", "enum", "format"} & schema.keys(), f"{rule.name}: {name} needs a pattern"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "^(a+)+$"},
        {"anyOf": [{"pattern": "^(a|a)*$"}]},
        {"patternProperties": {"^(a+)+$": {"type": "integer"}}, "pattern": "^(a+)+$"},
    ],
)
def test_patterns_of_foreign_pages_take_linear_time(tmp_path: Path, schema: object) -> None:
    def refused() -> None:
        with pytest.raises(ConfigurationError, match="least"):
            settings(tmp_path, foreign(schema), "few-replicas", "least", "a" * 5000 + "!")

    within(5, refused)


@pytest.mark.parametrize(
    "schema",
    [
        5,
        None,
        {"type": "strin"},
        {"type": ["string", 1]},
        {"minimum": "x"},
        {"pattern": "["},
        {"pattern": "(?=a)b"},
        {"pattern": r"(a)\1"},
        {"properties": []},
        {"required": 1},
        {"examples": "x"},
        {"items": 3},
        {"$ref": "http://127.0.0.1:9/x"},
    ],
)
def test_wrong_schemas_of_foreign_pages_are_errors(tmp_path: Path, schema: object) -> None:
    with pytest.raises(ConfigurationError, match="the schema in the rule's page is wrong") as caught:
        settings(tmp_path, foreign(schema), "few-replicas", "least", [1])
    assert PLACE in str(caught.value)


@pytest.mark.parametrize(
    ("schema", "value", "is_right"),
    [
        (True, 1, True),
        (False, 1, False),
        ({"multipleOf": 5}, 7, False),
        ({"items": {"multipleOf": 5}}, [5, 7], False),
        ({"items": True}, [5], True),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, {"a": 1}, True),
        ({"type": "string", "format": "regex"}, "^a+$", True),
        ({"type": "string", "format": "regex"}, "a[", False),
        ({"type": "string", "format": "regex"}, "(?=a)b", False),
        ({"type": "string", "format": "regex"}, "(?i)a", False),
        ({"type": "string", "format": "regex"}, "(?P<x>a)", False),
        ({"type": "string", "format": "regex"}, "a)|(b", False),
    ],
)
def test_schemas_of_foreign_pages_are_obeyed(
    tmp_path: Path, schema: object, value: object, is_right: bool
) -> None:
    try:
        settings(tmp_path, foreign(schema), "few-replicas", "least", value)
        accepted = True
    except ConfigurationError:
        accepted = False
    assert accepted is is_right
