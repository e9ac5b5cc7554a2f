"""Configurable rules of Redocly in a repository: what they say of contracts, and what becomes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint

API = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
tags: [{name: b}, {name: a}]
paths:
  /carts/{cartId}:
    parameters: [{$ref: "#/components/parameters/CartId"}]
    get:
      operationId: getCart
      tags: [carts]
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "parts.yaml#/Cart"}}}}
    post:
      operationId: add-cart
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"201": {description: Added.}}
components:
  parameters:
    CartId: {name: cartId, in: path, required: true, schema: {type: string}}
  schemas:
    Item: {type: object, properties: {Name: {type: string}}}
"""
PARTS = """\
Cart:
  type: object
  properties: {id: {type: string}, items: {type: array, items: {$ref: "api.yaml#/components/schemas/Item"}}}
"""
POST = "/paths/~1carts~1{cartId}/post"
GET = "/paths/~1carts~1{cartId}/get"


def _repository(folder: Path, config: str, **more: str) -> Path:
    for name, text in {"api.yaml": API, "parts.yaml": PARTS, "redocly.yaml": config, **more}.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def _report(folder: Path, *flags: str) -> dict[str, Any]:
    done = archlint("check", ".", "--format", "json", *flags, cwd=folder)
    assert done.code in (0, 1), done.err
    report: dict[str, Any] = json.loads(done.out)
    return report


def _told(folder: Path, *flags: str) -> list[tuple[str, str]]:
    """The file and the place, as Redocly calls it, of each finding of a configurable rule."""
    findings = _report(folder, *flags)["findings"]
    found = [each for each in findings if each.get("aliases", [])[:1] == ["redocly:rule/house"]]
    return sorted((each["path"], each["arguments"]["element"].removeprefix("#")) for each in found)


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        ("subject: {type: Operation, property: tags}, assertions: {defined: true}", [f"{POST}/tags"]),
        ("subject: {type: Operation}, assertions: {required: [tags]}", [POST]),
        ("subject: {type: Operation}, assertions: {disallowed: [requestBody]}", [f"{POST}/requestBody"]),
        ("subject: {type: Operation}, assertions: {requireAny: [tags, summary]}", [POST]),
        ("subject: {type: Operation}, assertions: {mutuallyExclusive: [tags, operationId]}", [GET]),
        ("subject: {type: Operation}, assertions: {mutuallyRequired: [tags, operationId]}", [POST]),
        (
            "subject: {type: Operation, property: operationId}, assertions: {casing: camelCase}",
            [f"{POST}/operationId"],
        ),
        (
            "subject: {type: Operation, property: operationId}, assertions: {notPattern: '/^ADD/i'}",
            [f"{POST}/operationId"],
        ),
        (
            "subject: {type: Operation, property: operationId}, assertions: {minLength: 8}",
            [f"{GET}/operationId"],
        ),
        (
            "subject: {type: Operation, property: operationId}, assertions: {enum: [getCart]}",
            [f"{POST}/operationId"],
        ),
        ("subject: {type: Info, property: version}, assertions: {const: 1}", ["/info/version"]),
        ("subject: {type: Root, property: tags}, assertions: {sortOrder: {property: name}}", []),
        (
            "subject: {type: Root, property: [tags]}, "
            "assertions: {sortOrder: {direction: asc, property: name}}",
            ["/tags"],
        ),
        (
            "subject: {type: Response, property: description}, assertions: {maxLength: 2}",
            [f"{POST}/responses/201/description"],
        ),
        ("subject: {type: Operation, filterInParentKeys: [get]}, assertions: {required: [summary]}", [GET]),
        ("subject: {type: Operation, filterOutParentKeys: [get]}, assertions: {required: [summary]}", [POST]),
        ("subject: {type: Operation, matchParentKeys: '/^p/'}, assertions: {required: [summary]}", [POST]),
        (
            "where: [{subject: {type: Operation, property: tags}, assertions: {defined: true}}], "
            "subject: {type: Operation}, assertions: {required: [summary]}",
            [GET],
        ),
        (
            "where: [{subject: {type: Operation, matchParentKeys: /post/}, assertions: {defined: true}}], "
            "subject: {type: Schema, property: description}, assertions: {defined: true}",
            [f"{POST}/requestBody/content/application~1json/schema/description"],
        ),
        ("subject: {type: Parameter}, assertions: {ref: false}", ["/paths/~1carts~1{cartId}/parameters/0"]),
    ],
)
def test_what_rules_ask_is_told_where_it_is_not_so(
    rule: str, places: list[str] | None, tmp_path: Path
) -> None:
    expected = [f"{POST}/responses/201/description"] if places is None else places
    if "sortOrder: {property" in rule:  # no direction is descending order, as in Redocly
        expected = []
    config = f"rules: {{rule/house: {{{rule}}}}}\n"
    assert _told(_repository(tmp_path, config)) == [("api.yaml", place) for place in sorted(expected)]


