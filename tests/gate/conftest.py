"""Every audit record that a test of the gate has written is held against the published schema."""

from __future__ import annotations

import json
from collections.abc import Iterator

import jsonschema
import pytest

from archlint.audit.record import AuditTrail
from archlint.audit.schema import audit_schema


@pytest.fixture(autouse=True)
def _valid_records(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    written: list[str] = []
    started, ended = AuditTrail.started, AuditTrail.ended

    def line(text: str) -> str:
        written.append(text)
        return text

    monkeypatch.setattr(AuditTrail, "started", lambda trail: line(started(trail)))
    monkeypatch.setattr(AuditTrail, "ended", lambda trail, *given: line(ended(trail, *given)))
    yield
    for text in written:
        jsonschema.validate(json.loads(text), audit_schema())
