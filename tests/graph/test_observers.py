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


@pytest.mark.parametrize(
    ("library", "is_drawn"), [("spring-cloud-starter-bus-amqp", True), ("spring-web", False)]
)
def test_settings_that_all_share_are_read_by_those_with_a_client(
    tmp_path: Path, library: str, is_drawn: bool
) -> None:
    files = {
        "compose.yaml": "services: {cart: {build: cart}, rabbitmq: {image: rabbitmq}}\n",
        "cart/Dockerfile": "FROM scratch\n",
        "cart/pom.xml": f"<dependency><artifactId>{library}</artifactId></dependency>\n",
        "config/Dockerfile": "FROM scratch\n",
        "config/src/main/resources/shared/application.yml": "spring: {rabbitmq: {host: rabbitmq}}\n",
        "config/src/main/resources/shared/cart.yml": "server: {port: 80}\n",
        "config/src/main/resources/application.yml": "server: {port: 80}\n",
    }
    graph = service_graph(world_of(tmp_path, files))
    assert [f"{edge.source} -> {edge.target}" for edge in graph.edges] == (
        ["service:cart -> broker:rabbitmq"] if is_drawn else []
    )
