"""The hook is added to a pre-commit configuration without touching anything else in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from archlint.config.hooks import HookProblem, add_hook
from archlint.config.starter import hook_entry, workflow
from archlint.origin.sources import ArchiveSource, GitSource, IndexSource, InstallSource

ROOT = Path(__file__).parents[2]
ENTRY = hook_entry(IndexSource("1.0"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# about\n",
        "repos: []\n",
        "repos:\n",
        "default_stages: [pre-commit]\nrepos: null\nfail_fast: true\n",
        "repos:\n- repo: https://a\n  rev: v1 # pinned\n  hooks:\n  - id: x\n",
        "# top\nrepos:\n  - repo: https://a\n    rev: v1\n    hooks:\n      - id: x\n"
        "        args: [--a,\n          --b]\n\n# at the end\n",
        "repos:\n    # first\n    -   repo: https://a\n        rev: v1\n        hooks:\n        -   id: x\n\n"
        "# about files\nfiles: ^src/\nexclude: ^x\n",
        "repos:\n  - repo: https://a\n    rev: v1\n    hooks: [{id: x}]",
        "repos:\n  - {repo: https://a, rev: v1, hooks: [{id: x}]}\n",
        "repos:\n  - hooks:\n      - id: x\n    repo: https://a\n    rev: v1\n",
        "---\nrepos:\n- repo: local\n  hooks:\n  - id: x\n    entry: |\n      a\n      b\n",
    ],
)
def test_only_lines_are_added(text: str) -> None:
    made = add_hook(text, ENTRY, "archlint")
    assert made is not None
    before, after = yaml.safe_load(text) or {}, yaml.safe_load(made)
    assert after["repos"] == [*(before.get("repos") or []), *yaml.safe_load(ENTRY)]
    assert {**after, "repos": None} == {**before, "repos": None}
    kept = [line for line in text.splitlines() if not line.startswith("repos:")]
    lines = iter(made.splitlines())
    assert all(line in lines for line in kept), "no line is lost, and the order stays"
    assert add_hook(made, ENTRY, "archlint") is None


@pytest.mark.parametrize(
    "text",
    [
        "repos: [{repo: https://a, rev: v1, hooks: [{id: x}]}]\n",
        "{repos: []}\n",
        "- a\n",
        "repos: 7\n",
        "repos: {a: b}\n",
        "repos: [\n",
        "a: 1\n---\nb: 2\n",
        "repos: &x []\n",
    ],
)
def test_what_cannot_be_added_to_is_left_alone(text: str) -> None:
    with pytest.raises(HookProblem):
        add_hook(text, ENTRY, "archlint")


def test_windows_line_ends(tmp_path) -> None:
    made = add_hook("repos:\r\n- repo: https://a\r\n  rev: v1\r\n  hooks: []\r\n", ENTRY, "archlint")
    assert made is not None
    assert len(yaml.safe_load(made)["repos"]) == 2


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (IndexSource("1.0"), "archlint==1.0"),
        (ArchiveSource("https://example.com/a.whl"), "archlint @ https://example.com/a.whl"),
        (GitSource("https://git.example.com/a/b", "1.0"), "archlint @ git+https://git.example.com/a/b@1.0"),
        (GitSource("https://github.com/acme/archlint.git", "v1"), "uses: acme/archlint@v1\n"),
        (GitSource("ssh://git@github.com/acme/archlint", "v1"), "uses: acme/archlint@v1\n"),
        (GitSource("https://github.com/acme/tools", "v1", "lint"), "uses: acme/tools/lint@v1\n"),
        (
            GitSource("https://github.example.com/a/b", "v1"),
            "archlint @ git+https://github.example.com/a/b@v1",
        ),
    ],
)
def test_workflows_are_workflows(source: InstallSource, expected: str) -> None:
    text = workflow(source)
    steps = yaml.safe_load(text)["jobs"]["archlint"]["steps"]
    assert expected in text
    assert steps[0]["with"]["fetch-depth"] == 0
    assert len(steps) == (2 if "uses: acme" in text else 4)


def test_the_local_hook_does_what_that_of_the_repository_does() -> None:
    [repo] = yaml.safe_load(ENTRY)
    [local] = repo["hooks"]
    [own] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    del own["description"]
    assert local == {**own, "additional_dependencies": ["archlint==1.0"]}
