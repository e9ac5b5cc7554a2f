"""Gateways without routes of their own send on to all that are registered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graph.test_discovery import BUILT, calls, pom

CLIENT, SERVER = "spring-cloud-starter-netflix-eureka-client", "spring-cloud-starter-netflix-eureka-server"
NAMES = {
    f"{name}/src/main/resources/application.properties": f"spring.application.name={name}\n"
    for name in ("eureka", "shop", "stock", "admin", "edge")
}
BASE = {
    "compose.yaml": "services:\n"
    + "".join(
        f"  {name}: {{build: {name}}}\n" for name in ("eureka", "shop", "stock", "admin", "edge", "web")
    ),
    **{f"{name}/Dockerfile": BUILT for name in ("eureka", "shop", "stock", "admin", "edge", "web")},
    **NAMES,
    "eureka/pom.xml": pom(SERVER),
    "shop/pom.xml": pom(CLIENT),
    "stock/pom.xml": pom(CLIENT),
    "admin/pom.xml": pom(CLIENT, "spring-boot-admin-starter-server"),
    "web/package.json": "{}",
}
LOCATOR = "spring: {{cloud: {{gateway: {{discovery: {{locator: {{enabled: {}}}}}}}}}}}\n"
ZUUL = {
    "edge/pom.xml": pom(CLIENT, "spring-cloud-starter-netflix-zuul"),
    "edge/src/Edge.java": "@EnableZuulProxy\nclass Edge {}\n",
}
GATEWAY = {
    "edge/pom.xml": pom(CLIENT, "spring-cloud-starter-gateway"),
    "edge/src/main/resources/application.yml": LOCATOR.format("true"),
}
NEW = {
    "edge/pom.xml": pom(CLIENT, "spring-cloud-starter-gateway-server-webflux"),
    "edge/src/main/resources/bootstrap.properties": (
        "spring.cloud.gateway.server.webflux.discovery.locator.enabled=true\n"
    ),
}


def routed(folder: Path, files: dict[str, str]) -> set[str]:
    """Whom the gateway sends on to."""
    found = calls(folder, {**BASE, **files})
    return {callee for caller, callee in found if caller == "edge"} - {"eureka"}


@pytest.mark.parametrize("files", [ZUUL, GATEWAY, NEW])
def test_all_that_are_registered(tmp_path: Path, files: dict[str, str]) -> None:
    assert routed(tmp_path, files) == {"shop", "stock"}


@pytest.mark.parametrize(
    "files",
    [
        {**ZUUL, "edge/src/Edge.java": "// @EnableZuulProxy\nclass Edge {}\n"},
        {**ZUUL, "edge/src/main/resources/application.yml": "zuul: {ignored-services: '*'}\n"},
        {"edge/pom.xml": pom(CLIENT, "spring-cloud-starter-gateway")},
        {**GATEWAY, "edge/pom.xml": pom(CLIENT)},
        {
            **GATEWAY,
            "edge/src/main/resources/application.yml": LOCATOR.format("false"),
        },
    ],
)
def test_none(tmp_path: Path, files: dict[str, str]) -> None:
    assert not routed(tmp_path, files)


@pytest.mark.parametrize(
    "files",
    [
        {**ZUUL, "edge/src/main/resources/application.yml": "zuul: {routes: {stock: /stock/**}}\n"},
        {**ZUUL, "edge/src/main/resources/bootstrap.properties": "zuul.routes.stock.path=/s/**\n"},
        {
            **ZUUL,
            "edge/src/main/resources/bootstrap.yml": "zuul: {routes: {shop: {path: /s, serviceId: stock}}}\n",
        },
        {
            **GATEWAY,
            "edge/src/main/resources/application.yml": "spring: {cloud: {gateway: {discovery:"
            " {locator: {enabled: true}},"
            " routes: [{id: s, uri: 'lb://stock'}]}}}\n",
        },
    ],
)
def test_routes_of_its_own(tmp_path: Path, files: dict[str, str]) -> None:
    assert routed(tmp_path, files) == {"stock"}
