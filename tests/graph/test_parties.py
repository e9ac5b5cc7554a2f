"""Which parts of the system are one: services of the cluster, of compose files, and folders of source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.model.compose import ComposeService
from archlint.model.system.folders import source_folders
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World
from tests.arch.worlds import custom, deployment, service, world_of

BUILT = "FROM scratch\n"


def in_namespace(namespace: str, *objects: dict[str, Any]) -> list[dict[str, Any]]:
    return [item | {"metadata": item["metadata"] | {"namespace": namespace}} for item in objects]


def parties_of(folder: Path, files: dict[str, Any]) -> tuple[World, Parties]:
    world = world_of(folder, files)
    return world, world.fact(parties)


def named(found: Parties, name: str) -> list[Party]:
    return [item for item in found.all if item.name == name]


def test_a_name_joins_cluster_compose_and_source(tmp_path: Path) -> None:
    _, found = parties_of(
        tmp_path,
        {
            "deploy/cart.yaml": [deployment("cart"), service("cart")],
            "compose.yaml": "services: {cart: {build: services/cart}}\n",
            "services/cart/Dockerfile": BUILT,
        },
    )
    (cart,) = found.all
    assert cart.service is not None
    assert [item.name for item in cart.composed] == ["cart"]
    assert [item.path for item in cart.folders] == ["services/cart"]


def test_what_is_built_counts_more_than_what_is_called(tmp_path: Path) -> None:
    """A folder that another service is built from is not that of the service of its name."""
    _, found = parties_of(
        tmp_path,
        {
            "compose.yaml": "services: {shop: {build: web}, web: {build: shop}}\n",
            "web/Dockerfile": BUILT,
            "shop/Dockerfile": BUILT,
        },
    )
    assert [item.name for item in found.of_path("web")] == ["shop"]
    assert [item.name for item in found.of_path("shop/a/b")] == ["web"]


def test_one_context_with_a_dockerfile_for_each_service(tmp_path: Path) -> None:
    _, found = parties_of(
        tmp_path,
        {
            "compose.yaml": "services:\n"
            "  cart: {build: {context: ., dockerfile: src/cart/src/Dockerfile}}\n"
            "  ad: {build: {context: ., dockerfile: ./src/ad/Dockerfile}}\n",
            "src/cart/src/Dockerfile": BUILT,
            "src/ad/Dockerfile": BUILT,
        },
    )
    assert [item.name for item in found.of_path("src/cart/src/services")] == ["cart"]
    assert [item.name for item in found.of_path("src/ad")] == ["ad"]
    assert not found.of_path("src")


def test_an_image_of_a_folders_name_joins_them(tmp_path: Path) -> None:
    orders = deployment("orders", image="registry.example.com/shop/orders-app:1")
    _, found = parties_of(
        tmp_path, {"a.yaml": [orders, service("orders")], "apps/orders-app/Dockerfile": BUILT}
    )
    assert [item.name for item in found.of_path("apps/orders-app")] == ["orders"]


def test_compose_speaks_for_a_name_in_every_namespace(tmp_path: Path) -> None:
    both = [deployment("cart"), service("cart")]
    world, found = parties_of(
        tmp_path,
        {
            "prod.yaml": in_namespace("prod", *both),
            "test.yaml": in_namespace("test", *both),
            "compose.yaml": "services: {cart: {image: shop/cart}, web: {image: shop/web}}\n",
        },
    )
    cart, web = world.all(ComposeService)
    assert {item.namespace for item in found.of(cart)} == {"prod", "test"}
    (front,) = found.of(web)
    assert {item.namespace for item in found.resolve("cart", front)} == {"prod", "test"}
    (prod,) = (item for item in found.all if item.namespace == "prod")
    assert found.resolve("cart", prod) == [prod]


def test_equal_names_of_strange_projects_stay_apart(tmp_path: Path) -> None:
    _, found = parties_of(
        tmp_path,
        {
            "one/compose.yaml": "services: {db: {image: postgres}, web: {image: a/web}}\n",
            "two/compose.yaml": "services: {db: {image: postgres}, web: {image: b/web}}\n",
        },
    )
    assert (len(named(found, "db")), len(named(found, "web"))) == (2, 2)
    web = named(found, "web")[0]
    (db,) = found.resolve("db", web)
    assert db.composed[0].source.path == web.composed[0].source.path


def test_editions_of_one_system_are_one(tmp_path: Path) -> None:
    _, found = parties_of(
        tmp_path,
        {
            "compose.yaml": "services: {db: {image: postgres}, web: {build: ., image: a/web}}\n",
            "load/compose.yaml": "services: {web: {image: 'a/web:2'}, load: {image: a/load}}\n",
        },
    )
    assert len(named(found, "web")) == 1
    (load,) = named(found, "load")
    assert [item.name for item in found.resolve("db", load)] == ["db"]


@pytest.mark.parametrize("image", ["docker.io/nginx:1", "someone/edge", "ghcr.io/someone/edge:2"])
@pytest.mark.parametrize("build", ["", "build: edge, "])
def test_an_image_that_everybody_may_run_ties_nothing(tmp_path: Path, image: str, build: str) -> None:
    """Nor does one that each system builds from a folder of its own."""
    edge = f"edge: {{{build}image: '{image}'}}"
    _, found = parties_of(
        tmp_path,
        {
            "one/compose.yaml": f"services: {{{edge}, api: {{build: api}}, web: {{build: web}}}}\n",
            "two/compose.yaml": f"services: {{{edge}, api: {{build: api}}, web: {{build: web}}}}\n",
        },
    )
    assert {item.name for item in found.all} >= {"one-api", "two-api", "one-web", "two-web"}
    (one,) = named(found, "one-api")
    assert [item.name for item in found.resolve("web", one)] == ["one-web"]


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (("cart-deploy", "stock-statefulset"), {"cart", "stock"}),
        (("cart-deploy", "cart-deployment"), {"cart-deploy", "cart-deployment"}),
        (("cart-daemonset", "cart-statefulset", "cart"), {"cart-daemonset", "cart-statefulset", "cart"}),
    ],
)
def test_names_lose_their_kind_where_they_stay_apart(
    tmp_path: Path, names: tuple[str, ...], called: set[str]
) -> None:
    _, found = parties_of(tmp_path, {"a.yaml": [deployment(name) for name in names]})
    assert {item.name for item in found.all} == called


def test_a_folder_that_nothing_deploys_belongs_to_what_is_around_it(tmp_path: Path) -> None:
    world, found = parties_of(
        tmp_path,
        {
            "compose.yaml": "services: {cart: {build: cart}}\n",
            "cart/Dockerfile": BUILT,
            "cart/lib/package.json": "{}",
            "lib/package.json": "{}",
        },
    )
    folders = world.fact(source_folders).by_path
    assert [item.name for item in found.of(folders["cart/lib"])] == ["cart"]
    assert not found.of(folders["lib"])


def test_the_systems_own_name_may_be_left_out(tmp_path: Path) -> None:
    """``mysql`` of a compose file is ``shop-mysql`` of the cluster, unless that name is taken."""
    names = ("shop-cart", "shop-orders", "shop-mysql", "shop-kafka")
    pods = [item for name in names for item in (deployment(name), service(name))]
    composed = {"mysql": "a", "shop-cart": "b", "kafka": "c", "shop-kafka": "c"}
    compose = json.dumps({"services": {name: {"image": f"own/{image}"} for name, image in composed.items()}})
    _, found = parties_of(tmp_path, {"all.yaml": pods, "compose.yaml": compose})
    joined = {item.name: [each.name for each in item.composed] for item in found.all}
    assert joined == {
        "shop-cart": ["shop-cart"],
        "shop-orders": [],
        "shop-mysql": ["mysql"],
        "shop-kafka": ["shop-kafka"],
        "kafka": ["kafka"],
    }


def test_what_skaffold_builds_in_a_module_is_that_modules(tmp_path: Path) -> None:
    config = custom("Config", "skaffold/v4beta1", "ledger")
    config["build"] = {
        "artifacts": [{"image": "books", "context": "../..", "jib": {"project": "src/ledger"}}]
    }
    writer = [deployment("writer", image="books"), service("writer")]
    files = {"a.yaml": writer, "src/ledger/skaffold.yaml": [config], "src/ledger/pom.xml": "", "pom.xml": ""}
    _, found = parties_of(tmp_path, files)
    assert [item.name for item in found.of_path("src/ledger/src/main")] == ["writer"]
    assert not found.of_path("")


def test_names_of_compose_services_may_have_dots(tmp_path: Path) -> None:
    _, found = parties_of(
        tmp_path, {"compose.yaml": "services: {cart.api: {build: a}, shop.web: {build: b}}\n"}
    )
    (caller,) = named(found, "shop.web")
    assert [item.name for item in found.resolve("Cart.API", caller)] == ["cart.api"]
    assert found.resolve("cart", caller) == []


@pytest.mark.parametrize(
    ("host", "is_found"),
    [
        ("cart", True),
        ("cart.shop", True),
        ("cart.shop.svc", True),
        ("cart.other.svc.cluster.local", True),
        ("cart.com", False),
        ("cart.example.com", False),
    ],
)
def test_a_domain_is_no_service_of_a_namespace_that_nobody_knows(
    tmp_path: Path, host: str, is_found: bool
) -> None:
    """The Service's namespace is unknown: a name means it if it is surely one of the cluster."""
    pods = [deployment("cart"), service("cart"), deployment("web"), deployment("mail", "shop")]
    _, found = parties_of(tmp_path, {"a.yaml": pods})
    (web,) = named(found, "web")
    assert bool(found.resolve(host, web)) is is_found
