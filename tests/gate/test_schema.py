"""The published schema of audit records is the one that records are held against."""

from __future__ import annotations

import json
from pathlib import Path

from archlint.audit.schema import audit_schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "audit.schema.json"


def test_the_published_schema_is_that_of_the_code() -> None:
    assert json.loads(PUBLISHED.read_text("utf-8")) == audit_schema()