def test_elements_behind_references_are_told_in_their_file(tmp_path: Path) -> None:
    config = "rules: {rule/house: {subject: {type: SchemaProperties}, assertions: {casing: camelCase}}}\n"
    folder = _repository(tmp_path, config)
    assert _told(folder) == [("api.yaml", "/components/schemas/Item/properties/Name")]
    (folder / "redocly.yaml").write_text(config.replace("camelCase", "PascalCase"), "utf-8")
    assert _told(folder) == [("parts.yaml", f"/Cart/properties/{name}") for name in ("id", "items")]


def test_messages_and_severities_are_those_of_the_house(tmp_path: Path) -> None:
    config = """\
rules:
  rule/house:
    subject: {type: Operation, property: tags}
    assertions: {defined: true}
    message: "{{key}} has no {{property}} ({{nodeType}}, {{file}}, {{assertionName}}): {{problems}}"
    severity: warn
"""
    (told,) = [
        each for each in _report(_repository(tmp_path, config))["findings"] if each["code"][:5] == "HOUSE"
    ]
    text = "post has no tags (Operation, api.yaml, rule/house): Should be defined"
    assert (told["message"], told["severity"], told["rule"]) == (text, "warning", "house")
    assert archlint("explain", "house", cwd=tmp_path).out.count("redocly.yaml:2") == 1


def test_what_is_said_for_an_api_or_a_version_counts_there(tmp_path: Path) -> None:
    rule = "subject: {type: Info}, assertions: {required: [contact]}"
    apis = "apis: {shop: {root: ./api.yaml, rules: {rule/house: off}}}\n"
    config = f"rules: {{rule/house: {{{rule}}}}}\n{apis}"
    folder = _repository(tmp_path, config, **{"other.yaml": API.replace("3.0.3", "3.1.0")})
    assert _told(folder) == [("other.yaml", "/info")]
    (folder / "redocly.yaml").write_text(
        f"rules: {{rule/house: {{{rule}}}}}\noas3_0Rules: {{rule/house: off}}\n", "utf-8"
    )
    assert _told(folder) == [("other.yaml", "/info")]
    (folder / "base.yaml").write_text(f"rules: {{rule/house: {{{rule}}}}}\n", "utf-8")
    (folder / "redocly.yaml").write_text("extends: [recommended, ./base.yaml]\n", "utf-8")
    assert [path for path, _ in _told(folder)] == ["api.yaml", "other.yaml"]


def test_what_the_ignore_file_lists_does_not_count(tmp_path: Path) -> None:
    config = (
        "rules: {rule/house: {subject: {type: Operation, property: summary}, assertions: {defined: true}}}\n"
    )
    ignored = f'api.yaml: {{rule/house: ["#{GET}/summary"]}}\n'
    folder = _repository(tmp_path, config, **{".redocly.lint-ignore.yaml": ignored})
    assert _told(folder) == [("api.yaml", f"{POST}/summary")]
    assert len(_told(folder, "--show-suppressed")) == 2


