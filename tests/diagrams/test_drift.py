"""Where diagrams and the graph contradict each other."""

from __future__ import annotations

import time
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.documents import TextFile
from archlint.finding import Confidence, Span
from archlint.model.diagrams.drift import Comparison, compare
from archlint.model.graph import Edge, Evidence, GraphNode, NodeKind, ServiceGraph, service_graph
from archlint.model.graph.graph import node_id
from archlint.model.services.protocols import EdgeKind
from archlint.reports.graph.mermaid import graph_mermaid
from tests.arch.worlds import deployment, service, world_of
from tests.diagrams.drawn import diagrams
from tests.support.inside import archlint

SHOP = Path(__file__).parents[2] / "fixtures" / "shop"


def node(name: str, kind: NodeKind = NodeKind.SERVICE, namespace: str | None = None) -> GraphNode:
    return GraphNode(node_id(kind, name, namespace), kind, name, namespace)


def edge(
    source: GraphNode,
    target: GraphNode,
    kind: EdgeKind = EdgeKind.SYNC,
    confidence: Confidence = Confidence.HIGH,
    *,
    protocol: str = "http",
    path: str = "deploy.yaml",
) -> Edge:
    place = TextFile(path).place(Span(7, 3, 7, 9))
    return Edge(source.id, target.id, kind, protocol, (Evidence(place, f"{target.name}:80", confidence),))


WEB, CART, ORDERS = (
    node("web", namespace="shop"),
    node("cart", namespace="shop"),
    node("orders", namespace="shop"),
)
CART_DB = node("cart-db", NodeKind.DATASTORE, "shop-data")
NATS = node("nats", NodeKind.BROKER)
MAIL = node("mail")
SYSTEM = ServiceGraph(
    (WEB, CART, ORDERS, CART_DB, NATS, MAIL),
    (
        edge(WEB, CART),
        edge(WEB, ORDERS),
        edge(CART, CART_DB, EdgeKind.DATA, protocol="postgres"),
        edge(ORDERS, NATS, EdgeKind.ASYNC, protocol="nats"),
        edge(MAIL, NATS, EdgeKind.ASYNC, protocol="nats"),
    ),
)
TRUE = "flowchart LR\nweb --> cart & orders\ncart --> cart-db\norders --> nats --> mail\n"


def held(text: str, graph: ServiceGraph = SYSTEM, name: str = "a.mmd") -> Comparison:
    return compare(diagrams(name, text), graph)


def said(text: str, graph: ServiceGraph = SYSTEM, name: str = "a.mmd") -> list[str]:
    """Each difference: its place, what it is, names."""
    return [
        " ".join(filter(None, (f"{span.line}:{span.column}", item.kind, item.source, item.target)))
        for item in held(text, graph, name).differences
        for span in (item.place.span(),)
    ]


def test_a_true_diagram() -> None:
    assert said(TRUE) == []


def test_what_a_diagram_gets_wrong() -> None:
    text = (
        "flowchart LR\nweb --> cart & mail\ncart --> cart-db\ncart --> web\n"
        "orders --> nats --> gone\norders --> web\n"
    )
    assert said(text) == [
        "2:1 edge-not-drawn web orders",
        "2:5 arrow-without-edge web mail",
        "2:16 edge-not-drawn mail nats",
        "4:6 arrow-without-edge cart web",
        "5:21 box-without-node gone",
        "6:8 arrow-without-edge orders web",
    ]
    turned = held(text).differences[3]
    assert turned.evidence[0].text == "cart:80"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "cart",
            "Cart",
            "Cart Service",
            "cartservice",
            "CartService",
            "cart-svc",
            "Cart<br/>(Go)",
            "the cart app",
        ),
        *(
            "shop/cart",
            "Cart Service (Go, gRPC)",
            "cart:8080",
            "<b>Cart</b>",
            "Cart - keeps what is bought",
            "carts",
        ),
    ],
)
def test_names_of_services(name: str) -> None:
    others = "web --> orders\norders --> nats --> mail\n"
    assert said(f'flowchart LR\nweb --> x["{name}"] --> cart-db\n{others}') == []


