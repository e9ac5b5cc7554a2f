"""The files that ``archlint init`` writes: a configuration, a hook entry and a workflow."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from archlint import __version__
from archlint.files import Git
from archlint.finding.records import dataclass
from archlint.finding.regex import regex

HOOK_ID = "archlint"
_COMMIT = regex(r"[0-9a-f]{40}\Z")
_ADDRESS = regex(r"https://[\w.-]+(?::\d+)?/[\w./~-]+\Z")
_GITHUB = regex(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?\Z")

CONFIGURATION = """\
# What archlint checks here. `archlint config` shows what is in force, `archlint rules` lists all rules.

# minimal, recommended or strict; each contains those before it.
profile: recommended

# Rules by code, name, area (NET), tag (tag:security) or ALL: added to the profile, and left out.
select: []
ignore: []

# Files that are not looked at, as in .gitignore.
exclude: []

# Severity and options of single rules.
# rules:
#   memory-limit-missing: {severity: warning}

# Findings that do not count, each with a reason. In a file, a comment `archlint: ignore[RULE] reason` does
# the same for the next line.
# suppress:
#   - {rules: [NET], paths: ["dev/**"], reason: "local only", until: 2027-01-01}

# To begin with what is there today, run `archlint check --update-baseline`: only new findings count then.
# baseline: .archlint-baseline.json
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where others get this archlint from: a git repository at a revision, or else a package index."""

    url: str | None = None
    revision: str = f"v{__version__}"

    @property
    def requirement(self) -> str:
        """What pip installs."""
        if self.url is None:
            return f"archlint=={__version__}"
        return f"archlint @ git+{self.url}@{self.revision}"

    @property
    def action(self) -> str | None:
        """How a workflow names the action; ``None`` if it is not on GitHub."""
        found = _GITHUB.match(self.url or "")
        return f"{found[1]}@{self.revision}" if found else None


def own_origin() -> Origin:
    """Where the running archlint was installed from, if that is a git repository others can reach too."""
    from importlib.metadata import PackageNotFoundError, distribution
    from urllib.request import url2pathname

    try:
        said = json.loads(distribution("archlint").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        return Origin()
    url, vcs = said.get("url"), said.get("vcs_info")
    if isinstance(vcs, dict):
        return _origin(url, vcs.get("commit_id"))
    folder = urlsplit(url) if isinstance(url, str) else None
    if folder is None or folder.scheme != "file":
        return Origin()
    clone = Path(url2pathname(folder.path))
    facts = Git(clone).facts() if clone.is_dir() else {}
    return _origin(facts.get("repository"), facts.get("commit"))


def _origin(url: object, commit: object) -> Origin:
    """The origin with a public address; anything else, such as a path or one with a password, is none."""
    if not isinstance(url, str) or not isinstance(commit, str) or not _COMMIT.match(commit):
        return Origin()
    return Origin(url, commit) if _ADDRESS.match(url) else Origin()


def hook_entry(origin: Origin) -> str:
    """One item of pre-commit's ``repos``: archlint's repository, else the archlint of this machine."""
    if origin.url is not None:
        return f"- repo: {origin.url}\n  rev: {origin.revision}\n  hooks:\n    - id: {HOOK_ID}\n"
    return (
        "- repo: local\n"
        "  hooks:\n"
        f"    - id: {HOOK_ID}\n"
        "      name: archlint\n"
        "      entry: archlint check\n"
        "      language: system\n"
        "      pass_filenames: false\n"
        "      always_run: true\n"
    )


def workflow(origin: Origin) -> str:
    """A GitHub workflow that checks pushes, and judges pull requests against their base."""
    return (
        "name: archlint\n\n"
        "on:\n  pull_request:\n  push:\n    branches: [main, master]\n\n"
        "permissions:\n  contents: read\n\n"
        "jobs:\n  archlint:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - uses: actions/checkout@v4\n"
        "        with:\n"
        "          fetch-depth: 0 # the base of a pull request is needed to judge what it breaks\n"
        "          persist-credentials: false\n"
        + (_action_step(origin.action) if origin.action else _run_steps(origin))
    )


def _action_step(action: str) -> str:
    return f"      - uses: {action}\n"


def _run_steps(origin: Origin) -> str:
    return (
        "      - uses: actions/setup-python@v5\n"
        "        with:\n"
        '          python-version: "3.12"\n'
        f'      - run: python -m pip install "{origin.requirement}"\n'
        "      - name: Check\n"
        "        env:\n"
        "          BASE: ${{ github.base_ref && format('origin/{0}', github.base_ref) }}\n"
        "        run: >-\n"
        "          archlint check . --format github\n"
        '          --output "markdown=$GITHUB_STEP_SUMMARY"\n'
        '          ${BASE:+--base "$BASE"}\n'
    )
