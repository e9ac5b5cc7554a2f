"""The JSON report has the documented fields, and only those that apply."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archlint.finding import ObjectRef, Unread
from archlint.finding.records import replace
from archlint.reports import render
from archlint.reports.encoding import encode
from archlint.reports.formats.json import finding_fields, finding_line
from tests.reports.sample import FINDINGS, report, result


def loaded(**more: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(render("json", report(**more)))
    return read


def test_top_level() -> None:
    read = loaded()
    assert list(read) == ["version", "tool", "base", "findings", "notices", "unread", "summary"]
    assert (read["version"], read["tool"]) == (1, {"version": "0.1.0"})
    assert read["summary"] == {"files": 12, "unread": 0, "error": 3, "warning": 1, "info": 1, "suppressed": 1}
    assert read["notices"][0].keys() == {"level", "message"}


def test_what_was_not_read_has_its_reason() -> None:
    unread = (
        Unread("chart/templates/a.yaml", "chart-not-rendered"),
        Unread("b.yaml", "unknown-resource", 1, "v1 X"),
    )
    read = loaded(of=result(files=3, read=2, unread=unread))
    assert read["unread"] == [
        {"path": "chart/templates/a.yaml", "reason": "chart-not-rendered"},
        {"path": "b.yaml", "document": 1, "reason": "unknown-resource", "detail": "v1 X"},
    ]
    assert [read["summary"][name] for name in ("files", "read", "unread")] == [3, 2, 2]


def test_without_comparison_there_is_no_base() -> None:
    assert "base" not in loaded(of=result(base=None))


def test_findings_are_sorted_by_place() -> None:
    places = [(one["path"], one["line"], one["column"], one["code"]) for one in loaded()["findings"]]
    assert places == sorted(places)
    assert len(places) == len(FINDINGS)


def test_fields_that_do_not_apply_are_left_out() -> None:
    found = {one["code"]: one for one in loaded()["findings"]}
    assert found["KUBE101"] == {
        "code": "KUBE101",
        "rule": "memory-limit-missing",
        "severity": "error",
        "confidence": "high",
        "message": "Container 'cart' has no memory limit.",
        "message_id": "default",
        "arguments": {"container": "cart"},
        "path": "deploy/cart.yaml",
        "line": 10,
        "column": 11,
        "end_line": 10,
        "end_column": 20,
        "document": 0,
        "pointer": "/spec/template/spec/containers/0/resources",
        "object": {"kind": "Deployment", "namespace": "shop", "name": "cart"},
        "aliases": ["kube-score:container-resources"],
        "fingerprint": "kube101-deploy/cart.yaml",
    }
    assert found["OWN101"]["object"] == {"kind": "Service", "name": "orders"}


def test_related_places_fixes_and_witnesses() -> None:
    found = {one["code"]: one for one in loaded()["findings"]}
    assert found["OAS502"]["related"] == [
        {
            "path": "api/carts v2.yaml",
            "line": 5,
            "column": 5,
            "end_line": 5,
            "end_column": 8,
            "pointer": "/paths/~1v1~1carts/get",
            "revision": "base",
            "message": "The operation was here",
        }
    ]
    assert found["KUBE301"]["fix"]["edits"][0]["text"] == ":1.0"
    assert found["KUBE301"]["fix"]["safe"] is False
    assert found["OAS510"]["witness"] == {
        "value": {"state": "open", "total": "inf"},
        "accepted_by": "base",
        "rejected_by": "revision",
    }


def test_suppressed_findings_carry_the_reason_and_do_not_count() -> None:
    read = loaded(show_suppressed=True)
    assert [one["suppressed"] for one in read["findings"] if "suppressed" in one] == [
        "built in the same pipeline"
    ]
    assert read["summary"] == loaded()["summary"]


def test_statistics_are_an_additional_field() -> None:
    assert loaded(statistics=True)["statistics"][0] == {
        "code": "KUBE101",
        "rule": "memory-limit-missing",
        "severity": "error",
        "findings": 1,
        "files": 1,
    }


_TEXTS = st.text(st.characters(), max_size=6)


@given(
    _TEXTS, _TEXTS, st.none() | _TEXTS, st.none() | st.builds(ObjectRef, _TEXTS, _TEXTS, st.none() | _TEXTS)
)
def test_a_line_is_what_the_fields_say(name: str, value: str, pointer: str | None, about: Any) -> None:
    for finding in FINDINGS:
        at = replace(finding.location, path=name + value, pointer=pointer)
        more = {
            "message": value + name,
            "arguments": {name: value},
            "object": about,
            "aliases": (name, value),
        }
        for one in (
            finding,
            replace(finding, location=at, **more),
            replace(finding, location=at, aliases=()),
            replace(
                finding, fix=None, witness=None, related=(at, replace(at, revision="base", message=name))
            ),
        ):
            assert finding_line(one) == encode(finding_fields(one))
