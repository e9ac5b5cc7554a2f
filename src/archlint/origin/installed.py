"""What this archlint was installed from, as PEP 610 records it, else the home that its metadata names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archlint import __version__
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.origin.addresses import SourceProblem, checked, from_scp, split
from archlint.origin.home import repository
from archlint.origin.metadata import Metadata
from archlint.origin.sources import ArchiveSource, GitSource, IndexSource, InstallSource
from archlint.origin.specs import folder_is_plain, recorded_digest

_COMMIT = regex(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_REQUESTED = regex(r"[A-Za-z0-9_][\w./+-]{0,100}\Z")


@dataclass(frozen=True, slots=True)
class Installed:
    """The source of the running archlint as far as others can use it."""

    source: InstallSource | None
    remark: str = ""
    """Why it is not what was installed, as a part of a sentence; empty if it is."""
    revision: str = f"v{__version__}"
    """For a repository without a revision: the commit that runs, else the tag of the version."""


def installed_source(metadata: Metadata | None) -> Installed:
    """What others can install to get the archlint that runs: what it was installed from, else its home."""
    if metadata is None:
        return Installed(None, "archlint runs here without having been installed")
    said = metadata.direct_url
    if said is None:
        return Installed(IndexSource(__version__))
    commit = _commit(said)
    revision = commit or f"v{__version__}"
    try:
        return Installed(_recorded(said, commit), revision=revision)
    except SourceProblem as problem:
        home = repository(metadata.urls)
        return Installed(GitSource(home, revision) if home else None, str(problem), revision)


def _recorded(said: Mapping[str, Any], commit: str | None) -> InstallSource:
    """The source that PEP 610 describes; raises ``SourceProblem``: why others cannot use it."""
    url, below = said.get("url"), said.get("subdirectory", "")
    if not isinstance(url, str) or not isinstance(below, str):
        raise SourceProblem("its installer noted nothing that can be read")
    below = "" if below == "." else below
    parts = split(from_scp(url))
    if parts.scheme == "file":
        raise SourceProblem("archlint was installed from a folder or file of this machine")
    if below and not folder_is_plain(below):
        raise SourceProblem("archlint was installed from a folder whose name cannot be written down plainly")
    user, _, host = parts.netloc.rpartition("@")
    address = parts if (parts.scheme, user) == ("ssh", "git") else parts._replace(netloc=host)
    archive = said.get("archive_info")
    if isinstance(archive, dict):
        return ArchiveSource(checked(address.geturl()), recorded_digest(_hashes(archive)), below)
    if commit is None:
        raise SourceProblem("archlint was installed from what is neither a git repository nor an archive")
    requested = _dict(said.get("vcs_info")).get("requested_revision")
    asked = requested if isinstance(requested, str) and _REQUESTED.match(requested) else ""
    return GitSource(checked(address.geturl()), commit, below, asked)


def _commit(said: Mapping[str, Any]) -> str | None:
    info = _dict(said.get("vcs_info"))
    commit = info.get("commit_id")
    is_commit = info.get("vcs") == "git" and isinstance(commit, str) and _COMMIT.match(commit)
    return commit if is_commit else None


def _hashes(archive: Mapping[str, Any]) -> dict[str, Any]:
    """The digests; the older form is one text, ``sha256=...``."""
    old = archive.get("hash")
    name, _, value = old.partition("=") if isinstance(old, str) else ("", "", "")
    return {name: value, **_dict(archive.get("hashes"))}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
