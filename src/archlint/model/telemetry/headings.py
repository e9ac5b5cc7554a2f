"""Headings of Markdown pages, and whether an anchor leads to one.

Code hosts and makers of sites turn a heading into an anchor in different ways, which agree in letters and
digits; so these alone are compared. A page may also set anchors itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.files import LineIndex
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.world import World

_HEADING = regex(r"(?m)^ {0,3}#{1,6}[ \t]++(?P<text>[^\n]{1,500})$")
_UNDERLINED = regex(r"(?m)^(?P<text>[^\n#>|-][^\n]{0,300})\n(?:={3,}|-{3,})[ \t]*$")
_OF_HTML = regex(r"(?i)<h[1-6]\b[^<>\n]{0,300}>(?P<text>[^\n]{1,500}?)</h[1-6]\s{0,9}>")
_TAG = regex(r"</?[a-zA-Z][^<>\n]{0,300}>")
_LINES = regex(r"L[0-9]{1,9}(?:C[0-9]{1,9})?(?:-L[0-9]{1,9}(?:C[0-9]{1,9})?)?")
"""Lines, as code hosts name them in anchors."""
_SET = regex(r"""(?:id|name)=["']?(?P<text>[\w.:-]{1,200})|\{#(?P<braced>[\w.:-]{1,200})[ }]""")
_NO_LETTER = regex(r"[\W_]+")
_LINK = regex(r"!?\[(?P<text>[^\]\n]{0,300})\]\([^)\n]{0,500}\)")
_MOVED = regex(r"(?im)\{%|\{\{<|<!--\s*include|^include::")
LONGEST_PAGE = 2_000_000


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, and its line."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class _Page:
    headings: tuple[Heading, ...]
    anchors: frozenset[str]
    is_whole: bool


def may_lead_to(world: World, path: str, anchor: str) -> bool | None:
    """Whether a page has what an anchor means; ``None`` if that cannot be known."""
    page = _page_of(world, path)
    if page is None or not page.is_whole:
        return None
    if _LINES.fullmatch(anchor):
        return True
    wanted = _plain(anchor)
    if wanted in page.anchors:
        return True
    stem = wanted.rstrip("0123456789")  # the second of two equal headings gets a number
    return stem in page.anchors if stem != wanted and stem else False


def headings_of(world: World, path: str) -> Sequence[Heading]:
    """The headings of a page."""
    page = _page_of(world, path)
    return () if page is None else page.headings


def _page_of(world: World, path: str) -> _Page | None:
    known = world.fact(_pages)
    if path not in known:
        known[path] = _read(world, path)
    return known[path]


def _pages(world: World) -> dict[str, _Page | None]:
    """What was read already."""
    return {}


def _read(world: World, path: str) -> _Page | None:
    text = world.text(path) if path.lower().endswith((".md", ".markdown")) else None
    if text is None or len(text) > LONGEST_PAGE:
        return None
    text = text.replace("\r\n", "\n")
    lines = LineIndex(text)
    headings = [
        Heading(_without_tags(match["text"]).strip("#").strip(), lines.position(match.start())[0])
        for pattern in (_HEADING, _UNDERLINED, _OF_HTML)
        for match in pattern.finditer(text)
    ]
    anchors = {_plain(shown) for heading in headings for shown in _shown(heading.text)}
    anchors |= {_plain(match["text"] or match["braced"]) for match in _SET.finditer(text)}
    return _Page(tuple(headings), frozenset(anchors), _MOVED.search(text) is None)


def _shown(heading: str) -> tuple[str, str]:
    """A heading as it is shown, links by their text alone, and without an anchor that it sets."""
    shown = _LINK.sub(lambda match: match["text"], heading)
    return shown, shown.partition("{#")[0]


def _without_tags(heading: str) -> str:
    """A heading as a reader sees its HTML."""
    from html import unescape

    return unescape(_TAG.sub("", heading)).strip()


def _plain(text: str) -> str:
    return _NO_LETTER.sub("", text.lower())
