"""Compose projects made by chance, for laws that hold for all of them."""

from __future__ import annotations

import json
from random import Random
from typing import Any

COMMON = "services: {app: {image: common, environment: {A: base, E: ${V1}}, ports: ['70:70']}}\n"
FILES = {
    "common/base.yaml": COMMON,
    "a.env": "A=a1\nC=${V1}c\nX=${A}\n",
    "b.env": "B='b b'\nX=2 # two\n",
    ".env": "V1=v1\nIMAGE=img:${V1}\nB=dotted\n",
}
_VALUES = ("1", "${V1}", "${V2:-d}", "$$x", "", "${V1:+p}", "${V1-${V2}}", None)
_NAMES = ("base", "web", "api")
_TAGGED = ("environment", "ports", "command", "depends_on", "networks")


def project(random: Random) -> dict[str, str]:
    """The files of a project: a base, and often an override of it."""
    files = {**FILES, "compose.yaml": _text({name: _service(random, name) for name in _NAMES}, None)}
    if random.random() < 0.8:
        changed = {name: _changes(random, name) for name in random.sample(_NAMES, 2)}
        files["compose.override.yaml"] = _text(changed, random)
    return files


def _text(services: dict[str, dict[str, Any]], random: Random | None) -> str:
    lines = ["services:"]
    for name, body in services.items():
        lines.append(f"  {name}:" if body else f"  {name}: {{}}")
        for key, value in body.items():
            written = json.dumps(value)
            if random is not None and key in _TAGGED and random.random() < 0.2:
                written = (
                    "!reset null" if random.random() < 0.5 or key == "command" else f"!override {written}"
                )
            lines.append(f"    {key}: {written}")
    return "\n".join([*lines, "networks: {one: {}, two: {}}", ""])


def _changes(random: Random, name: str) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if random.random() < 0.7:
        values = {random.choice("ABCD"): random.choice(_VALUES) for _ in range(3)}
        pairs = [key if value is None else f"{key}={value}" for key, value in values.items()]
        body["environment"] = values if random.random() < 0.5 else pairs
    choices: dict[str, list[Any]] = {
        "env_file": [
            "a.env",
            ["a.env", "b.env"],
            [{"path": "b.env"}],
            [{"path": "no.env", "required": False}],
        ],
        "command": ["run it", ["a", "b"], ["c"]],
        "ports": [["80:80", "82"], ["81:81"]],
        "networks": [["one"], {"one": {"aliases": ["al"]}, "two": None}],
        "build": [".", {"context": "sub"}, {"context": "sub", "dockerfile": "Other"}],
    }
    if name != "base":
        choices["depends_on"] = [["base"], {"base": {"condition": "service_healthy"}}]
    for key, values in choices.items():
        if random.random() < 0.4:
            body[key] = random.choice(values)
    return body


def _service(random: Random, name: str) -> dict[str, Any]:
    body = {"image": random.choice(["x:1", "y", "${IMAGE}", "${NONE:-z}"]), **_changes(random, name)}
    if name != "base" and random.random() < 0.4:
        bases = ["base", {"service": "base"}, {"file": "common/base.yaml", "service": "app"}]
        body["extends"] = random.choice(bases)
    return body
