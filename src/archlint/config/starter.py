"""The files that ``archlint init`` writes: a configuration, a hook entry, and a workflow or a job for GitLab.

``packages`` are installed beside archlint, such as what rules in CEL need.
"""

from __future__ import annotations

from collections.abc import Sequence

from archlint.finding.regex import regex
from archlint.origin.sources import GitSource, InstallSource

HOOK_ID = "archlint"
_PLAIN_TEXT = regex(r"v\d[\w.-]*+\Z|(?=\w*[a-df])[0-9a-f]{40,64}+\Z")
"""Revisions that no reader of YAML takes for a number or a truth value."""

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


def hook_entry(source: InstallSource, packages: Sequence[str] = ()) -> str:
    """One item of pre-commit's ``repos``: archlint's repository, else a local hook that installs archlint.

    The local hook says what ``.pre-commit-hooks.yaml`` says to those who use the repository.
    """
    if isinstance(source, GitSource) and not source.subdirectory:
        revision = source.revision if _PLAIN_TEXT.match(source.revision) else f'"{source.revision}"'
        release = f" # {source.release}" if source.release else ""
        hook = f"    - id: {HOOK_ID}\n{_beside(packages)}"
        return f"- repo: {source.url}\n  rev: {revision}{release}\n  hooks:\n{hook}"
    return (
        "- repo: local\n"
        "  hooks:\n"
        f"    - id: {HOOK_ID}\n"
        "      name: archlint\n"
        "      entry: python -I -m archlint check --tracked\n"
        "      language: python\n"
        f"{_beside([source.requirement, *packages])}"
        "      pass_filenames: false\n"
        "      always_run: true\n"
        "      require_serial: true\n"
    )


def _beside(packages: Sequence[str]) -> str:
    quoted = ", ".join(f'"{package}"' for package in packages)
    return f"      additional_dependencies: [{quoted}]\n" if packages else ""


def workflow(source: InstallSource, packages: Sequence[str] = ()) -> str:
    """A GitHub workflow that checks pushes, and judges pull requests against their base."""
    action = source.action if isinstance(source, GitSource) else None
    return (
        "name: archlint\n\n"
        "on:\n  pull_request:\n  push:\n    branches: [main, master]\n\n"
        "permissions:\n  contents: read\n\n"
        "jobs:\n  archlint:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - uses: actions/checkout@v4\n"
        "        with:\n"
        "          fetch-depth: 0 # the base of a pull request is needed to judge what it breaks\n"
        "          persist-credentials: false\n"
        + (_action_step(action, source, packages) if action else _run_steps(source, packages))
    )


def _action_step(action: str, source: InstallSource, packages: Sequence[str]) -> str:
    release = f" # {source.release}" if isinstance(source, GitSource) and source.release else ""
    listed = "".join(f"            {package}\n" for package in packages)
    given = f"        with:\n          packages: |\n{listed}" if packages else ""
    return f"      - uses: {action}{release}\n{given}"


def _run_steps(source: InstallSource, packages: Sequence[str]) -> str:
    """Python is isolated (-I), so that no module of the checkout can stand in for one of its own."""
    return (
        "      - uses: actions/setup-python@v5\n"
        "        with:\n"
        '          python-version: "3.12"\n'
        "      - name: Install archlint\n"
        f"        run: python -I -m pip install {_quoted(source, packages)}\n"
        "      - name: Check\n"
        "        env:\n"
        "          BASE: ${{ github.base_ref && format('origin/{0}', github.base_ref) }}\n"
        "        run: >-\n"
        "          python -I -m archlint check . --format github\n"
        '          --output "markdown=$GITHUB_STEP_SUMMARY"\n'
        '          ${BASE:+--base "$BASE"}\n'
    )


GITLAB_INCLUDE = "include:\n  - local: .gitlab/archlint.yml\n"


def gitlab_job(source: InstallSource, packages: Sequence[str] = ()) -> str:
    """A job for GitLab that checks the default branch, and judges merge requests against their base.

    The image has git; the report shows findings in the merge request.
    """
    return (
        "archlint:\n"
        "  image: python:3.13\n"
        "  stage: test\n"
        "  variables:\n"
        '    GIT_DEPTH: "0" # the base of a merge request is needed to judge what it breaks\n'
        "  rules:\n"
        '    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n'
        "    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n"
        "  script:\n"
        f"    - python -I -m pip install {_quoted(source, packages)}\n"
        "    - >-\n"
        "      python -I -m archlint check .\n"
        "      --output gitlab=gl-code-quality-report.json\n"
        '      ${CI_MERGE_REQUEST_DIFF_BASE_SHA:+--base "$CI_MERGE_REQUEST_DIFF_BASE_SHA"}\n'
        "  artifacts:\n"
        "    when: always\n"
        "    reports:\n"
        "      codequality: gl-code-quality-report.json\n"
    )


def _quoted(source: InstallSource, packages: Sequence[str]) -> str:
    """What pip is to install; up to 24.0 it takes no named address without a host (git+file)."""
    is_hostless = isinstance(source, GitSource) and source.is_local
    wanted = source.requirement.partition(" @ ")[2] if is_hostless else source.requirement
    return " ".join(f'"{package}"' for package in (wanted, *packages))
