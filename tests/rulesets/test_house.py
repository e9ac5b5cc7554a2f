"""A ruleset of Spectral in a repository: its rules are run, and have their say like all others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint

API = """\
openapi: 3.0.3
info: {title: Shop, version: 1.0.0}
servers: [{url: "https://shop.example/v1"}]
paths:
  /carts:
    get:
      operationId: GetCarts
      responses:
        "200":
          description: All carts.
          content:
            application/json:
              schema: {$ref: "parts.yaml#/Cart"}
        "404":
          $ref: "#/components/responses/Missing"
components:
  responses:
    Missing: {description: No}
"""
PARTS = """\
Cart:
  type: object
  properties:
    cart_id: {type: string}
    next: {$ref: "#/Cart"}
"""
RULESET = """\
extends: [[spectral:oas, off]]
documentationUrl: https://shop.example/rules
rules:
  house-operation-id:
    description: Operations are called in camelCase.
    message: "{{property}} {{value}} {{error}} at {{path}}"
    severity: error
    given: $.paths[*][*].operationId
    then: {function: casing, functionOptions: {type: camel}}
  house-property-case:
    severity: hint
    given: $..properties[*]~
    then: {function: pattern, functionOptions: {notMatch: "_"}}
  house-long-description:
    given: $..responses[*]
    then: {field: description, function: length, functionOptions: {min: 5}}
  house-unresolved:
    resolved: false
    severity: info
    given: $..[?(@.$ref)]
    then: {field: $ref, function: pattern, functionOptions: {match: "^#"}}
