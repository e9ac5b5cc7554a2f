"""Calls of ports of the machine that a whole system runs on, and programs that nothing deploys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.finding import Confidence
from archlint.model.graph import service_graph
from tests.arch.worlds import world_of
from tests.graph.test_discovery import BUILT, calls

TWO = "services:\n  shop: {build: shop, ports: ['8000:80']}\n  web: {build: web, ports: ['3000:3000']}\n"
BOTH = {"compose.yaml": TWO, "shop/Dockerfile": BUILT, "web/Dockerfile": BUILT}


@pytest.mark.parametrize(
    "files",
    [
        {"compose.yaml": TWO.replace("web,", "web, environment: ['API_URL=http://localhost:8000'],")},
        {
            "compose.yaml": TWO.replace(
                "web,", "web, environment: {SHOP_HOST: host.docker.internal, SHOP_PORT: '8000'},"
            )
        },
        {"web/.env": "REACT_APP_API=http://localhost:8000\n"},
        {"web/src/api.ts": "const api = axios.create({baseURL: 'http://localhost:8000/items'});\n"},
        {"web/src/api.ts": "const api = process.env.API_URL || 'http://localhost:8000';\n"},
        {"web/application.yml": "shop: {url: 'http://127.0.0.1:8000'}\n"},
        {
            "compose.yaml": TWO.replace("'8000:80'", "{target: 80, published: 8000}"),
            "web/.env": "A_URL=http://localhost:8000\n",
        },
        {"web/.env": "SELF_SERVICE_URL=http://localhost:8000\n"},
    ],
)
def test_a_published_port_leads_to_who_publishes_it(tmp_path: Path, files: dict[str, Any]) -> None:
    found = calls(tmp_path, BOTH | files)
    assert {ends: sure for ends, (_, sure) in found.items()} == {("web", "shop"): Confidence.MEDIUM}


@pytest.mark.parametrize(
    "files",
    [
        {"web/.env": "API_URL=http://localhost:3000\n"},
        {"web/.env": "API_URL=http://localhost:9999\n"},
        {"web/.env": "API_URL=http://localhost\n"},
        {"web/.env": "CORS_ORIGINS=http://localhost:8000\n"},
        {"web/.env": "FRONTEND_URL=http://localhost:8000\n"},
        {"web/application.yml": "pages: {clientBaseUrl: 'http://localhost:8000'}\n"},
        {"compose.yaml": TWO.replace("web,", "web, environment: ['SpaClient=http://localhost:8000'],")},
        {"web/src/a.ts": "console.log('see http://localhost:8000');\n"},
        {"web/src/a.spec.ts": "get('http://localhost:8000');\n"},
        {"web/cypress.config.ts": "export default {e2e: {baseUrl: 'http://localhost:8000'}};\n"},
        {
            "compose.yaml": TWO + "  more: {image: m, ports: ['8000:1']}\n",
            "web/.env": "A_URL=http://localhost:8000\n",
        },
    ],
)
def test_other_ports_lead_to_nobody(tmp_path: Path, files: dict[str, Any]) -> None:
    assert calls(tmp_path, BOTH | files) == {}


def spring(name: str, port: str = "", more: str = "") -> str:
    server = f"server: {{port: '{port}'}}\n" if port else ""
    return f"spring: {{application: {{name: {name}}}}}\n{server}{more}"


SETTINGS = "src/main/resources/application.yml"
EUREKA = "eureka: {client: {serviceUrl: {defaultZone: 'http://localhost:8761/eureka'}}}\n"


def test_programs_of_a_repository_that_deploys_nothing_reach_each_other(tmp_path: Path) -> None:
    files = {
        "discovery/pom.xml": "<project/>",
        f"discovery/{SETTINGS}": spring("discovery", "8761", EUREKA),
        "orders/pom.xml": "<project/>",
        f"orders/{SETTINGS}": spring("order-service", "${PORT:8081}", EUREKA),
        "lonely/pom.xml": "<project/>",
        f"lonely/{SETTINGS}": spring("lonely"),
    }
    graph = service_graph(world_of(tmp_path, files))
    assert {node.name for node in graph.nodes.values()} == {"discovery", "order-service", "lonely"}
    assert [(edge.source, edge.target) for edge in graph.edges] == [
        ("service:order-service", "service:discovery")
    ]


def test_a_program_without_a_port_has_that_of_its_framework(tmp_path: Path) -> None:
    """So an address of port 8080 in two programs that both listen there leads to nobody."""
    files = {
        "a/pom.xml": "<project/>",
        f"a/{SETTINGS}": spring("a", more="own: {url: 'http://localhost:8080'}\n"),
        "b/pom.xml": "<project/>",
        f"b/{SETTINGS}": spring("b", "8080"),
        "c/pom.xml": "<project/>",
        f"c/{SETTINGS}": spring("c", "8081", "a: {url: 'http://localhost:8080'}\n"),
    }
    assert calls(tmp_path, files) == {}


def test_projects_are_launched_on_their_ports(tmp_path: Path) -> None:
    launched = '{"profiles": {"https": {"applicationUrl": "https://localhost:7001;http://localhost:5001"}}}'
    web = '<Project Sdk="Microsoft.NET.Sdk.Web"/>'
    files = {
        "Stock/Stock.csproj": web,
        "Stock/Properties/launchSettings.json": launched,
        "Shop/Shop.csproj": web,
        "Shop/appsettings.json": '{"StockUrl": "https://localhost:7001"}',
        "Common/Common.csproj": '<Project Sdk="Microsoft.NET.Sdk"/>',
    }
    assert set(calls(tmp_path, files)) == {("Shop", "Stock")}
    graph = service_graph(world_of(tmp_path, files))
    assert {node.name for node in graph.nodes.values()} == {"Shop", "Stock"}


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"scripts": {"start": "x"}, "dependencies": []}', '{"start": 1}']
)
def test_packages_of_any_shape_are_no_programs(tmp_path: Path, text: str) -> None:
    assert not service_graph(world_of(tmp_path, {"a/package.json": text})).nodes


def test_programs_beside_what_is_deployed_are_drawn_where_they_call(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {shop: {build: shop}}\n",
        "shop/Dockerfile": BUILT,
        "demo/pom.xml": "<project/>",
        f"demo/{SETTINGS}": spring("demo", more="shop: {url: 'http://shop:80'}\n"),
        "other/pom.xml": "<project/>",
        f"other/{SETTINGS}": spring("other"),
    }
    graph = service_graph(world_of(tmp_path, files))
    assert {node.name for node in graph.nodes.values()} == {"demo", "shop"}


def test_files_called_as_applications_are_theirs_wherever_they_lie(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {orders: {build: o}, config: {build: c}, db: {image: postgres}}\n",
        "o/Dockerfile": BUILT,
        f"o/{SETTINGS}": spring("order-service"),
        "c/Dockerfile": BUILT,
        "c/src/main/resources/config/order-service-docker.yml": "spring: {datasource: {url: 'jdbc:postgresql://db/o'}}\n",
    }
    assert set(calls(tmp_path, files)) == {("orders", "db")}


SHARED = """\
services:
  shop: {build: shop, env_file: .env}
  web: {build: web, env_file: .env}
  db: {image: mongo, env_file: .env}