def test_flags_and_configurations_choose_what_is_run(tmp_path: Path) -> None:
    config = "rules: {rule/house: {subject: {type: Info}, assertions: {required: [contact]}}}\n"
    folder = _repository(tmp_path, config)
    assert _told(folder) and not _told(folder, "--ignore", "house")
    (folder / "archlint.yaml").write_text("ruleset: none\n", "utf-8")
    assert not _told(folder)
    assert _told(folder, "--ruleset", "redocly.yaml")
    (folder / "archlint.yaml").write_text("rules: {house: {severity: info}}\n", "utf-8")
    assert {each["severity"] for each in _report(folder)["findings"] if each["rule"] == "house"} == {"info"}


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("3", "is a map with 'subject' and 'assertions'"),
        ("{subject: {type: Info}}", "'assertions' is a map"),
        ("{subject: Info, assertions: {}}", "'subject' is a map with the 'type'"),
        ("{subject: {type: Info}, assertions: {defines: true}}", "there is no assertion 'defines'"),
        ("{subject: {type: Info}, assertions: {pattern: '('}}", "'('"),
        ("{subject: {type: Info}, assertions: {casing: upper}}", "'casing' is given one of camelCase"),
        ("{subject: {type: Info, property: a}, assertions: {required: [b]}}", "leave out 'property'"),
        ("{subject: {type: Info}, assertions: {nonEmpty: true}}", "name one with 'property'"),
        ("{subject: {type: Info}, assertions: {}, severity: fatal}", "error, warn or off"),
    ],
)
def test_what_redocly_would_refuse_is_a_finding_at_its_place(rule: str, told: str, tmp_path: Path) -> None:
    folder = _repository(tmp_path, f"rules: {{rule/house: {rule}}}\n")
    found = [each for each in _report(folder)["findings"] if each["rule"] == "ruleset-invalid"]
    assert [(each["path"], told in each["message"]) for each in found] == [("redocly.yaml", True)]


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (
            "rules: {rule/house: {subject: {type: Info}, assertions: {mine/check: true, required: [a]}}}",
            "'mine/check' is a function of a plugin and is not run",
        ),
        (
            "rules: {rule/house: {subject: {type: Channel}, assertions: {required: [a]}}}",
            "'Channel' is no type of",
        ),
        ("async2Rules: {rule/a: {}}\nrules: {rule/house: off}", "rule/a in async2Rules: not run"),
        (
            "extends: ['https://shop.example/redocly.yaml']\nrules: {rule/house: 3}",
            "'https://shop.example/redocly.yaml' is not loaded",
        ),
        ("preprocessors: {a: on}\nrules: {rule/house: 3}", "'preprocessors' is not run"),
    ],
)
def test_what_is_not_run_is_told(config: str, told: str, tmp_path: Path) -> None:
    notices = _report(_repository(tmp_path, config))["notices"]
    is_told = any(told in each["message"] for each in notices)
    assert is_told or "rule/a" in told  # a configuration without a rule that could be run is left alone


@pytest.mark.parametrize(
    "config",
    [
        "rules: [",
        "[]",
        "rules: 3\napis: 4",
        "extends: ../outside.yaml",
        "extends: [redocly.yaml, 3, {}]",
        "rules: {rule/a: {subject: {type: any}, assertions: {pattern: '(a+)+$'}}}",
        "rules: {rule/a: {subject: {type: Schema}, where: 3, assertions: {ref: true}}}",
        "rules: {rule/a: {subject: {type: any, property: [3, null]}, assertions: {const: []}}}",
    ],
)
def test_no_configuration_ends_a_run(config: str, tmp_path: Path) -> None:
    done = archlint("check", ".", "--format", "json", cwd=_repository(tmp_path, config))
    assert done.code in (0, 1, 3), done.err
    assert "Traceback" not in done.err