"""


def _repository(folder: Path, **more: str) -> Path:
    files = {"api.yaml": API, "parts.yaml": PARTS, ".spectral.yaml": RULESET}
    for name, text in {**files, **more}.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return folder


def _report(folder: Path, *flags: str) -> dict[str, Any]:
    done = archlint("check", ".", "--format", "json", *flags, cwd=folder)
    assert done.code in (0, 1), done.err
    report: dict[str, Any] = json.loads(done.out)
    return report


def _found(folder: Path, *flags: str, area: str = "HOUSE") -> dict[str, list[tuple[str, int, int]]]:
    found: dict[str, list[tuple[str, int, int]]] = {}
    for each in _report(folder, *flags)["findings"]:
        if each["code"].startswith(area):
            found.setdefault(each["rule"], []).append((each["path"], each["line"], each["column"]))
    return found


def test_rules_of_a_house_are_run_and_told_where_things_are_written(tmp_path: Path) -> None:
    assert _found(_repository(tmp_path)) == {
        "house-operation-id": [("api.yaml", 7, 20)],
        "house-property-case": [("parts.yaml", 4, 5)],
        "house-long-description": [("api.yaml", 18, 28)],
        "house-unresolved": [("api.yaml", 13, 30)],
    }


def test_a_finding_says_what_the_ruleset_says(tmp_path: Path) -> None:
    found = {each["rule"]: each for each in _report(_repository(tmp_path))["findings"]}
    operation, property_case = found["house-operation-id"], found["house-property-case"]
    where = "#/paths/~1carts/get/operationId"
    assert operation["message"] == f"operationId GetCarts must be camel case at {where}"
    assert (operation["severity"], property_case["severity"]) == ("error", "info")
    assert operation["aliases"] == ["spectral:house-operation-id"]
    assert operation["object"] == {"kind": "OpenAPI", "name": "Shop"}
    assert property_case["related"][0]["path"] == "api.yaml"


def test_the_fingerprint_survives_what_no_reader_would_call_another_finding(tmp_path: Path) -> None:
    before = {each["fingerprint"] for each in _report(_repository(tmp_path / "one"))["findings"]}
    moved = API.replace("info:", "x-more: [1, 2]\ninfo:")
    after = {
        each["fingerprint"]
        for each in _report(_repository(tmp_path / "two", **{"api.yaml": moved}))["findings"]
    }
    assert before == after


def test_rules_are_chosen_suppressed_and_configured_by_the_names_of_the_house(tmp_path: Path) -> None:
    config = "ignore: [house-unresolved]\nrules: {house-operation-id: {severity: info}}\n"
    config += 'suppress: [{rules: [house-property-case], paths: ["**"], reason: old}]\n'
    folder = _repository(tmp_path, **{"archlint.yaml": config})
    report = _report(folder)
    mine = {each["rule"]: each["severity"] for each in report["findings"] if each["code"].startswith("HOUSE")}
    assert mine == {"house-operation-id": "info", "house-long-description": "warning"}
    shown = archlint("explain", "house-operation-id", cwd=folder)
    assert "Operations are called in camelCase." in shown.out
    assert "https://shop.example/rules#house-operation-id" in shown.out


@pytest.mark.parametrize("flags", [("--select", "HOUSE"), ("--ignore", "house-unresolved"), ()])
def test_a_name_that_is_gone_with_the_ruleset_is_told_with_the_reason(
    flags: tuple[str, ...], tmp_path: Path
) -> None:
    config = {} if flags else {"archlint.yaml": "ignore: [house-unresolved]\n"}
    done = archlint(
        "check", ".", *flags, cwd=_repository(tmp_path, **{".spectral.yaml": "rules: [", **config})
    )
    assert done.code == 2
    assert ".spectral.yaml: no rule of this ruleset is run: " in done.err


def test_findings_of_a_house_are_known_to_the_baseline(tmp_path: Path) -> None:
    folder = _repository(tmp_path)
    flags = ("--baseline", "known.json")
    assert archlint("check", ".", *flags, "--update-baseline", cwd=folder).code == 0
    assert not _found(folder, *flags)
    more = "    put: {operationId: PutCarts, responses: {}}\n    get:\n"
    (folder / "api.yaml").write_text(API.replace("    get:\n", more, 1), "utf-8")
    assert [*_found(folder, *flags)] == ["house-operation-id"]


@pytest.mark.parametrize("name", ["ALL", "HOUSE", "OAS", "with space", "a:b", "a,b", "123", "\\e[31mred", ""])
def test_a_rule_may_be_called_as_the_house_likes(name: str, tmp_path: Path) -> None:
    rule = "{given: $.info, then: {field: x-none, function: truthy}}"
    report = _report(_repository(tmp_path, **{".spectral.yaml": f'rules: {{"{name}": {rule}}}\n'}))
    told = [each for each in report["findings"] if each["code"].startswith("HOUSE")]
    assert [each["path"] for each in told] == ["api.yaml"]
    assert "\x1b" not in str(told)


def test_reports_link_to_what_the_ruleset_names(tmp_path: Path) -> None:
    done = archlint("check", ".", "--format", "sarif", cwd=_repository(tmp_path))
    rules = json.loads(done.out)["runs"][0]["tool"]["driver"]["rules"]
    links = {rule["name"]: rule.get("helpUri") for rule in rules}
    assert links["HouseOperationId"] == "https://shop.example/rules#house-operation-id"


def test_a_message_of_the_house_is_no_quoted_name(tmp_path: Path) -> None:
    done = archlint("check", ".", "--format", "sarif", cwd=_repository(tmp_path))
    run = json.loads(done.out)["runs"][0]
    rules = [rule for rule in run["tool"]["driver"]["rules"] if rule["id"].startswith("HOUSE")]
    assert rules
    assert {"'{0}'."}.isdisjoint(each["text"] for rule in rules for each in rule["messageStrings"].values())
    told = [each["message"] for each in run["results"] if each["ruleId"].startswith("HOUSE")]
    assert told
    assert {*told[0]} == {"text"}
    assert "must be camel case" in " ".join(each["text"] for each in told)


def test_a_change_of_the_ruleset_is_seen_behind_the_cache(tmp_path: Path) -> None:
    folder = _repository(tmp_path)
    assert "house-unresolved" in _found(folder)
    (folder / ".spectral.yaml").write_text(RULESET.replace('match: "^#"', 'match: "yaml"'), "utf-8")
    assert "house-unresolved" in _found(folder)
    (folder / ".spectral.yaml").write_text(RULESET.replace('match: "^#"', 'match: "#"'), "utf-8")
    assert "house-unresolved" not in _found(folder)


def test_overrides_hold_for_their_files_and_elements(tmp_path: Path) -> None:
    overrides = """\
overrides:
  - {files: ["old/**"], rules: {house-operation-id: off}}
  - {files: ["**#/paths/~1carts"], rules: {house-long-description: error}}
  - files: [api.yaml]
    rules:
      house-title:
        given: $.info.title
        then: {function: casing, functionOptions: {type: flat}}
"""
    folder = _repository(tmp_path, **{"old/api.yaml": API, ".spectral.yaml": RULESET + overrides})
    (folder / "old/parts.yaml").write_text(PARTS, "utf-8")
    found = _found(folder)
    assert [path for path, _, _ in found["house-operation-id"]] == ["api.yaml"]
    assert [path for path, _, _ in found["house-title"]] == ["api.yaml", "old/api.yaml"]
    assert len(found["house-long-description"]) == 2


def test_archlints_own_rules_are_as_grave_in_files_and_at_elements_as_overrides_say(tmp_path: Path) -> None:
    text = """\
