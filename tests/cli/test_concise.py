"""The concise format in use: a line for each finding on standard output, the totals on standard error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.inside import archlint

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'a:1'}]}\n"


@pytest.mark.parametrize("is_quiet", [False, True])
@pytest.mark.parametrize(
    ("rules", "told"), [("KUBE101", "Found 1 error in 1 of 1 file."), ("LINT", "All clear")]
)
def test_totals_are_no_line_of_the_report(tmp_path: Path, rules: str, told: str, is_quiet: bool) -> None:
    (tmp_path / "pod.yaml").write_text(POD)
    (tmp_path / "archlint.yaml").write_text("profile: minimal\n")
    quiet = ["-q"] if is_quiet else []
    done = archlint("check", "pod.yaml", "--format", "concise", "--select", rules, *quiet, cwd=tmp_path)
    assert all(line.startswith("pod.yaml:") for line in done.out.splitlines())
    assert done.err.startswith(f"archlint: {told}") is not is_quiet
