"""The same requests as each kind of evidence writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.evidence.recorded import entry, har

Headers = Mapping[str, str]


def as_har(method: str, url: str, headers: Headers, body: str | None) -> dict[str, str]:
    """A recording of the request alone."""
    made = entry(method, url, asked=body, headers=headers)
    del made["response"]
    return {"a.har": har(made)}


def as_postman(method: str, url: str, headers: Headers, body: str | None) -> dict[str, str]:
    """A collection with the request in a folder, its host in a variable."""
    request = {
        "method": method,
        "header": [{"key": name, "value": value} for name, value in headers.items()],
        "url": {"raw": url.replace("https://api.shop.example", "{{host}}")},
    }
    if body is not None:
        request["body"] = {"mode": "raw", "raw": body, "options": {"raw": {"language": "json"}}}
    collection = {
        "info": {
            "name": "shop",
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": [{"name": "carts", "item": [{"name": "one", "request": request}]}],
        "variable": [{"key": "host", "value": "https://api.shop.example"}],
    }
    return {"a.postman_collection.json": json.dumps(collection, indent=1)}


def as_http(method: str, url: str, headers: Headers, body: str | None) -> dict[str, str]:
    """A file of an editor."""
    lines = ["@host = https://api.shop.example", "", "### first", f"{method} {url} HTTP/1.1"]
    lines[-1] = lines[-1].replace("https://api.shop.example", "{{host}}")
    if body is not None:
        lines.append("Content-Type: application/json")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return {"a.http": "\n".join([*lines, "", body or "", "", "### second"])}


def as_bruno(method: str, url: str, headers: Headers, body: str | None) -> dict[str, str]:
    """A file of Bruno."""
    told = "".join(f"  {name}: {value}\n" for name, value in headers.items())
    mode = "json" if body else "none"
    text = f"meta {{\n  name: one\n}}\n\n{method.lower()} {{\n  url: {url}\n  body: {mode}\n"
    text += f"  auth: none\n}}\n\nheaders {{\n{told}}}\n"
    if body is not None:
        indented = "\n".join(f"  {line}" for line in body.split("\n"))
        text += f"\nbody:json {{\n{indented}\n}}\n"
    return {"a.bru": text}


def as_yaml(method: str, url: str, headers: Headers, body: str | None) -> dict[str, str]:
    """A file of Bruno in YAML."""
    listed = [{"name": name, "value": value} for name, value in headers.items()]
    http: dict[str, object] = {"method": method, "url": url, "headers": listed, "auth": "none"}
    if body is not None:
        http["body"] = {"type": "json", "data": body}
    return {"a.yml": f"info: {{name: one, type: http}}\nhttp: {json.dumps(http)}\n"}


KINDS = {"har": as_har, "postman": as_postman, "http": as_http, "bruno": as_bruno, "yaml": as_yaml}