extends: spectral:oas
rules:
  operation-tags: error
  operation-description: off
  house-title: {given: $.info.title, severity: error, then: {function: falsy}}
overrides:
  - {files: ["old/api.yaml#/paths"], rules: {operation-tags: hint}}
  - {files: ["*.{json,yaml}"], rules: {operation-tags: warn, info-contact: error}}
  - {files: ["old/*"], rules: {operation-description: warn}}
  - {files: ["*.{json,yaml}"], rules: {house-title: info}}
  - {files: ["old/**"], rules: {info-contact: off}}
"""
    paths = API.replace("/carts", "/items")
    folder = _repository(tmp_path, **{".spectral.yaml": text, "old/api.yaml": paths})

    def found() -> set[tuple[str, str, str]]:
        findings = _report(folder)["findings"]
        wanted = {"operation-untagged", "contact-missing", "operation-undescribed", "house-title"}
        return {(each["path"], each["rule"], each["severity"]) for each in findings if each["rule"] in wanted}

    assert found() == {
        ("api.yaml", "operation-untagged", "warning"),
        ("api.yaml", "contact-missing", "error"),
        ("api.yaml", "house-title", "info"),
        ("old/api.yaml", "operation-untagged", "info"),
        ("old/api.yaml", "operation-undescribed", "warning"),
        ("old/api.yaml", "house-title", "info"),
    }
    (folder / "archlint.yaml").write_text("rules: {contact-missing: {severity: warning}}\n", "utf-8")
    assert ("api.yaml", "contact-missing", "warning") in found()


@pytest.mark.parametrize(
    ("said", "severity"), [("", "error"), ("warn", "warning"), ("hint", "info"), ("off", "")]
)
def test_keys_that_are_set_twice_are_as_grave_as_the_ruleset_says(
    said: str, severity: str, tmp_path: Path
) -> None:
    options = f"parserOptions: {{duplicateKeys: {said}}}\n" if said else ""
    twice = f"{API}servers: []\n"
    folder = _repository(tmp_path, **{".spectral.yaml": f"{options}rules: {{}}\n", "api.yaml": twice})
    (folder / "values.yaml").write_text("a: 1\na: 1\n", "utf-8")
    found = [each for each in _report(folder)["findings"] if each["rule"] == "duplicate-key"]
    assert {each["path"]: each["severity"] for each in found} == {
        **({"api.yaml": severity} if severity else {}),
        "values.yaml": "error",
    }


def test_archlints_own_rules_are_on_and_off_as_the_ruleset_has_them(tmp_path: Path) -> None:
    folder = _repository(
        tmp_path, **{".spectral.yaml": "extends: [[spectral:oas, off]]\nrules: {info-contact: error}\n"}
    )
    own = {each["rule"]: each["severity"] for each in _report(folder)["findings"]}
    assert own["contact-missing"] == "error"
    assert "operation-undescribed" not in own
    (folder / "archlint.yaml").write_text("rules: {contact-missing: {severity: info}}\n", "utf-8")
    assert {each["rule"]: each["severity"] for each in _report(folder)["findings"]}[
        "contact-missing"
    ] == "info"


def test_flags_leave_what_the_ruleset_says_of_other_rules(tmp_path: Path) -> None:
    text = "extends: [[spectral:oas, off]]\nrules: {info-contact: error, operation-operationId: off}\n"
    folder = _repository(
        tmp_path, **{"api.yaml": API.replace("operationId", "summary"), ".spectral.yaml": text}
    )
    by_itself = _found(folder, area="OAS")
    assert "contact-missing" in by_itself and "operation-id-missing" not in by_itself
    for flags in (("--select", "KUBE101"), ("--ignore", "KUBE101"), ("--profile", "strict")):
        found = _found(folder, *flags, area="OAS")
        assert "contact-missing" in found and "operation-id-missing" not in found, flags
    assert "contact-missing" in _found(folder, "--profile", "minimal", area="OAS")
    for ignored in ("contact-missing", "OAS", "tag:ownership", "ALL"):
        assert "contact-missing" not in _found(folder, "--ignore", ignored, area="OAS"), ignored
    assert "operation-id-missing" in _found(folder, "--select", "operation-id-missing", area="OAS")


def test_config_tells_what_comes_from_the_ruleset(tmp_path: Path) -> None:
    text = "extends: [[spectral:oas, off]]\nrules: {info-contact: error}\n"
    folder = _repository(tmp_path, **{".spectral.yaml": text, "archlint.yaml": "select: [KUBE101]\n"})
    settings = json.loads(archlint("config", "--format", "json", cwd=folder).out)["settings"]
    assert settings["ruleset"]["value"] == ".spectral.yaml"
    assert settings["select"]["origin"] == ".spectral.yaml, archlint.yaml:1"
    assert settings["rules"]["origin"] == ".spectral.yaml"
    assert settings["exclude"]["origin"] == "default"


def test_a_rule_that_is_off_is_off_for_both_versions_of_openapi(tmp_path: Path) -> None:
    text = API + "  schemas: {Unused: {type: object, description: Old}}\n"
    off = "extends: spectral:oas\nrules: {oas3-unused-component: off}\n"
    folder = _repository(tmp_path, **{"api.yaml": text, ".spectral.yaml": "extends: spectral:oas\n"})
    assert "component-unused" in _found(folder, area="OAS")
    (folder / ".spectral.yaml").write_text(off, "utf-8")
    assert "component-unused" not in _found(folder, area="OAS")


def test_a_ruleset_is_named_by_a_flag_or_the_configuration_or_not_wanted(tmp_path: Path) -> None:
    folder = _repository(tmp_path / "shop", **{"other.yml": RULESET.replace("house-", "other-")})
    assert all(name.startswith("other-") for name in _found(folder, "--ruleset", "other.yml"))
    (folder / "archlint.yaml").write_text("ruleset: other.yml\n", "utf-8")
    assert all(name.startswith("other-") for name in _found(folder))
    (folder / "archlint.yaml").write_text("ruleset: none\n", "utf-8")
    assert not _found(folder)
    (tmp_path / "elsewhere.yaml").write_text("extends: '@shop/rules'\n" + RULESET, "utf-8")
    assert "house-operation-id" in _found(folder, "--ruleset", "../elsewhere.yaml")
    assert [each["path"] for each in _report(folder, "--ruleset", "../elsewhere.yaml")["notices"]] == [
        "../elsewhere.yaml"
    ]
    done = archlint("check", ".", "--ruleset", "nowhere.yaml", cwd=folder)
    assert (done.code, "'nowhere.yaml' is no file" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "extends: https://shop.example/rules.yaml?v=1\n",
            "(`curl -fsSLo rules.yaml 'https://shop.example/rules.yaml?v=1'`) and extend './rules.yaml'",
        ),
        ("extends: https://shop.example/rules.js\n", "a program, which would not be run"),
        ("extends: file:///etc/passwd\n", "copy it here and extend './ruleset.yaml'"),
        ('extends: "https://a/b\';id;.yaml"\n', "copy it here and extend './ruleset.yaml'"),
        ("extends: '@shop/rules'\n", "is a package and is not loaded"),
        ("extends: spectral:arazzo\n", "no rules for Arazzo"),
        ("extends: ./rules.js\n", "is a program, which is not run"),
        ("extends: [[vacuum:oas, all]]\n", "`archlint config import .spectral.yaml`"),
        ("rules: {}\nrules: {}\n", "line 2: 'rules' is set twice and the last one counts"),
        ("functions: [mine]\nrules: {house: {given: $, then: {function: mine}}}\n", "'mine' is a program"),
    ],
)
def test_what_is_not_loaded_or_run_is_told(text: str, told: str, tmp_path: Path) -> None:
    notices = _report(_repository(tmp_path, **{".spectral.yaml": text}))["notices"]
    assert [notice["path"] for notice in notices if told in notice["message"]] == [".spectral.yaml"]


@pytest.mark.parametrize(
    ("extended", "is_told"),
    [
        ("spectral:oas", True),
        ("'@shop/rules'", False),
        ("https://shop.example/rules.yaml", False),
        ("./more.yaml", False),
        ("'@stoplight/spectral-owasp-ruleset'", False),
    ],
)
def test_a_rule_that_may_be_one_of_what_is_not_loaded_is_no_fault(
    extended: str, is_told: bool, tmp_path: Path
) -> None:
    text = f"extends: [{extended}]\nrules: {{'owasp:api9:2031-new': error}}\n"
    more = "extends: '@shop/rules'\n"
    folder = _repository(tmp_path, **{".spectral.yaml": text, "more.yaml": more})
    assert ("ruleset-invalid" in _found(folder, area="LINT")) is is_told


@pytest.mark.parametrize(
    "text",
    [
        "rules: [",
        "rules: {a: &a [*a]}",
        "[]",
        "rules: 3",
        "rules: {a: null, b: [], c: 7, d: {given: 3, then: 4}, e: {given: [], then: []}}",
        "aliases: {A: ['#B'], B: ['#A']}\nrules: {a: {given: '#A', then: {function: truthy}}}",
        "extends: .spectral.yaml",
        "extends: [[spectral:oas, some], 3, {}]",
        "overrides: [{files: 3}, 4, {files: ['#'], rules: {}}]",
        "rules: {a: {given: '$..[?(@.x.match(/(a+)+$/))]', then: {function: truthy}}}",
        "rules: {a: {given: $, then: {function: pattern, functionOptions: {match: '(a+)+$'}}}}",
        "rules: {a: {given: $..*, then: {field: '$..*', function: schema, functionOptions: {schema: {}}}}}",
        "extends: ../outside.yaml",
        "extends: 'https://['",
        "extends: [./.spectral.yaml, ./api.yaml, ./.spectral.yaml]",
        f"rules: {{a: {{given: '${'..*' * 40}', then: {{function: falsy}}}}}}",
        f"rules: {{a: {{given: '${'..[?(@.x)]' * 60}', then: {{function: falsy}}}}}}",
        f"rules: {{a: {{given: '$[?({'(' * 2_000}@.a)]', then: {{function: falsy}}}}}}",
        "rules: {a: {given: $, then: {function: schema, functionOptions: {schema: {allOf: [{$ref: '#'}]}}}}}",
        "aliases: {"
        + ", ".join(f"A{at}: ['#A{at + 1}.x', '#A{at + 1}.y']" for at in range(30))
        + ", A30: [$]}\nrules: {a: {given: '#A0', then: {function: truthy}}}",
        "rules: {" + ", ".join(f"r{at}: off" for at in range(2_000)) + "}",
    ],
)
def test_no_ruleset_ends_a_run(text: str, tmp_path: Path) -> None:
    done = archlint("check", ".", "--format", "json", cwd=_repository(tmp_path, **{".spectral.yaml": text}))
    is_unread = "no rule of this ruleset is run" in done.err
    assert done.code == 3 if is_unread else done.code in (0, 1), done.err
    assert json.loads(done.out)["summary"]["files"] == 3


def test_a_link_out_of_the_repository_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(RULESET, "utf-8")
    folder = _repository(tmp_path / "shop", **{".spectral.yaml": "extends: ./linked.yaml\n"})
    (folder / "linked.yaml").symlink_to(tmp_path / "secret.yaml")
    report = _report(folder)
    assert [each["rule"] for each in report["findings"] if each["path"] == ".spectral.yaml"] == [
        "ruleset-invalid"
    ]
    assert not [each for each in report["findings"] if each["code"].startswith("HOUSE")]


def test_schemas_of_rulesets_have_patterns_and_tell_of_members_called_by_numbers(tmp_path: Path) -> None:
    text = """\
