"""A workload is a store if it runs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.model.services.grouping import Service
from tests.arch.worlds import custom, world_of

OWN = "registry.example.com/shop/cart:1"


def part(image: str, *ports: int) -> dict[str, Any]:
    """A container with an image and the ports that it names."""
    return {"name": image.rpartition("/")[2].partition(":")[0], "image": image} | (
        {"ports": [{"containerPort": port} for port in ports]} if ports else {}
    )


@pytest.mark.parametrize(
    ("containers", "protocol"),
    [
        ([part("postgres:16")], "postgres"),
        ([part("redis:7")], "redis"),
        ([part("postgres:16"), part("redis:7")], "postgres"),
        ([part("redis:7"), part("postgres:16")], "redis"),
        ([part("postgres:16"), part(OWN)], None),
        ([part(OWN), part("postgres:16")], None),
        ([part("postgres:16"), part("prom/postgres-exporter:1")], "postgres"),
        ([part("prom/postgres-exporter:1")], None),
        ([part(OWN, 5432)], "postgres"),
        ([part(OWN, 5432, 8080)], None),
        ([part(OWN, 8080)], None),
        ([part(OWN)], None),
        ([], None),
    ],
)
def test_what_a_store_speaks(tmp_path: Path, containers: list[dict[str, Any]], protocol: str | None) -> None:
    for kind, expected in (("Deployment", protocol), ("StatefulSet", protocol), ("Job", None)):
        group = "batch/v1" if kind == "Job" else "apps/v1"
        pods = {"initContainers": [part(OWN)], "containers": containers}
        spec = {"template": {"metadata": {"labels": {"app": "data"}}, "spec": pods}}
        world = world_of(tmp_path / kind, {"a.yaml": [custom(kind, group, "data", spec=spec)]})
        assert [item.store_protocol for item in world.all(Service)] == [expected]
