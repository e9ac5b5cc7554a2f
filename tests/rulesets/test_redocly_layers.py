"""Configurable rules of Redocly in several files and parts: what is said last counts, as in Redocly 2.77."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint

API = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/carts": {"get": {"operationId": "get", "responses": {"200": {"description": "ok"}}}}},
}
ASKED = {"subject": {"type": "Operation", "property": "summary"}, "assertions": {"defined": True}}
OFF = {**ASKED, "severity": "off"}
BASE = {"rules": {"rule/a": ASKED}}
EXTENDS = {"extends": ["./base.yaml"]}


def _report(folder: Path, files: dict[str, Any]) -> dict[str, Any]:
    for name, said in {"api.yaml": API, "other.yaml": {**API, "openapi": "3.1.0"}, **files}.items():
        (folder / name).write_text(said if isinstance(said, str) else json.dumps(said), "utf-8")
    done = archlint("check", ".", "--format", "json", "--profile", "minimal", cwd=folder)
    assert done.code in (0, 1), done.err
    report: dict[str, Any] = json.loads(done.out)
    return report


def _told(report: dict[str, Any]) -> dict[str, str]:
    """How grave the rule is in each contract."""
    return {
        each["path"]: each["severity"]
        for each in report["findings"]
        if each.get("aliases", [])[:1] == ["redocly:rule/a"]
    }


def _invalid(report: dict[str, Any]) -> list[str]:
    return [each["message"] for each in report["findings"] if each["rule"] == "ruleset-invalid"]


def _api(**said: Any) -> dict[str, Any]:
    return {"apis": {"shop": {"root": "./api.yaml", **said}}}


@pytest.mark.parametrize(
    ("config", "base", "first", "second"),
    [
        ({**EXTENDS, "rules": {"rule/a": "warn"}}, BASE, "warning", "warning"),
        ({**EXTENDS, "rules": {"rule/a": "off"}}, BASE, None, None),
        ({**EXTENDS, "rules": {"rule/a": None}}, BASE, None, None),
        ({**EXTENDS, "rules": {"rule/a": "warn"}}, {"rules": {"rule/a": OFF}}, "warning", "warning"),
        ({**EXTENDS, "rules": {"rule/a": "warn"}}, {"oas3_0Rules": {"rule/a": ASKED}}, "warning", None),
        ({**BASE, "oas3_0Rules": {"rule/a": "off"}}, {}, None, "error"),
        ({**BASE, "oas3_0Rules": {"rule/a": "off"}, "extends": []}, {}, "error", "error"),
        ({**BASE, **_api(rules={"rule/a": "warn"})}, {}, "warning", "error"),
        ({"rules": {"rule/a": OFF}, **_api(rules={"rule/a": "error"})}, {}, "error", None),
        ({**BASE, "oas3_0Rules": {"rule/a": "off"}, **_api()}, {}, "error", "error"),
        ({"extends": ["./base.yaml", "./off.yaml", "./base.yaml"]}, BASE, "error", "error"),
        ({"extends": ["./base.yaml", "./off.yaml"]}, BASE, None, None),
        (
            {"apis": {"a": {"root": "api.yaml", **EXTENDS}, "b": {"root": "other.yaml", **EXTENDS}}},
            BASE,
            "error",
            "error",
        ),
        (EXTENDS, {**BASE, "extends": ["./redocly.yaml"]}, "error", "error"),
        ({"rules": {"$ref": "./base.yaml#/rules"}}, BASE, "error", "error"),
        ({"rules": {"rule/a": {"$ref": "base.yaml#/rules/rule~1a"}}}, BASE, "error", "error"),
    ],
)
def test_what_is_said_last_counts(
    config: dict[str, Any], base: dict[str, Any], first: str | None, second: str | None, tmp_path: Path
) -> None:
    off = {"rules": {"rule/a": "off"}}
    report = _report(tmp_path, {"redocly.yaml": config, "base.yaml": base, "off.yaml": off})
    expected = {"api.yaml": first, "other.yaml": second}
    assert _told(report) == {path: level for path, level in expected.items() if level is not None}
    assert not _invalid(report)


@pytest.mark.parametrize(
    ("config", "invalid", "notice"),
    [
        ({"rules": {"rule/a": "warn"}}, "'warn' alone asks nothing", ""),
        ({**EXTENDS, "rules": {"rule/a": {"severity": "warn"}}}, "'subject' is a map", ""),
        ({"extends": ["plugin/all"], "rules": {"rule/a": "warn"}}, "", "'plugin/all' is not loaded"),
        ({"extends": ["./none.yaml"], "rules": {"rule/a": "warn"}}, "'./none.yaml' cannot be read", ""),
        ({"rules": {"$ref": "base.yaml#/nowhere"}}, "nothing is there", ""),
        ({"rules": {"$ref": "redocly.yaml#/rules"}}, "it leads back to itself", ""),
        ({"rules": {"$ref": "https://shop.example/r.yaml"}}, "", "r.yaml' is not loaded"),
        ({"rule/a": ASKED}, "", "rule/a: not run outside of 'rules'"),
        ({"rules": {"assert/a": {"subject": "Info"}}}, "", "assert/a: not run"),
        ({"graphqlRules": {"rule/a": ASKED}}, "", "rule/a in graphqlRules: not run"),
        ({"apis": {"a": {"root": "none.yaml", **BASE}}}, "", "none.yaml is no file here"),
    ],
)
def test_what_is_of_no_effect_is_told(
    config: dict[str, Any], invalid: str, notice: str, tmp_path: Path
) -> None:
    report = _report(tmp_path, {"redocly.yaml": config, "base.yaml": BASE})
    assert not _told(report)
    assert [invalid in each for each in _invalid(report)] == [True] * bool(invalid)
    assert any(notice in each["message"] for each in report["notices"]) or not notice


@pytest.mark.parametrize(
    ("text", "is_told"), [("/^G/i", False), ("/^G/\n", True), ("^get\n$", False), ("//", False), ("/x", True)]
)
def test_expressions_are_of_one_line(text: str, is_told: bool, tmp_path: Path) -> None:
    asked = {"subject": {"type": "Operation", "property": "operationId"}, "assertions": {"pattern": text}}
    report = _report(tmp_path, {"redocly.yaml": {"rules": {"rule/a": asked}}})
    assert bool(_told(report)) is is_told


def test_long_values_are_shown_in_part(tmp_path: Path) -> None:
    asked = {"subject": {"type": "Info", "property": "title"}, "assertions": {"notPattern": "word"}}
    long = {**API, "info": {"title": "a long word " * 200, "version": "1"}}
    report = _report(tmp_path, {"redocly.yaml": {"rules": {"rule/a": asked}}, "api.yaml": long})
    (told,) = [each["message"] for each in report["findings"] if each["rule"] == "a"]
    assert "a long word" in told and len(told) < 200


def test_conditions_over_what_refers_to_itself_come_to_an_end(tmp_path: Path) -> None:
    schemas = {
        f"S{at}": {"allOf": [{"$ref": f"#/components/schemas/S{(at * by + 1) % 40}"} for by in (1, 3)]}
        for at in range(40)
    }
    where = [{"subject": {"type": "Schema"}, "assertions": {"defined": True}}] * 24
    asked = {"subject": {"type": "AllOf"}, "where": where, "assertions": {"maxLength": 1}}
    many = {**API, "components": {"schemas": schemas}}
    report = _report(tmp_path, {"redocly.yaml": {"rules": {"rule/a": asked}}, "api.yaml": many})
    found = [each for each in report["findings"] if each["rule"] == "a"]
    assert len(found) == 40 and {each["message_id"] for each in found} == {"default"}


@pytest.mark.parametrize("key", ["rules", "oas2Rules", "oas3_1Rules", "apis", "extends"])
@pytest.mark.parametrize("value", [3, True, "a", ["a"], {"a": 3}, None])
@pytest.mark.parametrize("where", ["here", "below", "for one contract"])
def test_a_part_of_another_form_is_told_and_the_rest_is_run(
    key: str, value: Any, where: str, tmp_path: Path
) -> None:
    if where != "here" and key == "apis":
        pytest.skip("only the configuration itself names contracts")
    is_right = {"extends": isinstance(value, str | list), "apis": False}.get(key, isinstance(value, dict))
    part = {key: value, "oas3_0Rules": {"rule/a": ASKED}}
    files = {
        "here": {"redocly.yaml": part},
        "below": {"redocly.yaml": EXTENDS, "base.yaml": part},
        "for one contract": {"redocly.yaml": _api(**part)},
    }[where]
    report = _report(tmp_path, files)
    assert _told(report)["api.yaml"] == "error"
    told = [each for each in _invalid(report) if "must be a" in each]
    assert [key in each or "'a'" in each for each in told] == [True] * (value is not None and not is_right)


def test_a_contract_without_its_file_is_told(tmp_path: Path) -> None:
    (told,) = _invalid(_report(tmp_path, {"redocly.yaml": {**BASE, "apis": {"shop": {"rules": {}}}}}))
    assert "'shop' must be a map with 'root'" in told