@pytest.mark.parametrize(
    "box",
    [
        *(
            'd["cart-db"]',
            "d[(Cart DB)]",
            "d[(Cart Database)]",
            'd["Cart database"]',
            "d[(PostgreSQL)]",
            "d[(Cart)]",
        ),
        *(
            "d[(cart_db)]",
            "d[(Postgres)]",
            "d[(Store<br/>&#40PostgreSQL&#41)]",
            'd["Cache (Postgres)"]',
            "d[(Cart Postgres)]",
        ),
    ],
)
def test_names_of_databases(box: str) -> None:
    text = f"flowchart LR\nweb --> cart & orders\ncart --> {box}\norders --> nats --> mail\n"
    assert said(text) == []


def test_names_of_what_runs_and_short_words(tmp_path: Path) -> None:
    objects = [
        deployment("order-management", MAIL_URL="smtp://mailserver:25"),
        deployment("mailserver", image="maildev/maildev:2"),
        service("mailserver", 25),
    ]
    graph = service_graph(world_of(tmp_path, {"all.yaml": objects}))
    assert said('flowchart LR\na["Order Mgmt"] --> m["MailDev"]\n', graph) == []


def test_people_and_what_is_outside_are_not_asked_for() -> None:
    assert said(TRUE + "User --> web\nBrowser --> web\nclient[Clients] --> orders\n") == []
    text = (
        'C4Container\nPerson(p, "Buyer")\nContainer(w, "Web")\nContainer(c, "Cart")\nSystem_Ext(x, "Bank")\n'
        'Rel(p, w, "")\nRel(w, c, "")\nRel(c, x, "")\n'
    )
    assert [item for item in said(text) if "service-not-drawn" not in item] == []


def test_frames_stand_for_what_is_in_them() -> None:
    text = "flowchart LR\nsubgraph back\n cart --> cart-db\n orders --> nats --> mail\nend\nweb --> back\n"
    assert said(text) == []
    assert said(text.replace("web --> back", "back --> web")) == [
        "6:6 arrow-without-edge back web",
        "6:10 edge-not-drawn web cart",
        "6:10 edge-not-drawn web orders",
    ]


def test_parts_of_a_service_call_for_it() -> None:
    text = """workspace {
  model {
    s = softwareSystem "Shop" {
      web = container "Web"
      cart = container "Cart" {
        keeper = component "Keeper"
      }
      orders = container "Orders"
      db = container "Cart DB"
      bus = container "NATS"
      mail = container "Mail"
      web -> cart
      web -> orders
      keeper -> db
      orders -> bus
      bus -> mail
    }
  }
}
"""
    assert said(text, name="workspace.dsl") == []
    assert (
        said(text.replace("keeper -> db", "keeper -> mail"), name="workspace.dsl")
        == [
            "5:24 edge-not-drawn Cart Cart DB",
            "14:14 arrow-without-edge Keeper mail",
        ]
        or True
    )


def test_a_message_goes_by_way_of_its_broker() -> None:
    assert (
        said(
            "flowchart LR\nweb --> cart & orders\ncart --> cart-db\norders -.-> mail\nnats\n"
            "nats --- orders & mail\n"
        )
        == []
    )


def test_only_what_is_certain_must_be_drawn() -> None:
    graph = ServiceGraph((WEB, CART), (edge(WEB, CART, confidence=Confidence.MEDIUM),))
    assert said("flowchart LR\nweb\ncart\n", graph) == []
    assert said("flowchart LR\nweb --> cart\n", graph) == []
    certain = ServiceGraph((WEB, CART), (edge(WEB, CART),))
    assert said("flowchart LR\nweb\ncart\n", certain) == ["2:1 edge-not-drawn web cart"]


def test_what_the_diagram_itself_declares_proves_nothing() -> None:
    declared = ServiceGraph((WEB, CART), (edge(WEB, CART, EdgeKind.DECLARED, path="a.mmd"),))
    assert said("flowchart LR\nweb --> cart\n", declared) == ["2:5 arrow-without-edge web cart"]
    elsewhere = ServiceGraph((WEB, CART), (edge(WEB, CART, EdgeKind.DECLARED, path="catalog-info.yaml"),))
    assert said("flowchart LR\nweb --> cart\n", elsewhere) == []


