"""The service graph: which nodes and edges a repository gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.engine.reading import read_world
from archlint.files import WorkingTree
from archlint.model.graph import ServiceGraph, service_graph
from archlint.model.graph.build import described_graph
from tests.arch.worlds import custom, deployment, service, world_of

SHOP = Path(__file__).parents[2] / "fixtures" / "shop" / "clean"


def graph_of(folder: Path, *objects: dict) -> ServiceGraph:
    return service_graph(world_of(folder, {"all.yaml": list(objects)}))


def edges(graph: ServiceGraph) -> list[str]:
    return [f"{e.source} -> {e.target} {e.kind} {e.protocol}" for e in graph.edges]


def test_the_shop_has_the_edges_that_its_readme_draws() -> None:
    paths = sorted(str(path.relative_to(SHOP)) for path in SHOP.rglob("*") if path.is_file())
    graph = described_graph(read_world(WorkingTree(SHOP), paths))
    inside = [
        (graph.nodes[e.source].name, graph.nodes[e.target].name)
        for e in graph.edges
        if e.kind != "declared"
        and graph.nodes[e.source].kind != "gateway"
        and graph.nodes[e.target].kind != "external"
        if not e.source.startswith("service:shop-staging/")  # what the overlay builds runs beside it
    ]
    assert sorted(inside) == sorted(
        [
            *[("storefront", name) for name in ("catalog", "cart", "orders")],
            *[("orders", name) for name in ("catalog", "payments", "shipping", "orders-db", "nats")],
            *[("shipping", name) for name in ("shipping-db.db.example.net", "nats")],
            *[("notifications", name) for name in ("orders", "nats")],
            *[("cart", "catalog"), ("cart", "cart-db"), ("catalog", "catalog-db")],
            *[("catalog-reindex", "catalog"), ("payments", "payments-db.db.example.net")],
        ]
    )
    owners = {node.name: node.owner for node in graph.nodes.values()}
    assert (owners["cart"], owners["payments"]) == ("team-checkout", "team-money")
    contracts = {node.name: node.contracts for node in graph.nodes.values()}
    assert contracts["catalog"] == (
        "contracts/openapi/catalog.yaml",
        "contracts/proto/shop/catalog/v1/catalog.proto",
    )


@pytest.mark.parametrize(
    ("value", "edge"),
    [
        ("cart:80", "service:web -> service:cart sync http"),
        ("http://cart", "service:web -> service:cart sync http"),
        ("dns:///cart:80", "service:web -> service:cart sync grpc"),
        ("grpc://cart.shop.svc.cluster.local:80", "service:web -> service:cart sync grpc"),
        ("redis://user:secret@cache:6379/0", "service:web -> datastore:cache data redis"),
        (
            "jdbc:postgresql://db.example.net:5432/shop",
            "service:web -> datastore:db.example.net data postgres",
        ),
        ("amqps://guest:secret@queue.example.net", "service:web -> broker:queue.example.net async amqp"),
        ("https://api.example.com/v1", "service:web -> external:api.example.com sync https"),
    ],
)
def test_an_address_makes_an_edge(tmp_path: Path, value: str, edge: str) -> None:
    cache = deployment("cache", image="redis:7")
    found = graph_of(
        tmp_path,
        deployment("web", PEER_URL=value),
        deployment("cart"),
        cache,
        service("cart", 80),
        service("cache", 6379),
    )
    assert edges(found) == [edge]
    assert all("secret" not in item.text for e in found.edges for item in e.evidence)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_ORIGINS", "http://cart"),
        ("PEER_URL", "http://$(CART_HOST):80"),
        ("PEER_URL", "http://{{ .Values.cart }}:80"),
        ("PEER_ADDR", "nobody:80"),
        ("PEER_ADDR", "10.0.0.1:80"),
        ("PEER_ADDR", "localhost:80"),
        ("PEER_URL", "http://web:80"),
        ("GREETING", "cart"),
        ("NOTE", "see cart:80 for more"),
    ],
)
def test_what_is_no_call_makes_no_edge(tmp_path: Path, name: str, value: str) -> None:
    graph = graph_of(
        tmp_path, deployment("web", **{name: value}), deployment("cart"), service("cart"), service("web")
    )
    assert edges(graph) == []


def test_variables_are_put_together_and_taken_from_config_maps_and_secrets(tmp_path: Path) -> None:
    web = deployment("web", CART_HOST="cart", CART_PORT="80", CART_URL="http://$(CART_HOST):$(CART_PORT)")
    spec = web["spec"]["template"]["spec"]["containers"][0]
    spec["env"].append({"name": "S", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "stock"}}})
    spec["envFrom"] = [{"secretRef": {"name": "secrets"}}]
    graph = graph_of(
        tmp_path,
        web,
        custom("ConfigMap", "v1", "settings", data={"stock": "stock:80", "unused": "other:80"}),
        custom("Secret", "v1", "secrets", data={"MAIL": "aHR0cDovL21haWw="}),  # http://mail
        *(deployment(name) for name in ("cart", "stock", "mail", "other")),
        *(service(name) for name in ("cart", "stock", "mail", "other")),
    )
    assert {e.target for e in graph.edges} == {"service:cart", "service:stock", "service:mail"}


def _taking_all(workload: dict) -> dict:
    container = workload["spec"]["template"]["spec"]["containers"][0]
    container["envFrom"] = [{"configMapRef": {"name": "all"}}]
    return workload


def test_what_is_only_at_hand_is_no_edge(tmp_path: Path) -> None:
    """A whole ConfigMap that several services take shows what each could read, not what it uses."""
    values = {"STOCK_ADDR": "stock:8080", "ORDERS_STOCK_ADDR": "stock:8080", "MAIL_ADDR": "mail:8080"}
    shared = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "all"}, "data": values}
    fronts = [service("stock"), service("mail"), deployment("stock"), deployment("mail")]
    takers = [_taking_all(deployment(name)) for name in ("orders", "orders-worker")]
    others = [_taking_all(deployment("carts"))]

    alone = graph_of(tmp_path / "alone", shared, *fronts, *takers)
    several = graph_of(tmp_path / "several", shared, *fronts, *takers, *others)

    drawn = {(edge.source, edge.target) for edge in alone.edges}
    assert {("service:orders", "service:mail"), ("service:orders", "service:stock")} <= drawn
    drawn = {(edge.source, edge.target) for edge in several.edges}
    assert ("service:orders", "service:stock") in drawn
    assert ("service:orders", "service:mail") not in drawn
    assert not any(source == "service:carts" for source, _ in drawn)


def test_arguments_and_mounted_files_count_if_the_port_fits(tmp_path: Path) -> None:
    web = deployment("web")
    pod = web["spec"]["template"]["spec"]
    pod["containers"][0]["args"] = ["--cart=cart:80", "--level=stock:3", "serve"]
    pod["volumes"] = [{"name": "conf", "configMap": {"name": "nginx"}}]
    text = "upstream mail { server mail:80; }\n# proxy_pass http://other;\nratio other:7\n"
    graph = graph_of(
        tmp_path,
        web,
        custom("ConfigMap", "v1", "nginx", data={"nginx.conf": text}),
        *(deployment(name) for name in ("cart", "stock", "mail", "other")),
        *(service(name) for name in ("cart", "stock", "mail", "other")),
    )
    assert {e.target for e in graph.edges} == {"service:cart", "service:mail"}


def test_a_canary_is_its_service_and_a_worker_is_not(tmp_path: Path) -> None:
    canary = deployment("cart-canary")
    canary["spec"]["template"]["metadata"]["labels"]["app"] = "cart"
    graph = graph_of(tmp_path, deployment("cart"), canary, deployment("cart-worker"), service("cart"))
    assert list(graph.nodes) == ["service:cart", "service:cart-worker"]


def test_sets_are_merged_by_namespace_and_name(tmp_path: Path) -> None:
    def side(port: int) -> list[dict]:
        return [
            deployment("web", "shop", CART=f"cart:{port}"),
            deployment("cart", "shop"),
            service("cart", port, "shop"),
        ]

    graph = service_graph(world_of(tmp_path, {"plain/all.yaml": side(80), "release/all.yaml": side(81)}))
    assert list(graph.nodes) == ["service:shop/cart", "service:shop/web"]
    assert [len(e.evidence) for e in graph.edges] == [2]


def test_namespaces_are_told_apart(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        deployment("web", "a", PEER="http://cart"),
        deployment("cart", "a"),
        deployment("cart", "b"),
        service("cart", 80, "a"),
        service("cart", 80, "b"),
        deployment("other", "a", PEER="http://cart.b"),
    )
    assert edges(graph) == [
        "service:a/other -> service:b/cart sync http",
        "service:a/web -> service:a/cart sync http",
    ]


def test_gateways(tmp_path: Path) -> None:
    backend = {"service": {"name": "cart", "port": {"number": 80}}}
    route = {"destination": {"host": "cart.shop.svc.cluster.local"}}
    graph = graph_of(
        tmp_path,
        custom(
            "Ingress",
            "networking.k8s.io/v1",
            "entry",
            "shop",
            spec={"rules": [{"http": {"paths": [{"path": "/", "backend": backend}]}}]},
        ),
        custom(
            "HTTPRoute",
            "gateway.networking.k8s.io/v1",
            "r",
            "shop",
            spec={
                "parentRefs": [{"name": "edge", "namespace": "infra"}],
                "rules": [{"backendRefs": [{"name": "cart"}]}],
            },
        ),
        custom(
            "VirtualService",
            "networking.istio.io/v1",
            "v",
            "shop",
            spec={"gateways": ["mesh", "infra/main"], "http": [{"route": [route]}]},
        ),
        deployment("cart", "shop"),
        service("cart", 80, "shop"),
    )
    assert [e.source for e in graph.edges] == [
        "gateway:infra/edge",
        "gateway:infra/main",
        "gateway:shop/entry",
    ]


def test_a_big_graph_takes_no_longer_than_its_size(tmp_path: Path) -> None:
    count = 400
    objects = []
    for number in range(count):
        objects += [
            deployment(f"s{number}", NEXT=f"s{(number + 1) % count}:80"),
            service(f"s{number}"),
        ]
    graph = graph_of(tmp_path, *objects)
    assert len(graph.edges) == count


def test_what_is_at_hand_is_used_where_source_reads_it(tmp_path: Path) -> None:
    """The second sign: source of one of those who take the ConfigMap names the variable."""
    shared = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "all"},
        "data": {"MAIL_ADDR": "mail:8080"},
    }
    takers = [_taking_all(deployment(name)) for name in ("orders", "carts")]
    files = {
        "all.yaml": [shared, service("mail"), deployment("mail"), *takers],
        "orders/Dockerfile": "FROM scratch\n",
        "orders/main.py": 'import os\nMAIL = os.environ.get("MAIL_ADDR")\n',
        "carts/Dockerfile": "FROM scratch\n",
    }
    assert edges(service_graph(world_of(tmp_path, files))) == ["service:orders -> service:mail sync http"]
