"""Frameworks' ways to name a peer: in settings of gateways, in calls, before ports, by the library alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graph.test_discovery import BUILT, calls, pom

BASE = {
    "compose.yaml": "services:\n  shop: {build: shop}\n  stock: {build: stock}\n"
    "  consul: {image: consul}\n  axonserver: {image: axoniq/axonserver}\n",
    "shop/Dockerfile": BUILT,
    "stock/Dockerfile": BUILT,
    "stock/src/main/resources/application.properties": "spring.application.name=stock-app\n",
}


@pytest.mark.parametrize(
    ("path", "text", "callee"),
    [
        (
            "ocelot.json",
            '{"Routes": [{"UpstreamPathTemplate": "/x",'
            ' "DownstreamHostAndPorts": [{"Host": "stock", "Port": 80}]}]}',
            "stock",
        ),
        (
            "src/A.java",
            'URI u = UriComponentsBuilder.newInstance().scheme("http").host("stock-app").build();',
            "stock",
        ),
        (
            "src/main.go",
            'package main\nvar peer = flag.String("peer", "stock:8080", "where it is")\n',
            "stock",
        ),
        (
            "src/main.go",
            'package main\nvar c, _ = api.NewClient(&api.Config{Address: "consul:8500"})\n',
            "consul",
        ),
        (
            "src/app.ts",
            "ClientsModule.register([{transport: Transport.TCP, options: {host: 'stock', port: 1}}])",
            "stock",
        ),
        ("pom.xml", pom("axon-spring-boot-starter"), "axonserver"),
        (
            "src/main/resources/logback-spring.xml",
            "<configuration><appender><destination>stock:5000</destination></appender></configuration>",
            "stock",
        ),
        ("src/main/resources/application.yml", "peer: {url: 'http://stock-app.service.consul'}", "stock"),
    ],
)
def test_peers(tmp_path: Path, path: str, text: str, callee: str) -> None:
    assert list(calls(tmp_path, {**BASE, f"shop/{path}": text})) == [("shop", callee)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("src/main.go", 'package main\n// see "stock:8080"\n'),
        ("src/main.go", 'package main\nvar image = "stock:1"\n'),
        ("src/A.java", 'log.info("stock:8080");'),
        ("pom.xml", pom("axon-messaging")),
    ],
)
def test_no_peers(tmp_path: Path, path: str, text: str) -> None:
    assert not calls(tmp_path, {**BASE, f"shop/{path}": text})


@pytest.mark.parametrize(
    ("waits", "called"),
    [
        ({"one": "stock"}, {("one", "stock"), ("one", "db"), ("two", "db")}),
        ({}, {("one", "stock"), ("two", "stock"), ("one", "db"), ("two", "db")}),
        ({"one": "db"}, {("one", "stock"), ("two", "stock"), ("one", "db"), ("two", "db")}),
    ],
)
def test_services_of_one_image(tmp_path: Path, waits: dict[str, str], called: set[tuple[str, str]]) -> None:
    def service(name: str) -> str:
        then = f", depends_on: [{waits[name]}]" if name in waits else ""
        return f"  {name}: {{build: app, command: app {name}{then}}}\n"

    files = {
        "compose.yaml": f"services:\n{service('one')}{service('two')}  stock: {{image: own/stock}}\n"
        "  db: {image: postgres}\n",
        "app/Dockerfile": BUILT,
        "app/main.go": 'package main\nvar a = dial("stock:8080")\nvar b = open("postgres://db/x")\n',
    }
    assert set(calls(tmp_path, files)) == called