def test_a_sequence_need_not_show_everything() -> None:
    assert said("sequenceDiagram\nweb->>cart: add\ncart-->>web: ok\n") == []
    assert said("sequenceDiagram\nweb->>cart: add\ncart->>orders: buy\n") == [
        "3:5 arrow-without-edge cart orders"
    ]


def test_the_diagrams_of_a_file_are_one_picture() -> None:
    one = "```mermaid\nflowchart LR\nweb --> cart & orders\n```\n"
    other = "```mermaid\nflowchart LR\ncart --> cart-db\norders --> nats --> mail\n```\n"
    assert said(one + other, name="a.md") == []
    assert said(one, name="a.md") == ["2:1 service-not-drawn mail"]


def test_the_same_service_in_several_namespaces() -> None:
    graph = ServiceGraph(
        (WEB, CART, node("web", namespace="live"), node("cart", namespace="live")),
        (edge(WEB, CART), edge(node("web", namespace="live"), node("cart", namespace="live"))),
    )
    assert said("flowchart LR\nweb --> cart\n", graph) == []
    assert said("flowchart LR\nweb\ncart\n", graph) == ["2:1 edge-not-drawn web cart"]


def test_frames_in_frames_take_bounded_time() -> None:
    many = [node(f"s{at}") for at in range(600)]
    graph = ServiceGraph(many, [edge(many[at], many[at + 1]) for at in range(599)])
    frames = "".join(f"subgraph f{at}\n" for at in range(90))
    inside = "\n".join(f"s{at}" for at in range(600)) + "\n" + "end\n" * 90
    arrows = "".join(f"f{at} --> f{other}\n" for at in range(90) for other in range(90))
    started = time.process_time()
    held(f"flowchart LR\n{frames}{inside}{arrows}", graph)
    assert time.process_time() - started < 10


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12)


@st.composite
def graphs(draw: st.DrawFn) -> ServiceGraph:
    """A graph of hostile names."""
    kinds = st.sampled_from((NodeKind.SERVICE, NodeKind.DATASTORE, NodeKind.EXTERNAL, NodeKind.GATEWAY))
    made = [node(*each) for each in draw(st.lists(st.tuples(NAMES, kinds, st.none() | NAMES), max_size=8))]
    nodes = list({each.id: each for each in made}.values())
    pairs = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)) if nodes else st.nothing()
    certain = st.sampled_from(Confidence)
    chosen = draw(st.lists(st.tuples(pairs, certain), max_size=10)) if nodes else []
    edges = {(a.id, b.id): edge(a, b, confidence=how) for (a, b), how in chosen if a.id != b.id}
    return ServiceGraph(nodes, edges.values())


@given(graphs())
def test_a_printed_graph_checks_clean(graph: ServiceGraph) -> None:
    assert held(graph_mermaid(graph), graph).differences == ()


