"""Docker Compose itself says the same of generated projects."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from archlint.model.compose import ComposeService
from tests.compose.generated import project
from tests.compose.projects import services
from tests.support.programs import compose


def said(command: list[str], folder: Path) -> dict[str, Any] | None:
    """What Compose makes of a project; ``None`` if it refuses it."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    asked = subprocess.run(
        [*command, "config", "--format", "json"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, Any] = json.loads(asked.stdout)["services"] if asked.returncode == 0 else {}
    return found or None


def ours(service: ComposeService) -> dict[str, Any]:
    """What is read of a service, in the form of ``theirs``."""
    return {
        "environment": {item.name: item.text for item in service.variables if item.value.is_known},
        "command": " ".join(text.text for text, _ in service.commands),
        "ports": sorted(service.ports),
        "depends_on": sorted(item.name for item in service.depends_on),
        "networks": sorted(service.networks),
        "context": service.build_context,
        "image": service.image,
    }


def theirs(told: dict[str, Any], folder: Path, unknown: set[str]) -> dict[str, Any]:
    """What Compose says of a service; variables without a value in the files are left out."""
    values = told.get("environment") or {}
    context = (told.get("build") or {}).get("context")
    return {
        "environment": {
            key: value for key, value in values.items() if value is not None and key not in unknown
        },
        "command": " ".join(told.get("command") or ()),
        "ports": sorted({port["target"] for port in told.get("ports", ())}),
        "depends_on": sorted(told.get("depends_on") or ()),
        "networks": sorted(set(told.get("networks") or ()) - {"default"}),
        "context": None if context is None else os.path.relpath(context, folder).removeprefix("."),
        "image": told.get("image"),
    }


@pytest.mark.parametrize("seed", range(40))
def test_compose_says_the_same(tmp_path: Path, seed: int) -> None:
    command = compose()
    found = services(tmp_path, project(Random(seed)))
    told = said(command, tmp_path)
    if told is None:
        pytest.skip("Compose refuses this one")
    assert set(told) == set(found)
    for name, service in found.items():
        unknown = {item.name for item in service.variables if not item.value.is_known}
        assert ours(service) == theirs(told[name], tmp_path, unknown), name


@pytest.mark.parametrize("seed", range(20))
def test_every_project_is_read(tmp_path: Path, seed: int) -> None:
    found = services(tmp_path, project(Random(seed)))
    assert set(found) == {"base", "web", "api"}
    for service in found.values():
        for variable in service.variables:
            assert variable.place.span() and variable.entry.span()
