"""Pictures of connections: all of them are there, nothing overlaps, and names are only text."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Iterable
from itertools import combinations
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.reports.commands import has_command
from archlint.reports.network.html import network_html
from archlint.reports.network.layout import Spot, drawn, layered
from archlint.reports.network.picture import LinkState, Picture, Row, picture_of
from archlint.reports.network.svg import network_svg

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "'\"><svg onload=alert(1)>",
    "]]>&amp;<!--",
    "##[error]a",
    "\n::error::a",
    "\u202eabc\x1b[31m",
    "\u4e2d" * 40,
    "W" * 300,
)
WIDEST = 6.8
"""Points that a letter takes."""


def cluster(count: int, spaces: int, seed: int = 1, names: Iterable[str] = ()) -> list[Row]:
    """Connections of some workloads, each with three others, and with addresses outside."""
    chance = Random(seed)
    pods = [f"team-{at % spaces:02d}/service-{at:04d}[Deployment]" for at in range(count)]
    pods += [f"team-00/{name}[Deployment]" for name in names]
    states = list(LinkState)
    rows = []
    for pod in pods:
        for other in chance.sample(pods, min(3, len(pods))):
            if other != pod:
                state = chance.choice(states)
                rows.append(Row(pod, other, state, "TCP 8080", "", chance.choice(["", "why not"])))
        if chance.random() < 0.1:
            outside = f"10.{chance.randint(0, 9)}.0.0-10.9.255.255[External]"
            rows.append(Row(*chance.choice([(pod, outside), (outside, pod)]), LinkState.ALLOWED, "TCP 1"))
    rows.append(Row("{ingress-controller}", pods[0], LinkState.ALLOWED, "TCP 80"))
    return rows


def pairs_in(picture: Picture) -> int:
    return sum(sum(link.details.values()) for link in picture.links.values())


rows = st.builds(
    lambda source, target, state: Row(source, target, state, "TCP 1"),
    st.sampled_from(
        [f"{space}/p{at}[Pod]" for space in "abc" for at in range(60)] + ["{ingress-controller}"]
    ),
    st.sampled_from(
        [f"{space}/p{at}[Pod]" for space in "abcd" for at in range(60)] + ["1.1.1.1-1.1.1.9[External]"]
    ),
    st.sampled_from(LinkState),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=400))
def test_every_connection_stands_in_one_cell(found: list[Row]) -> None:
    picture = picture_of("t", found)
    assert pairs_in(picture) == len(found) == sum(picture.counts.values())
    members = [name for peer in picture.peers for name in peer.members]
    assert len(members) == len(set(members)) and {name for row in found for name in row[:2]} == set(members)
    number = {name: at for at, peer in enumerate(picture.peers) for name in peer.members}
    for row in found:
        link = picture.links[number[row.source], number[row.destination]]
        assert any(detail.state is row.state for detail in link.details)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=200))
def test_nothing_overlaps(found: list[Row]) -> None:
    assert_apart(picture_of("t", found))


@pytest.mark.parametrize(("count", "spaces"), [(1, 1), (10, 2), (100, 6), (100, 1), (1000, 20), (1000, 300)])
def test_nothing_overlaps_however_many(count: int, spaces: int) -> None:
    picture = picture_of("t", cluster(count, spaces))
    assert_apart(picture)
    assert len(picture.peers) <= 125
    assert bool(picture.grouped) is (count > 100)


def assert_apart(picture: Picture) -> None:
    found = drawn(picture)
    for spots in (list(found.boxes.values()), list(found.nodes.values())):
        assert not [pair for pair in combinations(spots, 2) if overlap(*pair)]
    for (box, _), spot in found.nodes.items():
        around = found.boxes[box]
        assert around.x < spot.x and spot.x + spot.width < around.x + around.width
        assert around.y < spot.y and spot.y + spot.height < around.y + around.height
        assert spot.x + spot.width < found.width and spot.y + spot.height < found.height
    shown = {number for _, number in found.nodes}
    assert shown >= {end for pair in picture.links for end in pair}
    for line in found.lines:
        for box, number in line[:2]:
            assert (box, number) in found.nodes or (number < 0 and box in found.boxes)


def overlap(one: Spot, other: Spot) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def test_a_line_to_all_says_what_lines_to_each_say() -> None:
    """One who may do the same to all of a namespace, all who may do it to one, and all to each other."""
    pods = [f"a/p{at}[Pod]" for at in range(4)]
    allowed = LinkState.ALLOWED
    mesh = [Row(one, two, allowed, "TCP 1") for one in pods for two in pods if one != two]
    into = [Row("b/x[Pod]", pod, allowed, "TCP 2") for pod in pods]
    out = [Row(pod, "b/x[Pod]", allowed, "TCP 3") for pod in pods]
    found = drawn(picture_of("t", [*mesh, *into, *out]))
    assert [(line.source[1] < 0, line.destination[1] < 0) for line in found.lines] == [
        (True, False),
        (False, True),
    ]
    assert [line.ports for line in found.inside["a"]] == ["TCP 1"]
    some = drawn(picture_of("t", [*mesh[1:], *into[1:], *out[1:]]))
    assert not some.inside
    assert all(line.source[1] >= 0 <= line.destination[1] for line in some.lines if line.ports != "TCP 1")


def test_who_calls_stands_left_of_whom_it_calls() -> None:
    found = layered(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")])
    assert found["a"] < found["b"] == found["c"] < found["d"]


def test_names_are_only_text() -> None:
    picture = picture_of("</title><script>", cluster(5, 1, names=HOSTILE))
    page, drawing = network_html(picture), network_svg(picture)
    assert page.count("<script") == 2 and page.count("</script>") == 2
    for text in (page, drawing):
        assert "<img" not in text and "onload=alert(1)>" not in text.replace("&gt;", "")
        assert not has_command(text)
        assert text.isprintable() or not set(text) & set("\x1b\u202e")
    ElementTree.fromstring(drawing)
    start = page.index('id="data">') + len('id="data">')
    data = json.loads(page[start : page.index("</script>", start)])
    assert any("onerror" in peer[0] for peer in data["peers"])


def test_texts_fit_into_what_they_stand_in() -> None:
    drawing = network_svg(picture_of("t", cluster(20, 2, names=HOSTILE)))
    for node in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}g"):
        boxes = node.findall("{http://www.w3.org/2000/svg}rect")
        for text in node.findall("{http://www.w3.org/2000/svg}text") if boxes else ():
            wide = sum(2 if ord(letter) > 0x2E80 else 1 for letter in text.text or "") * WIDEST
            assert float(text.get("x", 0)) + wide <= float(boxes[0].get("x", 0)) + float(
                boxes[0].get("width", 0)
            )


def test_a_page_of_a_thousand_is_small_and_soon_there() -> None:
    found = cluster(1000, 20)
    begin = time.process_time()
    page = network_html(picture_of("t", found))
    assert time.process_time() - begin < 2
    assert len(page.encode()) < 2_000_000
    assert page == network_html(picture_of("t", list(found)))
    assert html.unescape("1000 workloads") in page
