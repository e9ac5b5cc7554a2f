"""No report holds a value of the evidence, wherever it stands and whatever format is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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
