"""buf as the judge of rules of protovalidate: it and archlint tell the same lines of the same files."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from archlint.documents.proto.public_modules import VALIDATION, public_folder
from tests.proto.support import lay_out
from tests.proto.test_buf_lint import BUF, told_by_archlint, told_by_buf

pytestmark = pytest.mark.skipif(not BUF.exists(), reason="needs buf-bin")

RULE = "PROTOVALIDATE"
FOLDER = Path(__file__).parent / "validation"


def test_the_same_lines_are_told(tmp_path: Path) -> None:
    files = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.proto"))}
    settings = yaml.safe_dump({"version": "v2", "lint": {"use": [RULE]}})
    module = (public_folder() / VALIDATION).read_text("utf-8")
    folder = lay_out(tmp_path, {**files, "buf.yaml": settings, VALIDATION: module})
    by_buf = told_by_buf(folder)
    found = told_by_archlint(folder)
    assert found <= by_buf  # examples are not judged yet
    assert len(found) > 200
