"""What a generator makes of ten contracts fits these, and each thing that is changed in it is found."""

from __future__ import annotations

import json
import re
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.evidence.recorded import har
from tests.support.inside import archlint

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in (HERE / "contracts").glob("*.yaml"))
DEVIATIONS = yaml.safe_load((HERE / "deviations.yaml").read_text())
Entry = dict[str, Any]


def _entries(name: str) -> list[Entry]:
    entries: list[Entry] = json.loads((HERE / "contracts" / f"{name}.har").read_text())["log"]["entries"]
    return entries


def test_generated_traffic_is_as_promised(tmp_path: Path) -> None:
    shutil.copytree(HERE / "contracts", tmp_path / "all")
    flags = ("--profile", "strict", "--format", "json", "--coverage", "seen.json")
    done = archlint("verify", "all", *flags, cwd=tmp_path)
    assert json.loads(done.out)["findings"] == []
    assert "not judged" not in done.err
    rows = json.loads((tmp_path / "seen.json").read_text())["rows"]
    unseen = [row for row in rows if not row["seen"] and not row["property"]]
    assert unseen == []
    assert {Path(row["contract"]).stem for row in rows} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_deviation_is_found_at_its_element(tmp_path: Path, name: str) -> None:
    entries, deviations = _entries(name), DEVIATIONS[name]
    (tmp_path / "t.har").write_text(har(*(_changed(entries, change) for change in deviations)))
    shutil.copy(HERE / "contracts" / f"{name}.yaml", tmp_path)
    flags = ("--format", "json", "--ignore", "traffic-missing")
    findings = json.loads(archlint("verify", "t.har", *flags, cwd=tmp_path).out)["findings"]
    assert {(found["rule"], found["pointer"]) for found in findings} == {
        (change["rule"], change["at"]) for change in deviations
    }


def _changed(entries: list[Entry], change: dict[str, Any]) -> Entry:
    """A copy of a generated exchange of an operation, with something else in it."""
    method, _, template = change["of"].partition(" ")
    path = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)) + r"(\?|$)")
    good = next(
        entry
        for entry in entries
        if entry["request"]["method"] == method
        and path.search(entry["request"]["url"])
        and entry["response"]["status"] < 300
    )
    found = deepcopy(good)
    request, response = found["request"], found["response"]
    if "query" in change:
        request["url"] = f"{request['url'].partition('?')[0]}?{change['query']}"
    for side, headers in ((request, change.get("headers", {})), (response, change.get("back", {}))):
        for header, value in headers.items():
            kept = [item for item in side["headers"] if item["name"].lower() != header.lower()]
            side["headers"] = kept + ([{"name": header, "value": value}] if value is not None else [])
    if "asked" in change:
        request["postData"] = _body(change["asked"], change.get("kind"))
        request["headers"] = [item for item in request["headers"] if item["name"] != "Content-Type"]
    if "answered" in change:
        response["content"] = _body(change["answered"], change.get("kind"))
    response["status"] = change.get("status", response["status"])
    return found


def _body(value: Any, kind: str | None) -> dict[str, Any]:
    text = value if isinstance(value, str) else json.dumps(value)
    usual = "application/x-www-form-urlencoded" if isinstance(value, str) else "application/json"
    return {"mimeType": kind or usual, "text": text, "size": len(text)}