"""


@pytest.mark.parametrize("name", [".env", ".env.example", ".env.sample", "example.env"])
def test_what_several_are_given_is_used_by_those_that_read_it(tmp_path: Path, name: str) -> None:
    files = {
        "compose.yaml": SHARED,
        name: "DB_URL=mongodb://db/x\nSHOP_HOST=shop\nMAIL_URL=smtp://mail.example.org\n",
        "shop/Dockerfile": BUILT,
        "shop/a.js": "connect(process.env.DB_URL);\n",
        "web/Dockerfile": BUILT,
        "web/a.js": "get(process.env.SHOP_HOST);\n",
    }
    found = calls(tmp_path, files)
    assert {ends: sure for ends, (_, sure) in found.items()} == {
        ("shop", "db"): Confidence.MEDIUM,
        ("web", "shop"): Confidence.MEDIUM,
    }


@pytest.mark.parametrize(
    ("files", "is_shown"),
    [
        ({".env.example": "CART=cart:80\n"}, True),
        ({".env.example": "CART=cart:80\n", ".env": "CART=\n"}, False),
        ({".env.example": "OTHER=cart:80\n"}, False),
        ({}, False),
    ],
)
def test_a_template_fills_in_what_is_kept_out(tmp_path: Path, files: dict[str, str], is_shown: bool) -> None:
    compose = "services:\n  shop: {image: s, environment: {CART_ADDR: '${CART}'}}\n  cart: {image: c}\n"
    found = calls(tmp_path, {"compose.yaml": compose, **files})
    assert set(found) == ({("shop", "cart")} if is_shown else set())


def test_of_several_that_may_listen_the_one_is_meant_that_the_setting_names(tmp_path: Path) -> None:
    files = {
        "stock/pom.xml": "<project/>",
        f"stock/{SETTINGS}": spring("stock-service", "8080"),
        "orders/pom.xml": "<project/>",
        f"orders/{SETTINGS}": spring("orders", "8080"),
        "shop/pom.xml": "<project/>",
        f"shop/{SETTINGS}": spring("shop", "8081", "stock: {url: 'http://localhost:8080'}\n"),
    }
    assert set(calls(tmp_path, files)) == {("shop", "stock-service")}


def test_what_no_container_publishes_may_be_started_by_hand(tmp_path: Path) -> None:
    """So a port that a container publishes and a program has as well leads to nobody."""
    files = {
        "compose.yaml": "services:\n  docs: {image: d, ports: ['8099:80']}\n  shop: {build: shop}\n",
        "shop/Dockerfile": BUILT,
        "shop/application.yml": "pay: {url: 'http://localhost:8099'}\n",
        "fake/pom.xml": "<project/>",
        f"fake/{SETTINGS}": spring("bank", "8099"),
    }
    assert calls(tmp_path, files) == {}


def test_services_of_one_name_in_several_systems_are_told_apart(tmp_path: Path) -> None:
    compose = "services:\n  queue: {build: '.', environment: ['DB_HOST=db']}\n  db: {image: mysql}\n"
    files = {
        f"{name}/{file}": text
        for name in ("shop", "stock")
        for file, text in (("compose.yaml", compose), ("Dockerfile", BUILT))
    }
    assert set(calls(tmp_path, files)) == {("shop-queue", "shop-db"), ("stock-queue", "stock-db")}


def test_images_that_everybody_runs_make_no_system(tmp_path: Path) -> None:
    compose = "services:\n  app: {build: '.'}\n  web: {image: 'nginx:1', environment: ['APP_HOST=app']}\n"
    files = {
        f"{name}/{file}": text
        for name in ("shop", "stock")
        for file, text in (("compose.yaml", compose), ("Dockerfile", BUILT))
    }
    assert set(calls(tmp_path, files)) == {("shop-web", "shop-app"), ("stock-web", "stock-app")}


@pytest.mark.parametrize(
    ("name", "text", "callee"),
    [
        (".env.example", "DB_HOST=db\n", {"db"}),
        (".env.example", "REDIS_HOST=127.0.0.1\nREDIS_PORT=6379\n", set()),
        (".env.example", "STOCK_URL=http://localhost:9000\n", {"stock"}),
        (".env.test", "DB_HOST=db\n", set()),
    ],
)
def test_a_template_of_an_application_tells_of_its_peers(
    tmp_path: Path, name: str, text: str, callee: set[str]
) -> None:
    files = {
        "compose.yaml": "services:\n  shop: {build: shop}\n  db: {image: mysql}\n"
        "  redis: {image: redis, ports: ['6379:6379']}\n  stock: {image: s, ports: ['9000:80']}\n",
        "shop/Dockerfile": BUILT,
        f"shop/{name}": text,
    }
    assert {ends[1] for ends in calls(tmp_path, files)} == callee
