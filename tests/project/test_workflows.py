"""Workflows of this project: well formed, pinned, with no right that they do not need."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.project.schemas import problems_of

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_are_well_formed(workflow: Path) -> None:
    assert problems_of("github-workflows", workflow) == []
    assert problems_of("github-workflows-require-timeout", workflow, "custom") == []


def test_the_action_is_well_formed() -> None:
    assert problems_of("github-actions", ROOT / "action.yml") == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_and_no_secret_is_needed(workflow: Path) -> None:
    text = workflow.read_text("utf-8")
    for used in re.findall(r"uses: (.*)", text):
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), used
    assert "secrets." not in text
    content = yaml.safe_load(text)
    assert content["permissions"] == {"contents": "read"}
    for job in content["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_ci_runs_on_every_python_that_is_promised() -> None:
    matrix = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"]["ci"]["strategy"][
        "matrix"
    ]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert {name.partition("-")[0] for name in matrix["system"]} == {"ubuntu", "macos"}
