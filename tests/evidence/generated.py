"""Writes the recordings beside ``contracts``: traffic that schemathesis makes of each contract.

schemathesis binds versions that archlint does not bind, so it runs in an environment of its own, by hand:

    python -m venv generating && generating/bin/pip install --group generator
    generating/bin/python -m tests.evidence.generated

It makes requests only. Answers are made as requests of a mirrored contract, which takes what the other gives.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings

CONTRACTS = Path(__file__).parent / "contracts"
METHODS = ("get", "put", "post", "delete", "patch")
EACH = 3
"""Requests that are made of each operation, and answers of each status and media type."""
SWAPPED = {"readOnly": "writeOnly", "writeOnly": "readOnly"}
NOT_SENT = frozenset(("content-type", "content-length", "x-schemathesis-testcaseid"))
Document = dict[str, Any]


def write_all() -> None:
    """Write the recording of each contract."""
    for path in sorted(CONTRACTS.glob("*.yaml")):
        entries = list(traffic_of(json.loads(json.dumps(yaml.safe_load(path.read_text())))))
        lines = ",\n".join(json.dumps(entry) for entry in entries)
        head = '{"log": {"version": "1.2", "creator": {"name": "schemathesis"}, "entries": ['
        path.with_suffix(".har").write_text(f"{head}\n{lines}\n]}}}}\n")


def traffic_of(document: Document) -> Iterator[Document]:
    """Entries of a HAR file for all operations: the requests of each with its answers."""
    answers = dict(_answers(document))
    for operation in _operations(document):
        own = answers[operation.path, operation.method]
        asked = _drawn(operation, _address(document, operation))
        for number in range(max(len(asked), len(own))):
            request = _request(asked[number % len(asked)])
            _sign(request, document, operation.definition.raw)
            yield {"request": request, "response": own[number % len(own)]}


def _operations(document: Document) -> Iterator[Any]:
    for each in schemathesis.openapi.from_dict(document).get_all_operations():
        yield each.ok()


def _drawn(operation: Any, address: str) -> list[requests.PreparedRequest]:
    """Requests of an operation, as they are sent."""
    cases: list[Any] = []

    @seed(1)
    @settings(
        max_examples=EACH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE))
    def draw(case: Any) -> None:
        cases.append(case)

    draw()
    sent = (case.as_transport_kwargs(base_url=address) for case in cases)
    return [requests.Request(**{**each, "auth": None}).prepare() for each in sent]


def _answers(document: Document) -> Iterator[tuple[tuple[str, str], list[Document]]]:
    """The answers of each operation, all statuses and media types in turn."""
    mirrored: Document = {}
    meant: dict[str, tuple[tuple[str, str], int, str | None]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            declared = item.get(method, {}).get("responses", {})
            for status, told in declared.items():
                response = _followed(document, told)
                for kind, body in _bodies(document, item[method], response):
                    name = f"/{len(mirrored)}"
                    mirrored[name] = {"post": _mirrored(document, response, kind, body)}
                    meant[name] = ((path, method), _number(status, declared), kind)
    mirror = _with_marks_swapped({**document, "paths": mirrored, "security": []})
    mirror.pop("webhooks", None)
    found: dict[tuple[str, str], list[Document]] = {}
    for operation in _operations(mirror):
        owner, status, kind = meant[operation.path]
        for sent in _drawn(operation, "https://mirror.example"):
            found.setdefault(owner, []).append(_response(sent, status, kind))
    yield from found.items()


def _bodies(document: Document, operation: Document, response: Document) -> list[tuple[str | None, Any]]:
    """The media types of a response with what is said of each."""
    if "swagger" in document and "schema" in response:
        kinds = operation.get("produces", document.get("produces", ()))
        return [(kind, response["schema"]) for kind in kinds]
    return list(response.get("content", {}).items()) or [(None, None)]


def _mirrored(document: Document, response: Document, kind: str | None, body: Any) -> Document:
    """An operation whose requests are what a response may be."""
    listed = {name: _followed(document, header) for name, header in response.get("headers", {}).items()}
    parameters = [{**header, "name": name, "in": "header"} for name, header in listed.items()]
    made: Document = {"parameters": parameters, "responses": {"200": {"description": "done"}}}
    if kind is not None and "swagger" in document:
        parameters.append({"name": "body", "in": "body", "required": True, "schema": body})
        made["consumes"] = [kind]
    elif kind is not None:
        made["requestBody"] = {"required": True, "content": {_one_of(kind): body}}
    return made


def _one_of(kind: str) -> str:
    """A media type of a range."""
    return "application/json" if "*" in kind else kind


def _with_marks_swapped(part: Any) -> Any:
    if isinstance(part, dict):
        return {
            SWAPPED.get(name, name) if value is True else name: _with_marks_swapped(value)
            for name, value in part.items()
        }
    return [_with_marks_swapped(item) for item in part] if isinstance(part, list) else part


def _followed(document: Document, part: Document) -> Document:
    while "$ref" in part:
        target: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        part = target
    return part


def _address(document: Document, operation: Any) -> str:
    """Where an operation is served."""
    if "swagger" in document:
        return f"https://{document['host']}{document.get('basePath', '')}"
    item = document["paths"][operation.path]
    servers = operation.definition.raw.get("servers") or item.get("servers") or document["servers"]
    url: str = servers[-1]["url"]
    for name, variable in servers[-1].get("variables", {}).items():
        url = url.replace(f"{{{name}}}", variable["default"])
    return url.rstrip("/")


def _request(sent: requests.PreparedRequest) -> Document:
    made: Document = {"method": sent.method, "url": sent.url, "headers": _headers(sent)}
    kind = sent.headers.get("Content-Type")
    if kind is not None:
        made["headers"].append({"name": "Content-Type", "value": kind})
        made["postData"] = {"mimeType": kind, **_content(sent.body or b"")}
    return made


def _number(status: str, declared: Mapping[str, Any]) -> int:
    """A status that a response is for: ``default`` is for those that no other is for."""
    if status != "default":
        return int(status.upper().replace("XX", "00"))
    others = {name.upper().replace("XX", "00") for name in declared}
    return next(number for number in (500, 501, 418) if str(number) not in others)


def _response(sent: requests.PreparedRequest, status: int, kind: str | None) -> Document:
    made: Document = {
        "status": status,
        "headers": _headers(sent),
        "content": {"size": 0, "mimeType": ""},
    }
    if kind is not None:
        stated = sent.headers.get("Content-Type", _one_of(kind))
        made["content"] = {"mimeType": stated, **_content(sent.body if sent.body is not None else b"null")}
    return made


def _headers(sent: requests.PreparedRequest) -> list[dict[str, str]]:
    listed = ((name, _text(value)) for name, value in sent.headers.items())
    return [{"name": name, "value": value} for name, value in listed if name.lower() not in NOT_SENT]


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _content(body: str | bytes) -> Document:
    raw = body.encode() if isinstance(body, str) else body
    try:
        return {"size": len(raw), "text": raw.decode()}
    except UnicodeDecodeError:
        return {"size": len(raw), "text": base64.b64encode(raw).decode(), "encoding": "base64"}


def _sign(request: Document, document: Document, operation: Mapping[str, Any]) -> None:
    """Give a request the credentials of the last way in which its operation takes them."""
    ways = operation.get("security", document.get("security", ()))
    known = document.get("securityDefinitions") or document.get("components", {}).get("securitySchemes", {})
    for scheme in (known[name] for name in (ways[-1] if ways else ())):
        name, place = scheme.get("name", "Authorization"), scheme.get("in", "header")
        kind = {"oauth2": "Bearer", "basic": "Basic"}.get(scheme["type"], scheme.get("scheme", ""))
        if place == "query":
            mark = "&" if urlsplit(request["url"]).query else "?"
            request["url"] += f"{mark}{name}=a1"
        elif place == "cookie":
            request["headers"].append({"name": "Cookie", "value": f"{name}=a1"})
        else:
            request["headers"].append({"name": name, "value": f"{kind.capitalize()} YTpi".strip()})


if __name__ == "__main__":
    write_all()
