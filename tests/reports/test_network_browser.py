"""The page of a network in a browser: its script runs, nothing is asked of any network, and texts fit.

Chromium is used if ``CHROMIUM`` names it or it is on the path; `.ci/run` installs it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from archlint.reports.network.html import network_html
from archlint.reports.network.picture import LinkState, Row, picture_of
from archlint.reports.network.svg import network_svg
from tests.reports.test_network_picture import HOSTILE, cluster

BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium")
pytestmark = pytest.mark.skipif(not BROWSER, reason="needs chromium, or its path in CHROMIUM")
ALONE = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--no-first-run", "--disable-dev-shm-usage"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--log-level=0"),
)
"""A browser that finds no host, and says what pages write to their console."""
MEASURE = """<script>
const problems = [];
const rectangle = (node) => node.getBoundingClientRect();
for (const node of document.querySelectorAll("svg .node, svg g:has(> .box)")) {
  const outer = rectangle(node.querySelector("rect"));
  for (const text of node.querySelectorAll("text")) {
    const inner = rectangle(text);
    if (inner.right > outer.right || inner.bottom > outer.bottom) problems.push("wide: " + text.textContent);
  }
}
const nodes = [...document.querySelectorAll("svg .node rect")].map(rectangle);
nodes.forEach((one, at) => nodes.slice(at + 1).forEach((other) => {
  if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
    problems.push("overlap");
}));
for (const head of document.querySelectorAll("#matrix thead th"))
  if (rectangle(head).height > 300) problems.push("high: " + head.textContent);
document.documentElement.dataset.problems = problems.join("; ");
document.documentElement.dataset.requests = performance.getEntriesByType("resource").length;
const pressed = (key) => new KeyboardEvent("keydown", {key, bubbles: true});
const press = (key) => document.activeElement.dispatchEvent(pressed(key));
const first = document.querySelector("#matrix button");
if (first) {
  first.focus();
  press("ArrowRight");
  press("ArrowDown");
  document.activeElement.click();
  document.documentElement.dataset.told = document.getElementById("details").textContent;
}
const word = document.getElementById("word");
word.value = "no such name";
word.dispatchEvent(new Event("input"));
document.documentElement.dataset.left = [...document.querySelectorAll("#matrix button")]
  .filter((button) => button.checkVisibility()).length;
</script>"""


def opened(path: Path) -> tuple[str, str]:
    """The page as it is when its scripts have run, and what the browser says."""
    assert BROWSER
    done = subprocess.run(
        [BROWSER, *ALONE, f"--user-data-dir={path.parent / 'profile'}", "--dump-dom", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


def data_of(page: str, name: str) -> str:
    found = re.search(rf'<html[^>]*\bdata-{name}="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


@pytest.mark.parametrize(("count", "spaces"), [(10, 2), (100, 6), (1000, 20)])
def test_the_page_in_a_browser(count: int, spaces: int, tmp_path: Path) -> None:
    picture = picture_of("Connections", cluster(count, spaces))
    page = network_html(picture)
    path = tmp_path / "page.html"
    path.write_text(page, "utf-8")
    dom, console = opened(path)
    assert not console
    assert int(data_of(dom, "ready")) >= len(picture.peers) - 20
    assert dom.count("<button") == len(picture.links)
    assert dom.count('scope="row"') == int(data_of(dom, "ready"))
    path.write_text(without_policy(page), "utf-8")
    dom, console = opened(path)
    assert not console
    assert data_of(dom, "problems") == ""
    assert data_of(dom, "requests") == "0"
    assert "→" in data_of(dom, "told") and "archlint network explain" in data_of(dom, "told")
    assert data_of(dom, "left") == "0"


def without_policy(page: str) -> str:
    """The page with a script that measures it, which its own policy would not let run."""
    return re.sub(r"<meta http-equiv[^\n]*\n", "", page).replace("</body>", f"{MEASURE}</body>")


def test_hostile_names_do_nothing(tmp_path: Path) -> None:
    names = [*HOSTILE, "<script>document.title='taken'</script>"]
    path = tmp_path / "page.html"
    path.write_text(network_html(picture_of("<b onclick=a>", cluster(3, 1, names=names))), "utf-8")
    dom, console = opened(path)
    assert not console
    assert "<img" not in dom and "<b onclick" not in dom
    assert "<title>&lt;b onclick=a&gt;</title>" in dom
    assert data_of(dom, "ready")


def test_no_script_but_its_own_runs(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    page = network_html(picture_of("t", cluster(3, 1)))
    path.write_text(page.replace("</body>", "<script>document.title='taken'</script></body>"), "utf-8")
    dom, console = opened(path)
    assert "<title>t</title>" in dom and "Content Security Policy" in console


def test_a_drawing_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "drawing.svg"
    change = Row("a/b[Pod]", "a/c[Pod]", LinkState.ADDED, "TCP 80")
    path.write_text(network_svg(picture_of("t", [change, *cluster(5, 1)])), "utf-8")
    assert BROWSER
    picture = tmp_path / "drawing.png"
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    subprocess.run(
        [BROWSER, *ALONE, profile, f"--screenshot={picture}", path.as_uri()],
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert picture.stat().st_size > 5_000