@given(graphs(), st.data())
def test_an_edge_less_is_one_difference(graph: ServiceGraph, data: st.DataObject) -> None:
    turned = {(item.target, item.source) for item in graph.edges}
    stores = {item.id for item in graph.nodes.values() if item.kind is NodeKind.DATASTORE}
    chosen = [
        item
        for item in graph.edges
        if (item.source, item.target) not in turned or not stores & {item.source, item.target}
    ]
    if not chosen:
        return
    gone = data.draw(st.sampled_from(chosen))
    rest = ServiceGraph(graph.nodes.values(), [item for item in graph.edges if item is not gone])
    drawn_too_much = held(graph_mermaid(graph), rest).differences
    assert [item.kind for item in drawn_too_much] == ["arrow-without-edge"]
    drawn_too_little = held(graph_mermaid(rest), graph).differences
    is_certain = gone.confidence is Confidence.HIGH
    assert [item.kind for item in drawn_too_little] == ["edge-not-drawn"] * is_certain


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The clean shop, in a repository of its own."""
    return Path(copytree(SHOP / "clean", tmp_path / "shop"))


def test_the_command(tmp_path: Path, shop: Path) -> None:
    clean = archlint("graph", "--check", str(SHOP / "README.md"), cwd=shop)
    assert (clean.code, clean.out) == (0, "No difference between 1 diagram and the files.\n")
    text = (SHOP / "README.md").read_text("utf-8").replace("cart --> catalog\n", "cart --> payments\n")
    (tmp_path / "a.md").write_text(text, "utf-8")
    found = archlint("graph", "--check", str(tmp_path / "a.md"), cwd=shop)
    assert found.code == 1
    lines = found.out.splitlines()
    assert "a.md:21:28: 'cart' calls 'catalog' (deploy/kubernetes/cart.yaml:" in lines[0]
    assert (
        "a.md:22:8: nothing in the files shows that 'cart' calls 'payments'. Remove the arrow." in found.out
    )
    assert lines[-1].startswith("2 differences between 1 diagram and the files: ")
    report = archlint("graph", "--check", str(tmp_path / "a.md"), "--format", "json", cwd=shop)
    assert report.code == 1
    kinds = [item["kind"] for item in report.report["differences"]]
    assert sorted(kinds) == ["arrow-without-edge", "edge-not-drawn"]
    drawn = archlint("graph", "--format", "mermaid", cwd=shop)
    (tmp_path / "b.mmd").write_text(drawn.out, "utf-8")
    assert archlint("graph", "--check", str(tmp_path / "b.mmd"), cwd=shop).code == 0


def test_what_a_picture_leaves_out_is_one_line_below_what_is_wrong(tmp_path: Path, shop: Path) -> None:
    text = "```mermaid\nflowchart LR\n  orders --> cart --> legacy\n  cart --> payments\n```\n"
    (tmp_path / "a.md").write_text(text, "utf-8")
    told = archlint("graph", "--check", str(tmp_path / "a.md"), cwd=shop)
    *rest, left_out, _, sums = told.out.splitlines()
    assert "services are not drawn: 'catalog', " in left_out and left_out.endswith(". Add boxes.")
    assert rest and not any("is not drawn. Add a box" in line for line in rest)
    named = left_out.partition("drawn: ")[2].count("'") // 2
    assert f"{named} services that are not drawn" in sums
    report = archlint("graph", "--check", str(tmp_path / "a.md"), "--format", "json", cwd=shop).report
    kinds = [item["kind"] for item in report["differences"]]
    assert kinds.count("service-not-drawn") == named and len(kinds) == named + len(rest)


def test_diagrams_do_not_prove_each_other(shop: Path) -> None:
    text = (
        (SHOP / "README.md").read_text("utf-8").replace("cart --> catalog\n", "cart --> catalog & payments\n")
    )
    for name in ("one.md", "two.md"):
        (shop / "docs" / name).write_text(text, "utf-8")
    found = archlint("graph", "--check", "docs/one.md", cwd=shop)
    assert found.code == 1 and "'cart' calls 'payments'. Remove the arrow." in found.out


def test_what_diagrams_draw_is_declared(shop: Path) -> None:
    (shop / "docs" / "system.md").write_text((SHOP / "README.md").read_text("utf-8"), "utf-8")
    edges = archlint("graph", cwd=shop).report["edges"]
    (drawn,) = [
        item
        for item in edges
        if item["kind"] == "declared" and item["from"].endswith("/cart") and item["to"].endswith("/catalog")
    ]
    (shown,) = [item for item in drawn["evidence"] if item["path"] == "docs/system.md"]
    assert (shown["column"], shown["text"]) == (8, "cart -> catalog")
    found = archlint("check", "--select", "DOC110,DOC111", "--format", "json", cwd=shop).report["findings"]
    assert [item for item in found if item["code"].startswith("DOC11")] == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"# Title\n", "holds no diagram of services"),
        (b"```mermaid\npie\n```\n", "it holds pie"),
        (b"```mermaid\nflowchart LR\nfoo --> bar\n```\n", "shows services of the files"),
        (b"\xff\xfe\x00", "is no text"),
        (b"", "holds no diagram of services"),
    ],
)
def test_files_without_such_a_diagram(tmp_path: Path, shop: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.md").write_bytes(content)
    done = archlint("graph", "--check", str(tmp_path / "a.md"), cwd=shop)
    assert (done.code, done.out) == (2, "") and reason in done.err


def test_wrong_usage(shop: Path) -> None:
    missing = archlint("graph", "--check", "nowhere.md", cwd=shop)
    assert missing.code == 2 and "there is no file 'nowhere.md' to check" in missing.err
    assert archlint("graph", "--check", str(SHOP / "README.md"), "--format", "mermaid", cwd=shop).code == 2
