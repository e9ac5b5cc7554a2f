"""Values of Pact files are a consumer's test data, and may be secrets: no report holds one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint

FORMATS = ("text", "json", "sarif", "github", "junit", "gitlab", "markdown")
CONTRACT = """\
openapi: 3.0.3
info: {title: Cart, version: "1"}
paths:
  /carts/{id}:
    put:
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: shop, in: query, required: true, schema: {enum: [one, two]}}
        - {name: X-Key, in: header, required: true, schema: {type: integer}}
        - {name: session, in: cookie, required: true, schema: {type: integer}}
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, properties: {owner: {type: integer}}, additionalProperties: false}
      responses:
        "200":
          description: The cart.
          headers: {X-Count: {schema: {type: integer}}}
          content:
            application/json:
              schema: {type: object, properties: {owner: {enum: [ada, bob]}, count: {type: integer}}}
"""


def canary(number: int) -> str:
    return f"CANARY{number:02}x9Z"


def pact(version: int) -> dict[str, Any]:
    """A Pact file with a canary for each value, of which the contract takes none."""
    numbers = iter(range(99))

    def secret() -> str:
        return canary(next(numbers))

    def body(value: Any) -> Any:
        if version < 4:
            return value
        return {"content": value, "contentType": "application/json", "encoded": False}

    cookie = f"session={secret()}; a={secret()}"
    headers = {"Content-Type": "application/json", "X-Key": secret(), "Cookie": cookie}
    query = {"shop": [secret()], "other": [secret()]}
    regex = {"match": "regex", "regex": f"^{secret()}$"}
    request = {
        "method": "PUT",
        "path": f"/carts/{secret()}",
        "query": "&".join(f"{name}={each[0]}" for name, each in query.items()) if version == 2 else query,
        "headers": headers,
        "body": body({"owner": secret(), "more": secret()}),
    }
    rules: Any = {"$.body.count": regex} if version == 2 else {"body": {"$.count": {"matchers": [regex]}}}
    kept = {"X-Count": secret(), "X-Note": secret()}
    answer = {
        "status": 200,
        "headers": kept,
        "body": body({"owner": secret(), "count": secret(), "note": secret()}),
    }
    interactions: list[dict[str, Any]] = [
        {"request": request, "response": {**answer, "matchingRules": rules}},
        {
            "request": {"method": "GET", "path": f"/trolleys/{secret()}/{secret()}"},
            "response": {"status": 200},
        },
        {"request": {**request, "method": "POST"}, "response": {"status": 200}},
    ]
    for item in interactions:
        item["description"] = secret()
        item["providerStates" if version > 2 else "providerState"] = (
            [{"name": secret(), "params": {"token": secret()}}] if version > 2 else secret()
        )
        if version == 4:
            item["type"] = "Synchronous/HTTP"
    return {
        "consumer": {"name": "storefront"},
        "provider": {"name": "cart"},
        "interactions": interactions,
        "metadata": {"pactSpecification": {"version": f"{version}.0.0"}, "token": secret()},
    }


@pytest.mark.parametrize("version", [2, 3, 4])
def test_no_report_holds_a_value(version: int, tmp_path: Path) -> None:
    (tmp_path / "pacts").mkdir()
    (tmp_path / "cart.yaml").write_text(CONTRACT, "utf-8")
    (tmp_path / "pacts" / "p.json").write_text(json.dumps(pact(version), indent=2), "utf-8")
    ways = [("check", ".", "--format", name) for name in FORMATS]
    ways += [("verify", "pacts/p.json", "--format", name) for name in ("text", "json", "sarif")]
    for number, way in enumerate(ways):
        kept = ("--output", "json=out.json", "-v") if number == 0 else ()
        done = archlint(*way, *kept, cwd=tmp_path)
        said = done.out + done.err
        assert "CANARY" not in said, way
        if number in (0, len(FORMATS)):
            assert "pact-request-refused" in said
            assert "pact-answer-impossible" in said
            assert "pact-operation-missing" in said
    assert "CANARY" not in (tmp_path / "out.json").read_text("utf-8")


def test_keys_of_a_map_are_values(tmp_path: Path) -> None:
    schema = "{type: object, additionalProperties: {type: object, properties: {n: {type: integer}}}}"
    text = CONTRACT.replace(
        "{type: object, properties: {owner: {enum: [ada, bob]}, count: {type: integer}}}", schema
    )
    made = pact(3)
    answer = {"status": 200, "body": {canary(98): {"n": "x"}}}
    answer["matchingRules"] = {"body": {"$": {"matchers": [{"match": "values"}]}, "$.*.n": {"match": "type"}}}
    made["interactions"][0]["response"] = answer
    (tmp_path / "cart.yaml").write_text(text, "utf-8")
    (tmp_path / "p.json").write_text(json.dumps(made, indent=2), "utf-8")
    done = archlint("check", ".", "--format", "json", cwd=tmp_path)
    assert "pact-answer-impossible" in {item["rule"] for item in done.report["findings"]}
    assert "CANARY" not in done.out
