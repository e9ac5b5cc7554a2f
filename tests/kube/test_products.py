"""What an operator makes is called by the names in its API group, and not by words that all groups have."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.kubernetes.operators import products
from tests.kube.worlds import world_of

COMMON = "app apps com io dev core config name networking security"


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("minio.min.io", {"minio", "min"}),
        ("postgresql.cnpg.io", {"postgresql", "cnpg"}),
        ("kafka.strimzi.io", {"kafka", "strimzi"}),
        ("keda.sh", {"keda"}),
        ("apps", set()),
        ("networking.k8s.io", set()),
        ("route.openshift.io", set()),
        *((f"{word}.cart.io", {"cart"}) for word in COMMON.split()),
        *((f"cart.{word}.io", {"cart"}) for word in COMMON.split()),
    ],
)
def test_names_of_products(tmp_path: Path, group: str, expected: set[str]) -> None:
    text = f"apiVersion: {group}/v1\nkind: Thing\nmetadata: {{name: a}}\n"
    assert products(world_of(tmp_path, {"a.yaml": text})) == expected
