"""What ``archlint verify`` finds in recorded traffic, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.evidence.recorded import CONTRACT, HOST, entry, har, lay_out
from tests.support.inside import archlint
from tests.support.process import commit_all

AUTHORIZED = {"Authorization": "Bearer t"}
BACK = {"X-Total": "1"}
CART = {"id": 1, "total": 2.5, "state": "open", "lines": [{"sku": "A"}]}
GOOD = entry("GET", f"{HOST}/carts/1?limit=5", answered=CART, headers=AUTHORIZED, back=BACK)


def _found(folder: Path, *flags: str) -> list[tuple[str, str]]:
    """The rule and the pointer of each finding."""
    done = archlint("verify", "traffic.har", "--format", "json", *flags, cwd=folder)
    assert done.code in (0, 1), done.err
    return [(item["rule"], item["pointer"]) for item in json.loads(done.out)["findings"]]


def test_traffic_as_promised_is_silent(tmp_path: Path) -> None:
    lay_out(tmp_path, har(GOOD, entry("POST", f"{HOST}/carts", 201, asked=CART, headers=AUTHORIZED)))
    assert _found(tmp_path) == []


def test_one_cause_is_told_once_with_all_its_exchanges(tmp_path: Path) -> None:
    wrong = entry("GET", f"{HOST}/carts/1?limit=5", answered={"id": 1}, headers=AUTHORIZED, back=BACK)
    lay_out(tmp_path, har(*[wrong] * 5))
    done = archlint(
        "verify", "traffic.har", "--format", "json", "--select", "traffic-body-invalid", cwd=tmp_path
    )
    (finding,) = [each for each in json.loads(done.out)["findings"] if each["rule"] == "traffic-body-invalid"]
    assert "(in 5 exchanges)" in finding["message"]
    assert [place["path"] for place in finding["related"]] == ["traffic.har"] * 3
    assert finding["pointer"] == "/components/schemas/Cart/required/1"


def test_requests_that_a_service_refused_need_not_be_right(tmp_path: Path) -> None:
    contract = CONTRACT.replace("responses:\n", 'responses:\n        "4XX": {description: no}\n', 1)
    lay_out(tmp_path, har(GOOD, entry("GET", f"{HOST}/carts/x", 401)), contract)
    assert _found(tmp_path, "--ignore", "traffic-missing") == []


def test_a_recording_without_bodies_lacks_nothing(tmp_path: Path) -> None:
    bare = entry("GET", f"{HOST}/carts/1?limit=5", headers=AUTHORIZED, back=BACK)
    bare["response"]["content"] = {"size": 70, "mimeType": "application/json"}
    lay_out(tmp_path, har(bare))
    assert _found(tmp_path, "--ignore", "traffic-missing") == []


def test_a_browser_that_takes_credentials_out_lacks_none(tmp_path: Path) -> None:
    bare = entry("GET", f"{HOST}/carts/1?limit=5", answered=CART, back=BACK)
    lay_out(tmp_path, har(bare).replace('"proxy"', '"WebInspector"'))
    assert _found(tmp_path, "--ignore", "traffic-missing") == []


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ("", "no exchange was found"),
        ("{", "no exchange was found"),
        (har(), "no exchange was found"),
        (har(entry("GET", "https://elsewhere.example/a")), "none fits a path"),
        ("\x00\x01", "no exchange was found"),
    ],
)
def test_nothing_compared_is_no_verdict(tmp_path: Path, evidence: str, said: str) -> None:
    lay_out(tmp_path, evidence)
    done = archlint("verify", "traffic.har", cwd=tmp_path)
    assert done.code == 2
    assert said in done.err


def test_a_path_that_does_not_exist_is_no_verdict(tmp_path: Path) -> None:
    lay_out(tmp_path, har(GOOD))
    for arguments in (("nowhere.har",), ("traffic.har", "--contract", "nowhere.yaml")):
        done = archlint("verify", *arguments, cwd=tmp_path)
        assert done.code == 2
        assert "nowhere" in done.err


def test_each_request_goes_to_the_contract_that_it_fits(tmp_path: Path) -> None:
    other = CONTRACT.replace("api.shop.example", "old.shop.example").replace("type: integer", "type: boolean")
    lay_out(tmp_path, har(GOOD))
    (tmp_path / "old.yaml").write_text(other, "utf-8")
    assert _found(tmp_path, "--ignore", "traffic-missing") == []


def test_coverage_tells_how_far_the_evidence_reaches(tmp_path: Path) -> None:
    lay_out(tmp_path, har(GOOD, GOOD))
    for name in ("coverage.json", "coverage.md"):
        assert archlint("verify", "traffic.har", "--coverage", name, cwd=tmp_path).code == 0
    rows = json.loads((tmp_path / "coverage.json").read_text("utf-8"))["rows"]
    keys = ("path", "status", "media_type", "property")
    seen = {tuple(row.get(key) for key in keys): row["seen"] for row in rows}
    kind = "application/json"
    assert seen["/carts/{id}", None, None, None] == seen["/carts/{id}", "200", kind, "lines[].sku"] == 2
    assert seen["/carts/{id}", "200", kind, "mail"] == seen["/carts", "201", None, None] == 0
    table = (tmp_path / "coverage.md").read_text("utf-8")
    assert table.startswith(
        "Seen: 1 of 2 operations, 1 of 2 statuses, 1 of 2 media types, 5 of 12 properties."
    )
    assert f"| GET /carts/{{id}} | 200 | {kind} | lines[].sku | 2 |" in table


def test_with_a_base_recorded_requests_that_a_change_refuses_are_told(tmp_path: Path) -> None:
    wrong = entry("GET", f"{HOST}/carts/2?limit=x", answered=CART, headers=AUTHORIZED, back=BACK)
    lay_out(tmp_path, har(GOOD, wrong))
    commit_all(tmp_path)
    (tmp_path / "openapi.yaml").write_text(CONTRACT.replace("maximum: 100", "maximum: 4"), "utf-8")
    found = _found(tmp_path, "--base", "HEAD", "--ignore", "traffic-missing")
    limit = "/paths/~1carts~1{id}/get/parameters/0/schema"
    assert sorted(found) == [
        ("traffic-parameter-invalid", f"{limit}/type"),
        ("traffic-refused", f"{limit}/maximum"),
    ]
