"""Stores on the machine of developers, which no file deploys, are stores all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.finding import Confidence
from archlint.model.graph import service_graph
from tests.arch.worlds import world_of
from tests.graph.test_discovery import BUILT

SETTINGS = "shop/src/main/resources/application.properties"


def stores(folder: Path, settings: str, compose: str = "", path: str = SETTINGS) -> dict[str, Confidence]:
    """What the shop keeps data in, or sends messages by, and how sure it is."""
    files = {
        "compose.yaml": f"services:\n  shop: {{build: shop}}\n{compose}",
        "shop/Dockerfile": BUILT,
        path: settings,
    }
    graph = service_graph(world_of(folder, files))
    return {edge.target: edge.confidence for edge in graph.edges}


@pytest.mark.parametrize(
    ("settings", "store"),
    [
        ("spring.datasource.url=jdbc:mysql://localhost:3306/orders\n", "datastore:orders"),
        ("spring.data.mongodb.uri=mongodb://127.0.0.1:27017\n", "datastore:mongodb"),
        ("spring.rabbitmq.host=localhost\nspring.rabbitmq.port=5672\n", "broker:rabbitmq"),
        ("spring.kafka.bootstrap-servers=localhost:9092\n", "broker:kafka"),
    ],
)
def test_a_store_that_nothing_deploys(tmp_path: Path, settings: str, store: str) -> None:
    assert stores(tmp_path, settings) == {store: Confidence.MEDIUM}


@pytest.mark.parametrize(
    ("settings", "compose", "path"),
    [
        ("peer.url=http://localhost:8080\n", "", SETTINGS),
        ("spring.datasource.url=jdbc:h2:mem:orders\n", "", SETTINGS),
        (
            "spring.datasource.url=jdbc:mysql://localhost:3307/orders\n",
            "  one: {image: mysql}\n  two: {image: mysql}\n",
            SETTINGS,
        ),
        (
            "spring.datasource.url=jdbc:mysql://localhost:3306/orders\n",
            "",
            "shop/src/test/resources/application.properties",
        ),
        (
            "spring.datasource.url=jdbc:mysql://localhost:3306/orders\n",
            "",
            "shop/src/main/resources/application-test.properties",
        ),
    ],
)
def test_none(tmp_path: Path, settings: str, compose: str, path: str) -> None:
    assert not stores(tmp_path, settings, compose, path)


def test_what_another_place_names_counts(tmp_path: Path) -> None:
    given = "      environment: {DB_URL: 'jdbc:mysql://db.example.net/orders'}\n"
    files = {
        "compose.yaml": f"services:\n  shop:\n      build: shop\n{given}",
        "shop/Dockerfile": BUILT,
        SETTINGS: "spring.datasource.url=jdbc:mysql://localhost:3306/orders\n",
    }
    graph = service_graph(world_of(tmp_path, files))
    assert [edge.target for edge in graph.edges] == ["datastore:db.example.net"]
