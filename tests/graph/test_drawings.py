"""The graph as a drawing: nothing overlaps, every kind has its look, names are text and nothing else."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.model.graph import NodeKind, ServiceGraph
from archlint.model.services.protocols import EdgeKind
from archlint.reports.commands import has_command
from archlint.reports.graph.dot import SHAPES, STYLES, graph_dot
from archlint.reports.graph.frames import laid_out
from archlint.reports.graph.layout import Layout, Spot, line_points
from archlint.reports.graph.mermaid import graph_mermaid
from archlint.reports.graph.picture import EDGE_WORDS, NODE_WORDS, GraphPicture, Grouping
from archlint.reports.graph.shapes import outline
from archlint.reports.graph.svg import TIPS, graph_svg
from archlint.reports.graph.text import cut, text_width
from tests.graph.drawn import HOSTILE, every_kind, graph_of, node, system
from tests.reports.snapshot import matches_snapshot
from tests.support.inside import archlint
from tests.support.limits import within

SVG = "{http://www.w3.org/2000/svg}"
SHOP = Path(__file__).parents[2] / "fixtures/shop/clean"
STYLE = Path(graph_svg.__code__.co_filename).with_name("svg.css")


def overlap(one: Spot, other: Spot) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def holds(frame: Spot, spot: Spot) -> bool:
    return (
        frame.x <= spot.x
        and frame.y <= spot.y
        and spot.x + spot.width <= frame.x + frame.width
        and spot.y + spot.height <= frame.y + frame.height
    )


def assert_sound(layout: Layout, pairs: list[tuple[int, int]], groups: list[str | None]) -> None:
    """Boxes are apart and in the picture; those of a group, and no others, stand in its frame."""
    whole = Spot(0, 0, layout.width, layout.height)
    assert all(holds(whole, spot) for spot in layout.spots)
    for at, spot in enumerate(layout.spots):
        assert not any(overlap(spot, other) for other in layout.spots[:at])
        for name, frame in layout.frames.items():
            assert holds(frame, spot) if groups[at] == name else not overlap(frame, spot)
    frames = list(layout.frames.values())
    assert not any(overlap(one, other) for at, one in enumerate(frames) for other in frames[:at])
    assert set(layout.frames) == {group for group in groups if group}
    for pair in pairs:
        assert len(line_points(layout, pair)) >= 3


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_boxes_do_not_overlap_whoever_calls_whom(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 30))
    ends = st.integers(0, count - 1)
    pairs = sorted(data.draw(st.sets(st.tuples(ends, ends), max_size=60)))
    sizes = data.draw(st.lists(st.tuples(st.integers(20, 230), st.just(34)), min_size=count, max_size=count))
    names = st.sampled_from([None, "a", "b", "c", "n0"])
    groups = data.draw(st.lists(names, min_size=count, max_size=count))
    assert_sound(laid_out(sizes, pairs), pairs, [None] * count)
    found = laid_out(sizes, pairs, groups)
    assert_sound(found, pairs, groups)
    assert laid_out(sizes, pairs[::-1], groups) == found


@pytest.mark.parametrize("grouping", Grouping)
def test_five_hundred_boxes_are_placed_within_a_second(grouping: Grouping) -> None:
    picture = GraphPicture(system(500, 1500))
    layout = within(1.5, lambda: picture.layout(grouping))
    assert len(layout.spots) == 500
    assert layout.height < layout.width < 3 * layout.height


@pytest.mark.parametrize("grouping", Grouping)
@pytest.mark.parametrize(("count", "calls"), [(60, 90), (200, 400), (300, 300), (500, 700)])
def test_large_systems_fill_a_page(count: int, calls: int, grouping: Grouping) -> None:
    """No side is several times as long as a screen of that shape would have it."""
    layout = GraphPicture(system(count, calls)).layout(grouping)
    assert layout.height * 2 < layout.width * 3 < layout.height * 8


@pytest.mark.parametrize("depth", [5, 5000])
def test_long_chains_and_circles_end(depth: int) -> None:
    chain = [(at, at + 1) for at in range(depth - 1)]
    for pairs in (chain, [*chain, (depth - 1, 0)], [(0, at) for at in range(1, depth)]):
        assert len(laid_out([(60, 34)] * depth, pairs).spots) == depth


def test_calls_lead_to_the_right() -> None:
    layout = laid_out([(60, 34)] * 6, [(0, 1), (1, 2), (2, 3), (3, 1), (0, 4), (4, 5)])
    x = [spot.x for spot in layout.spots]
    assert x[0] < x[1] < x[2] < x[3] and x[0] < x[4] < x[5]


def test_long_chains_of_wide_boxes_lead_down() -> None:
    pairs = [(at, at + 1) for at in range(9)] + [(0, 5)]
    layout = laid_out([(200, 34)] * 10, pairs)
    assert layout.is_down
    assert [spot.y for spot in layout.spots] == sorted({spot.y for spot in layout.spots})
    for source, target in pairs:
        points = line_points(layout, (source, target))
        assert points[0][1] == layout.spots[source].y + 34 and points[-1][1] == layout.spots[target].y
    drawing = graph_svg(graph_of([node("w" * 20 + str(at)) for at in range(10)], pairs))
    assert ElementTree.fromstring(drawing).tag == f"{SVG}svg"


def test_lines_go_round_the_boxes_of_frames() -> None:
    groups = ["a", "a", "a", "a", "b", "b", None]
    pairs = [(0, 1), (1, 2), (1, 3), (0, 4), (1, 5), (3, 6), (0, 6)]
    layout = laid_out([(80, 34)] * 7, pairs, groups)
    for pair in pairs:
        for x, y in along(line_points(layout, pair)):
            met = [
                at
                for at, spot in enumerate(layout.spots)
                if spot.x < x < spot.x + spot.width and spot.y < y < spot.y + spot.height
            ]
            assert not {*met} - {*pair}, pair


def along(points: list[tuple[int, int]]) -> Iterator[tuple[float, float]]:
    """Points of the smooth line that some points draw to them."""
    first, *inner, last = points
    start: tuple[float, float] = first
    for at, (x, y) in enumerate(inner):
        end = last if at + 1 == len(inner) else ((x + inner[at + 1][0]) / 2, (y + inner[at + 1][1]) / 2)
        for step in range(1, 20):
            part = step / 20
            shares = ((1 - part) ** 2, 2 * part * (1 - part), part**2)
            near = zip(shares, (start, (x, y), end), strict=True)
            weighed = [(share * point[0], share * point[1]) for share, point in near]
            yield sum(point[0] for point in weighed), sum(point[1] for point in weighed)
        start = end


def test_the_order_of_what_was_read_does_not_matter() -> None:
    graph = system(60, 140)
    nodes, edges = list(graph.nodes.values()), list(graph.edges)
    for seed in range(3):
        random.Random(seed).shuffle(nodes)
        random.Random(seed).shuffle(edges)
        again = ServiceGraph(nodes, edges)
        assert graph_svg(again) == graph_svg(graph)
        assert graph_dot(again) == graph_dot(graph)


def test_every_kind_has_its_look() -> None:
    style = STYLE.read_text("utf-8")
    for kind in NodeKind:
        assert NODE_WORDS[kind] and SHAPES[kind] and outline(kind, Spot(0, 0, 90, 34)).startswith("M")
    for edge_kind in EdgeKind:
        assert EDGE_WORDS[edge_kind] and STYLES[edge_kind] and TIPS[edge_kind]
        assert f".tip-{edge_kind} " in style and (
            edge_kind is EdgeKind.SYNC or f".line.{edge_kind} " in style
        )
    drawing = graph_svg(every_kind())
    words = {text.text for text in ElementTree.fromstring(drawing).iter(f"{SVG}text")}
    assert words >= {*NODE_WORDS.values(), *EDGE_WORDS.values(), "low confidence"}


def test_drawings_of_hostile_names_hold_text_alone() -> None:
    for shift in range(len(HOSTILE)):
        drawing = graph_svg(every_kind(HOSTILE[shift:] + HOSTILE[:shift]))
        assert not has_command(drawing)
        assert drawing.replace("\n", "").isprintable()
        elements = list(ElementTree.fromstring(drawing).iter())
        allowed = {"svg", "style", "defs", "marker", "path", "rect", "g", "text", "title"}
        assert {element.tag.removeprefix(SVG) for element in elements} == allowed
        names = {name for element in elements for name in element.attrib}
        assert not [name for name in names if name.startswith("on") or "href" in name]


STRING = r'"(?:[^"\\]|\\[\\"])*"'
ATTRIBUTES = rf"\[[a-z]+={STRING}(?:, [a-z]+={STRING})*\]"
DOT_LINE = re.compile(
    rf"\s*(?:(?:graph|node|edge|{STRING}|{STRING} -> {STRING}) {ATTRIBUTES};"
    rf"|(?:digraph|subgraph) {STRING} \{{|\}})"
)


def test_dot_with_hostile_names_has_the_statements_that_are_meant() -> None:
    for shift in range(len(HOSTILE)):
        graph = every_kind(HOSTILE[shift:] + HOSTILE[:shift])
        text = graph_dot(graph)
        assert not has_command(text)
        lines = text.splitlines()
        assert all(DOT_LINE.fullmatch(line) for line in lines)
        assert sum(" -> " in re.sub(ATTRIBUTES, "", line) for line in lines) == len(graph.edges)
        assert not re.search(r"<|>(?!\s)|&(?!amp;|lt;|gt;|#35;)", "".join(re.findall(STRING, text)))


def test_mermaid_with_hostile_names_has_the_statements_that_are_meant() -> None:
    label = r'"[^"<>&`\[\]{}|]*"'
    box = rf"  \w+(?:\[\[?|\[\(|\[/|\{{\{{|\(\[|\(\(|>){label}(?:\]\]?|\)\]|/\]|\}}\}}|\]\)|\)\))"
    arrow = rf"  \w+ [-.=>]+\|{label}\| \w+"
    for shift in range(len(HOSTILE)):
        lines = graph_mermaid(every_kind(HOSTILE[shift:] + HOSTILE[:shift])).splitlines()
        assert lines[0] == "flowchart LR"
        assert all(re.fullmatch(rf"{box}|{arrow}", line) for line in lines[1:])


def test_what_is_not_sure_looks_so() -> None:
    drawing, text = graph_svg(every_kind()), graph_dot(every_kind())
    assert 'class="line sync low"' in drawing and 'class="line declared high"' in drawing
    assert 'style="dotted"' in text and 'style="dashed"' in text


@given(st.text(max_size=80), st.integers(20, 300))
def test_cut_texts_fit(text: str, width: int) -> None:
    shown = cut(text, width)
    assert text_width(shown) <= width or shown == "…"


def test_an_empty_graph_is_drawn() -> None:
    empty = ServiceGraph([], [])
    assert "0 nodes" in graph_svg(empty) and graph_dot(empty).endswith("}\n")
    assert "1 node, 0 edges" in graph_svg(graph_of([node("web")], []))


@pytest.mark.parametrize("format_name", ["dot", "svg"])
def test_the_shop_is_drawn_as_before(format_name: str, tmp_path: Path) -> None:
    done = archlint("graph", "--format", format_name, cwd=SHOP, ARCHLINT_CACHE_DIR=str(tmp_path))
    assert done.code == 0
    matches_snapshot(f"graph-shop.{format_name}", done.out)
