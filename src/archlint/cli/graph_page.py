"""What the page of the service graph shows beside the graph: findings, and links to rules and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from archlint.cache import cache_folder
from archlint.cli.flags import Flags
from archlint.cli.session import Session, helm_program
from archlint.engine.checking import check
from archlint.engine.request import Request, Side
from archlint.files import FileSet, Git, git_top
from archlint.finding import Finding, Notice
from archlint.model.graph import ServiceGraph
from archlint.origin.home import files_at
from archlint.origin.links import Links
from archlint.reports.graph_html import PageLinks, graph_html


def graph_page(
    graph: ServiceGraph, session: Session, files: FileSet, flags: Flags, *, with_findings: bool
) -> tuple[str, list[Notice]]:
    """The page, and what failed while the rules were asked."""
    if not with_findings:
        return graph_html(graph, None, PageLinks(_files(files))), []
    result = check(_request(session, files, flags))
    failures = [notice for notice in result.notices if notice.level == "error"]
    links = PageLinks(_files(files), _pages(session, result.findings))
    return graph_html(graph, result.findings, links), failures


def _request(session: Session, files: FileSet, flags: Flags) -> Request:
    """As ``archlint check`` asks for the same path."""
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


def _files(files: FileSet) -> str | None:
    """Where the host of the repository shows its files, as they are in the commit that is checked out."""
    if git_top(files.root) != files.root:
        return None
    facts = Git(files.root).facts()
    return files_at(facts.get("repository", ""), facts.get("commit", ""))


def _pages(session: Session, findings: Sequence[Finding]) -> dict[str, str]:
    """The pages of the rules that found something."""
    links = Links(session.settings.help_url)
    used = {finding.code for finding in findings}
    pages = {rule.code: links.page(rule) for rule in session.rules if rule.code in used}
    return {code: page for code, page in pages.items() if page and page.startswith(("https://", "http://"))}
