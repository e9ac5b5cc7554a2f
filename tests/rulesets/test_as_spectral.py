"""Whole rulesets say what they say in Spectral: of the same elements, as gravely."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from archlint.config.rulesets.choosing import choose_ruleset
from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.finding import Severity
from archlint.model.rulesets.judging import HouseRun, Said
from tests.support.rules import own_rules

RULESETS = {
    "merged.yaml": """\
extends: [[./parts/more.yaml, off], ./parts/shared.yaml]
formats: [oas3]
rules:
  more-title: true
  more-version: error
  shared-names: hint
  own-keys:
    given: $.paths
    then: {field: "@key", function: pattern, functionOptions: {match: "^/v1"}}
  own-several:
    severity: info
    given: [$.info, "$.components.schemas[*]"]
    then:
      - {field: title, function: truthy}
      - {field: x-owner.team, function: defined}
      - {field: description, function: length, functionOptions: {min: 12}}
  own-unresolved:
    resolved: false
    given: $..[?(@ && @.$ref)]
    then: {field: $ref, function: pattern, functionOptions: {notMatch: "parts"}}
  own-quiet: {recommended: false, given: $, then: {field: x-none, function: truthy}}
""",
    "parts/more.yaml": """\
rules:
  more-title: {given: $.info.title, then: {function: casing, functionOptions: {type: pascal}}}
  more-version:
    given: $.info
    then: {field: version, function: enumeration, functionOptions: {values: ["1"]}}
  more-other: {given: $, then: {field: x-other, function: truthy}}
""",
    "parts/shared.yaml": """\
aliases:
  Properties: ["$..properties[*]~"]
rules:
  shared-names: {given: "#Properties", then: {function: pattern, functionOptions: {match: "^[a-z]+$"}}}
  shared-order: {given: $.tags, then: {function: alphabetical, functionOptions: {keyedBy: name}}}
""",
    "scoped.yaml": """\
aliases:
  Bodies:
    targets:
      - {formats: [oas2], given: ["$.definitions[*]"]}
      - {formats: [oas3], given: ["$.components.schemas[*]"]}
  Root: [$]
  Info: ["#Root.info"]
rules:
  body-type: {given: "#Bodies", then: {field: type, function: truthy}}
  info-contact: {given: "#Info", then: {field: contact, function: truthy}}
  only-two: {formats: [oas2], given: $, then: {field: x-two, function: defined}}
  only-events:
    formats: [asyncapi2]
    given: $.channels[*]~
    then: {function: casing, functionOptions: {type: kebab}}
  any-schema:
    given: $.info
    then:
      function: schema
      functionOptions:
        allErrors: true
        schema: {required: [license], properties: {version: {type: string, pattern: '^\\d+\\.\\d+\\.\\d+$'}}}
overrides:
  - {files: ["two.yaml"], rules: {info-contact: off}}
  - {files: ["**#/info"], rules: {any-schema: error}}
  - files: ["three.yaml"]
    rules:
      body-type: hint
      three-servers: {given: $, severity: error, then: {field: servers, function: truthy}}
""",
}
DOCUMENTS = {
    "three.yaml": """\
openapi: 3.0.3
info: {title: the shop, version: 1.0.0, description: Short}
tags: [{name: b}, {name: a}]
paths:
  /v1/carts/{id}:
    get:
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Cart"}}}}
        "404": {$ref: "parts/parts.yaml#/Missing"}
  /old: {}
components:
  schemas:
    Cart:
      type: object
      properties: {Items: {$ref: "#/components/schemas/Item"}, next: {$ref: "#/components/schemas/Cart"}}
    Item:
      title: Item
      properties:
        part_of: {$ref: "#/components/schemas/Cart"}
        no_of: {$ref: "#/components/schemas/Bare", title: No}
    Bare: {title: Bare}
    Same: {$ref: "#/components/schemas/Item"}
""",
    "parts/parts.yaml": """\
Missing: {description: no, content: {a/b: {schema: {properties: {Upper: {type: string}}}}}}
""",
    "two.yaml": """\
swagger: "2.0"
info: {title: Old, version: "1"}
paths: {}
definitions: {A: {properties: {a: {$ref: "#/definitions/B"}}}, B: {type: string}}
""",
    "events.yaml": """\
asyncapi: 2.6.0
info: {title: Events, version: "2", license: {name: x}}
channels: {orderPlaced: {publish: {message: {payload: {type: object, properties: {ID: {type: string}}}}}}}
""",
}
NAMES = [name for name in DOCUMENTS if "/" not in name]
LEVELS = {0: Severity.ERROR, 1: Severity.WARNING, 2: Severity.INFO, 3: Severity.INFO}


def _ours(folder: Path, ruleset: str) -> set[tuple[Any, ...]]:
    chosen = choose_ruleset(folder, None, ruleset, own_rules()).ruleset
    assert chosen is not None
    assert not chosen.faults
    world = read_world(WorkingTree(folder), sorted(DOCUMENTS))
    found = HouseRun(chosen, set(chosen.defined), ()).over(world)
    return {
        (
            each.document.path,
            each.rule.name,
            each.severity,
            tuple(map(str, each.node.route)),
            each.node.document.path,
        )
        for each in found
        if isinstance(each, Said)
    }


def test_rulesets_say_what_they_say_in_spectral(tmp_path: Path) -> None:
    modules = os.environ.get("SPECTRAL_MODULES", "")
    if not (Path(modules) / "@stoplight/spectral-ruleset-bundler").is_dir():
        pytest.skip("SPECTRAL_MODULES names no folder with Spectral")
    for name, text in {**RULESETS, **DOCUMENTS}.items():
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, "utf-8")
    asked = ["merged.yaml", "scoped.yaml"]
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("lint.js"))],
        input=json.dumps([[ruleset, NAMES] for ruleset in asked]),
        cwd=tmp_path,
        env={**os.environ, "NODE_PATH": modules},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for ruleset, told in zip(asked, json.loads(done.stdout), strict=True):
        theirs = {
            (name, rule, LEVELS[level], tuple(path), file)
            for name, rule, level, path, file in told
            if rule not in ("unrecognized-format", "invalid-ref", "parser")
        }
        assert len(theirs) > 8
        assert _ours(tmp_path, ruleset) == theirs
