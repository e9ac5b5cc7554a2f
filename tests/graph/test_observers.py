"""Variables of collectors of telemetry are filled into files, and show no call by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.graph import service_graph
from archlint.model.graph.cycles import CallCycle
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


@pytest.mark.parametrize(
    ("image", "text", "is_drawn"),
    [
        (
            "prom/prometheus",
            "scrape_configs: [{job_name: cart, static_configs: [{targets: ['cart:80']}]}]",
            True,
        ),
        (
            "otel/opentelemetry-collector-contrib",
            "receivers: {otlp: {}}\nexporters: {otlp: {endpoint: 'cart:4317'}}\n"
            "service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp]}}}",
            True,
        ),
        (
            "otel/opentelemetry-collector-contrib",
            "receivers: {httpcheck: {targets: [{endpoint: 'http://cart'}]}}\nexporters: {debug: {}}\n"
            "service: {pipelines: {metrics: {receivers: [httpcheck], exporters: [debug]}}}",
            False,
        ),
        (
            "grafana/promtail",
            "clients: [{url: 'http://cart:3100/push'}]\nscrape_configs: [{job_name: containers}]",
            True,
        ),
    ],
)
def test_what_stands_in_files_of_a_collector(tmp_path: Path, image: str, text: str, is_drawn: bool) -> None:
    compose = f"""
services:
  one: {{image: {image}, environment: {{SHOP_ADDR: "shop:80"}}, volumes: ["./one.yaml:/etc/one.yaml"]}}
  cart: {{image: own/cart}}
  shop: {{image: own/shop}}
"""
    graph = service_graph(world_of(tmp_path, {"compose.yaml": compose, "one.yaml": text}))
    assert [f"{edge.source} -> {edge.target}" for edge in graph.edges] == (
        ["service:one -> service:cart"] if is_drawn else []
    )


@pytest.mark.parametrize(
    ("name", "image", "is_telemetry"),
    [
        ("zipkin", "own/zipkin", True),
        ("traces", "jaegertracing/all-in-one", True),
        ("otel-collector", "own/x", True),
        ("grafana-k8s", "own/x", True),
        ("debt-collector", "own/x", False),
        ("temporal", "temporalio/server", False),
        ("seqera", "own/x", False),
    ],
)
def test_calls_that_only_watch(tmp_path: Path, name: str, image: str, is_telemetry: bool) -> None:
    compose = f"""
services:
  one: {{image: own/web, environment: {{PEER_ADDR: "{name}:80"}}}}
  {name}: {{image: {image}, environment: {{ONE_ADDR: "one:80"}}}}
"""
    world = world_of(tmp_path, {"compose.yaml": compose})
    assert [edge.is_telemetry for edge in service_graph(world).edges] == [is_telemetry] * 2
    assert bool(list(CallCycle.all(world))) is not is_telemetry
