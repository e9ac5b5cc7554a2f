"""Contracts that lack what the Pact files of consumers read, and requests that they do not describe."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.metamorphic.repositories import Files

_PROPERTY = re.compile(r"(?m)^(?P<indent> {8})(?P<name>\w+):\n(?P<body>(?: {10}.*\n)+)")
_TYPE = re.compile(r"type: (string|integer)\b")


def _pacts(files: Files) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Pact files that describe calls over HTTP, each with the contract of its provider."""
    for path, text in sorted(files.items()):
        if "/pacts/" in path and path.endswith(".json"):
            pact = json.loads(text)
            contract = f"contracts/openapi/{pact['provider']['name']}.yaml"
            if contract in files:
                yield path, pact, contract


def _lines(text: str, wanted: str) -> frozenset[int]:
    """The lines that begin with some text, without indentation."""
    return frozenset(
        at for at, line in enumerate(text.split("\n"), 1) if line.strip(" {[").startswith(wanted)
    )


def _around(text: str, at: int) -> frozenset[int]:
    """The lines of the schema that a property stands in."""
    first = text.rindex("      properties:\n", 0, at)
    end = re.compile(r"(?m)^ {0,6}\S").search(text, at)
    return frozenset(range(line_of(text, first), line_of(text, end.start() if end else len(text)) + 1))


def _read_names(value: Any) -> set[str]:
    """The names of all members of a value."""
    if isinstance(value, dict):
        return {*value, *(name for item in value.values() for name in _read_names(item))}
    return {name for item in value for name in _read_names(item)} if isinstance(value, list) else set()


def _answered(pact: dict[str, Any]) -> set[str]:
    bodies = [item["response"].get("body") for item in pact["interactions"]]
    wrapped = [item["content"] if isinstance(item, dict) and "content" in item else item for item in bodies]
    return {name for body in wrapped for name in _read_names(body)}


def _sides(files: Files, pact: str, name: str) -> frozenset[Line]:
    """The lines of a Pact file that read a property."""
    return frozenset((pact, at) for at, line in enumerate(files[pact].split("\n"), 1) if f'"{name}":' in line)


def _sent_schemas(text: str, pact: dict[str, Any]) -> set[str]:
    """The names of schemas that answers lead to that a consumer waits for."""
    contract = yaml.safe_load(text)
    schemas = contract["components"]["schemas"]
    waiting = [
        json.dumps(operation["responses"])
        for path, item in contract["paths"].items()
        for method, operation in item.items()
        if any(_is_asked(path, method, each["request"]) for each in pact["interactions"])
    ]
    found: set[str] = set()
    for entry in waiting:  # grows while it is walked
        for name in re.findall(r"#/components/schemas/(\w+)", entry):
            if name in schemas and name not in found:
                found.add(name)
                waiting.append(json.dumps(schemas[name]))
    return found


def _is_asked(path: str, method: str, request: dict[str, Any]) -> bool:
    """Whether a request is one to an operation."""
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
    return method.upper() == request["method"] and re.fullmatch(pattern, request["path"]) is not None


def _read_properties(files: Files) -> Iterator[tuple[str, str, re.Match[str]]]:
    """The properties of contracts that a consumer reads."""
    for path, pact, contract in _pacts(files):
        text = files[contract]
        sent = _sent_schemas(text, pact)
        for found in _PROPERTY.finditer(text):
            homes = re.findall(r"(?m)^    (\w+):\n", text[: found.start()])
            if homes and homes[-1] in sent and found["name"] in _answered(pact):
                yield path, contract, found


@seeds("pact-answer-impossible")
def property_gone(files: Files) -> Iterator[Defect]:
    """A property that a consumer reads has another name, or is not there any more."""
    for path, contract, found in _read_properties(files):
        text, name = files[contract], found["name"]
        lines = _around(text, found.start())
        rest = re.sub(rf"(?m)^ {{8}}- {name}\n", "", text[: found.start()])
        moved = text[: found.start()].count("\n") - rest.count("\n")
        lines = frozenset(line - moved for line in lines)
        for what, instead in (
            (f"'{name}' of {contract} is gone", ""),
            (f"'{name}' of {contract} has a new name", f"        {name}V2:\n{found['body']}"),
        ):
            changed = edited(files, contract, rest + instead + text[found.end() :])
            places = frozenset((contract, line) for line in lines)
            yield Defect(what, changed, places, _sides(files, path, name))


@seeds("pact-answer-impossible")
def other_type(files: Files) -> Iterator[Defect]:
    """A property that a consumer reads has values of another type."""
    for path, contract, found in _read_properties(files):
        text, name = files[contract], found["name"]
        first = _TYPE.search(found["body"])
        if first is not None:
            other = {"string": "boolean", "integer": "string"}[first[1]]
            body = f"          type: {other}\n"
            changed = text[: found.start()] + f"        {name}:\n{body}" + text[found.end() :]
            yield Defect(
                f"'{name}' of {contract} is {other}",
                edited(files, contract, changed),
                frozenset((contract, line) for line in _around(changed, found.start())),
                _sides(files, path, name),
            )


