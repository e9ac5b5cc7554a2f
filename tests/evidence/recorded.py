"""Recordings for tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archlint.reports import FORMATS
from tests.support.inside import said

HOST = "https://api.shop.example/v1"
CONTRACT = """
openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: "https://api.shop.example/v1"}]
security: [{bearer: []}]
paths:
  /carts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      parameters:
        - {name: limit, in: query, required: true, schema: {type: integer, maximum: 100}}
        - {name: X-Shop, in: header, schema: {type: integer}}
        - {name: seen, in: cookie, schema: {type: integer}}
      responses:
        "200":
          description: the cart
          headers:
            X-Total: {required: true, schema: {type: integer}}
          content:
            application/json: {schema: {$ref: "#/components/schemas/Cart"}}
  /carts:
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: "#/components/schemas/Cart"}}
      responses: {"201": {description: made}}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
  schemas:
    Cart:
      type: object
      additionalProperties: false
      required: [id, total]
      properties:
        id: {type: integer}
        total: {type: number}
        state: {type: string, enum: [open, paid]}
        mail: {type: string, format: email, pattern: "^[a-z]+@"}
        lines: {type: array, maxItems: 2, items: {type: object, properties: {sku: {type: string}}}}
"""


def entry(
    method: str,
    url: str,
    status: int = 200,
    *,
    asked: Any = None,
    answered: Any = None,
    headers: Mapping[str, str] | None = None,
    back: Mapping[str, str] | None = None,
    kind: str = "application/json",
) -> dict[str, Any]:
    """One entry of a HAR file; bodies that are no text become JSON."""
    request: dict[str, Any] = {"method": method, "url": url, "headers": _listed(headers or {})}
    if asked is not None:
        request["postData"] = {"mimeType": kind, "text": _text(asked)}
    content = {"size": 0, "mimeType": ""}
    if answered is not None:
        content = {"size": len(_text(answered)), "mimeType": kind, "text": _text(answered)}
    response = {"status": status, "headers": _listed(back or {}), "content": content}
    return {"request": request, "response": response}


def har(*entries: dict[str, Any]) -> str:
    """A HAR file."""
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "proxy"}, "entries": entries}}, indent=1)


def lay_out(folder: Path, evidence: str, contract: str = CONTRACT, name: str = "traffic.har") -> None:
    """A contract and a file of evidence."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "openapi.yaml").write_text(contract, "utf-8")
    (folder / name).write_text(evidence, "utf-8")


def _listed(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def _text(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body)


def all_reports(folder: Path, name: str, *flags: str) -> str:
    """What ``verify`` says of a file of evidence in all formats, and beside them."""
    targets = [f"--output={form}=report.{form}" for form in FORMATS]
    _, text = said("verify", name, "--profile", "strict", "--verbose", *targets, *flags, cwd=folder)
    return text + "".join((folder / f"report.{form}").read_text("utf-8") for form in FORMATS)
