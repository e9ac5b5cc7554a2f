"""What holds for every format: whole outputs, bytes, and names that are made to do harm."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from archlint.finding import Unread
from archlint.reports import FORMATS, render
from tests.reports.sample import FINDINGS, HOSTILE, hostile_report, report, result
from tests.reports.snapshot import matches_snapshot

ENDINGS = {"json": "json", "sarif": "sarif", "gitlab": "json", "junit": "xml", "markdown": "md"}


@pytest.mark.parametrize("name", FORMATS)
def test_whole_output(name: str) -> None:
    matches_snapshot(f"{name}.{ENDINGS.get(name, 'txt')}", render(name, report()))


@pytest.mark.parametrize("name", FORMATS)
def test_suppressed_results_only_when_asked(name: str) -> None:
    assert "sidecar" not in render(name, report())
    shown = "sidecar" in render(name, report(show_suppressed=True))
    no_way = ("github", "gitlab")
    assert shown == (name not in no_way), "a format that has no way to say 'suppressed' stands in `no_way`"


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found(name: str) -> None:
    text = render(name, report(result((), suppressed=(), base=None, revision={})))
    matches_snapshot(f"{name}-clean.{ENDINGS.get(name, 'txt')}", text)


UNREAD = (
    Unread("charts/cart/templates/a.yaml", "chart-not-rendered"),
    Unread("charts/cart/templates/b.yaml", "chart-not-rendered"),
    Unread("deploy/events.yaml", "asyncapi-payload", 0, "application/vnd.apache.avro"),
    Unread("deploy/w.yaml", "unknown-resource", 1, "example.org/v1 Widget"),
    Unread("deploy/new.yaml", "a-reason-of-tomorrow"),
)


@pytest.mark.parametrize("name", ["text", "markdown", "json"])
@pytest.mark.parametrize("read", [7, 0])
def test_what_was_not_read(name: str, read: int) -> None:
    of = result((), suppressed=(), base=None, revision={}, read=read, unread=UNREAD)
    text = render(name, report(of))
    assert "All clear" not in text
    matches_snapshot(f"{name}-{read or 'nothing'}-read.{ENDINGS.get(name, 'txt')}", text)


@pytest.mark.parametrize("name", FORMATS)
def test_order_of_findings_does_not_matter(name: str) -> None:
    backwards = render(name, report(result(tuple(reversed(FINDINGS)))))
    assert backwards == render(name, report(result()))


@pytest.mark.parametrize("name", FORMATS)
def test_unknown_rules_and_files_are_still_reported(name: str) -> None:
    text = render(name, report(rules={}, lines=lambda *_: []))
    assert "KUBE101" in text


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_reaches_no_reader_raw(name: str) -> None:
    text = render(name, hostile_report())
    text.encode("utf-8")
    raw = re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]", text)
    assert raw == []
    assert "\n::error::" not in text


def test_hostile_text_stays_valid_data() -> None:
    (found,) = json.loads(render("json", hostile_report()))["findings"]
    assert found["arguments"]["container"] == HOSTILE.replace("\ud800", "\ufffd")
    json.loads(render("sarif", hostile_report()))
    json.loads(render("gitlab", hostile_report()))
    assert ET.fromstring(render("junit", hostile_report())).get("failures") == "1"


def test_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown format 'html'; the formats are text, concise, github"):
        render("html", report())


@pytest.mark.parametrize("name", FORMATS)
def test_the_proof_of_a_break_is_in_every_format(name: str) -> None:
    text = render(name, report())
    assert "accepted before, rejected now" in text or '"accepted_by": "base"' in text, (
        "a format tells what proves a break; archlint.reports.proof has it in words"
    )
    shown = text.replace("&quot;", '"').replace('\\"', '"')
    assert '"state": "open"' in shown
    bare = replace(FINDINGS[1], witness=None, unproved="no value at all can be sent")
    assert "no value at all can be sent" in render(name, report(result((bare,), suppressed=())))