@seeds("pact-answer-impossible")
def other_status(files: Files) -> Iterator[Defect]:
    """A consumer waits for a status that the operation never gives."""
    for path, pact, contract in _pacts(files):
        text = files[path]
        for status in sorted({item["response"]["status"] for item in pact["interactions"]}):
            at = text.index(f'"status": {status}')
            changed = text[:at] + '"status": 206' + text[at + len(f'"status": {status}') :]
            lines = frozenset(
                number
                for number, line in enumerate(files[contract].split("\n"), 1)
                if line.strip() == "responses:"
            )
            yield Defect(
                f"{path} waits for 206 and not {status}",
                edited(files, path, changed),
                frozenset((contract, line) for line in lines),
                frozenset({(path, line_of(text, at))}),
            )


@seeds("pact-operation-missing")
def asked_elsewhere(files: Files) -> Iterator[Defect]:
    """A request with another path or method than the contract has."""
    for path, _, contract in _pacts(files):
        text = files[path]
        home = frozenset((contract, line) for line in _lines(files[contract], "/api/v1/"))
        root = frozenset((contract, line) for line in _lines(files[contract], "paths:"))
        for found in re.finditer(r'"path": "(/api/v1/)([\w-]+)', text):
            answer = re.compile(r'"status": (\d+)').search(text, found.end())
            if answer is None or answer[1] == "404":
                continue
            for slip in (f"/api/v2/{found[2]}", f"/api/v1/{found[2]}-old", f"/{found[2]}"):
                changed = text[: found.start(1)] + slip + text[found.end() :]
                side = frozenset({(path, line_of(text, found.start()))})
                what = f"{path} asks for {slip}"
                yield Defect(what, edited(files, path, changed), root, side)
            start = text.rindex('"method": "', 0, found.start())
            changed = text[:start] + '"method": "PATCH"' + text[text.index('",', start) + 1 :]
            side = frozenset({(path, line_of(text, found.start()))})
            yield Defect(f"{path} patches {found[2]}", edited(files, path, changed), home, side)


@seeds("pact-request-refused")
def sent_otherwise(files: Files) -> Iterator[Defect]:
    """A body that lacks what is required or has another type, and a parameter that became required."""
    for path, pact, contract in _pacts(files):
        text = files[contract]
        lines = frozenset((contract, line) for line in range(1, text.count("\n") + 30))
        sent = set[str]()
        for item in pact["interactions"]:
            body = item["request"].get("body") or {}
            sent |= set(body.get("content", body))
        for name in sorted(sent):
            for found in re.finditer(rf'(?m)^\s+"{name}": ("[^"]*"|\d+)(,?)$', files[path]):
                start = files[path].rfind('"request"', 0, found.start())
                if start < files[path].rfind('"response"', 0, found.start()):
                    continue
                made = files[path][: found.start(1)] + "[true]" + files[path][found.end(1) :]
                side = frozenset((path, line) for line in range(1, made.count("\n") + 1))
                yield Defect(f"{path} sends a list as {name}", edited(files, path, made), lines, side)
                made = made[: found.start()] + made[found.start() :].replace(f'"{name}"', f'"{name}V2"', 1)
                if re.search(rf"(?m)^        - {name}$", text):
                    yield Defect(f"{path} does not send {name}", edited(files, path, made), lines, side)
        for item in pact["interactions"]:
            at = _operation_at(text, item["request"])
            for where in ("query", "header") if at and item["response"]["status"] < 400 else ():
                added = (
                    "      parameters:\n"
                    f"        - {{name: added, in: {where}, required: true, schema: {{type: string}}}}\n"
                )
                changed = _with_parameter(text, at, added)
                if changed is not None:
                    side = frozenset((path, line) for line in range(1, files[path].count("\n") + 1))
                    what = f"{item['description']}: a parameter of the {where} is required"
                    yield Defect(what, edited(files, contract, changed), lines, side)


def _operation_at(text: str, request: dict[str, Any]) -> int:
    """Where the operation of a request begins in a contract; 0 if it is not found."""
    name = request["method"].lower()
    for found in re.finditer(r"(?m)^  (/\S+):$", text):
        if _is_asked(found[1], name, request):
            method = text.find(f"\n    {name}:\n", found.end())
            return method + 1 if method >= 0 else 0
    return 0


def _with_parameter(text: str, at: int, added: str) -> str | None:
    """The contract whose operation has one more parameter."""
    end = text.index("      responses:\n", at)
    own = text.find("      parameters:\n", at, end)
    if own < 0:
        return text[:end] + added + text[end:]
    head, item = added.split("\n", 1)
    assert head == "      parameters:"
    after = own + len("      parameters:\n")
    return text[:after] + item + text[after:]
