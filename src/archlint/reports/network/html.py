"""A picture of connections as one page: a table, a drawing, and what each connection says. The page loads
nothing and asks nobody: its own script and style are all that its policy allows."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from archlint.comparison.connections import ConnectionChange
from archlint.finding.words import listed as listed_words
from archlint.model.network.connectivity import Connectivity
from archlint.model.network.connectivity.exposure import Exposed, NetworkExposure, Unprotected
from archlint.model.network.connectivity.listing import Listed, listed
from archlint.reports.characters import safe_json, visible
from archlint.reports.network.picture import (
    Link,
    LinkState,
    Peer,
    Picture,
    changed_rows,
    listed_rows,
    picture_of,
)
from archlint.reports.network.svg import LABELS, drawing_style, drawing_svg, markup, network_svg, summary

_MOST_MEMBERS = 50
"""So many names of a group are told."""
_LETTERS = {
    LinkState.ADDED: "+",
    LinkState.REMOVED: "\N{MINUS SIGN}",
    LinkState.CHANGED: "\N{PLUS-MINUS SIGN}",
    LinkState.UNDECIDED: "?",
    LinkState.DOUBTFUL: "\N{BLACK CIRCLE}?",
    LinkState.ALLOWED: "\N{BLACK CIRCLE}",
}
"""What stands in a cell of the table."""


def list_picture(
    found: Iterable[Listed],
    workloads: Iterable[str],
    paths: Sequence[str],
    format_name: str,
    exposed: NetworkExposure | None = None,
) -> str:
    """The connections of the workloads below some paths; ``html`` or ``svg``."""
    where = f" below {listed_words(paths, 3)}" if paths else ""
    picture = picture_of(f"Who can connect to whom{where}", listed_rows(found), workloads)
    return network_svg(picture) if format_name == "svg" else network_html(picture, exposed)


def diff_picture(
    changes: Sequence[ConnectionChange],
    revision: Sequence[Connectivity],
    sides: tuple[str, str],
    format_name: str,
) -> str:
    """What changes from one side to another, among all that is so afterwards; ``html`` or ``svg``."""
    rows = changed_rows(changes, listed_rows(listed(revision)))
    picture = picture_of(f"What opens and closes from {sides[0]} to {sides[1]}", rows)
    return network_svg(picture) if format_name == "svg" else network_html(picture)


def network_html(picture: Picture, exposed: NetworkExposure | None = None) -> str:
    """The page."""
    folder = Path(__file__)
    style = folder.with_name("page.css").read_text("utf-8") + drawing_style()
    script = folder.with_name("page.js").read_text("utf-8")
    policy = (
        f"default-src 'none'; script-src 'sha256-{_digest(script)}'; style-src 'sha256-{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    title = markup(picture.title)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n<style>{style}</style>\n'
        f"</head>\n<body>\n<header><h1>{title}</h1>\n<p>{markup(summary(picture))}</p></header>\n"
        f"{_BODY}"
        f'<section aria-label="Graph"><h2>Graph</h2>\n<div class="scroll" tabindex="0">\n'
        f"{drawing_svg(picture)}</div></section>\n"
        '<section id="exposure" aria-label="Exposure" hidden></section>\n'
        f'<script type="application/json" id="data">{_data(picture, exposed)}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


_BODY = """<form id="filter" role="search"><label>Show <input id="word" type="search" autocomplete="off"
 placeholder="name, namespace, address or port"></label><span id="states"></span>
<output id="shown"></output></form>
<section id="details" aria-live="polite" aria-label="Connection"><h2>Connection</h2>
<p>Choose a cell of the table: what may connect stands here, with what to type to see the rules.</p></section>
<section aria-label="Table"><h2>Table</h2>
<p class="note">From the left to the top: who may connect to whom.</p>
<div class="scroll" tabindex="0"><table id="matrix"></table></div>
<noscript><p>The table needs a script, which this page brings along; the graph below does not.</p></noscript>
</section>
"""


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _data(picture: Picture, exposed: NetworkExposure | None) -> str:
    """All that the script shows, as JSON in which nothing ends the element or is a command for a runner."""
    texts = _Texts()
    links = [
        [source, target, _STATES[link.state], texts.of(link.ports), _details(link, texts)]
        for (source, target), link in picture.links.items()
    ]
    found: dict[str, Any] = {
        "states": [[state, _LETTERS[state], LABELS[state]] for state in LinkState],
        "peers": [_peer(peer) for peer in picture.peers],
        "links": links,
        "texts": texts.known,
        "exposure": [] if exposed is None else _exposure(exposed),
        "unprotected": []
        if exposed is None
        else [[row.direction, visible(_named(row))] for row in exposed.unprotected],
        "asked": exposed is not None,
    }
    text = safe_json(json.dumps(found, ensure_ascii=False, separators=(",", ":")))
    for character in "<>&#":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


_STATES = {state: at for at, state in enumerate(LinkState)}


class _Texts:
    """Texts by number, each kept once."""

    def __init__(self) -> None:
        self.known: list[str] = []
        self._number: dict[str, int] = {}

    def of(self, text: str) -> int:
        """The number of a text."""
        if text not in self._number:
            self._number[text] = len(self.known)
            self.known.append(visible(text))
        return self._number[text]


def _peer(peer: Peer) -> list[Any]:
    shown = [visible(name) for name in peer.members[:_MOST_MEMBERS]]
    return [visible(peer.label), visible(peer.space), str(peer.kind), len(peer.members), shown]


def _details(link: Link, texts: _Texts) -> list[list[Any]]:
    found: list[list[Any]] = []
    for detail, count in sorted(link.details.items()):
        pairs: Sequence[tuple[str, str]] = link.examples[detail]
        examples = [[texts.of(name) for name in pair] for pair in pairs]
        said = [texts.of(text) for text in detail[1:]]
        found.append([_STATES[detail.state], *said, count, examples])
    return found


def _exposure(exposed: NetworkExposure) -> list[list[str]]:
    return [[row.direction, visible(_named(row)), visible(row.peer), row.ports] for row in exposed.exposures]


def _named(row: Exposed | Unprotected) -> str:
    """A workload, with the editions in which what is said of it is so."""
    return f"{row.workload} ({', '.join(row.editions)})" if row.editions else row.workload