rules:
  house-responses:
    given: $.paths[*][*]
    then:
      function: schema
      functionOptions:
        schema:
          properties:
            operationId: {pattern: "^list.*$"}
            responses: {properties: {"200": {required: [summary]}}}
        allErrors: true
"""
    found = _found(_repository(tmp_path, **{".spectral.yaml": text}))
    assert found["house-responses"] == [("api.yaml", 7, 20), ("api.yaml", 9, 9)]


def test_a_schema_that_refers_to_what_is_elsewhere_is_told_as_not_run(tmp_path: Path) -> None:
    addresses = ("https://shop.example/schema.json", "file:///etc/passwd", "#/definitions/none")
    judged = "given: $, then: {function: schema, functionOptions: {schema: {$ref: '%s'}}}"
    rules = "".join(f"  house-{at}: {{{judged % each}}}\n" for at, each in enumerate(addresses))
    folder = _repository(tmp_path, **{".spectral.yaml": f"rules:\n{rules}"})
    told = [each for each in _report(folder)["findings"] if each["path"] == ".spectral.yaml"]
    assert [(each["line"], each["message_id"]) for each in told] == [(2, "limit"), (3, "limit"), (4, "limit")]
    assert all(f"'{address}'" in each["message"] for address, each in zip(addresses, told, strict=True))


def test_a_rule_that_comes_to_a_limit_is_told_once_at_its_given(tmp_path: Path) -> None:
    rule = "given: $..description, then: {function: pattern, functionOptions: {match: '^(a|a)*\\1(?!b)c$'}}"
    text = API.replace("All carts.", "a" * 60).replace("No}", "a" * 61 + "}")
    folder = _repository(
        tmp_path, **{"api.yaml": text, ".spectral.yaml": f"rules:\n  house-long: {{{rule}}}\n"}
    )
    found = [each for each in _report(folder)["findings"] if each["rule"] == "house-long"]
    assert [(each["path"], each["line"], each["message_id"]) for each in found] == [
        (".spectral.yaml", 2, "limit")
    ]
