"""No report holds a value of the evidence, wherever it stands and whatever format is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.kinds import KINDS
from tests.evidence.recorded import HOST, all_reports, entry, har, lay_out
from tests.support.inside import said

TOKEN = "Canary7Q"
SENT = {
    "Authorization": f"Bearer {TOKEN}",
    "X-Shop": TOKEN,
    "Cookie": f"seen={TOKEN}; {TOKEN}=1",
    TOKEN: TOKEN,
}
BACK = {"X-Total": TOKEN, TOKEN: TOKEN}
BODY: dict[str, Any] = {
    "id": TOKEN,
    TOKEN: 1,
    "state": TOKEN,
    "mail": f"9{TOKEN}",
    "lines": [{"sku": [TOKEN]}, {TOKEN: TOKEN}, 3],
}
ENTRIES = (
    entry(
        "GET", f"{HOST}/carts/{TOKEN}?limit={TOKEN}&{TOKEN}={TOKEN}", answered=BODY, headers=SENT, back=BACK
    ),
    entry("GET", f"{HOST}/carts/1?limit=5", answered=f"{TOKEN}{{", headers=SENT),
    entry("GET", f"{HOST}/carts/1?limit=5", answered=TOKEN, headers=SENT, kind=f"text/{TOKEN}"),
    entry("POST", f"{HOST}/carts", 201, asked=BODY, headers=SENT),
    entry("POST", f"{HOST}/carts", 201, asked=TOKEN, headers=SENT, kind=f"application/{TOKEN}"),
    entry("POST", f"{HOST}/carts", 201, asked={"id": 1, "total": 2}),
    entry("GET", f"{HOST}/{TOKEN}/{TOKEN}?a={TOKEN}"),
    entry(TOKEN, f"{HOST}/carts"),
    entry("GET", f"https://{TOKEN}.example/{TOKEN}"),
    entry("GET", f"{TOKEN}"),
)


def test_no_format_holds_a_value(tmp_path: Path) -> None:
    lay_out(tmp_path, har(*ENTRIES))
    text = all_reports(tmp_path, "traffic.har")
    assert text.count("traffic-body-invalid") > 10
    assert TOKEN.lower() not in text.lower()


def test_values_are_shown_if_they_are_asked_for(tmp_path: Path) -> None:
    lay_out(tmp_path, har(*ENTRIES))
    assert TOKEN in said("verify", "traffic.har", "--show-values", cwd=tmp_path)[1]


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_broken_evidence_tells_nothing_of_what_it_holds(tmp_path: Path, cut: int) -> None:
    lay_out(tmp_path, har(*ENTRIES)[:-cut])
    code, text = said("verify", "traffic.har", cwd=tmp_path)
    assert code == 2
    assert "traffic.har" in text
    assert TOKEN.lower() not in text.lower()


LOG = f'''1.1.1.1 - {TOKEN} [x] "GET /v1/carts/{TOKEN}?limit={TOKEN}&{TOKEN}=1 HTTP/1.1" 200 1 "{TOKEN}" "-"
1.1.1.1 - - [x] "GET /v1/carts/1/{TOKEN} HTTP/1.1" 200 1 "-" "-"
{TOKEN}
'''
COPY = f"""
openapi: 3.1.0
info: {{title: {TOKEN}, version: "1"}}
paths:
  /carts/{{id}}/{TOKEN}: {{get: {{responses: {{"200": {{content: {{application/json: {{example: 1}}}}}}}}}}}}
  /carts/{{id}}:
    get:
      parameters: [{{name: limit, in: query, example: {TOKEN}}}, {{name: {TOKEN}, in: query, example: 1}}]
      responses:
        "200":
          content: {{application/json: {{examples: {{{TOKEN}: {{value: {{id: {TOKEN}, {TOKEN}: 2}}}}}}}}}}
  /carts:
    post:
      requestBody: {{content: {{application/{TOKEN}: {{example: {TOKEN}}}}}}}
      responses: {{"201": {{description: made}}}}
"""


def test_no_kind_of_evidence_leaks_a_name_or_a_value(tmp_path: Path) -> None:
    lay_out(tmp_path, LOG, name="access.log")
    (tmp_path / "copy.yaml").write_text(COPY, "utf-8")
    requests = (
        ("GET", f"{HOST}/carts/{TOKEN}?limit={TOKEN}&{TOKEN}={TOKEN}", None),
        ("GET", f"{HOST}/{TOKEN}/1", None),
        ("POST", f"{HOST}/carts", json.dumps(BODY)),
        ("POST", f"{HOST}/carts", TOKEN),
    )
    folder = tmp_path / "evidence"
    folder.mkdir()
    for kind, written in KINDS.items():
        for number, (method, url, body) in enumerate(requests):
            for name, text in written(method, url, SENT, body).items():
                (folder / f"{kind}{number}-{name}").write_text(text, "utf-8")
    flags = ("access.log", "copy.yaml", "--log-format", "combined", "--contract", "openapi.yaml")
    text = all_reports(tmp_path, "evidence", "--statistics", "--coverage", "report.coverage", *flags)
    text += (tmp_path / "report.coverage").read_text("utf-8")
    assert "copy.yaml" in text
    assert "access.log" in text
    assert TOKEN.lower() not in text.lower()
