"""The examples of how to extend archlint, one by one: each works by itself, as the document says."""

from __future__ import annotations

from pathlib import Path

from tests.docs.blocks import ROOT, Workspace, blocks_of

DOCUMENT = ROOT / "docs/extending.md"


def test_the_examples_on_the_pages_pass(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for block in blocks_of(DOCUMENT):
        if block.file is not None:
            workspace.write(block)
    workspace.source.test_examples(
        "strategy-recreate", "topic-without-owner", "topic-removed", "process-without-command"
    )
