"""Splits OpenAPI documents: schemas, parameters and responses move behind ``$ref``, and mean the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from posixpath import dirname, relpath
from typing import Any

from archlint.documents import load_text
from archlint.files import Kind, text_kind
from tests.metamorphic.repositories import Files

Path = tuple[str | int, ...]
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


def _read(path: str, text: str) -> Any:
    """The data of a file that is one OpenAPI document without slips; nothing for other files."""
    if (
        not path.endswith((".yaml", ".yml", ".json"))
        or text_kind(text, path.endswith(".json")) is not Kind.OPENAPI
    ):
        return None
    loaded = load_text(path, text, Kind.OPENAPI)
    if len(loaded.documents) != 1 or loaded.problems or loaded.duplicates:
        return None
    data = loaded.documents[0].data
    return data if isinstance(data, dict) and isinstance(data.get("paths"), dict) else None


def in_json(files: Files) -> dict[str, str]:
    """The OpenAPI documents as JSON in files that keep their names: what a split one is compared with."""
    return {
        path: text if (data := _read(path, text)) is None else json.dumps(data, indent=1)
        for path, text in files.items()
    }


def _entries(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _inline(data: dict[str, Any]) -> Iterator[tuple[Any, str | int, str]]:
    """Holder, key and library of what is inline below the paths, outermost first."""
    for _, item in _entries(data["paths"]):
        for name, operation in _entries(item):
            if name == "parameters":
                yield from _parameters(operation)
            if name not in _METHODS or not isinstance(operation, dict):
                continue
            yield from _parameters(operation.get("parameters"))
            for code, response in _entries(operation.get("responses")):
                if isinstance(response, dict) and not str(code).startswith("x-"):
                    yield operation["responses"], code, "responses"
                    yield from _schemas(response)
            yield from _schemas(operation.get("requestBody"))


def _parameters(listed: Any) -> Iterator[tuple[Any, str | int, str]]:
    for index, parameter in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(parameter, dict):
            yield listed, index, "parameters"
            if parameter.get("in") != "body":  # of OpenAPI 2.0
                yield from _schemas(parameter, "parameters")


def _schemas(holder: Any, about: str = "") -> Iterator[tuple[Any, str | int, str]]:
    """The schemas of media types, headers and parameters, and in these those of properties and items."""
    if not isinstance(holder, dict):
        return
    for key, value in holder.items():
        if key == "schema" and isinstance(value, dict):
            yield holder, key, "schemas"
            yield from _parts(value)
        elif key in ("content", "headers"):
            for _, entry in _entries(value):
                yield from _schemas(entry)


def _parts(schema: dict[str, Any]) -> Iterator[tuple[Any, str | int, str]]:
    for name, part in _entries(schema.get("properties")):
        if isinstance(part, dict):
            yield schema["properties"], name, "schemas"
            yield from _parts(part)
    if isinstance(schema.get("items"), dict):
        yield schema, "items", "schemas"
        yield from _parts(schema["items"])


def _split(files: Files, move: Callable[[str, dict[str, Any]], dict[str, Any]]) -> dict[str, str]:
    found = dict(files)
    for path, text in files.items():
        data = _read(path, text)
        if data is not None:
            others = move(path, data)
            found[path] = json.dumps(data, indent=1)
            found |= {name: json.dumps(part, indent=1) for name, part in others.items()}
    return found


def _library(data: dict[str, Any], kind: str) -> tuple[dict[str, Any], str]:
    """Where a document keeps its schemas, parameters or responses, and the pointer to it."""
    if "swagger" in data:
        key = {"schemas": "definitions"}.get(kind, kind)
        return data.setdefault(key, {}), f"#/{key}/"
    return data.setdefault("components", {}).setdefault(kind, {}), f"#/components/{kind}/"


def within_the_file(files: Files) -> dict[str, str]:
    """Everything that is inline moves into the document's own library."""

    def move(path: str, data: dict[str, Any]) -> dict[str, Any]:
        for number, (holder, key, kind) in enumerate(list(_inline(data))):
            part = holder[key]
            if "$ref" not in part:
                library, pointer = _library(data, kind)
                library[f"Part{number}"] = part
                holder[key] = {"$ref": f"{pointer}Part{number}"}
        return {}

    return _split(files, move)


def into_files(files: Files) -> dict[str, str]:
    """Everything that is inline moves into a file of its own."""

    def move(path: str, data: dict[str, Any]) -> dict[str, Any]:
        others: dict[str, Any] = {}
        folder = f"{dirname(path)}/parts".lstrip("/")
        for number, (holder, key, _) in enumerate(list(_inline(data))):
            part = holder[key]
            if "$ref" not in part:
                name = f"{folder}/{number}-of-{path.replace('/', '-')}.json"
                others[name] = part
                holder[key] = {"$ref": name}  # as from the root; made relative below
        for name, part in others.items():
            _rebase(part, name, path, others)
        _rebase(data, path, path, others)
        return others

    return _split(files, move)


def _rebase(value: Any, here: str, home: str, others: dict[str, Any]) -> None:
    """Rewrite the references of a part as seen from its own file."""
    for _, entry in _entries(value):
        _rebase(entry, here, home, others)
    reference = value.get("$ref") if isinstance(value, dict) else None
    if not isinstance(reference, str):
        return
    folder = dirname(here) or "."
    if reference in others:
        value["$ref"] = relpath(reference, folder)
    elif here != home:
        name, _, fragment = reference.partition("#")
        target = relpath(f"{dirname(home) or '.'}/{name}", folder) if name else relpath(home, folder)
        value["$ref"] = f"{target}#{fragment}"
