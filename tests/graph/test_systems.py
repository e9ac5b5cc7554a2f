"""The graph of public systems, against what was read in their repositories by hand.

It runs where ``ARCHLINT_SYSTEMS`` names a folder with checkouts of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.graph.systems_truth import Truth, all_truths, judge

SYSTEMS = os.environ.get("ARCHLINT_SYSTEMS")


def checkout(truth: Truth) -> Path | None:
    """The folder whose head is the revision that was read; ``None`` if there is none."""
    for folder in sorted(Path(SYSTEMS).iterdir()) if SYSTEMS else ():
        head = ["git", "-C", str(folder), "rev-parse", "HEAD"]
        done = subprocess.run(head, capture_output=True, text=True, check=False)
        if done.stdout.strip() == truth.revision:
            return folder
    return None


@pytest.mark.parametrize("truth", all_truths(), ids=lambda truth: truth.name)
def test_the_graph_of_a_system_is_what_was_read(truth: Truth) -> None:
    folder = checkout(truth)
    if folder is None:
        pytest.skip(f"ARCHLINT_SYSTEMS names no checkout of {truth.repository} at {truth.revision[:8]}")
    command = [sys.executable, "-m", "archlint", "graph", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    verdict = judge(json.loads(done.stdout), truth)
    assert verdict.right, verdict
