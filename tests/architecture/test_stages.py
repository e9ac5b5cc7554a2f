"""Data flows one way: a stage imports only the vocabulary and the stages to its left."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import archlint

PACKAGE = Path(archlint.__file__).parent
STAGES = ("finding", "files", "documents", "model", "comparison", "checks", "judging", "reports")
MODULES = sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The packages of archlint that a module names in its imports, wherever these stand."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found.update(name.split(".")[1] for name in names if name.startswith("archlint."))
    return found


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_only_what_stands_to_its_left(stage: str) -> None:
    allowed = {"finding", *STAGES[: STAGES.index(stage) + 1]}
    wrong = {
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0] == stage
        for name in imported(path) - allowed
    }
    assert not wrong, (
        f"{sorted(wrong)}: a stage imports `finding` and what stands to its left in {STAGES}; move the code"
        " to the stage that knows it, or give it what it needs as an argument"
    )


def test_a_module_says_what_it_is_for() -> None:
    silent = [path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert not silent, f"{silent}: say in a docstring on the first line what the module is for"
