"""A program in the place of kube-score that prints what it is told, and what kube-score would print."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random

import yaml

from tests.fuzz.mutations import mutated

NAME = "kube-score"
_SCRIPT = '#!/bin/sh\n[ -s "$0.json" ] || { echo "cannot read: $0" >&2; exit 1; }\nexec cat "$0.json"\n'
_CHECKS = ("pod-probes", "container-image-tag", "service-type", "label-values", "networkpolicy-targets-pod")


def lay_out_program(folder: Path, output: str) -> None:
    """Write the program; it refuses its input if there is no output."""
    program = folder / NAME
    program.write_text(_SCRIPT)
    program.chmod(0o755)
    program.with_name(f"{NAME}.json").write_bytes(output.encode("utf-8", "surrogatepass"))


def output_about(files: Mapping[str, str], random: Random) -> str:
    """What kube-score says about the objects of some files, mostly changed a little."""
    said = json.dumps([_score(item, random) for item in _objects(files)])
    chance = random.random()
    if chance < 0.05:
        return ""
    return said if chance < 0.2 else mutated(said, f"{NAME}.json", random)


def _objects(files: Mapping[str, str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for path, text in sorted(files.items()):
        if path.endswith((".yaml", ".yml", ".json")):
            try:
                found += [item for item in yaml.load_all(text, Loader=yaml.CSafeLoader) if _is_object(item)]
            except (yaml.YAMLError, ValueError, RecursionError):
                continue
    return found


def _is_object(item: object) -> bool:
    return isinstance(item, dict) and all(isinstance(item.get(key), str) for key in ("kind", "apiVersion"))


def _score(item: dict[str, object], random: Random) -> dict[str, object]:
    meta = item.get("metadata")
    named = (
        {key: str(value) for key, value in meta.items() if key in ("name", "namespace")}
        if isinstance(meta, dict)
        else {}
    )
    return {
        "object_name": f"{item['kind']}/{named.get('name')}",
        "type_meta": {"kind": item["kind"], "apiVersion": item["apiVersion"]},
        "object_meta": {**named, "creationTimestamp": None},
        "checks": [_check(random) for _ in range(random.randrange(4))],
        "file_name": "STDIN",
        "file_row": 1,
    }


def _check(random: Random) -> dict[str, object]:
    name = random.choice(_CHECKS)
    comment = {
        "path": random.choice(("", "cart", "cart -> readinessProbe")),
        "summary": f"{name}: not so.",
        "description": "Do that.",
    }
    return {
        "check": {"name": name.title(), "id": name, "target_type": "Pod", "comment": "", "optional": False},
        "grade": random.choice((1, 5, 10)),
        "skipped": random.random() < 0.1,
        "comments": random.choice((None, [comment], [comment, comment])),
    }
