"""Variables of collectors of telemetry are filled into files, and show no call by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.graph import service_graph
from tests.arch.worlds import world_of


@pytest.mark.parametrize(
    ("image", "is_drawn"),
    [("own/web", True), ("otel/opentelemetry-collector-contrib:0.1", False), ("prom/prometheus:v3", False)],
)
def test_what_a_collector_is_given_is_no_call(tmp_path: Path, image: str, is_drawn: bool) -> None:
    compose = f"""
services:
  one: {{image: "{image}", environment: {{CART_ADDR: "cart:8080"}}}}
  cart: {{image: own/cart}}
"""
    graph = service_graph(world_of(tmp_path, {"compose.yaml": compose}))
    assert bool(graph.edges) is is_drawn
