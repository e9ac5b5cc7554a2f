"""The page of the graph as a text: its policy, its data, and the library that it brings along."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from archlint.files import WorkingTree
from archlint.finding import Confidence, Finding, Location, ObjectRef, Severity, Span
from archlint.finding.records import replace
from archlint.model.graph import Edge, ServiceGraph
from archlint.model.graph.build import described_graph
from archlint.model.services.protocols import EdgeKind
from archlint.origin.home import files_at
from archlint.reports.commands import disarmed, has_command
from archlint.reports.graph import html as module
from archlint.reports.graph.findings import attached
from archlint.reports.graph.html import graph_html
from archlint.reports.graph.picture import GraphPicture
from tests.arch.worlds import deployment, findings_of, service, world_of
from tests.graph.drawn import HOSTILE, every_kind, evidence, node, system
from tests.graph.test_drawings import SHOP
from tests.reports.snapshot import matches_snapshot
from tests.support.inside import archlint

LIBRARY = Path(module.__file__).parent / "cytoscape"


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">([^<]*)</script>', page)
    assert found
    return json.loads(found[1])


def test_the_policy_names_the_scripts_and_the_style_that_are_there() -> None:
    page = disarmed(graph_html(every_kind(HOSTILE)), "html")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy and policy[1].startswith("default-src 'none'; ") and "unsafe" not in policy[1]
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL)
    assert (len(scripts), len(styles)) == (2, 1)
    for text in (*scripts, *styles):
        assert f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy[1]


@pytest.mark.parametrize("shift", range(len(HOSTILE)))
def test_hostile_names_are_data(shift: int) -> None:
    names = HOSTILE[shift:] + HOSTILE[:shift]
    page = graph_html(every_kind(names))
    assert not has_command(page)
    assert page.isascii() or page.replace("\n", "").isprintable()
    assert page.count("<script") == page.count("</script>") == 3
    assert "onload=alert(1)>" not in page and "<img" not in page
    data = data_of(page)
    assert any(
        "document.title" in label for label in [node["name"] for node in data["nodes"]] + data["texts"]
    )


def test_the_library_is_what_its_page_says() -> None:
    said = (LIBRARY / "README.md").read_text("utf-8")
    text = (LIBRARY / "cytoscape.min.js").read_bytes()
    assert sha256(text).hexdigest() in said
    version = re.search(r"\| version \| ([\d.]+) \|", said)
    assert version and f'"{version[1]}"' in text.decode()
    assert "Permission is hereby granted" in (LIBRARY / "LICENSE").read_text("utf-8")
    assert b"</script" not in text and b"<!--" not in text


def test_findings_are_told_at_calls_services_and_contracts(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        "deploy/web.yaml": [deployment("web", "shop", CART_ADDR="cart:9999")],
        "deploy/cart.yaml": [deployment("cart", "shop"), service("cart", 9090, "shop")],
    }
    world = world_of(tmp_path, files)
    picture = GraphPicture(described_graph(world))
    found = findings_of(world)
    told = attached(picture, found)
    ports = [at for at, one in enumerate(told.findings) if "9999" in one.message]
    assert ports
    assert all(at in told.of_edges[0] for at in ports)
    web = next(at for at, node in enumerate(picture.nodes) if node.name == "web")
    assert {told.findings[at].object for at in told.of_nodes[web]} == {ObjectRef("Deployment", "web", "shop")}
    assert len(told.findings) + told.elsewhere == len(found)


def test_findings_in_the_folder_of_a_service_are_its_own(tmp_path: Path) -> None:
    files: dict[str, Any] = {
        "compose.yaml": "services:\n  web: {build: src/web, environment: {CART: 'http://cart:80'}}\n"
        "  cart: {build: src/cart}\n",
        "src/web/Dockerfile": "FROM scratch\n",
        "src/cart/Dockerfile": "FROM scratch\n",
    }
    picture = GraphPicture(described_graph(world_of(tmp_path, files)))
    names = [node.name for node in picture.nodes]
    paths = ["src/web/Dockerfile", "src/web/deep/a.yaml", "src/cart/b.yaml", "src/other.yaml", "web.yaml"]
    plain = [replace(about_nothing(path), object=None) for path in paths]
    composed = [
        replace(about_nothing(path), object=ObjectRef("Compose service", "web"), fingerprint=path)
        for path in ("compose.yaml", "elsewhere/compose.yaml")
    ]
    told = attached(picture, [*plain, *composed])
    of_web = {told.findings[at].location.path for at in told.of_nodes[names.index("web")]}
    assert of_web == {"src/web/Dockerfile", "src/web/deep/a.yaml", "compose.yaml"}
    of_cart = {told.findings[at].location.path for at in told.of_nodes[names.index("cart")]}
    assert of_cart == {"src/cart/b.yaml"}
    assert told.elsewhere == 3


def about_nothing(path: str) -> Finding:
    """A finding at the beginning of a file."""
    return Finding(
        code="ARCH001",
        rule="r",
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        message="m",
        message_id="m",
        arguments={},
        location=Location(path, Span(1, 1, 1, 2)),
        fingerprint=path,
    )


def test_places_in_other_repositories_are_told_apart() -> None:
    own, other = evidence("a.yaml"), replace(evidence("b.yaml", 2), origin="billing")
    nodes = [node("web"), replace(node("cart"), hosts=("shop.example.net",), sources=("billing",))]
    edge = Edge(nodes[0].id, nodes[1].id, EdgeKind.SYNC, "http", (own, other))
    data = data_of(graph_html(ServiceGraph(nodes, [edge])))
    shown = data["edges"][0]["evidence"]
    assert [len(each) for each in shown] == [4, 5]
    assert data["texts"][shown[1][4]] == "billing"
    cart = next(each for each in data["nodes"] if each["name"] == "cart")
    assert (cart["hosts"], cart["sources"]) == (["shop.example.net"], ["billing"])


def test_the_page_of_a_large_system_is_small() -> None:
    assert len(graph_html(system(500, 1500))) < 1_500_000


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("https://github.com/a/b", "https://github.com/a/b/blob/{}/"),
        ("https://github.com/a/b.git", "https://github.com/a/b/blob/{}/"),
        ("https://gitlab.com/a/b", "https://gitlab.com/a/b/-/blob/{}/"),
        ("https://git.example.net/a/b", None),
        ('https://github.com/a/b"><script>', None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_files_are_linked_on_hosts_that_are_known(repository: str, address: str | None) -> None:
    commit = "0123456789" * 4
    assert files_at(repository, commit) == (address and address.format(commit))
    assert files_at(repository, "HEAD") is None


def test_the_command_makes_a_page_with_findings(tmp_path: Path) -> None:
    broken = SHOP.parent / "broken"
    done = archlint("graph", str(broken), "--format", "html", cwd=tmp_path)
    assert done.code == 0
    data = data_of(done.out)
    assert data["findings"] and any(edge["findings"] for edge in data["edges"])
    without = archlint("graph", str(broken), "--format", "html", "--no-findings", cwd=tmp_path)
    assert data_of(without.out)["findings"] == []


def test_files_are_read_once_for_the_graph_and_the_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: Counter[str] = Counter()
    plain = WorkingTree.read

    def read(tree: WorkingTree, path: str) -> bytes:
        reads[path] += 1
        return plain(tree, path)

    monkeypatch.setattr(WorkingTree, "read", read)
    files: dict[str, Any] = {
        "web.yaml": [deployment("web", "shop", CART_ADDR="cart:9999")],
        "cart.yaml": [deployment("cart", "shop"), service("cart", 9090, "shop")],
    }
    world_of(tmp_path, files)
    reads.clear()
    data = data_of(archlint("graph", "--format", "html", cwd=tmp_path).out)
    assert data["findings"] and len(data["edges"]) == 1
    assert [reads[path] for path in files] == [1, 1]


def test_the_data_of_the_shop_is_as_before(tmp_path: Path) -> None:
    done = archlint("graph", str(SHOP), "--format", "html", "--no-findings", cwd=tmp_path)
    data = data_of(done.out)
    data["files"] = None
    matches_snapshot("graph-shop-page.json", json.dumps(data, indent=1) + "\n")


def test_an_empty_graph_has_a_page() -> None:
    assert data_of(graph_html(ServiceGraph([], [])))["nodes"] == []
