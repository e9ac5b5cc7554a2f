"""The page of the service graph, with what it shows beside it: findings, and links to rules and files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from archlint.cache import cache_folder
from archlint.cli.flags import Flags
from archlint.cli.session import Session, helm_program
from archlint.comparison.graphs import GraphDiff
from archlint.engine.checking import check_and_look
from archlint.engine.graphs import read_graph, reading_of
from archlint.engine.request import Request, Side
from archlint.files import FileSet, Git, git_top
from archlint.finding import Finding, Notice
from archlint.finding.records import dataclass
from archlint.model.graph import ServiceGraph
from archlint.origin.home import files_at
from archlint.origin.links import Links
from archlint.reports.graph.html import PageLinks, graph_html


@dataclass(frozen=True, slots=True)
class PageTerms:
    """What the page is made of."""

    session: Session
    files: FileSet
    flags: Flags
    with_findings: bool
    base: str | None
    """The commit that is compared with."""
    drawn: Callable[[ServiceGraph], ServiceGraph | GraphDiff]
    """What is drawn, of the graph of the files."""


def graph_page(terms: PageTerms) -> tuple[str, list[Notice]]:
    """The page, and what failed while the files were read and the rules were asked; both see the same files,
    which are read once."""
    session, files = terms.session, terms.files
    if not terms.with_findings:
        side = Side(files.tree(), files.paths, files.named)
        reading = read_graph(side, session.settings, helm_program(terms.flags))
        return graph_html(terms.drawn(reading.graph), None, _links(terms, ())), [*reading.notices]
    result, reading = check_and_look(_request(terms), reading_of)
    failures = [notice for notice in result.notices if notice.level == "error"]
    links = _links(terms, result.findings)
    text = graph_html(terms.drawn(reading.graph), result.findings, links)
    return text, [*reading.notices, *failures]


def _request(terms: PageTerms) -> Request:
    """As ``archlint check`` asks for the same path."""
    session, files, flags = terms.session, terms.files, terms.flags
    return Request(
        revision=Side(files.tree(), files.paths, files.named),
        root=str(session.root),
        registry=session.registry,
        rules=session.rules,
        settings=session.settings,
        today=date.today(),
        covers=files.covers,
        lies_below=files.scope.lies_below,
        whole=files.scope.is_whole,
        sees_all=files.scope.is_whole,
        on_request=session.rules_on_request,
        unread=files.unread,
        helm=helm_program(flags),
        cache_folder=None if flags.no_cache else cache_folder(),
    )


def _links(terms: PageTerms, findings: Sequence[Finding]) -> PageLinks:
    """Where the host of the repository shows its files, as they are in the commits that are compared, and the
    pages of the rules that found something."""
    root = terms.files.root
    facts = Git(root).facts() if git_top(root) == root else {}
    repository = facts.get("repository", "")
    return PageLinks(
        files_at(repository, facts.get("commit", "")),
        _pages(terms.session, findings),
        former_files=files_at(repository, terms.base or ""),
    )


def _pages(session: Session, findings: Sequence[Finding]) -> dict[str, str]:
    links = Links(session.settings.help_url)
    used = {finding.code for finding in findings}
    pages = {rule.code: links.page(rule) for rule in session.rules if rule.code in used}
    return {code: page for code, page in pages.items() if page and page.startswith(("https://", "http://"))}
