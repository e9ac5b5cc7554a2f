"""Links of alerts to runbooks that are files of the repository.

A link is relative, or its address is one at which files of the repository are read: that of a code host
(``https://HOST/OWNER/NAME/blob/REF/PATH``), or of a site that is made of Markdown here. Nobody says which
addresses those are, so they are told by the links themselves: where most of those below one address lead to
files that are here, the others are meant to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from posixpath import basename, dirname, normpath
from urllib.parse import unquote

from archlint.documents import Document, Node
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.kubernetes.building.appliers import folders_in
from archlint.model.telemetry.alerts import AlertRule
from archlint.model.telemetry.headings import may_lead_to
from archlint.model.world import World

ANNOTATIONS = ("runbook_url", "runbook", "runbook_uri", "runbookUrl", "runbookURL", "playbook")
_HOSTED = regex(
    r"(https?://[^/\s?#]+/[^\s?#]{1,200}?/(?:-/)?(?:blob|tree|raw|src/branch|edit)/[^/\s?#]+)/([^\s?#]+)"
)
_SITE = regex(r"(https?://[^/\s?#]+)/([^\s?#]+)")
_PAGES = (".md", ".markdown", ".mdx", ".adoc", ".rst")
_FOLDED = frozenset({"index", "readme", "_index"})
_MOST_ALIKE = 50
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class RunbookLink:
    """A link to a file of the repository."""

    alert: AlertRule
    node: Node
    path: str
    """The file that it leads to, without the ending for pages of a site."""
    anchor: str
    file: str | None
    """That file, if it is there."""

    @classmethod
    def all(cls, world: World) -> Iterable[RunbookLink]:
        """Every link that surely means a file here."""
        return world.fact(runbook_links)

    @property
    def object(self) -> ObjectRef:
        """What holds the alert."""
        return self.alert.object

    @property
    def source(self) -> Document:
        """The document that holds the alert."""
        return self.alert.source


@dataclass(frozen=True, slots=True)
class _Link:
    alert: AlertRule
    node: Node
    site: str
    """The address that files are read at; empty for a relative link."""
    path: str
    anchor: str
    is_hosted: bool


class _Files:
    """The files of a world, and its pages by the last part of their names."""

    def __init__(self, world: World) -> None:
        self.paths = frozenset(world.kinds)
        self.folders = world.fact(folders_in)
        self.pages: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.paths):
            stem = page_stem(path)
            if stem is not None:
                self.pages[basename(stem)].append(stem)

    def holds(self, path: str) -> bool:
        """Whether there is a file or folder of a path."""
        return path in self.paths or path in self.folders


def page_stem(path: str) -> str | None:
    """A page without its ending, a folder for what stands for one; ``None`` for a file that is no page."""
    ending = next((item for item in _PAGES if path.lower().endswith(item)), None)
    if ending is None:
        return None
    stem = path[: -len(ending)]
    return dirname(stem) if basename(stem).lower() in _FOLDED else stem


def runbook_links(world: World) -> Sequence[RunbookLink]:
    """The links that surely mean files here; ask with ``world.fact(runbook_links)``."""
    links = [link for alert in world.all(AlertRule) for link in _of_alert(alert)]
    if not links:
        return ()
    files = _Files(world)
    by_site: dict[str, list[_Link]] = defaultdict(list)
    for link in links:
        by_site[link.site].append(link)
    found: list[RunbookLink] = []
    for site, own in by_site.items():
        if not site:
            found += [_relative(link, files) for link in own]
        elif own[0].is_hosted:
            found += _hosted(own, files)
        else:
            found += _of_site(own, files, world)
    return found


def _of_alert(alert: AlertRule) -> Iterable[_Link]:
    for name in ANNOTATIONS:
        node = alert.annotations.get(name)
        text = (node.text or "").strip()
        if not text or len(text) > _LONGEST or "{{" in text or "$" in text or any(map(str.isspace, text)):
            continue
        address, _, anchor = text.partition("#")
        path, anchor = unquote(address.partition("?")[0]), unquote(anchor)
        hosted = _HOSTED.match(text)
        site = _SITE.match(text)
        if hosted:
            yield _Link(alert, node, hosted[1], unquote(hosted[2]).rstrip("/"), anchor, True)
        elif site:
            yield _Link(alert, node, site[1], _page(unquote(site[2])), anchor, False)
        elif "://" not in address and path.endswith(_PAGES):
            yield _Link(alert, node, "", path, anchor, False)


def _page(path: str) -> str:
    """A path of a site without what differs between the ways to write it."""
    path = path.strip("/").removesuffix(".html")
    return dirname(path) if basename(path).lower() in _FOLDED else path


def _relative(link: _Link, files: _Files) -> RunbookLink:
    """Seen from the file that says it, or from the root."""
    own = dirname(link.alert.source.path)
    written = link.path.lstrip("/")
    ways = [normpath(written)]
    if not link.path.startswith("/"):
        ways.insert(0, normpath(f"{own}/{link.path}"))
    there = next((way for way in ways if files.holds(way)), None)
    return RunbookLink(link.alert, link.node, ways[-1], link.anchor, there)


def _hosted(links: Sequence[_Link], files: _Files) -> Iterable[RunbookLink]:
    """Links to a code host, if most of them lead to files here, and one to more than a README."""
    paths = {link.path for link in links}
    here = {path for path in paths if files.holds(path)}
    telling = any("/" in path and basename(path).partition(".")[0].lower() not in _FOLDED for path in here)
    if telling and 2 * len(here) >= len(paths):
        for link in links:
            there = link.path if link.path in here else None
            yield RunbookLink(link.alert, link.node, link.path, link.anchor, there)


def _of_site(links: Sequence[_Link], files: _Files, world: World) -> Iterable[RunbookLink]:
    """Links to a site, if most of those below one address lead to pages of one folder here."""
    pages = {link.path for link in links}
    home = _home_of(pages, links, files, world)
    if home is None:
        return
    start, folder = home
    for link in links:
        if link.path.startswith(start):
            stem = f"{folder}{link.path.removeprefix(start)}"
            there = _file_of(stem, files)
            yield RunbookLink(link.alert, link.node, stem, link.anchor, there)


def _home_of(
    pages: Iterable[str], links: Sequence[_Link], files: _Files, world: World
) -> tuple[str, str] | None:
    """The beginning of addresses, and the folder that it stands for."""
    votes: Counter[tuple[str, str]] = Counter()
    depths: dict[tuple[str, str], int] = {}
    for page in sorted(pages):
        for stem in files.pages.get(basename(page), ())[:_MOST_ALIKE]:
            shared = _shared_end(page, stem)
            key = (page[: len(page) - shared], stem[: len(stem) - shared])
            votes[key] += 1
            depths[key] = max(depths.get(key, 0), page[len(page) - shared :].strip("/").count("/") + 1)
    for (start, folder), count in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        below = [page for page in pages if page.startswith(start)]
        is_sure = count > 1 or depths[start, folder] > 1 or _anchors_fit(start, folder, links, files, world)
        if is_sure and 2 * count >= len(below):
            return start, folder
    return None


def _anchors_fit(start: str, folder: str, links: Sequence[_Link], files: _Files, world: World) -> bool:
    """Whether an anchor of a link is a heading of the page that it would lead to."""
    for link in links:
        if link.anchor and link.path.startswith(start):
            file = _file_of(f"{folder}{link.path.removeprefix(start)}", files)
            if file is not None and may_lead_to(world, file, link.anchor) is True:
                return True
    return False


def _shared_end(page: str, stem: str) -> int:
    """How many characters at the end are the same, in whole parts of the path."""
    count = 0
    for one, other in zip(reversed(page.split("/")), reversed(stem.split("/")), strict=False):
        if one != other:
            break
        count += len(one) + 1
    return min(count, len(page), len(stem))


def _file_of(stem: str, files: _Files) -> str | None:
    candidates = [f"{stem}{ending}" for ending in _PAGES]
    candidates += [f"{stem}/{name}{ending}" for name in ("index", "README", "_index") for ending in _PAGES]
    return next((path for path in candidates if path in files.paths), None)
