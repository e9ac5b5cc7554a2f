"""Cases of the joining rules that are too large, or too many, for their pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.arch.worlds import custom, deployment, findings_of, service, world_of


def found(folder: Path, rule: str, files: dict) -> list[str]:
    return [item.message for item in findings_of(world_of(folder, files), rule)]


CART = service("cart", 80)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("compose.yaml", "services:\n  stock:\n    image: shop/stock\n"),
        ("templates/stock.yaml.tpl", "kind: Service\nmetadata:\n  name: stock\n"),
        ("chart/Chart.yaml", "apiVersion: v2\nname: stock\nversion: 1.0.0\n"),
        ("chart/values.yaml", "fullnameOverride: stock\n"),
        ("broken.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: stock\n"),
        ("kafka.yaml", [custom("Kafka", "kafka.strimzi.io/v1beta2", "stock", spec={})]),
        ("entry.yaml", [custom("ServiceEntry", "networking.istio.io/v1", "x", spec={"hosts": ["stock"]})]),
        ("stock.yaml", [service("stock", 80)]),
        (
            "other/kustomization.yaml",
            "resources: [https://github.com/example/other//deploy?ref=v1, ../web.yaml]\n",
        ),
    ],
)
def test_a_target_that_something_else_may_define_is_not_missing(
    tmp_path: Path, path: str, content: object
) -> None:
    files = {"web.yaml": [deployment("web", STOCK_ADDR="stock:80")], "cart.yaml": [CART]}
    assert len(found(tmp_path / "without", "call-target-undefined", files)) == 1
    if path == "chart/values.yaml":
        files["chart/Chart.yaml"] = "apiVersion: v2\nname: any\nversion: 1.0.0\n"
    assert found(tmp_path / "with", "call-target-undefined", {**files, path: content}) == []


@pytest.mark.parametrize("chart", ["stock", "stock-ha", "a-stock-ha"])
@pytest.mark.parametrize("around", ["{}", "shop-{}", "{}-0", "shop-{}-0-x"])
@pytest.mark.parametrize("is_named", [True, False])
def test_a_chart_may_make_what_bears_its_name(
    tmp_path: Path, chart: str, around: str, is_named: bool
) -> None:
    """Between dashes, whatever stands around it; a part of the name of the chart is another name."""
    name = around.format(chart if is_named else chart.replace("stock", "stocks"))
    files = {
        "web.yaml": [deployment("web", STOCK_ADDR=f"{name}:80")],
        "cart.yaml": [CART],
        "chart/Chart.yaml": f"apiVersion: v2\nname: {chart}\nversion: 1.0.0\n",
    }
    assert len(found(tmp_path, "call-target-undefined", files)) == (0 if is_named else 1)


@pytest.mark.parametrize(
    ("name", "value", "is_missing"),
    [
        ("STOCK_ADDR", "stock:80", True),
        ("STOCK_URL", "http://stock/v1", True),
        ("STOCK_URL", "tcp://stock.shop.svc:80", True),
        ("STOCK_URL", "http://stock.elsewhere.svc:80", False),
        ("STOCK_URL", "https://stock.example.com", False),
        ("STOCK_URL", "s3://stock/files", False),
        ("STOCK_HOST", "stock", False),
        ("BASE_IMAGE", "stock:80", False),
        ("START", "stock:80", False),
        ("START", "carts:80", True),
        ("PEER_ADDR", "your-host:80", False),
        ("PEER_ADDR", "localhost:80", False),
        ("ALLOWED_ORIGINS", "http://stock", False),
    ],
)
def test_which_values_are_judged(tmp_path: Path, name: str, value: str, is_missing: bool) -> None:
    objects = [deployment("web", "shop", **{name: value}), service("cart", 80, "shop")]
    assert bool(found(tmp_path, "call-target-undefined", {"all.yaml": objects})) is is_missing


def test_a_repository_without_services_has_no_missing_target(tmp_path: Path) -> None:
    assert found(tmp_path, "call-target-undefined", {"a.yaml": [deployment("web", DB_ADDR="db:80")]}) == []


def test_a_port_that_a_patch_may_add(tmp_path: Path) -> None:
    files = {
        "base/all.yaml": [deployment("web", CART="cart:81"), CART],
        "base/kustomization.yaml": "resources: [all.yaml]\n",
    }
    assert len(found(tmp_path / "a", "call-port-undefined", files)) == 1
    patch = "kind: Service\napiVersion: v1\nmetadata: {name: cart}\nspec: {ports: [{port: 81}]}\n"
    files |= {
        "prod/kustomization.yaml": "resources: [../base]\npatches: [{path: p.yaml}]\n",
        "prod/p.yaml": patch,
    }
    assert found(tmp_path / "b", "call-port-undefined", files) == []


def test_one_finding_for_each_group_of_cycles(tmp_path: Path) -> None:
    ring = [
        deployment(f"s{n}", NEXT=f"http://s{(n + 1) % 5}", BACK=f"http://s{(n - 1) % 5}") for n in range(5)
    ]
    objects = [*ring, deployment("edge", ENTRY="http://s2"), *(service(f"s{n}") for n in range(5))]
    (message,) = found(tmp_path, "call-cycle", {"all.yaml": objects})
    assert message == (
        "'s1' calls 's2', which closes a cycle of calls: s2 -> s1 -> s2"
        " (3 more in cycles with them). "
        "Turn one of these calls into an event, or move what both need into one service."
    )


def test_addresses_that_all_take_from_one_config_map_make_no_cycle(tmp_path: Path) -> None:
    objects = [deployment("a"), deployment("b"), service("a"), service("b")]
    for item in objects[:2]:
        item["spec"]["template"]["spec"]["containers"][0]["envFrom"] = [{"configMapRef": {"name": "peers"}}]
    objects.append(custom("ConfigMap", "v1", "peers", data={"A": "http://a", "B": "http://b"}))
    assert found(tmp_path, "call-cycle", {"all.yaml": objects}) == []


def test_a_long_chain_of_calls_is_no_problem(tmp_path: Path) -> None:
    count = 3000
    objects = [deployment(f"s{n}", NEXT=f"http://s{(n + 1) % count}") for n in range(count)]
    objects += [service(f"s{n}") for n in range(count)]
    assert len(found(tmp_path, "call-cycle", {"all.yaml": objects})) == 1


def uses(name: str, url: str, **more: str) -> dict:
    return deployment(name, DATABASE_URL=url, **more)


@pytest.mark.parametrize(
    ("first", "second", "is_shared"),
    [
        (uses("a", "postgres://db/x"), uses("b", "postgres://db/x"), True),
        (uses("a", "postgres://db/x"), uses("b", "jdbc:postgresql://db:5432/x"), True),
        (uses("a", "postgres://db/x"), deployment("b", DB_HOST="db", DB_NAME="x"), True),
        (uses("a", "postgres://db/x"), uses("b", "postgres://db/y"), False),
        (uses("a", "postgres://db/x"), uses("b", "postgres://other/x"), False),
        (uses("a", "postgres://db/x?currentSchema=a"), uses("b", "postgres://db/x?currentSchema=b"), False),
        (uses("a", "redis://db/0"), uses("b", "redis://db/0"), False),
        (uses("a", "postgres://db/x"), uses("a-worker", "postgres://db/x"), False),
        (uses("a", "postgres://db/x"), uses("b", "postgres://db/x", image="shop/a:2"), False),
        (uses("a", "postgres://db/x"), uses("b", "postgres://db/x", image="pg/postgres-exporter:1"), False),
        (uses("a", "postgres://db/x"), uses("b", "postgres://db/x", kind="CronJob"), False),
    ],
)
def test_shared_databases(tmp_path: Path, first: dict, second: dict, is_shared: bool) -> None:
    assert bool(found(tmp_path, "shared-database", {"a.yaml": [first], "b.yaml": [second]})) is is_shared


@pytest.mark.parametrize(
    ("variables", "is_shared"),
    [
        ({"DB_HOST": "db", "DB_NAME": "x"}, True),
        ({"PGHOST": "db", "PGDATABASE": "x"}, True),
        ({"PG_HOST": "db", "PG_DATABASE": "x"}, True),
        ({"pg_host": "db", "pg_database": "x"}, True),
        ({"PG_HOST": "db:5432", "PG_DATABASE": "x"}, True),
        ({"PG_HOST": "db", "PG_DATABASE": "y"}, False),
        ({"PG_HOST": "other", "PG_DATABASE": "x"}, False),
        ({"PG_HOST": "db", "PG": "x"}, False),
        ({"PG": "db", "PG_DATABASE": "x"}, False),
        ({"PG_HOST": "db", "DB_NAME": "x"}, False),
        ({"PG_HOST": "db", "PG_DATABASE": "a database"}, False),
        ({"CART_HOST": "db", "CART_NAME": "x"}, False),
        ({"PG_HOST": "db"}, False),
    ],
)
def test_two_variables_may_name_a_database(
    tmp_path: Path, variables: dict[str, str], is_shared: bool
) -> None:
    files = {"a.yaml": [uses("a", "postgres://db/x")], "b.yaml": [deployment("b", **variables)]}
    assert bool(found(tmp_path, "shared-database", files)) is is_shared


def test_a_timeout_is_wanted_only_for_calls(tmp_path: Path) -> None:
    route = custom(
        "VirtualService",
        "networking.istio.io/v1",
        "cart",
        spec={"hosts": ["cart"], "http": [{"route": [{"destination": {"host": "cart"}}]}]},
    )
    alone = {"a.yaml": [route, CART]}
    assert found(tmp_path / "a", "call-without-timeout", alone) == []
    called = {**alone, "b.yaml": [deployment("web", CART="http://cart")]}
    assert len(found(tmp_path / "b", "call-without-timeout", called)) == 1
    route["spec"]["http"][0]["timeout"] = "5s"
    assert found(tmp_path / "c", "call-without-timeout", {**called, "a.yaml": [route, CART]}) == []


@pytest.mark.parametrize(
    "text", ["* @shop/all", "/deploy/ @shop/web", "*.yaml @shop/web", "[Web] @shop/web\ndeploy/"]
)
def test_code_owners_own_what_they_match(tmp_path: Path, text: str) -> None:
    labelled = deployment("cart")
    labelled["metadata"]["labels"] = {"team": "checkout"}
    files = {"deploy/a.yaml": [labelled, deployment("web")]}
    assert len(found(tmp_path / "a", "service-without-owner", files)) == 1
    assert found(tmp_path / "b", "service-without-owner", {**files, ".github/CODEOWNERS": text}) == []
    other = "/docs/ @shop/docs\n/deploy/other.yaml @shop/web\ndeploy/*/ @shop/web\n# * @shop/all\n"
    assert len(found(tmp_path / "c", "service-without-owner", {**files, "CODEOWNERS": other})) == 1


def test_a_cycle_of_compose_services_is_told(tmp_path: Path) -> None:
    """Calls may be shown by any kind of file: no object of Kubernetes holds them."""
    compose = """\
services:
  web: {image: shop/web, environment: {ORDERS_URL: "http://orders:8080"}}
  orders: {image: shop/orders, environment: {WEB_URL: "http://web:8080"}}
"""
    (found,) = findings_of(world_of(tmp_path, {"compose.yaml": compose}), "call-cycle")
    assert (found.location.path, found.location.span.line) == ("compose.yaml", 3)
    assert found.object is not None and found.object.name == "orders"
