"""What the settings of applications say of the addresses that they connect to."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.appconfig.mentions import mentions_with
from archlint.model.world import World
from tests.arch.worlds import world_of

BUILT = {"cart/Dockerfile": "FROM scratch\n", "orders/Dockerfile": "FROM scratch\n"}


def told(world: World, **environment: str) -> list[str]:
    found = []
    for item in mentions_with(world, lambda unit: environment):
        span = item.place.span()
        sign = "->" if item.is_call else "--"
        found.append(
            f"{item.unit.name} {sign} {item.text} {item.confidence} "
            f"{item.place.source.path}:{span.line}:{span.column}-{span.end_column}"
        )
    return found


def of_files(folder: Path, files: dict[str, str], **environment: str) -> list[str]:
    return told(world_of(folder, {**BUILT, **files}), **environment)


RESOURCES = "cart/src/main/resources"


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        (
            "application.yml",
            "spring:\n  datasource:\n    url: jdbc:mysql://root:db@db:3306/cart\n",
            ["cart -> spring.datasource.url=db:3306 high {}:3:31-33"],
        ),
        (
            "application.properties",
            "spring.data.mongodb.host=cart-db\nspring.data.mongodb.port=27018\n",
            ["cart -> spring.data.mongodb.host=cart-db:27018 high {}:1:26-33"],
        ),
        (
            "application.yml",
            "a.url: http://${ORDERS:orders}:${PORT:80}/x\n",
            ["cart -> a.url=orders:80 high {}:1:24-30"],
        ),
        ("application.yml", "orders.host: orders\nb.url: http://${orders.host}/\n", None),
        ("application-test.yml", "a.url: http://orders\n", []),
        (
            "application-dev.yml",
            "a.url: http://orders\n",
            ["cart -> a.url=orders medium {}:1:15-21"],
        ),
        (
            "application.yml",
            "a: 1\n---\nspring.config.activate.on-profile: test\na.url: http://orders\n",
            [],
        ),
        (
            "bootstrap.yml",
            "spring.config.import: optional:configserver:http://config:8888\n",
            ["cart -> spring.config.import=config:8888 high {}:1:52-58"],
        ),
        ("application.yml", "server:\n  address: orders\n", []),
        (
            "application.yml",
            "cors.allowed-origins: http://orders\n",
            ["cart -- cors.allowed-origins=orders high {}:1:30-36"],
        ),
        ("application.yml", "a.url: http://0.0.0.0:80\nb.host: localhost\n", []),
        (
            "application.yml",
            "a.url: http://localhost:80\n",
            ["cart -> a.url=localhost:80 medium {}:1:15-24"],
        ),
        ("application.yml", "a.url: http://{{ .Values.x }}/\nb.url: '%HOST%'\n", None),
        (
            "application.yml",
            "spring.rabbitmq.addresses: rabbit-1:5672,rabbit-2:5672\n",
            [
                "cart -> spring.rabbitmq.addresses=rabbit-1:5672 high {}:1:28-36",
                "cart -> spring.rabbitmq.addresses=rabbit-2:5672 high {}:1:42-50",
            ],
        ),
    ],
)
def test_spring_says_what_it_connects_to(
    tmp_path: Path, name: str, text: str, found: list[str] | None
) -> None:
    path = f"{RESOURCES}/{name}"
    got = of_files(tmp_path, {path: text})
    if found is None:
        assert all(" high " in item or " medium " in item for item in got)
    else:
        assert got == [item.format(path) for item in found]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("redis:6379,abortConnect=false", ["redis:6379"]),
        ("redis", ["redis"]),
        ("Server=sql;Database=Cart;User Id=sa;Password=sql", ["sql"]),
        ("Host=pg;Port=5433;Database=cart;Username=pg", ["pg:5433"]),
        ("amqp://rabbit", ["rabbit"]),
        ("Data Source=cart.db", []),
        ("localhost", []),
    ],
)
def test_connection_strings_of_dotnet_are_read(tmp_path: Path, value: str, found: list[str]) -> None:
    text = f'{{\n  // why\n  "ConnectionStrings": {{"Main": "{value}"}}\n}}\n'
    got = of_files(tmp_path, {"cart/appsettings.json": text})
    assert [item.split("=")[1].split(" ")[0] for item in got] == found
    assert all("-> ConnectionStrings.Main=" in item and ":3:" in item for item in got)


def test_the_environment_of_the_application_comes_first(tmp_path: Path) -> None:
    files = {f"{RESOURCES}/application.yml": "a.url: http://${ORDERS_HOST:localhost}:80\n"}
    path = f"{RESOURCES}/application.yml"
    assert of_files(tmp_path, files, ORDERS_HOST="orders") == [f"cart -> a.url=orders:80 high {path}:1:15-39"]


def test_what_the_environment_replaces_is_not_told(tmp_path: Path) -> None:
    files = {f"{RESOURCES}/application.yml": "orders.base-url: http://old\n"}
    for name in ("ORDERS_BASEURL", "ORDERS_BASE_URL", "orders__base-url"):
        assert of_files(tmp_path, files, **{name: "http://orders"}) == []


def test_a_repository_of_configuration_names_its_applications(tmp_path: Path) -> None:
    files = {
        "config/src/Dockerfile": "FROM scratch\n",
        "config/shared/cart.yml": "spring: {x: y}\na.url: http://orders\n",
        "manifests/cart.yml": 'env: {ORDERS_URL: "http://orders"}\n',
        "config/shared/orders-docker.yml": "server: {port: 1}\na.host: orders-db\n",
        "config/shared/application.yml": "eureka.client.serviceUrl.defaultZone: http://registry:8761\n",
        "config/shared/unknown.yml": "a.url: http://orders\n",
    }
    got = of_files(tmp_path, files)
    assert [item.rpartition(" ")[0] for item in got] == [
        "cart -> eureka.client.serviceUrl.defaultZone=registry:8761 low",
        "cart -> a.url=orders high",
        "orders -> eureka.client.serviceUrl.defaultZone=registry:8761 low",
        "orders -> a.host=orders-db high",
    ]


@pytest.mark.parametrize(
    "path",
    ["cart/src/test/resources/application.yml", "docs/application.yml", "application.yml", "cart/other.yml"],
)
def test_files_that_configure_nothing_say_nothing(tmp_path: Path, path: str) -> None:
    assert of_files(tmp_path, {path: "a.url: http://orders\n"}) == []


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("cart/.env", "ORDERS_URL=http://orders:80 # why\n", "ORDERS_URL=orders:80"),
        ("cart/config/default.json", '{"orders": {"host": "orders", "port": 80}}', "orders.host=orders:80"),
        (
            "cart/config/database.yml",
            "production:\n  adapter: postgresql\n  host: db\n",
            "production.host=db",
        ),
        ("cart/settings.ini", "[orders]\nurl = http://orders\n", "orders.url=orders"),
        ("cart/config/default.toml", '[orders]\nurl = "http://orders"\n', "orders.url=orders"),
        ("cart/microprofile-config.properties", "o/mp-rest/url=http://orders\n", "o/mp-rest/url=orders"),
    ],
)
def test_other_files_of_settings(tmp_path: Path, path: str, text: str, found: str) -> None:
    assert [item.split(" ")[2] for item in of_files(tmp_path, {path: text})] == [found]


@pytest.mark.parametrize(
    "text", ["[]", "a", "a: [[[[", "\0", "a: &a [*a]", "- " * 300, '{"a": ' * 300, "=" * 5000]
)
@pytest.mark.parametrize(
    "name", ["application.yml", "appsettings.json", "application.properties", ".env", "config.toml"]
)
def test_hostile_shapes_are_survived(tmp_path: Path, name: str, text: str) -> None:
    assert of_files(tmp_path, {f"cart/{name}": text}) == []
