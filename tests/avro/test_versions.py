"""Events against all versions that were released, as users ask for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.gate.releases import Repository
from tests.support.inside import archlint

EVENT = "events/order.avsc"
ID, NOTE = {"name": "id", "type": "string"}, {"name": "note", "type": "string"}


def schema(*fields: Any) -> str:
    """A record with these fields."""
    return json.dumps({"type": "record", "name": "Order", "fields": fields}, indent=1)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Two versions, of which only the first lacks a field; the working tree asks for it."""
    made = Repository(tmp_path / "shop", **{EVENT: schema(ID)})
    made.tag("v1.0.0")
    made.write(EVENT, schema(ID, {**NOTE, "default": ""}))
    made.commit()
    made.tag("v1.1.0")
    made.tag("nightly")
    made.write(EVENT, schema(ID, NOTE))
    made.commit()
    return made


def told(repository: Repository, events: str) -> tuple[int, list[str], str]:
    """The exit code, what is said of events, and what goes to standard error."""
    repository.write("archlint.yaml", f"events: {events}\n")
    done = archlint(
        "check", ".", "--base", "v1.1.0", "--format", "json", "--select", "EVENT", cwd=repository.folder
    )
    found = json.loads(done.out)["findings"] if done.out else []
    texts = [item["related"][0]["message"] for item in found if item["code"].startswith("EVENT")]
    return done.code, texts, done.err


def test_a_version_before_the_base_counts_where_that_is_asked(repository: Repository) -> None:
    assert told(repository, "{compatibility: BACKWARD}")[1] == []
    code, texts, _ = told(repository, "{compatibility: BACKWARD_TRANSITIVE}")
    assert (code, texts) == (1, ["as it was in v1.0.0"])
    assert told(repository, "{compatibility: FORWARD_TRANSITIVE}")[1] == []


def test_versions_are_the_tags_of_the_patterns(repository: Repository) -> None:
    assert told(repository, "{compatibility: FULL_TRANSITIVE, versions: [nightly]}")[:2] == (0, [])
    code, _, error = told(repository, "{compatibility: FULL_TRANSITIVE, versions: ['events-*']}")
    assert code == 2
    assert "events-*" in error
    assert "fetch-depth: 0" in error


def test_a_subject_may_promise_more_than_the_others(repository: Repository) -> None:
    stated = "{compatibility: BACKWARD, subjects: {'events/*.avsc': BACKWARD_TRANSITIVE}}"
    assert told(repository, stated)[:2] == (1, ["as it was in v1.0.0"])
    assert told(repository, "{compatibility: BACKWARD_TRANSITIVE, subjects: {Order: BACKWARD}}")[1] == []
