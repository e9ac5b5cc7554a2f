"""kubeconform as a judge: archlint's own data as the JSON schemas that it reads, and its verdicts."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from archlint.documents.kubernetes.definitions import definitions
from archlint.model.kubernetes.schemas.builtin import ASIDE

LAYOUT = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json"
_PLAIN: dict[str, dict[str, Any]] = {
    "s": {"type": "string"},
    "t": {"type": "string", "format": "date-time"},
    "y": {"type": "string", "format": "byte"},
    "b": {"type": "boolean"},
    "i": {"type": "integer"},
    "n": {"type": "number"},
    "p": {"type": ["integer", "string"]},
    "q": {"type": ["number", "string"]},
    "o": {"type": "object"},
    "x": {},
}


def kinds_of(minor: int) -> dict[tuple[str, str], str]:
    """API version and kind of all resources of a version of Kubernetes, with their types."""
    known = definitions()
    named = (name.partition(" ") for name in known.kinds)
    written = {(version, kind): known.type_of(version, kind, minor) for version, _, kind in named}
    return {name: found for name, found in written.items() if found is not None and name[1] not in ASIDE}


def write_schemas(folder: Path, minor: int) -> str:
    """Write the schemas of one version of Kubernetes; what to give kubeconform as their location."""
    for (api_version, kind), written in kinds_of(minor).items():
        version = api_version.rpartition("/")[2]
        target = folder / api_version.partition("/")[0] / f"{kind.lower()}_{version}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        schema = {"$ref": f"#/definitions/{written[1:]}", "definitions": _types(written[1:], minor)}
        target.write_text(json.dumps(schema), "utf-8")
    return f"{folder}/{LAYOUT}"


def _types(name: str, minor: int) -> dict[str, Any]:
    """A type and all that it is made of."""
    found: dict[str, Any] = {}
    waiting = [name]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found[here] = _type(here, minor)
            fields = definitions().fields(here, minor)
            named = (written.partition("#")[2].partition("|")[0].rstrip("!") for _, written in fields)
            waiting += filter(None, named)
    return found


def _type(name: str, minor: int) -> dict[str, Any]:
    fields = dict(definitions().fields(name, minor))
    required = [field for field, written in fields.items() if written.endswith("!")]
    return {
        "type": ["object", "null"],
        "properties": {field: _schema(written) for field, written in fields.items()},
        "additionalProperties": False,
        **({"required": required} if required else {}),  # draft 4 knows no empty list
    }


def _schema(written: str) -> dict[str, Any]:
    """The schema of a type; what is required may not be null, unless it is a map with fields."""
    if written.startswith("#"):
        return {"$ref": f"#/definitions/{written[1:].rstrip('!')}"}
    inner = written.rstrip("!")
    if inner[0] == "[":
        made: dict[str, Any] = {"type": "array", "items": _schema(inner[1:].partition("|")[0])}
    elif inner[0] == "{":
        made = {"type": "object", "additionalProperties": _schema(inner[1:])}
    else:
        made = dict(_PLAIN[inner])
    if "type" in made and not written.endswith("!"):
        said = made["type"]
        made["type"] = [*(said if isinstance(said, list) else [said]), "null"]
    return made


def verdicts(
    program: str, location: str, folder: Path, objects: Iterable[Mapping[str, Any]]
) -> dict[str, tuple[str, str]]:
    """Status and message for each of some objects, by their names, which are unique."""
    path = folder / "objects.yaml"
    path.write_text("\n---\n".join(json.dumps(each) for each in objects), "utf-8")
    how = ("-strict", "-output", "json", "-verbose", "-n", "1")
    done = subprocess.run(
        [program, "-schema-location", location, *how, str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found = json.loads(done.stdout)["resources"]
    return {each["name"]: (each["status"], each["msg"]) for each in found}
