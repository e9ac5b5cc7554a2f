"""Which service runs the jobs of a repository: the one that its files are for, else that of origin's host."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from archlint.finding.regex import regex

_SCP = regex(r"(?:[^@/:]+@)?([^@/:]+):[^/]")
_OTHERS = ("bitbucket.org", "dev.azure.com", "visualstudio.com", "amazonaws.com", "sr.ht", "googlesource.com")
"""Hosts that read neither workflows nor jobs of GitLab."""


class CiService(Enum):
    """Whose jobs are written."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


def ci_service(root: Path, remote: str) -> CiService:
    """The service for a repository with this address of its remote, which may be empty.

    Workflows in GitHub's form are read by others too (Gitea, Forgejo), so they stand for every host unknown.
    """
    if os.path.lexists(root / ".gitlab-ci.yml"):
        return CiService.GITLAB
    if os.path.lexists(root / ".github"):
        return CiService.GITHUB
    host = _host(remote)
    if host.startswith("gitlab.") or ".gitlab." in host:
        return CiService.GITLAB
    if any(host == other or host.endswith(f".{other}") for other in _OTHERS):
        return CiService.NONE
    return CiService.GITHUB


def _host(remote: str) -> str:
    """The host of an address as git knows it, in small letters; empty if it has none."""
    if "://" not in remote:
        found = _SCP.match(remote)
        return found[1].lower() if found else ""
    try:
        return (urlsplit(remote).hostname or "").lower()
    except ValueError:
        return ""
