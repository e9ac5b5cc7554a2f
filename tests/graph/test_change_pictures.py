"""A change as a picture: both sides in one drawing, what changes told by more than colour."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.graphs import GraphChange, GraphDiff, edge_key, graph_changes
from archlint.finding.records import replace
from archlint.model.graph import Edge, GraphNode, NodeKind, ServiceGraph
from archlint.model.services.protocols import EdgeKind
from archlint.reports.commands import has_command
from archlint.reports.graph.changes import SIGNS
from archlint.reports.graph.dot import graph_dot
from archlint.reports.graph.html import graph_html
from archlint.reports.graph.mermaid import graph_mermaid
from archlint.reports.graph.picture import GraphPicture, Grouping
from archlint.reports.graph.svg import graph_svg
from tests.graph.drawn import HOSTILE, every_kind, evidence, graph_of, node, system
from tests.graph.test_base import repository
from tests.graph.test_drawings import ATTRIBUTES, DOT_LINE, SVG
from tests.graph.test_page import data_of
from tests.reports.snapshot import matches_snapshot
from tests.support.browser import ABSENT, CHROMIUM, Browser
from tests.support.inside import archlint

CY = "document.getElementById('graph')._cyreg.cy"


def changed(graph: ServiceGraph) -> GraphDiff:
    """A change to a graph: of its nodes and edges each third is new, each third has another look."""
    nodes, edges = [*graph.nodes.values()], [*graph.edges]
    kept = {one.id for at, one in enumerate(nodes) if at % 3}
    base = ServiceGraph(
        [replace(one, owner="former") if at % 3 == 1 else one for at, one in enumerate(nodes) if at % 3],
        [
            replace(edge, evidence=(evidence(text="former"),)) if at % 3 == 1 else edge
            for at, edge in enumerate(edges)
            if {edge.source, edge.target} <= kept
        ],
    )
    gone = {one.id for one in nodes[2:8:3]}
    left = [one for one in nodes if one.id not in gone]
    revision = ServiceGraph(left, [edge for edge in edges if not {edge.source, edge.target} & gone])
    return graph_changes(base, revision)


def test_every_change_is_told_by_a_sign() -> None:
    diff = changed(every_kind())
    assert {*diff.nodes.values(), *diff.edges.values()} == {*GraphChange}
    picture = GraphPicture(diff)
    for at, one in enumerate(picture.nodes):
        change = diff.nodes.get(one.id)
        written = [picture.written(at, grouping) for grouping in Grouping]
        assert all(
            text.startswith(f"{SIGNS[change]} ") if change else text[0] not in "+-~" for text in written
        )
    signs = list(ElementTree.fromstring(graph_svg(diff)).iter(f"{SVG}g"))
    told = [element.get("class", "").split()[1] for element in signs if "sign " in element.get("class", "")]
    legend = [change.value for change in picture.changes]
    assert sorted(told) == sorted([*(change.value for change in diff.edges.values()), *legend])
    labels = re.findall(r'label="([+~-]) ', graph_dot(diff))
    boxes = [*filter(None, map(picture.change_of, picture.nodes))]
    assert len(labels) == len(boxes) + len(diff.edges)
    words = [
        word
        for line in graph_mermaid(diff).splitlines()
        for word in re.findall(r"added|removed|changed", line.partition('"')[2])
    ]
    assert len(words) >= len(labels)


def test_arrows_have_the_look_of_their_own_change() -> None:
    """Styles of Mermaid go by numbers: what is not drawn (owners alone, declared beside a call) has none."""
    nodes = [node("ann", NodeKind.OWNER), node("a"), node("b"), node("c")]
    kinds = [EdgeKind.DECLARED, EdgeKind.SYNC, EdgeKind.DATA]
    edges = [Edge(nodes[1].id, nodes[2].id, kind, kind.value, (evidence(),)) for kind in kinds]
    new = Edge(nodes[3].id, nodes[1].id, EdgeKind.SYNC, "new", (evidence(),))
    diff = graph_changes(ServiceGraph(nodes[:3], edges), ServiceGraph(nodes, [*edges, new]))
    lines = graph_mermaid(diff).splitlines()
    arrows = [line for line in lines if "|" in line]
    assert len(arrows) == 3
    number = next(at for at, line in enumerate(arrows) if "new, added" in line)
    assert f"  linkStyle {number} stroke:#1a7f37,stroke-width:3px" in lines
    assert '  service_c["c (added)"]:::added' in lines


@pytest.mark.parametrize("is_gone", [False, True])
def test_declared_edges_are_drawn_where_no_call_is_left(is_gone: bool) -> None:
    nodes = [node("a"), node("b")]
    call, declared = (
        Edge(nodes[0].id, nodes[1].id, kind, "http", (evidence(),))
        for kind in (EdgeKind.SYNC, EdgeKind.DECLARED)
    )
    both, rest = ServiceGraph(nodes, [call, declared]), ServiceGraph(nodes, [declared])
    diff = graph_changes(both, rest if is_gone else both)
    assert (declared in diff.told) is is_gone
    new = graph_changes(ServiceGraph(nodes, [call]), both)
    assert declared in new.told and new.edges[edge_key(declared)] is GraphChange.ADDED


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_stays_stands_where_the_same_picture_has_it(data: st.DataObject) -> None:
    """The picture is that of both sides, whichever of them is the base."""
    ends = st.integers(0, data.draw(st.integers(1, 20)))
    pairs = sorted(data.draw(st.sets(st.tuples(ends, ends), min_size=1, max_size=30)))
    names = range(max(map(max, pairs)) + 1)
    spaces = st.sampled_from([None, "a", "b"])
    nodes = [node(f"n{at}", namespace=data.draw(spaces)) for at in names]
    diff = changed(graph_of(nodes, pairs))
    base = [one for one in diff.graph.nodes.values() if diff.nodes.get(one.id) is not GraphChange.ADDED]
    revision = [one for one in diff.graph.nodes.values() if diff.nodes.get(one.id) is not GraphChange.REMOVED]
    edges = diff.graph.edges
    sides = [
        ServiceGraph(side, [edge for edge in edges if {edge.source, edge.target} <= {one.id for one in side}])
        for side in (base, revision)
    ]
    there, back = GraphPicture(graph_changes(*sides)), GraphPicture(graph_changes(*sides[::-1]))
    for grouping in there.groupings:
        one, other = there.layout(grouping), back.layout(grouping)
        assert [spot[:2] for spot in one.spots] == [spot[:2] for spot in other.spots]
    swap = {GraphChange.ADDED: GraphChange.REMOVED, GraphChange.REMOVED: GraphChange.ADDED}
    assert [*map(there.change_of, there.nodes)] == [
        change and swap[change] for change in map(back.change_of, back.nodes)
    ]


@pytest.mark.parametrize("shift", range(0, len(HOSTILE), 3))
def test_hostile_names_are_text(shift: int) -> None:
    diff = changed(every_kind(HOSTILE[shift:] + HOSTILE[:shift]))
    drawing, dot, page = graph_svg(diff), graph_dot(diff), graph_html(diff)
    assert not any(map(has_command, (drawing, dot, page)))
    elements = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(drawing).iter()}
    assert elements == {"svg", "style", "defs", "marker", "path", "rect", "circle", "g", "text", "title"}
    assert all(DOT_LINE.fullmatch(line) for line in dot.splitlines())
    assert sum(" -> " in re.sub(ATTRIBUTES, "", line) for line in dot.splitlines()) == len(diff.told)
    assert page.count("<script") == page.count("</script>") == 3
    label = r'"[^"<>&`\[\]{}|]*"'
    box = rf"  \w+(?:\[\[?|\[\(|\[/|\{{\{{|\(\[|\(\(|>){label}(?:\]\]?|\)\]|/\]|\}}\}}|\]\)|\)\))(?::::\w+)?"
    style = r"  (?:classDef|linkStyle) [\w,]+ stroke:#\w+,stroke-width:3px(?:,stroke-dasharray:6 4)?"
    for line in graph_mermaid(diff).splitlines()[1:]:
        assert re.fullmatch(rf"{box}|  \w+ [-.=>]+\|{label}\| \w+|{style}", line), line


def test_the_page_knows_what_was_there() -> None:
    nodes = [node("a", owner="x"), node("b")]
    was = Edge(
        nodes[0].id,
        nodes[1].id,
        EdgeKind.SYNC,
        "http",
        (evidence("a.yaml", 3, "A=b:1"), evidence("a.yaml", 9, "B=b:1")),
    )
    now = replace(was, evidence=(evidence("a.yaml", 4, "A=b:2"), evidence("a.yaml", 9, "B=b:1")))
    diff = graph_changes(
        ServiceGraph(nodes, [was]), ServiceGraph([replace(nodes[0], owner="y"), nodes[1]], [now])
    )
    data = data_of(graph_html(diff))
    assert data["changed"] == "1 node changed, 1 connection changed."
    assert [each.get("change") for each in data["nodes"]] == ["changed", None]
    assert data["nodes"][0]["was"] == ["owner x -> y"]
    edge = data["edges"][0]
    assert (edge["change"], edge["was"]) == ("changed", ["A=b:1 -> A=b:2"])
    assert edge["first"][1] == 4 and [item[1] for item in edge["gone"]] == [3]
    assert "change" not in data_of(graph_html(ServiceGraph(nodes, [was])))["edges"][0]


@pytest.mark.parametrize("format_name", ["svg", "dot", "mermaid"])
def test_a_change_is_drawn_as_before(format_name: str, tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo")
    done = archlint("graph", "--base", "HEAD", "--format", format_name, cwd=repo)
    assert done.code == 0
    matches_snapshot(f"graph-change.{format_name}", done.out)


def test_the_command_makes_the_page_of_a_change(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo")
    done = archlint("graph", "--base", "HEAD", "--format", "html", cwd=repo)
    assert done.code == 0 and "<title>Change of the service graph</title>" in done.out
    data = data_of(done.out)
    assert {each["name"]: each["change"] for each in data["nodes"] if each["change"]} == {
        "old": "removed",
        "stock": "added",
    }
    assert json.loads(json.dumps(data["changes"])) == [
        ["added", "+", 137],
        ["removed", "-", 354],
        ["changed", "~", 40],
    ]


def test_a_change_that_is_none_is_told(tmp_path: Path) -> None:
    graph = system(10, 12)
    diff = graph_changes(graph, graph)
    assert "adds, removes and changes no service" in graph_svg(diff)
    assert data_of(graph_html(diff))["changes"] == []
    assert "linkStyle" not in graph_mermaid(diff)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """The page of a change: ``c`` is new, ``d`` gone, ``a`` calls ``b`` at another port."""
    a, b, c, d, e, f = (node(name, namespace="shop" if name < "e" else "tools") for name in "abcdef")

    def call(source: GraphNode, target: GraphNode, text: str) -> Edge:
        return Edge(source.id, target.id, EdgeKind.SYNC, "http", (evidence(text=text),))

    stays = [call(e, f, "x"), call(f, a, "y")]
    base = ServiceGraph([a, b, d, e, f], [*stays, call(a, b, "B=b:1"), call(a, d, "D=d:1")])
    revision = ServiceGraph([a, b, c, e, f], [*stays, call(a, b, "B=b:2"), call(c, a, "A=a:1")])
    found = tmp_path / "change.html"
    found.write_text(graph_html(graph_changes(base, revision)), "utf-8")
    return found


def pressed(selector: str, word: str) -> str:
    """A press on the element that says a word."""
    found = f"[...document.querySelectorAll('{selector}')].find((one) => one.innerText.includes('{word}'))"
    return f"{found}.click()"


@pytest.mark.skipif(not CHROMIUM, reason=ABSENT)
def test_only_what_changes_can_be_seen(page: Path, tmp_path: Path) -> None:
    seen = f"{CY}.elements(':visible').filter('.box, .frame, .line').map((one) => one.data('label')).sort()"
    with Browser(tmp_path / "profile") as browser:
        browser.open(page)
        everything = browser.value(seen)
        assert everything == sorted(
            ["+ c", "+ http", "- d", "- http", "a", "b", "e", "f", "http", "http", "shop", "tools", "~ http"]
        )
        changing = ["+ c", "+ http", "- d", "- http", "a", "b", "shop", "~ http"]
        for shown in (changing, everything):
            browser.press("c")
            browser.wait(f"{seen}.length === {len(shown)}")
            assert browser.value(seen) == shown
        styles = "['border-style', 'border-width'].map((one) => box.style(one))"
        looks = browser.value(f"{CY}.nodes('.box').map((box) => [box.data('label'), ...{styles}]).sort()")
        assert {name: style for name, style, _ in looks}["- d"] == "dashed"
        assert len({(style, width) for _, style, width in looks}) == 3
        said = browser.value("document.getElementById('panel').innerText").upper()
        assert "NODES THAT CHANGE (2)" in said and "CONNECTIONS THAT CHANGE (3)" in said
        browser.value(pressed("#panel .proof .way", "~"))
        said = browser.value("document.getElementById('panel').innerText")
        assert "B=b:1 -> B=b:2" in said and "EVIDENCE THAT IS GONE (1)" in said.upper()
        browser.press("Escape")
        browser.value(pressed("#chips button", "removed"))
        seen = f"{CY}.elements('.box, .line').filter((one) => !one.hasClass('dim'))"
        assert browser.value(f"{seen}.map((one) => one.data('label')).sort()") == ["- d", "- http", "a"]
        assert not browser.console and not browser.requests


@pytest.mark.skipif(not CHROMIUM, reason=ABSENT)
def test_a_large_change_is_there_within_two_seconds(tmp_path: Path) -> None:
    file = tmp_path / "large.html"
    file.write_text(graph_html(changed(system(500, 1500))), "utf-8")
    with Browser(tmp_path / "profile") as browser:
        browser.open(file)
        ready = int(browser.value("document.documentElement.dataset.ready")) / 1000
        assert min(ready, browser.worked()) < 2
