"""Prints which share of manifests, kustomizations and chart templates of repositories is not read, and why.

    python bench/unread.py REPOSITORY...

Repositories are not part of the project. What needs something that is not here (remote bases, dependencies of
charts, values of releases, what generators of ApplicationSets ask) and templates of other engines are counted
by themselves. Configurations of programs are no manifests. A file counts as unread if anything of it is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

_KINDS = ("kubernetes", "kustomization", "kustomize-patch", "unused-patch", "chart-template")
_ELSEWHERE = frozenset({"chart-dependency-absent", "values-unknown", "template", "application-set-unknown"})
_NEEDED = ("is not in this repository", "nothing is fetched", "needs helm")
"""What the detail of a kustomization says that has a remote base or inflates a chart."""
_SHARE = 5
"""Per cent that may be unread for other reasons."""


def main(repositories: list[str]) -> int:
    """Print a line for each repository, with the reasons of what is unread; 1 if a share is too large."""
    worst = 0.0
    for repository in repositories:
        files = [item for item in _asked(Path(repository), "inventory")["files"] if item["kind"] in _KINDS]
        found = _asked(Path(repository), "check", "--fail-on", "never")
        programs = {item["path"] for item in found["unread"] if item["reason"] == "program-configuration"}
        files = [item for item in files if item["path"] not in programs]
        paths = {item["path"] for item in files}
        unread = [item for item in found["unread"] if item["path"] in paths]
        ours = {item["path"] for item in unread if not _is_elsewhere(item)}
        reasons = Counter(
            f"{item['reason']}{'' if not _is_elsewhere(item) else ' (elsewhere)'}" for item in unread
        )
        share = 100 * len(ours) / max(len(files), 1)
        worst = max(worst, share)
        told = ", ".join(f"{number} {reason}" for reason, number in reasons.most_common())
        print(f"{share:5.1f} %  {len(ours)} of {len(files)}  {repository}: {told}", flush=True)
    return int(worst > _SHARE)


def _is_elsewhere(item: dict[str, Any]) -> bool:
    needs = item["reason"] == "kustomization-not-built" and any(why in item["detail"] for why in _NEEDED)
    return needs or item["reason"] in _ELSEWHERE


def _asked(repository: Path, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "archlint", *words, "--format", "json", "."]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
