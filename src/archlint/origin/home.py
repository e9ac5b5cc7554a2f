"""The home of archlint: what ``[project.urls]`` of its ``pyproject.toml`` names, if anything.

``Repository`` is the git repository that others can install from, ``Documentation`` the site that
``make docs`` builds. Without them nothing is linked.
"""

from __future__ import annotations

from collections.abc import Mapping

from archlint.finding.regex import regex
from archlint.origin.addresses import SourceProblem, checked

_REPOSITORY = ("repository", "source", "sourcecode", "github")
_DOCUMENTATION = ("documentation", "docs")
_HOMEPAGE = ("homepage",)
_HOSTED = regex(r"https://(github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)/[\w.-]+/[\w.-]+\Z")
_COMMIT = regex(r"[0-9a-f]{40,64}\Z")
_PAGES = {"github.com": "blob/HEAD", "gitlab.com": "-/blob/HEAD"}
"""How code hosts call the newest state of a file."""


def repository(urls: Mapping[str, str]) -> str | None:
    """The git repository of archlint; a home page counts if it is a repository on a well-known host."""
    homepage = _first(urls, _HOMEPAGE)
    return _first(urls, _REPOSITORY) or (homepage if homepage and _HOSTED.match(homepage) else None)


def home_page(urls: Mapping[str, str]) -> str | None:
    """Where a reader learns what archlint is."""
    return _first(urls, (*_HOMEPAGE, *_REPOSITORY, *_DOCUMENTATION))


def rule_pages(urls: Mapping[str, str]) -> str | None:
    """Where the pages of the rules are, as a template with ``{area}`` and ``{name}``."""
    site = _first(urls, _DOCUMENTATION)
    if site:
        return site_pages(site)
    return file_page(urls, "rules/{area}/{name}.md")


def file_page(urls: Mapping[str, str], path: str) -> str | None:
    """Where a file of the repository is shown, if the repository is on a host of which that is known."""
    home = repository(urls)
    hosted = _HOSTED.match(home or "")
    if home and hosted and hosted[1] in _PAGES:
        return f"{home.removesuffix('.git')}/{_PAGES[hosted[1]]}/{path}"
    return None


def files_at(repository: str, commit: str) -> str | None:
    """The address to which the path of a file is added to see it as it is in a commit, on a host of which
    that is known."""
    hosted = _HOSTED.match(repository.removesuffix(".git"))
    if hosted is None or hosted[1] not in _PAGES or not _COMMIT.match(commit):
        return None
    return f"{hosted[0]}/{_PAGES[hosted[1]].removesuffix('HEAD')}{commit}/"


def site_pages(site: str) -> str:
    """The template of the pages of rules on a site that ``make docs`` built."""
    return f"{site.rstrip('/')}/rules/{{area}}/{{name}}.html"


def _first(urls: Mapping[str, str], labels: tuple[str, ...]) -> str | None:
    for label in labels:
        try:
            url = checked(urls.get(label, "")).rstrip("/")
        except SourceProblem:
            continue
        if url.startswith("https:"):
            return url
    return None
