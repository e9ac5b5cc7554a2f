"""The page of the graph in a real browser: it is soon there, asks nobody, and does what people do with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from archlint.finding import Confidence, Finding, Location, ObjectRef, Severity, Span
from archlint.model.graph import ServiceGraph
from archlint.reports.graph.html import NO_LINKS, PageLinks, graph_html
from archlint.reports.graph.svg import graph_svg
from tests.graph.drawn import HOSTILE, every_kind, graph_of, node, system
from tests.support.browser import ABSENT, CHROMIUM, Browser

pytestmark = pytest.mark.skipif(not CHROMIUM, reason=ABSENT)
CY = "document.getElementById('graph')._cyreg.cy"
TITLE = "document.querySelector('#panel h2').textContent"


def finding(path: str = "deploy/web.yaml", line: int = 1, message: str = "no such port") -> Finding:
    where = Location(path, Span(line, 3, line, 9))
    return Finding(
        code="ARCH001",
        rule="port-of-nobody",
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        message=message,
        message_id="m",
        arguments={},
        location=where,
        fingerprint=f"{path}{line}",
        object=ObjectRef("Deployment", "web"),
    )


def small() -> ServiceGraph:
    nodes = [
        node("web", namespace="shop", owner="team-web"),
        node("cart", namespace="shop", owner="team-cart"),
        node("orders", namespace="shop", owner="team-cart"),
        node("mail", namespace="tools"),
    ]
    return graph_of(nodes, [(0, 1), (1, 2), (2, 3)])


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with Browser(tmp_path / "profile") as found:
        yield found


def shown(
    browser: Browser,
    folder: Path,
    graph: ServiceGraph,
    findings: Sequence[Finding] = (),
    links: PageLinks = NO_LINKS,
) -> Browser:
    page = folder / "graph.html"
    page.write_text(graph_html(graph, findings, links), "utf-8")
    browser.open(page)
    return browser


def point_of(browser: Browser, element: str) -> tuple[float, float]:
    """Where a box, or the middle of a line, is seen on the page."""
    where: dict[str, Any] = browser.value(
        f"(() => {{ const one = {CY}.getElementById('{element}'), box = document.getElementById('graph')"
        ".getBoundingClientRect(), at = one.isNode() ? one.renderedPosition() : one.renderedMidpoint();"
        " return {x: box.x + at.x, y: box.y + at.y}; })()"
    )
    return where["x"], where["y"]


def at_rest(browser: Browser) -> None:
    assert not browser.console
    assert not browser.requests


def test_five_hundred_services_are_there_within_two_seconds(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, system(500, 1500))
    ready = int(browser.value("document.documentElement.dataset.ready")) / 1000
    assert min(ready, browser.worked()) < 2, "a machine that does much else is not the page's fault"
    assert browser.value(f"{CY}.nodes('.box').length") == 500
    assert browser.value(f"{CY}.edges().length") == 1500
    at_rest(browser)


def test_search_finds_and_enter_chooses(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, small())
    browser.press("/")
    browser.write("cart")
    browser.wait(f"{TITLE}.endsWith('found')")
    listed = browser.value("[...document.querySelectorAll('#results b')].map((one) => one.textContent)")
    assert listed[0] == "cart" and "mail" not in listed
    assert browser.value(f"{CY}.getElementById('n0').hasClass('dim')") is False
    assert browser.value(f"{CY}.getElementById('n3').hasClass('dim')")
    browser.press("Enter")
    assert browser.value(TITLE) == "cart"
    browser.press("Escape", "Escape")
    assert browser.value(TITLE) == "The system"
    assert browser.value("document.getElementById('word').value") == ""
    at_rest(browser)


def test_search_looks_into_evidence(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, small())
    browser.press("/")
    browser.write("deploy/web.yaml:2")
    listed = browser.value("[...document.querySelectorAll('#results b')].map((one) => one.textContent)")
    assert len(listed) == 1 and "→" in listed[0]
    browser.press("ArrowDown", "Enter")
    assert browser.value("document.querySelector('#panel code').textContent") == "deploy/web.yaml:2:3"


def test_a_click_on_a_line_shows_the_place(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, small())
    browser.click(*point_of(browser, "e0"))
    browser.wait("document.documentElement.dataset.chosen")
    said = browser.value("document.getElementById('panel').innerText")
    number = int(browser.value("document.documentElement.dataset.chosen").split()[1])
    edge = small().edges[number]
    assert f"deploy/web.yaml:{edge.evidence[0].place.span().line}:3" in said
    assert "A=b:1" in said and "http" in said
    at_rest(browser)


def test_a_click_on_a_box_shows_calls_and_the_ground_takes_it_back(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, small())
    names = list(small().nodes)
    browser.click(*point_of(browser, f"n{names.index('service:shop/cart')}"))
    browser.wait("document.documentElement.dataset.chosen")
    said = browser.value("document.getElementById('panel').innerText")
    assert "CALLS (1)" in said.upper() and "orders" in said and "web" in said and "team-cart" in said
    browser.click(*(value + 150 for value in (0, 100)))
    browser.wait("!document.documentElement.dataset.chosen")


def test_the_keyboard_goes_through_the_drawing(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, small())
    browser.run("document.getElementById('graph').focus()")
    browser.press("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft")
    seen = [browser.value(TITLE)]
    for _ in range(3):
        browser.press("ArrowRight")
        seen.append(browser.value(TITLE))
    assert seen == ["web", "cart", "orders", "mail"]
    browser.press("Enter")
    assert browser.value("document.activeElement.tagName") == "H2"
    browser.press("Tab")
    assert browser.value("document.activeElement.className") == "way"
    browser.press("Escape")
    assert browser.value(TITLE) == "The system"
    assert browser.value("document.activeElement.id") == "graph"
    browser.press("?")
    assert browser.value("document.getElementById('keys').open")
    browser.press("Escape")
    assert not browser.value("document.getElementById('keys').open")
    at_rest(browser)


def test_tab_comes_to_everything(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, small())
    met = set()
    for _ in range(40):
        browser.press("Tab")
        met.add(browser.value("document.activeElement.id || document.activeElement.className"))
    assert met >= {"word", "grouping", "colouring", "theme", "help", "graph", "in", "out", "fit", "way"}


def test_findings_stand_at_what_they_are_about(browser: Browser, tmp_path: Path) -> None:
    links = PageLinks("https://github.com/a/b/blob/c/", {"ARCH001": "https://example.net/rules/ARCH001"})
    graph = ServiceGraph(small().nodes.values(), small().edges)
    shown(browser, tmp_path, graph, [finding(), finding("other.yaml")], links)
    lines = [edge.evidence[0].place.span().line for edge in graph.edges]
    number = lines.index(1)
    assert browser.value(f"{CY}.edges('.found.error').map((one) => one.id())") == [f"e{number}"]
    assert "1 finding is about nothing that is drawn" in browser.value("document.body.innerText")
    browser.run(f"{CY}.getElementById('e{number}').emit('tap')")
    assert "no such port" in browser.value("document.getElementById('panel').innerText")
    hrefs = browser.value("[...document.querySelectorAll('#panel a')].map((one) => one.href)")
    assert set(hrefs) == {
        "https://example.net/rules/ARCH001",
        "https://github.com/a/b/blob/c/deploy/web.yaml#L1",
    }
    at_rest(browser)


def test_frames_are_named_from_afar(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, system(200, 300))
    seen = f"{CY}.nodes('.caption:visible').map((one) => one.data('label')).sort()"
    sizes = f"{CY}.nodes('.caption:visible').map((one) => one.data('size') * {CY}.zoom())"
    names = sorted(f"domain-{at}" for at in range(8))
    assert browser.value(f"{CY}.zoom()") < 0.45
    assert browser.value(seen) == names
    assert all(7 <= size <= 18.01 for size in browser.value(sizes))
    browser.run(f"{CY}.zoom(0.8)")
    browser.wait(f"{seen}.length === 0")
    browser.run(f"{CY}.zoom(0.2)")
    browser.wait(f"{seen}.length === {len(names)}")
    at_rest(browser)


def test_frames_colours_and_kinds_can_be_chosen(browser: Browser, tmp_path: Path) -> None:
    shown(browser, tmp_path, small())
    places = []
    for grouping in ("none", "namespace", "owner"):
        browser.value(
            "(() => { const one = document.getElementById('grouping');"
            f" one.value = '{grouping}'; one.dispatchEvent(new Event('change')); }})()"
        )
        places.append(browser.value(f"{CY}.nodes('.frame').map((one) => one.data('label'))"))
    assert places == [[], ["shop", "tools"], ["team-cart", "team-web"]]
    browser.value("document.querySelector('#kinds input').click()")
    browser.wait(f"{CY}.edges().every((one) => one.style('display') === 'none')")
    before = browser.value("getComputedStyle(document.body).backgroundColor")
    browser.value("document.getElementById('theme').click()")
    assert browser.value("getComputedStyle(document.body).backgroundColor") != before
    at_rest(browser)


def test_hostile_names_do_nothing(browser: Browser, tmp_path: Path) -> None:
    for shift in range(0, len(HOSTILE), 2):
        _with_names(browser, tmp_path, HOSTILE[shift:] + HOSTILE[:shift])


def _with_names(browser: Browser, tmp_path: Path, names: tuple[str, ...]) -> None:
    """Look at all of a page with such names."""
    graph = every_kind(names)
    edge = graph.edges[0]
    told = [
        finding(item.place.source.path, item.place.span().line, message)
        for item, message in zip(edge.evidence, names, strict=False)
    ]
    shown(browser, tmp_path, graph, told, PageLinks("https://github.com/a/b/blob/c/"))
    wanted = browser.value("document.querySelectorAll('*').length") > 20
    assert wanted and browser.value("document.title") == "Service graph"
    for number in range(len(graph.nodes)):
        browser.run(f"{CY}.getElementById('n{number}').emit('tap')")
    for number in range(len(graph.edges)):
        browser.run(f"{CY}.getElementById('e{number}').emit('tap')")
        found = browser.value(
            "[...document.querySelectorAll('#panel *')].flatMap((one) => one.getAttributeNames()"
            ".filter((name) => name.startsWith('on')).concat(['IMG', 'SCRIPT', 'SVG']"
            ".filter((name) => one.tagName.toUpperCase() === name)))"
        )
        assert found == []
        hrefs = browser.value("[...document.querySelectorAll('#panel a')].map((one) => one.href)")
        assert all(href.startswith("https://github.com/a/b/blob/c/") for href in hrefs)
    assert browser.value("document.title") == "Service graph"
    at_rest(browser)


def test_no_script_but_its_own_runs(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "graph.html"
    text = graph_html(small())
    taken = "<script>document.title='taken'</script><p style='color:red' onclick='a()'>"
    page.write_text(text.replace("</body>", f"{taken}</body>"), "utf-8")
    browser.open(page)
    assert browser.value("document.title") == "Service graph"
    assert any("Content Security Policy" in line for line in browser.console)


def test_lines_go_where_archlint_has_put_them(browser: Browser, tmp_path: Path) -> None:
    graph = system(40, 80)
    shown(browser, tmp_path, graph)
    page = (tmp_path / "graph.html").read_text("utf-8")
    found = re.search(r'id="data">(.*?)</script>', page)
    assert found
    data = json.loads(found[1])
    ways = data["layouts"][data["grouping"]]["lines"]
    for number in range(0, len(graph.edges), 7):
        drawn = browser.value(f"{CY}.getElementById('e{number}').controlPoints().flatMap((p) => [p.x, p.y])")
        assert drawn == pytest.approx(ways[number][2:-2], abs=0.6)
        ends = browser.value(
            f"(() => {{ const one = {CY}.getElementById('e{number}'), a = one.sourceEndpoint(),"
            " b = one.targetEndpoint(); return [a.x, a.y, b.x, b.y]; })()"
        )
        assert ends == pytest.approx(ways[number][:2] + ways[number][-2:], abs=12)


@pytest.mark.parametrize("graph", [small(), system(60, 120), every_kind(HOSTILE)], ids=["4", "60", "hostile"])
def test_text_fits_the_boxes_of_drawings(browser: Browser, tmp_path: Path, graph: ServiceGraph) -> None:
    page = tmp_path / "drawing.html"
    ready = "<script>document.documentElement.dataset.ready = 1</script>"
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8>{graph_svg(graph)}{ready}", "utf-8")
    browser.open(page)
    wide = browser.value(
        "[...document.querySelectorAll('.node, .frame')].filter((one) => {"
        " const box = one.querySelector('path, rect').getBBox(), text = one.querySelector('text').getBBox();"
        " return text.x < box.x || text.x + text.width > box.x + box.width; }).map((one) => one.textContent)"
    )
    assert wide == []
    assert browser.value("document.querySelectorAll('.node').length") == len(graph.boxes)


def test_light_and_dark_differ(tmp_path: Path) -> None:
    grounds = []
    for dark in (False, True):
        with Browser(tmp_path / f"profile-{dark}", dark=dark) as browser:
            shown(browser, tmp_path, small())
            grounds.append(browser.value("getComputedStyle(document.body).backgroundColor"))
            browser.picture(tmp_path / f"{dark}.png")
    assert grounds[0] != grounds[1]
    assert (tmp_path / "True.png").read_bytes() != (tmp_path / "False.png").read_bytes()
